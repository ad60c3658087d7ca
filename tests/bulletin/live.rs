//! Bulletins as connected apps receive them: at once, on every server, by those concerned and by nobody else.

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use super::publish;
use crate::{
    both,
    harness::{
        Client, TestApp,
        device::start_of_log,
        documents::Documents,
        socket::{Heard, Socket},
        until,
    },
};

const RESUMING: &str = "subscription ($after: String) { bulletinPublished(after: $after) { cursor title } }";

async fn follow(app: &TestApp, client: &Client, document: &str, variables: Value) -> Socket {
    let before = app.services.hub.subscribers();
    let mut socket = Socket::connect(client).await;
    socket.subscribe(document, variables).await;
    until("it listens", async || (app.services.hub.subscribers() > before).then_some(())).await;
    socket
}

async fn heard(socket: &mut Socket) -> Value {
    match socket.hear().await {
        Heard::Message(message) => {
            assert_eq!(message["type"], "next", "{message:#}");
            message["payload"]["data"]["bulletinPublished"].clone()
        }
        Heard::Closed(code) => panic!("the socket was closed with {code:?}"),
    }
}

both! {
    async fn s3_an_emergency_reaches_connected_owners_in_scope_at_once_and_only_them(app) {
        let other = app.another().await;
        let document = Documents::owner().operation("BulletinPublished");
        let mut zhang = follow(&app, &app.owner("zhang").await, &document, json!({})).await;
        let mut li = follow(&other, &app.owner("li").await.at(&other.url), &document, json!({})).await;
        let mut wang = follow(&app, &app.owner("wang").await, &document, json!({})).await;
        let mut zhao = follow(&app, &app.owner("zhao").await, &document, json!({})).await;
        let mut butler = follow(&app, &app.staff("ambassador.a").await, &document, json!({})).await;
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        publish(&app, "YT", json!({ "kind": "EMERGENCY", "title": "燃气泄漏", "unitId": unit })).await;
        for socket in [&mut zhang, &mut li, &mut butler] {
            let bulletin = heard(socket).await;
            assert_eq!((&bulletin["title"], &bulletin["isEmergency"]), (&json!("燃气泄漏"), &json!(true)));
        }
        publish(&app, "YT", json!({ "title": "全体", "isEmergency": true })).await;
        assert_eq!(heard(&mut wang).await["title"], "全体", "the neighbour heard nothing of another's home");
        publish(&app, "HP", json!({ "title": "湖畔" })).await;
        assert_eq!(heard(&mut zhao).await["title"], "湖畔", "nothing of the other project came before");
    }

    async fn s3_a_device_that_was_away_gets_what_it_missed_in_order_and_once(app) {
        let first = publish(&app, "YT", json!({ "title": "一" })).await;
        publish(&app, "HP", json!({ "title": "湖畔" })).await;
        publish(&app, "YT", json!({ "title": "二" })).await;
        publish(&app, "YT", json!({ "title": "三" })).await;
        let mut socket = follow(&app, &app.owner("wang").await, RESUMING, json!({ "after": first["cursor"] })).await;
        let mut cursor = Value::Null;
        for title in ["二", "三"] {
            let bulletin = heard(&mut socket).await;
            assert_eq!(bulletin["title"], title);
            cursor = bulletin["cursor"].clone();
        }
        socket.cut();
        publish(&app, "YT", json!({ "title": "四" })).await;
        let mut socket = follow(&app, &app.owner("wang").await, RESUMING, json!({ "after": cursor })).await;
        publish(&app, "YT", json!({ "title": "五" })).await;
        assert_eq!(heard(&mut socket).await["title"], "四");
        assert_eq!(heard(&mut socket).await["title"], "五");
    }

    async fn s3_a_newcomer_hears_of_what_is_still_news_when_it_is_delivered(app) {
        let mut app = app;
        publish(&app, "YT", json!({ "title": "停水" })).await;
        let services = app.services.clone();
        app.world.home(&services, "YT-104", "YT", &[("sun", "19100000009")], "ambassador.a").await;
        let start = json!({ "after": start_of_log() });
        let mut socket = follow(&app, &app.owner("sun").await, RESUMING, start).await;
        until("the relay is beyond the bulletin", async || app.services.hub.lag()).await;
        app.run_jobs().await;
        assert_eq!(heard(&mut socket).await["title"], "停水");
    }

    async fn s3_who_reads_no_bulletins_follows_none(app) {
        for who in ["technician.a", "admin", "partner-1"] {
            let mut socket = Socket::connect(&app.as_whom(who).await).await;
            socket.subscribe(RESUMING, json!({})).await;
            assert_eq!(socket.refusal().await["extensions"]["code"], "FORBIDDEN", "{who}");
        }
        let mut socket = Socket::connect(&app.owner("zhang").await).await;
        socket.subscribe(RESUMING, json!({ "after": "forged" })).await;
        assert_eq!(socket.refusal().await["extensions"]["code"], "BAD_USER_INPUT");
    }
}
