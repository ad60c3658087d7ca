//! What people are told: each event once, to those whom it concerns, and to nobody who may not see what it is about.

mod devices;
mod flags;
mod hands;
mod huawei;
mod killed;
mod live;
mod outbox;
mod push;
mod reach;
mod secure;
mod settings;
mod tls;

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    notification,
    vocab::{Department, Role, TicketStatus},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    bulletin::publish,
    harness::{
        Client, TestApp, homes,
        mutation::{change, done},
    },
};

const INBOX: &str = "query ($filter: NotificationFilter) { unreadNotificationCount notifications(first: 100, filter: $filter) { totalCount
    nodes { id cursor kind title(language: ZH) english: title(language: EN) body(language: ZH) isEmergency readAt subjectId ticket { id } project { code } } } }";

async fn inbox(client: &Client) -> Vec<Value> {
    let data = client.run(INBOX, json!({})).await;
    data["notifications"]["nodes"].as_array().unwrap().clone()
}

/// The kinds of what somebody was told, the oldest first.
async fn told(app: &TestApp, who: &str) -> Vec<String> {
    let nodes = inbox(&app.as_whom(who).await).await;
    nodes.iter().rev().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}

async fn mark(client: &Client, input: Value) -> Value {
    done(change(client, "markNotificationsRead", "unreadCount", input).await)["unreadCount"].clone()
}

both! {
    async fn each_step_of_a_ticket_is_told_to_those_it_concerns_and_to_nobody_else(app) {
        let ticket = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        app.act("zhang", "rejectResolution", &ticket).await.ticket();
        app.act("technician.a", "resolveTicket", &ticket).await.ticket();
        app.act("zhang", "confirmTicket", &ticket).await.ticket();
        app.act("agent.a", "recordFollowUp", &ticket).await.ticket();
        let owners = ["TICKET_ACCEPTED", "TICKET_DISPATCHED", "TICKET_STARTED", "TICKET_RESOLVED", "TICKET_RESOLVED", "TICKET_CLOSED"];
        for (who, expected) in [
            ("zhang", &owners[..]),
            ("li", &owners[..]),
            ("ambassador.a", &["TICKET_REPORTED", "TICKET_REJECTED", "TICKET_CONFIRMED"][..]),
            ("technician.a", &["TICKET_ASSIGNED", "TICKET_REJECTED", "TICKET_CONFIRMED"][..]),
            ("wang", &[]),
            ("zhao", &[]),
            ("ambassador.a2", &[]),
            ("ambassador.b", &[]),
            ("technician.a2", &[]),
            ("manager.a", &[]),
            ("agent.a", &[]),
            ("auditor", &[]),
            ("admin", &[]),
        ] {
            assert_eq!(told(&app, who).await, expected, "{who}");
        }
        let resolved = &inbox(&app.owner("li").await).await[1];
        assert_eq!((&resolved["title"], &resolved["english"]), (&json!("请确认处理结果"), &json!("Please confirm the result")));
        assert!(resolved["body"].as_str().unwrap().contains(ticket["number"].as_str().unwrap()));
        assert_eq!((&resolved["ticket"]["id"], &resolved["subjectId"]), (&ticket["id"], &ticket["id"]));
        assert_eq!(resolved["project"]["code"], "YT");
    }

    async fn whoever_acts_is_not_told_and_the_others_are(app) {
        let ticket = app.report(json!({})).await;
        app.act("zhang", "escalateTicket", &ticket).await.ticket();
        app.act("zhang", "cancelTicket", &ticket).await.ticket();
        assert_eq!(told(&app, "zhang").await, Vec::<String>::new());
        assert_eq!(told(&app, "li").await, ["TICKET_ESCALATED", "TICKET_CANCELLED"]);
        assert_eq!(told(&app, "manager.a").await, ["TICKET_ESCALATED"]);
        assert_eq!(told(&app, "ambassador.a").await, ["TICKET_REPORTED", "TICKET_ESCALATED", "TICKET_CANCELLED"]);
    }

    async fn a_missed_deadline_is_told_once_however_often_the_clock_is_looked_at(app) {
        app.report(json!({})).await;
        app.pass(TimeDelta::minutes(31)).await;
        app.run_jobs().await;
        app.another().await.run_jobs().await;
        assert_eq!(told(&app, "manager.a").await, ["TICKET_OVERDUE", "TICKET_ESCALATED"]);
        assert_eq!(told(&app, "ambassador.a").await, ["TICKET_REPORTED", "TICKET_OVERDUE", "TICKET_ESCALATED"]);
        assert_eq!(told(&app, "zhang").await, ["TICKET_ESCALATED"], "owners learn what follows from it");
    }

    async fn a_manager_who_does_not_see_a_ticket_is_written_nothing_of_it(app) {
        let mut app = app;
        let services = app.services.clone();
        app.world.engage(&services, "manager.sales", Role::Manager, Department::Sales, "YT").await;
        app.report(json!({})).await;
        app.pass(TimeDelta::days(1)).await;
        // What is written down goes out by mail and push, whoever may look at it afterwards.
        for (who, is_told) in [("manager.a", true), ("manager.sales", false)] {
            let own = notification::Entity::find().filter(notification::Column::RecipientId.eq(app.world.staff(who)));
            let rows = own.all(app.services.db.reader()).await.unwrap();
            assert_eq!(!rows.is_empty(), is_told, "{who}: {rows:?}");
        }
    }

    async fn a_repeated_call_tells_nobody_twice_and_a_refused_one_tells_nobody(app) {
        let ticket = app.report(json!({ "idempotencyKey": "once" })).await;
        app.report(json!({ "idempotencyKey": "once" })).await;
        assert_ne!(app.act("technician.a", "startTicket", &ticket).await.word(), "done");
        let stale = json!({ "expectedVersion": 7 });
        assert_eq!(app.act_with("agent.a", "acceptTicket", &ticket, stale).await.word(), "CONFLICT expectedVersion");
        let rows = notification::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert_eq!(rows.len(), 1, "{rows:?}");
    }

    async fn what_was_told_of_a_household_is_gone_with_the_household(app) {
        let ticket = app.report(json!({})).await;
        let butler = app.staff("ambassador.a").await;
        let id = inbox(&butler).await[0]["id"].clone();
        app.without_ambassador("YT-101").await;
        let data = butler.run(INBOX, json!({})).await;
        assert_eq!(data["notifications"], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!(data["unreadNotificationCount"], 0);
        let find = "query ($id: ID!) { node(id: $id) { id } }";
        assert_eq!(butler.run(find, json!({ "id": id })).await["node"], Value::Null);
        app.act("zhang", "escalateTicket", &ticket).await.ticket();
        assert_eq!(told(&app, "ambassador.a").await, Vec::<String>::new());
        assert_eq!(app.owner("li").await.run(find, json!({ "id": id })).await["node"], Value::Null);
    }

    async fn the_one_who_stands_in_is_told_too(app) {
        app.away("ambassador.a", (-1, 48), json!({ "substituteId": app.staff_id("ambassador.a2") })).await;
        app.run_jobs().await;
        app.report(json!({})).await;
        assert_eq!(told(&app, "ambassador.a2").await, ["TICKET_REPORTED"]);
    }

    async fn what_was_read_is_read_and_what_is_anothers_stays_unread(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let (zhang, li) = (app.owner("zhang").await, app.owner("li").await);
        let mine = inbox(&zhang).await;
        assert_eq!(mark(&zhang, json!({ "notificationIds": [mine[0]["id"]] })).await, 2);
        assert_eq!(mark(&li, json!({ "notificationIds": [mine[1]["id"]] })).await, 3, "it is Zhang's");
        let unread = zhang.run(INBOX, json!({ "filter": { "unread": true } })).await;
        assert_eq!((&unread["unreadNotificationCount"], &unread["notifications"]["totalCount"]), (&json!(2), &json!(2)));
        app.act("technician.a", "resolveTicket", &ticket).await.ticket();
        assert_eq!(mark(&zhang, json!({ "through": mine[0]["cursor"] })).await, 1, "what came later is unread");
        let first_read = inbox(&zhang).await[1]["readAt"].clone();
        app.clock.advance(TimeDelta::minutes(1));
        mark(&zhang, json!({ "notificationIds": [mine[0]["id"]] })).await;
        assert_eq!(inbox(&zhang).await[1]["readAt"], first_read, "the first time counts");
        let kinds = zhang.run(INBOX, json!({ "filter": { "kinds": ["TICKET_RESOLVED"] } })).await;
        assert_eq!(kinds["notifications"]["totalCount"], 1);
    }

    async fn a_call_that_does_not_say_what_was_read_is_refused(app) {
        let zhang = app.owner("zhang").await;
        let other = Kind::Ticket.encode(app.world.unit("YT-101"));
        let many = vec![Kind::Notification.encode(app.world.unit("YT-101")); 101];
        for (input, fault) in [
            (json!({}), "REQUIRED notificationIds"),
            (json!({ "notificationIds": [], "through": "x" }), "error BAD_USER_INPUT"),
            (json!({ "through": "forged" }), "error BAD_USER_INPUT"),
            (json!({ "notificationIds": [other] }), "INVALID notificationIds"),
            (json!({ "notificationIds": many }), "OUT_OF_RANGE notificationIds"),
        ] {
            let answer = change(&zhang, "markNotificationsRead", "unreadCount", input.clone()).await;
            let word = answer.word().to_owned();
            let is_expected = word == fault || (fault.starts_with("error") && word.contains("through"));
            assert!(is_expected, "{input}: {word}");
        }
    }

    async fn bulletins_are_told_to_those_they_are_delivered_to(app) {
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        publish(&app, "YT", json!({ "title": "停水" })).await;
        let gas = publish(&app, "YT", json!({ "kind": "EMERGENCY", "title": "燃气泄漏", "unitId": unit })).await;
        app.run_jobs().await;
        let news = inbox(&app.owner("li").await).await;
        assert_eq!(news.iter().map(|node| node["title"].as_str().unwrap()).collect::<Vec<_>>(), ["【紧急】燃气泄漏", "停水"]);
        assert_eq!((&news[0]["isEmergency"], &news[0]["subjectId"]), (&json!(true), &gas["id"]));
        assert_eq!(told(&app, "wang").await, ["BULLETIN_PUBLISHED"]);
        assert_eq!(told(&app, "zhao").await, Vec::<String>::new());
    }

    async fn a_newcomer_is_told_of_what_is_still_news(app) {
        let mut app = app;
        publish(&app, "YT", json!({ "title": "停水" })).await;
        let services = app.services.clone();
        app.world.home(&services, "YT-104", "YT", &[("sun", "19100000009")], "ambassador.a").await;
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(told(&app, "sun").await, ["BULLETIN_PUBLISHED"]);
        assert_eq!(told(&app, "wang").await, ["BULLETIN_PUBLISHED"]);
    }

    async fn a_handover_that_staff_book_and_move_is_told_to_who_comes(app) {
        let mut app = app;
        let unit = homes::under_contract(&mut app, "YT-105", &[("qian", "19100000008")]).await;
        let agent = app.staff("agent.a").await;
        let (first, second) = (homes::offer(&app, 24, 1).await, homes::offer(&app, 48, 1).await);
        let handover = homes::done(homes::book(&agent, unit, &first).await)["handover"].clone();
        homes::done(homes::step(&agent, "rescheduleHandover", &handover, json!({ "slotId": second })).await);
        homes::done(homes::step(&app.owner("qian").await, "cancelHandover", &handover, json!({ "reason": "出差" })).await);
        assert_eq!(told(&app, "qian").await, ["HANDOVER_BOOKED", "HANDOVER_RESCHEDULED"], "the owner's own step is not told");
        let booked = &inbox(&app.owner("qian").await).await[1];
        assert_eq!(booked["body"], "1号楼-1-YT-105 的收房已预约在 2026-11-24 09:00，请带好证件。");
        assert_eq!(booked["subjectId"], handover["id"]);
    }

    async fn a_survey_is_told_to_whom_it_asks_once(app) {
        app.pass("2026-12-01T02:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.services.now()).await;
        app.run_jobs().await;
        let invited = "{ surveyInvitations(first: 50) { totalCount nodes { id } } }";
        let mut asked = 0;
        for who in ["zhang", "li", "wang", "zhao"] {
            let data = app.owner(who).await.run(invited, json!({})).await;
            let kinds = told(&app, who).await;
            let surveys = kinds.iter().filter(|kind| *kind == "SURVEY_INVITED").count();
            assert_eq!(data["surveyInvitations"]["totalCount"], surveys, "{who}");
            asked += surveys;
        }
        let by_hand = json!({ "projectId": app.project_id("YT"), "kind": "PROPERTY_SERVICE" });
        done(change(&app.staff("supervisor").await, "openSurvey", "survey { id }", by_hand).await);
        let kinds = told(&app, "wang").await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "SURVEY_INVITED").count(), 1, "{asked} were asked by the month");
    }

    async fn who_is_erased_leaves_no_notification(app) {
        let ticket = app.ticket_in(TicketStatus::Closed, json!({})).await;
        drop(ticket);
        let zhang = app.world.owner("zhang");
        anju::store::erasure::forget_access(
            app.services.db.writer(),
            &entity::owner::Entity::find_by_id(zhang).one(app.services.db.reader()).await.unwrap().unwrap(),
            app.services.now(),
        )
        .await
        .unwrap();
        let rows = notification::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert!(rows.iter().all(|row| row.recipient_id != zhang) && !rows.is_empty());
    }
}
