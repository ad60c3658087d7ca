//! Who is shown a picture.

use super::*;
use crate::both;

/// The statuses of both files.
async fn statuses(client: &Client, picture: &str) -> (u16, u16) {
    let full = get(client, &format!("/attachments/{picture}")).await.status().as_u16();
    let thumbnail = get(client, &format!("/attachments/{picture}/thumbnail")).await.status().as_u16();
    (full, thumbnail)
}

const SHOWN: (u16, u16) = (200, 200);
const HIDDEN: (u16, u16) = (404, 404);

both! {
    async fn a_waiting_picture_is_its_uploaders_alone(app) {
        let zhang = app.owner("zhang").await;
        let picture = upload(&zhang).await;
        assert_eq!(statuses(&zhang, &picture).await, SHOWN);
        for client in [
            app.owner("li").await,
            app.owner("wang").await,
            app.staff("ambassador.a").await,
            app.staff("manager.a").await,
            app.staff("auditor").await,
            app.partner("partner-1").await,
        ] {
            assert_eq!(statuses(&client, &picture).await, HIDDEN);
        }
        assert_eq!(statuses(&app.anonymous(), &picture).await, (401, 401));
    }

    async fn a_tickets_picture_is_shown_to_whoever_sees_the_ticket(app) {
        let zhang = app.owner("zhang").await;
        let picture = upload(&zhang).await;
        let ticket = create(&zhang, &app, std::slice::from_ref(&picture)).await;
        for owner in ["zhang", "li"] {
            assert_eq!(statuses(&app.owner(owner).await, &picture).await, SHOWN, "{owner}");
        }
        for login in ["ambassador.a", "agent.a", "manager.a", "supervisor", "auditor"] {
            assert_eq!(statuses(&app.staff(login).await, &picture).await, SHOWN, "{login}");
        }
        for owner in ["wang", "zhao"] {
            assert_eq!(statuses(&app.owner(owner).await, &picture).await, HIDDEN, "{owner}");
        }
        for login in ["ambassador.a2", "technician.a", "ambassador.b", "agent.b", "technician.b"] {
            assert_eq!(statuses(&app.staff(login).await, &picture).await, HIDDEN, "{login}");
        }
        assert_eq!(statuses(&app.partner("partner-1").await, &picture).await, HIDDEN);
        assert_eq!(statuses(&app.anonymous(), &picture).await, (401, 401));
        let technician = app.staff("technician.a").await;
        app.database.execute(&assign_sql(&app, &ticket)).await;
        assert_eq!(statuses(&technician, &picture).await, SHOWN);
    }

    async fn what_is_no_picture_of_ours_is_not_found(app) {
        let zhang = app.owner("zhang").await;
        let unknown = Kind::Attachment.encode(app.world.unit("YT-101"));
        let other_type = Kind::Unit.encode(app.world.unit("YT-101"));
        for id in ["nonsense", "..%2f..%2fetc%2fpasswd", &unknown, &other_type] {
            let response = get(&zhang, &format!("/attachments/{id}")).await;
            assert_eq!(response.status(), 404, "{id}");
            let answer: Value = response.json().await.unwrap();
            assert_eq!(code(&answer), "NOT_FOUND");
        }
    }

    async fn a_picture_is_known_to_another_server_over_the_same_database_by_its_row(app) {
        let zhang = app.owner("zhang").await;
        let picture = upload(&zhang).await;
        let ticket = create(&zhang, &app, &[picture]).await;
        let other = app.another().await;
        let data = zhang.at(&other.url).owner_app("TicketById", json!({ "id": ticket["id"] })).await;
        assert_eq!(data["node"]["attachments"], ticket["attachments"]);
    }
}

/// Gives the ticket to the technician beside the server: how that is done properly is another test's.
fn assign_sql(app: &TestApp, ticket: &Value) -> String {
    let (_, id) = anju::graphql::id::decode(ticket["id"].as_str().unwrap()).unwrap();
    let technician = app.world.staff("technician.a");
    let literal = |id: uuid::Uuid| match app.database.engine {
        crate::harness::Engine::Postgres => format!("'{id}'"),
        crate::harness::Engine::Sqlite => format!("x'{}'", id.simple()),
    };
    format!("UPDATE tickets SET assignee_id = {} WHERE id = {}", literal(technician), literal(id))
}
