//! How pictures come to a ticket, and what happens to those that don't.

use chrono::TimeDelta;

use super::*;
use crate::both;

const UNKNOWN: (&str, Option<&str>) = ("NOT_FOUND", Some("attachmentIds"));

async fn refused(client: &Client, app: &TestApp, pictures: &[String]) -> (String, Option<String>) {
    client.fault(Documents::owner(), "CreateTicket", report(app, pictures)).await
}

fn as_text(fault: &(String, Option<String>)) -> (&str, Option<&str>) {
    (fault.0.as_str(), fault.1.as_deref())
}

both! {
    async fn a_ticket_is_made_with_the_pictures_uploaded_before(app) {
        let zhang = app.owner("zhang").await;
        let pictures = vec![upload(&zhang).await, upload(&zhang).await];
        let ticket = create(&zhang, &app, &pictures).await;
        let shown = ticket["attachments"].as_array().unwrap();
        assert_eq!(shown.iter().map(|picture| picture["id"].as_str().unwrap()).collect::<Vec<_>>(), pictures);
        assert_eq!(shown[0]["url"], format!("/attachments/{}", pictures[0]));
        assert_eq!(shown[0]["thumbnailUrl"], format!("/attachments/{}/thumbnail", pictures[0]));
        assert_eq!(shown[0]["contentType"], "image/jpeg");
        assert!(shown[0]["byteSize"].as_i64().unwrap() > 0);
    }

    async fn the_same_picture_named_twice_is_one(app) {
        let zhang = app.owner("zhang").await;
        let picture = upload(&zhang).await;
        let ticket = create(&zhang, &app, &[picture.clone(), picture]).await;
        assert_eq!(ticket["attachments"].as_array().unwrap().len(), 1);
    }

    async fn pictures_that_are_not_ones_own_and_waiting_are_refused(app) {
        let (zhang, li) = (app.owner("zhang").await, app.owner("li").await);
        let (own, foreign, used) = (upload(&zhang).await, upload(&li).await, upload(&zhang).await);
        create(&zhang, &app, std::slice::from_ref(&used)).await;
        let unknown = Kind::Attachment.encode(app.world.unit("YT-101"));
        for picture in [&foreign, &used, &unknown] {
            let fault = refused(&zhang, &app, &[own.clone(), picture.clone()]).await;
            assert_eq!(as_text(&fault), UNKNOWN);
        }
        for bad in ["nonsense".to_owned(), Kind::Unit.encode(app.world.unit("YT-101"))] {
            let fault = refused(&zhang, &app, &[own.clone(), bad]).await;
            assert_eq!(fault.1.as_deref(), Some("attachmentIds"));
        }
        let tickets = zhang.owner_app("MyTickets", json!({})).await;
        assert_eq!(tickets["tickets"]["totalCount"], 1);
        // What a refused report named is still there for the next one.
        assert_eq!(create(&zhang, &app, &[own]).await["attachments"].as_array().unwrap().len(), 1);
    }

    async fn a_ticket_starts_with_nine_pictures_at_most(app) {
        let zhang = app.owner("zhang").await;
        let mut pictures = Vec::new();
        for _ in 0..10 {
            pictures.push(upload(&zhang).await);
        }
        let fault = refused(&zhang, &app, &pictures).await;
        assert_eq!(as_text(&fault), ("OUT_OF_RANGE", Some("attachmentIds")));
        let ticket = create(&zhang, &app, &pictures[..9]).await;
        assert_eq!(ticket["attachments"].as_array().unwrap().len(), 9);
    }

    async fn a_picture_that_two_reports_name_at_once_goes_to_one(app) {
        let zhang = app.owner("zhang").await;
        let picture = [upload(&zhang).await];
        let document = Documents::owner().operation("CreateTicket");
        let input = json!({ "input": report(&app, &picture) });
        let (left, right) = tokio::join!(zhang.run(&document, input.clone()), zhang.run(&document, input));
        let made = [left, right].iter().filter(|data| !data["createTicket"]["ticket"].is_null()).count();
        assert_eq!(made, 1);
    }

    async fn whoever_works_on_a_ticket_adds_pictures_to_it(app) {
        let zhang = app.owner("zhang").await;
        let ticket = create(&zhang, &app, &[]).await;
        let id = ticket["id"].as_str().unwrap();
        let path = format!("/attachments?ticketId={id}");
        let (status, row) = post(&app.staff("ambassador.a").await, &path, jpeg()).await;
        assert_eq!(status, 201, "{row}");
        let data = zhang.owner_app("TicketById", json!({ "id": id })).await;
        assert_eq!(data["node"]["attachments"][0]["id"], row["id"]);
        for client in [app.owner("wang").await, app.staff("agent.b").await, app.staff("technician.a").await] {
            let (status, answer) = post(&client, &path, jpeg()).await;
            assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"));
        }
        for bad in ["nonsense", "", &Kind::Unit.encode(app.world.unit("YT-101"))] {
            let (status, answer) = post(&zhang, &format!("/attachments?ticketId={bad}"), jpeg()).await;
            assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"), "{bad}");
        }
        let (status, answer) = post(&zhang, &format!("{path}&ticketId={id}"), jpeg()).await;
        assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"));
    }

    async fn a_finished_ticket_takes_no_more_pictures(app) {
        let zhang = app.owner("zhang").await;
        let ticket = create(&zhang, &app, &[]).await;
        zhang.done(Documents::owner(), "CancelTicket", json!({ "ticketId": ticket["id"], "reason": "好了" })).await;
        let path = format!("/attachments?ticketId={}", ticket["id"].as_str().unwrap());
        let (status, answer) = post(&zhang, &path, jpeg()).await;
        assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"));
    }

    async fn pictures_that_no_ticket_took_in_a_day_are_cleared_away(app) {
        let zhang = app.owner("zhang").await;
        let (kept, left) = (upload(&zhang).await, upload(&zhang).await);
        create(&zhang, &app, std::slice::from_ref(&kept)).await;
        app.clock.advance(TimeDelta::hours(24));
        anju::jobs::sweep(&app.services).await.unwrap();
        let zhang = app.owner("zhang").await;
        assert_eq!(get(&zhang, &format!("/attachments/{left}")).await.status(), 200);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(anju::jobs::sweep(&app.services).await.unwrap(), 1);
        assert_eq!(anju::jobs::sweep(&app.services).await.unwrap(), 0);
        for path in ["", "/thumbnail"] {
            assert_eq!(get(&zhang, &format!("/attachments/{left}{path}")).await.status(), 404);
            assert_eq!(get(&zhang, &format!("/attachments/{kept}{path}")).await.status(), 200);
        }
        let fault = refused(&zhang, &app, &[left]).await;
        assert_eq!(as_text(&fault), UNKNOWN);
    }
}
