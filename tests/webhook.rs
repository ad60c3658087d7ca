//! Operators' systems that are told what happens, as a real server receives it: signed, in order, once, and nothing about
//! anybody.

mod cost;
mod failing;
mod killed;
mod manage;
mod replay;
mod secure;

use anju::{
    jobs::{self, Chore},
    service::Services,
};
use aws_lc_rs::hmac;
use chrono::DateTime;
use data_encoding::BASE64;
use entity::vocab::{SurveyKind, TicketStatus};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        homes::{begun, call, done, step, tick_all, under_contract},
        outside::{Handed, Mood, Outside},
        until,
    },
    survey::rate,
};

/// What tests read of an endpoint.
const ENDPOINT: &str = "id name url kinds status disabledReason disabledAt firstFailedAt nextAttemptAt oldSecretEndsAt cursor project { id }";

const DELIVERIES: &str = "query($id: ID!, $status: WebhookDeliveryStatus, $first: Int, $after: String) {
    webhookDeliveries(webhookEndpointId: $id, status: $status, first: $first, after: $after) { totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id messageId cursor kind status attempts lastHttpStatus failure occurredAt lastAttemptAt deliveredAt } } }";

/// An endpoint that was entered, with its secret.
pub struct Hook {
    pub id: Value,
    secret: String,
}

/// Enters a receiver on this machine.
pub async fn enter(app: &TestApp, receiver: &Outside, more: Value) -> Hook {
    enter_as(&app.staff("admin").await, receiver, more).await
}

async fn enter_as(admin: &Client, receiver: &Outside, more: Value) -> Hook {
    let usual = json!({
        "name": "客服中台", "url": format!("http://127.0.0.1:{}/anju?tenant=1", receiver.port),
        "kinds": ["TICKET_EVENT", "SURVEY_SUBMITTED", "HANDOVER_COMPLETED"],
    });
    let input = crate::harness::tickets::merged(usual, &more);
    let answer = call(admin, "createWebhookEndpoint", &format!("secret webhookEndpoint {{ {ENDPOINT} }}"), input).await;
    let made = done(answer);
    Hook { id: made["webhookEndpoint"]["id"].clone(), secret: made["secret"].as_str().unwrap().to_owned() }
}

/// Changes an endpoint; what it is then.
pub async fn change(app: &TestApp, operation: &str, hook: &Hook, more: Value) -> Value {
    let input = crate::harness::tickets::merged(json!({ "webhookEndpointId": hook.id }), &more);
    let fields = format!("webhookEndpoint {{ {ENDPOINT} }}");
    done(call(&app.staff("admin").await, operation, &fields, input).await)["webhookEndpoint"].clone()
}

async fn look(app: &TestApp, hook: &Hook) -> Value {
    let find = format!("query($id: ID!) {{ node(id: $id) {{ ... on WebhookEndpoint {{ {ENDPOINT} }} }} }}");
    app.staff("admin").await.run(&find, json!({ "id": hook.id })).await["node"].clone()
}

/// What an endpoint was sent, the oldest event first.
async fn deliveries(app: &TestApp, hook: &Hook, status: Value) -> Vec<Value> {
    let variables = json!({ "id": hook.id, "status": status, "first": 100 });
    let data = app.staff("admin").await.run(DELIVERIES, variables).await;
    data["webhookDeliveries"]["nodes"].as_array().unwrap().iter().rev().cloned().collect()
}

pub async fn send(services: &Services) -> usize {
    jobs::work(services, Chore::Webhooks).await.unwrap()
}

/// A message's body.
fn body(handed: &Handed) -> Value {
    serde_json::from_str(&handed.body).unwrap()
}

/// What the messages say was done, in the order in which they came.
fn actions(receiver: &Outside) -> Vec<String> {
    receiver.handed().iter().map(|handed| word(&body(handed))).collect()
}

fn word(body: &Value) -> String {
    body["data"]["action"].as_str().or(body["type"].as_str()).unwrap().to_owned()
}

fn fields(data: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = data.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

fn ids(receiver: &Outside) -> Vec<String> {
    receiver.handed().iter().map(|handed| handed.line("webhook-id").to_owned()).collect()
}

/// Whether one of a message's signatures is by this secret, as Standard Webhooks says; worked out anew.
fn is_signed_by(handed: &Handed, secret: &str) -> bool {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let signed = [handed.line("webhook-id"), handed.line("webhook-timestamp"), &handed.body].join(".");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    let expected = format!("v1,{}", BASE64.encode(tag.as_ref()));
    handed.line("webhook-signature").split(' ').any(|signature| signature == expected)
}

both! {
    async fn a_message_is_signed_and_says_what_happened_and_nothing_about_anybody(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({ "title": "厨房漏水", "description": "张先生 19100000001" })).await;
        assert_eq!(send(&app.services).await, 2);
        assert_eq!(send(&app.services).await, 0);
        assert_eq!(actions(&receiver), ["CREATE", "ACCEPT"]);
        let handed = &receiver.handed()[1];
        assert!(handed.head.starts_with("POST /anju?tenant=1 HTTP/1.1"), "{}", handed.head);
        assert!(is_signed_by(handed, &hook.secret));
        assert!(!is_signed_by(&Handed { body: handed.body.replace("ACCEPT", "CANCEL"), ..handed.clone() }, &hook.secret));
        assert_eq!(handed.line("webhook-timestamp"), app.services.now().timestamp().to_string());
        let said = body(handed);
        assert_eq!((&said["type"], &said["version"]), (&json!("ticket.event"), &json!(1)));
        assert_eq!((&said["data"]["fromStatus"], &said["data"]["toStatus"]), (&json!("SUBMITTED"), &json!("ACCEPTED")));
        assert_eq!(fields(&said["data"]), ["action", "eventId", "fromStatus", "projectId", "ticketId", "toStatus", "unitId"]);
        assert_eq!(said["data"]["ticketId"], ticket["id"]);
        let find = "query($id: ID!) { node(id: $id) { ... on TicketEvent { action occurredAt ticket { id unit { id } } } } }";
        let event = app.owner("zhang").await.run(find, json!({ "id": said["data"]["eventId"] })).await["node"].clone();
        assert_eq!((&event["action"], &event["ticket"]["id"]), (&json!("ACCEPT"), &ticket["id"]));
        assert_eq!(event["ticket"]["unit"]["id"], said["data"]["unitId"]);
        let instant = |value: &Value| DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
        assert_eq!(instant(&event["occurredAt"]), instant(&said["timestamp"]));
        for secret in ["zhang", "张", "1910000", "漏水", "员工"] {
            assert!(!handed.body.contains(secret), "{secret} in {}", handed.body);
        }
        let listed = deliveries(&app, &hook, Value::Null).await;
        assert_eq!(listed.iter().map(|row| row["messageId"].as_str().unwrap()).collect::<Vec<_>>(), ids(&receiver));
        assert_eq!((&listed[1]["status"], &listed[1]["attempts"]), (&json!("DELIVERED"), &json!(1)));
        assert_eq!((&listed[1]["lastHttpStatus"], &listed[1]["cursor"]), (&json!(201), &said["cursor"]));
    }

    async fn surveys_and_handovers_are_told_in_one_order_with_tickets(app) {
        let mut app = app;
        let receiver = Outside::gateway().await;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011")]).await;
        let handover = begun(&app, home).await;
        let open = json!({ "projectId": app.project("YT"), "kind": "PROPERTY_SERVICE" });
        done(call(&app.staff("supervisor").await, "openSurvey", "survey { id }", open).await);
        enter(&app, &receiver, json!({})).await;
        app.report(json!({})).await;
        let agent = app.staff("agent.a").await;
        let too_early = step(&agent, "completeHandover", &handover, json!({})).await;
        assert!(matches!(too_early, crate::harness::tickets::Answer::Fault(_)), "what is refused is not told");
        tick_all(&agent, &handover).await;
        let completed = done(step(&agent, "completeHandover", &handover, json!({})).await)["handover"].clone();
        app.report(json!({})).await;
        rate(&app, "zhang", SurveyKind::PropertyService, 4).await;
        app.report(json!({})).await;
        send(&app.services).await;
        assert_eq!(actions(&receiver), ["CREATE", "handover.completed", "CREATE", "survey.submitted", "CREATE"]);
        let said: Vec<Value> = receiver.handed().iter().map(body).collect();
        assert_eq!(said[1]["data"]["handoverId"], completed["id"]);
        assert_eq!((&said[1]["data"]["completedOn"], &said[1]["data"]["unitId"]), (&json!("2026-11-23"), &completed["unit"]["id"]));
        assert_eq!(fields(&said[3]["data"]), ["invitationId", "projectId", "surveyId", "surveyKind"]);
        assert_eq!(said[3]["data"]["surveyKind"], "PROPERTY_SERVICE");
        let find = "query($id: ID!) { node(id: $id) { ... on SurveyInvitation { survey { id } } } }";
        let invitation = app.owner("zhang").await.run(find, json!({ "id": said[3]["data"]["invitationId"] })).await;
        assert_eq!(invitation["node"]["survey"]["id"], said[3]["data"]["surveyId"]);
    }

    async fn an_endpoint_is_told_of_its_kinds_and_its_project_from_its_beginning_on(app) {
        app.report(json!({})).await;
        let (all, other, surveys) = (Outside::gateway().await, Outside::gateway().await, Outside::gateway().await);
        enter(&app, &all, json!({})).await;
        enter(&app, &other, json!({ "projectId": app.project("HP") })).await;
        enter(&app, &surveys, json!({ "kinds": ["SURVEY_SUBMITTED"] })).await;
        app.report(json!({})).await;
        let unit = anju::graphql::id::Kind::Unit.encode(app.world.unit("HP-101"));
        let at_hp = app.report_as("zhao", json!({ "unitId": unit })).await.ticket();
        send(&app.services).await;
        assert_eq!((all.handed().len(), other.handed().len(), surveys.handed().len()), (2, 1, 0));
        assert_eq!(body(&other.handed()[0])["data"]["ticketId"], at_hp["id"]);
        assert_ne!(ids(&all)[1], ids(&other)[0], "each endpoint has ids of its own");
    }

    async fn two_servers_send_each_message_once_and_in_order(app) {
        let receiver = Outside::gateway().await;
        let second = app.another().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let mut reported = Vec::new();
        for _ in 0..70 {
            reported.push(app.report(json!({})).await["id"].clone());
        }
        tokio::join!(send(&app.services), send(&second.services));
        let told: Vec<Value> = receiver.handed().iter().map(|handed| body(handed)["data"]["ticketId"].clone()).collect();
        assert_eq!(told, reported);
        assert_eq!(deliveries(&app, &hook, json!("DELIVERED")).await.len(), 70);
    }

    async fn a_slow_endpoint_holds_nobody_else_up(app) {
        let (slow, quick) = (Outside::gateway().await, Outside::gateway().await);
        let slow_hook = enter(&app, &slow, json!({})).await;
        enter(&app, &quick, json!({})).await;
        slow.be(Mood::FallsSilent);
        app.report(json!({})).await;
        let services = app.services.clone();
        let sending = tokio::spawn(async move { send(&services).await });
        until("the quick one has it while the slow one is waited for", async || {
            (slow.silences() == 1 && quick.handed().len() == 1).then_some(())
        }).await;
        app.report(json!({})).await;
        until("the quick one has what came later", async || {
            app.clock.advance(chrono::TimeDelta::milliseconds(200));
            (quick.handed().len() == 2).then_some(())
        }).await;
        assert!(!sending.is_finished(), "the slow one is still waited for");
        assert_eq!(sending.await.unwrap(), 2);
        let waiting = deliveries(&app, &slow_hook, json!("WAITING")).await;
        assert_eq!((waiting.len(), &waiting[0]["failure"], &waiting[0]["lastHttpStatus"]), (1, &json!("TOO_SLOW"), &Value::Null));
    }
}
