//! Clients that do not read, and clients that go away: the server lets go of them, and they lose nothing.

use std::{sync::Arc, time::Duration};

use anju::{events::Which, http::HttpConfig, service::Services, store::event::append};
use entity::ticket_event;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::{
    both,
    harness::{
        TestApp, TestOptions,
        crew::Crew,
        device::{Device, butler_document, ids, owner_document, read_log, start_of_log},
        socket::{EventStream, Heard, Socket},
        until,
    },
};

/// How many large events there are to read: far more than a network holds on its way.
const EVENTS: usize = 100;

/// A server that has little patience with clients that do not read, and soon looks for those that went.
async fn impatient(app: &TestApp) -> TestApp {
    let http = HttpConfig {
        workers: 1,
        stall_timeout: Duration::from_secs(1),
        sse_heartbeat: Duration::from_millis(50),
        ..HttpConfig::default()
    };
    let options = TestOptions { http: Some(http), ..TestOptions::default() };
    TestApp::over(app.database.clone(), Arc::clone(&app.clock), options).await
}

/// Asks for the note again and again, so that one event is large.
fn large_document() -> String {
    let notes: String = (0..29).map(|number| format!(" n{number}: note")).collect();
    format!("subscription($after: String) {{ ticketStatusChanged(after: $after) {{ cursor event {{ id{notes} }} }} }}")
}

/// Writes events with long notes behind the first one.
async fn fill(services: &Services) {
    let first = ticket_event::Entity::find().one(services.db.reader()).await.unwrap().unwrap();
    let events = (0..EVENTS).map(|_| ticket_event::Model {
        id: services.new_id(services.now()),
        note: Some("水".repeat(2000)),
        ..first.clone()
    });
    let tx = services.db.begin().await.unwrap();
    append(&tx, events.collect()).await.unwrap();
    tx.commit().await.unwrap();
    services.hub.committed();
}

async fn nobody_is_subscribed(app: &TestApp) {
    until("all subscriptions are gone", async || (app.services.hub.subscribers() == 0).then_some(())).await;
}

both! {
    async fn a_client_that_does_not_read_is_let_go_and_resumes_without_loss(app) {
        let crew = Crew::of_101(&app).await;
        crew.report("厨房水管漏水").await;
        fill(&app.services).await;
        let server = impatient(&app).await;
        let mut socket = Socket::connect_narrow(&crew.owner.at(&server.url)).await;
        socket.subscribe(&large_document(), json!({ "after": start_of_log() })).await;
        until("the subscription runs", async || (server.services.hub.subscribers() == 1).then_some(())).await;
        // It does not read. The server does not wait for it, nor does it make events for it.
        nobody_is_subscribed(&server).await;
        let (mut seen, mut cursor) = (Vec::new(), start_of_log());
        let code = loop {
            match socket.hear().await {
                Heard::Closed(code) => break code,
                Heard::Message(message) => {
                    let change = &message["payload"]["data"]["ticketStatusChanged"];
                    seen.push(change["event"]["id"].as_str().unwrap().to_owned());
                    cursor = change["cursor"].as_str().unwrap().to_owned();
                }
            }
        };
        assert_eq!(code, Some(1013));
        assert!(seen.len() < EVENTS, "everything was made for a client that did not read");
        let mut device = Device::new(&crew.owner.at(&server.url), owner_document()).after(&cursor);
        device.connect().await;
        device.see_many(1 + EVENTS - seen.len()).await;
        seen.extend(device.event_ids());
        let log = ids(&read_log(&crew.owner, None, 100).await);
        assert_eq!(log.len(), 1 + EVENTS);
        assert_eq!(seen, log);
    }

    async fn clients_that_go_away_leave_nothing_behind(app) {
        let crew = Crew::of_101(&app).await;
        let server = impatient(&app).await;
        let mut devices = Vec::new();
        for (client, document) in [
            (&crew.owner, owner_document()),
            (&crew.owner, owner_document()),
            (&crew.ambassador, butler_document()),
            (&crew.technician, butler_document()),
        ] {
            let mut device = Device::new(&client.at(&server.url), document);
            device.listen(&server).await;
            devices.push(device);
        }
        let stream = EventStream::open(&crew.owner.at(&server.url), &owner_document(), json!({})).await.ok().unwrap();
        until("the event stream runs", async || (server.services.hub.subscribers() == 5).then_some(())).await;
        crew.report("厨房水管漏水").await;
        devices[0].see().await;
        drop(stream);
        for mut device in devices {
            device.cut();
        }
        nobody_is_subscribed(&server).await;
        assert!(server.services.hub.is_idle(&[Which::Tickets, Which::Bulletins, Which::Notifications]));
        let watched = async || server.services.hub.sessions().is_empty().then_some(());
        until("no session is watched any more", watched).await;
    }

    async fn a_subscription_that_the_client_completes_is_gone_and_the_socket_lives_on(app) {
        let crew = Crew::of_101(&app).await;
        let mut socket = Socket::connect(&crew.owner).await;
        let id = socket.subscribe(&owner_document(), json!({})).await;
        until("the subscription runs", async || (app.services.hub.subscribers() == 1).then_some(())).await;
        socket.send(json!({ "type": "complete", "id": id })).await;
        nobody_is_subscribed(&app).await;
        crew.report("厨房水管漏水").await;
        let id = socket.subscribe(&owner_document(), json!({ "after": start_of_log() })).await;
        let message = socket.message().await;
        assert_eq!((&message["id"], &message["type"]), (&json!(id), &json!("next")));
    }
}
