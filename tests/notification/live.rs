//! Notifications as connected apps receive them, and as a phone that was away catches up.

use serde_json::{Value, json};

use super::inbox;
use crate::{
    both,
    bulletin::publish,
    harness::{
        Client, TestApp,
        socket::{Heard, Socket},
        until,
    },
};

const FOLLOW: &str =
    "subscription ($after: String) { notificationReceived(after: $after) { cursor kind title ticket { id } } }";

async fn follow(app: &TestApp, client: &Client, variables: Value) -> Socket {
    let before = app.services.hub.subscribers();
    let mut socket = Socket::connect(client).await;
    socket.subscribe(FOLLOW, variables).await;
    until("it listens", async || (app.services.hub.subscribers() > before).then_some(())).await;
    socket
}

async fn heard(socket: &mut Socket) -> Value {
    match socket.hear().await {
        Heard::Message(message) => {
            assert_eq!(message["type"], "next", "{message:#}");
            message["payload"]["data"]["notificationReceived"].clone()
        }
        Heard::Closed(code) => panic!("the socket was closed with {code:?}"),
    }
}

both! {
    async fn it_reaches_each_person_live_on_every_server_and_nobody_else(app) {
        let other = app.another().await;
        let mut li = follow(&other, &app.owner("li").await.at(&other.url), json!({})).await;
        let mut wang = follow(&app, &app.owner("wang").await, json!({})).await;
        let mut butler = follow(&app, &app.staff("ambassador.a").await, json!({})).await;
        let ticket = app.report(json!({})).await;
        let reported = heard(&mut butler).await;
        assert_eq!((&reported["kind"], &reported["ticket"]["id"]), (&json!("TICKET_REPORTED"), &ticket["id"]));
        app.act("agent.a", "acceptTicket", &ticket).await.ticket();
        assert_eq!(heard(&mut li).await["kind"], "TICKET_ACCEPTED");
        publish(&app, "YT", json!({ "title": "停水" })).await;
        assert_eq!(heard(&mut wang).await["title"], "停水", "the neighbour heard nothing of another's ticket");
        assert_eq!(heard(&mut li).await["title"], "停水");
    }

    async fn a_phone_without_a_push_service_catches_up_by_cursor_in_order_and_once(app) {
        for title in ["一", "二", "三"] {
            publish(&app, "YT", json!({ "title": title })).await;
        }
        let wang = app.owner("wang").await;
        let seen = inbox(&wang).await[2]["cursor"].clone();
        let mut socket = follow(&app, &wang, json!({ "after": seen })).await;
        assert_eq!(heard(&mut socket).await["title"], "二");
        let last = heard(&mut socket).await;
        assert_eq!(last["title"], "三");
        socket.cut();
        publish(&app, "YT", json!({ "title": "四" })).await;
        let mut socket = follow(&app, &wang, json!({ "after": last["cursor"] })).await;
        publish(&app, "YT", json!({ "title": "五" })).await;
        assert_eq!(heard(&mut socket).await["title"], "四");
        assert_eq!(heard(&mut socket).await["title"], "五");
    }

    async fn a_partner_has_no_inbox_to_follow(app) {
        let mut socket = Socket::connect(&app.partner("partner-1").await).await;
        socket.subscribe(FOLLOW, json!({})).await;
        assert_eq!(socket.refusal().await["extensions"]["code"], "FORBIDDEN");
    }
}
