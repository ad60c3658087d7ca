//! Whom notices have reached by which channel, what is sent anew, and how long all of that is known.

use std::sync::Arc;

use anju::{
    auth::delivery::WebhookDelivery,
    authorities::Authorities,
    channel::{Channels, smtp::Smtp, webhook::Webhook},
    jobs::{self, Chore},
    service::Services,
};
use chrono::TimeDelta;
use entity::{notification, notification_delivery, vocab::NotificationChannel};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{inbox, mark, outbox::send, settings::set};
use crate::{
    both,
    bulletin::publish,
    harness::{
        Client, TestApp,
        mutation::{change, done},
        outside::{Mood, Outside},
    },
};

const REACH: &str =
    "query ($id: ID!) { node(id: $id) { ... on Bulletin { reach { channel waiting reached dropped failed } } } }";
const RECIPIENTS: &str = "query ($id: ID!) { bulletinDeliveries(bulletinId: $id, first: 50) { nodes {
    owner { name } messages { channel status sentAt failure } } } }";
const DEAD: &str = "{ undeliveredNotifications { totalCount nodes { id channel } } }";

/// With mail and text messages.
fn with_both(app: &TestApp, mail: &Outside, texts: &Outside) -> Services {
    let smtp =
        Smtp::new(&format!("smtp://127.0.0.1:{}", mail.port), "Anju <no-reply@anju.example>", &Authorities::default())
            .unwrap();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let (clock, ids) = (Arc::clone(&app.services.clock), Arc::clone(&app.services.ids));
    let gateway =
        WebhookDelivery::new(&format!("http://127.0.0.1:{}/", texts.port), secret, clock, ids, &Authorities::default())
            .unwrap();
    let channels = Channels::default()
        .with(NotificationChannel::Email, Arc::new(smtp))
        .with(NotificationChannel::Sms, Arc::new(Webhook::new(NotificationChannel::Sms, gateway)));
    Services { channels, ..app.services.clone() }
}

async fn wants(client: &Client, kind: &str, channel: &str, more: Value) {
    let choice = json!({ "kind": kind, "channel": channel, "isWanted": true });
    set(client, crate::harness::tickets::merged(json!({ "choices": [choice] }), &more)).await;
}

fn counted(channel: &str, [waiting, reached, dropped, failed]: [i64; 4]) -> Value {
    json!({ "channel": channel, "waiting": waiting, "reached": reached, "dropped": dropped, "failed": failed })
}

async fn reach(client: &Client, bulletin: &Value) -> Value {
    client.run(REACH, json!({ "id": bulletin })).await["node"]["reach"].clone()
}

async fn given_up(app: &TestApp) -> Value {
    app.staff("admin").await.run(DEAD, json!({})).await["undeliveredNotifications"].clone()
}

both! {
    async fn a_notice_says_whom_it_has_reached_by_which_channel(app) {
        let (mail, texts) = (Outside::mail_server().await, Outside::gateway().await);
        let services = with_both(&app, &mail, &texts);
        for who in ["zhang", "li"] {
            wants(&app.owner(who).await, "BULLETIN_PUBLISHED", "EMAIL", json!({ "email": format!("{who}@example.com") })).await;
        }
        wants(&app.owner("wang").await, "BULLETIN_PUBLISHED", "SMS", json!({})).await;
        let bulletin = publish(&app, "YT", json!({ "title": "停水" })).await["id"].clone();
        texts.be(Mood::Refuses);
        mail.be(Mood::IsBusy);
        send(&services).await;
        let manager = app.staff("manager.a").await;
        assert_eq!(reach(&manager, &bulletin).await, json!([counted("EMAIL", [2, 0, 0, 0]), counted("SMS", [0, 0, 0, 1])]));
        let li = app.owner("li").await;
        mark(&li, json!({ "through": inbox(&li).await[0]["cursor"] })).await;
        mail.be(Mood::Takes);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        let manager = app.staff("manager.a").await;
        assert_eq!(reach(&manager, &bulletin).await, json!([counted("EMAIL", [0, 1, 1, 0]), counted("SMS", [0, 0, 0, 1])]));
        let nodes = manager.run(RECIPIENTS, json!({ "id": bulletin })).await["bulletinDeliveries"]["nodes"].clone();
        let of = |name: &str| {
            let node = nodes.as_array().unwrap().iter().find(|node| node["owner"]["name"] == name).unwrap();
            node["messages"].clone()
        };
        assert_eq!((&of("zhang")[0]["status"], of("zhang")[0]["sentAt"].is_string()), (&json!("SENT"), true));
        assert_eq!(of("li")[0]["status"], "DROPPED");
        assert_eq!(of("wang"), json!([{ "channel": "SMS", "status": "DEAD", "sentAt": null, "failure": "REFUSED" }]));
        let butler = app.staff("ambassador.a").await;
        assert_eq!(reach(&butler, &bulletin).await, json!([counted("EMAIL", [0, 1, 1, 0])]), "Wang is another's");
        assert_eq!(reach(&app.owner("zhang").await, &bulletin).await, Value::Null);
    }

    async fn milestones_lead_to_whom_they_have_reached(app) {
        let (mail, texts) = (Outside::mail_server().await, Outside::gateway().await);
        let services = with_both(&app, &mail, &texts);
        set(&app.owner("zhang").await, json!({ "email": "zhang@example.com" })).await;
        let manager = app.staff("manager.a").await;
        let input = json!({ "projectId": app.project_id("YT"), "kind": "STRUCTURE_TOPPED_OUT", "reachedOn": "2026-11-20" });
        let shown = "milestone { coverage { notified inScope } bulletin { reach { channel waiting reached failed } } }";
        let milestone = done(change(&manager, "reachMilestone", shown, input).await)["milestone"].clone();
        assert_eq!(milestone["bulletin"]["reach"], json!([]), "it is decided by which channels they go a moment later");
        send(&services).await;
        let list = "query ($id: ID!) { node(id: $id) { ... on Project { milestones { bulletin { reach { channel reached } } } } } }";
        let data = manager.run(list, json!({ "id": app.project_id("YT") })).await;
        let reached = json!([{ "channel": "EMAIL", "reached": 1 }]);
        assert_eq!(data["node"]["milestones"][0]["bulletin"]["reach"], reached);
    }

    async fn what_was_given_up_goes_out_again_when_an_administrator_says_so(app) {
        let (mail, texts) = (Outside::mail_server().await, Outside::gateway().await);
        let services = with_both(&app, &mail, &texts);
        set(&app.owner("zhang").await, json!({ "email": "zhang@example.com" })).await;
        set(&app.owner("wang").await, json!({ "email": "wang@example.com" })).await;
        mail.be(Mood::Refuses);
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        mail.be(Mood::Takes);
        let dead = given_up(&app).await;
        assert_eq!(dead["totalCount"], 2);
        let admin = app.staff("admin").await;
        let one = json!({ "deliveryIds": [dead["nodes"][0]["id"]] });
        for (input, expected) in [(one.clone(), 1), (one, 0), (json!({ "channel": "SMS" }), 0), (json!({ "channel": "EMAIL" }), 1)] {
            let payload = done(change(&admin, "resendNotifications", "resentCount", input.clone()).await);
            assert_eq!(payload["resentCount"], expected, "{input}");
        }
        send(&services).await;
        send(&services).await;
        let handed = mail.handed();
        assert_eq!((handed.len(), given_up(&app).await["totalCount"].clone()), (2, json!(0)));
        let entries = "{ auditEntries(first: 10) { nodes { action } } }";
        let entries = app.staff("auditor").await.run(entries, json!({})).await["auditEntries"]["nodes"].clone();
        assert_eq!(entries.as_array().unwrap().iter().filter(|entry| entry["action"] == "RESEND_NOTIFICATIONS").count(), 4);
        for (input, fault) in [
            (json!({}), "REQUIRED deliveryIds"),
            (json!({ "deliveryIds": [], "channel": "EMAIL" }), "INVALID channel"),
            (json!({ "deliveryIds": vec![dead["nodes"][0]["id"].clone(); 101] }), "OUT_OF_RANGE deliveryIds"),
        ] {
            assert_eq!(change(&admin, "resendNotifications", "resentCount", input.clone()).await.word(), fault, "{input}");
        }
        for who in ["zhang", "manager.a", "auditor", "supervisor"] {
            let answer = change(&app.as_whom(who).await, "resendNotifications", "resentCount", json!({ "channel": "EMAIL" })).await;
            assert_eq!(answer.word(), "error FORBIDDEN", "{who}");
        }
    }

    async fn what_was_told_is_cleared_away_after_a_year(app) {
        let (mail, texts) = (Outside::mail_server().await, Outside::gateway().await);
        let services = with_both(&app, &mail, &texts);
        set(&app.owner("zhang").await, json!({ "email": "zhang@example.com" })).await;
        publish(&app, "YT", json!({ "title": "旧" })).await;
        send(&services).await;
        app.clock.advance(TimeDelta::days(364));
        publish(&app, "YT", json!({ "title": "新" })).await;
        send(&services).await;
        let left = async || {
            jobs::work(&services, Chore::Sweep).await.unwrap();
            let conn = app.services.db.reader();
            (notification::Entity::find().all(conn).await.unwrap().len(), notification_delivery::Entity::find().all(conn).await.unwrap().len())
        };
        assert_eq!(left().await, (6, 2));
        app.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
        assert_eq!(left().await, (3, 1));
        let titles: Vec<Value> = inbox(&app.owner("zhang").await).await.iter().map(|node| node["title"].clone()).collect();
        assert_eq!(titles, ["新"]);
        app.clock.advance(TimeDelta::days(400));
        assert_eq!(left().await.0, 1, "the end of the log is still known");
    }
}
