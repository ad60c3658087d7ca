//! A device that was away gets what it missed, in order and once, and then goes on live: over cut connections, other
//! servers and restarts.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp, TestOptions,
        crew::Crew,
        device::{Device, butler_document, ids, owner_document, read_log, start_of_log},
        dice::Dice,
    },
};

/// Reads on, cutting the connection at random places and coming back at a random server, until everything was seen.
async fn follow_through_cuts(mut device: Device, servers: &[Client], seed: u64, total: usize) -> Device {
    let mut dice = Dice::new(seed);
    while device.seen.len() < total {
        device.use_client(&servers[usize::try_from(dice.throw(servers.len() as u64)).unwrap()]);
        device.connect().await;
        for _ in 0..dice.throw(6) {
            if device.seen.len() < total {
                device.see().await;
            }
        }
        device.cut();
    }
    device
}

/// Reads to the end of the socket; the code it ended with.
async fn rest_of(device: &mut Device) -> Option<u16> {
    loop {
        if let Err(code) = device.hear().await {
            return code;
        }
    }
}

/// A new server in the place of one that was stopped.
async fn restarted(stopped: TestApp) -> TestApp {
    let (database, clock, world) = (stopped.database.clone(), Arc::clone(&stopped.clock), stopped.world.clone());
    drop(stopped);
    let mut app = TestApp::over(database, clock, TestOptions::default()).await;
    app.world = world;
    app
}

fn assert_ascending(device: &Device) {
    let places: Vec<_> = device.seen.iter().map(|change| place(&change["cursor"])).collect();
    assert!(places.is_sorted(), "{places:?}");
}

fn place(cursor: &Value) -> i64 {
    match anju::page::Cursor::decode(cursor.as_str().unwrap()) {
        Some(anju::page::Cursor::Seq(seq)) => seq,
        other => panic!("not a place in the log: {other:?}"),
    }
}

both! {
    async fn what_was_missed_comes_first_and_then_what_happens(app) {
        let crew = Crew::of_101(&app).await;
        let mut device = Device::new(&crew.owner, owner_document()).after(&start_of_log());
        device.connect().await;
        let ticket = crew.report("厨房水管漏水").await;
        device.see().await;
        device.cut();
        crew.accept(&ticket).await;
        crew.assign(&ticket).await;
        device.connect().await;
        device.see_many(2).await;
        crew.start(&ticket).await;
        device.see().await;
        assert_eq!(device.actions(), ["CREATE", "ACCEPT", "ASSIGN", "START"]);
        assert_eq!(device.event_ids(), ids(&read_log(&crew.owner, None, 100).await));
        let changes: Vec<_> = device.seen.iter().map(|change| (&change["cursor"], &change["event"]["cursor"])).collect();
        assert!(changes.iter().all(|(place, event)| place == event));
    }

    async fn without_a_cursor_a_device_is_told_only_what_happens_from_now_on(app) {
        let crew = Crew::of_101(&app).await;
        let ticket = crew.report("厨房水管漏水").await;
        let mut device = Device::new(&crew.owner, owner_document());
        device.listen(&app).await;
        crew.accept(&ticket).await;
        assert_eq!(device.see().await["event"]["action"], "ACCEPT");
    }

    async fn devices_that_are_cut_again_and_again_see_each_event_once_and_in_order(app) {
        let other = app.another().await;
        let crew = Crew::of_101(&app).await;
        let agent = app.staff("agent.a").await;
        let (events, total) = (40, 44);
        let mut following = Vec::new();
        for (seed, client, document) in [
            (1, &crew.owner, owner_document()),
            (2, &crew.owner, owner_document()),
            (3, &agent, butler_document()),
        ] {
            let servers = [client.clone(), client.at(&other.url)];
            let device = Device::new(client, document).after(&start_of_log());
            following.push(tokio::spawn(async move { follow_through_cuts(device, &servers, seed, total).await }));
        }
        let ticket = crew.begun("厨房水管漏水").await;
        crew.toil(&ticket, events).await;
        let log = ids(&read_log(&crew.owner, None, 100).await);
        assert_eq!(log.len(), total);
        for device in following {
            let device = device.await.unwrap();
            assert_eq!(device.event_ids(), log);
            assert_ascending(&device);
        }
    }

    async fn a_device_on_another_server_is_told_what_happens_on_the_first(app) {
        let other = app.another().await;
        let crew = Crew::of_101(&app).await;
        let mut live = Device::new(&crew.owner.at(&other.url), owner_document());
        live.listen(&other).await;
        let ticket = crew.begun("厨房水管漏水").await;
        live.see_many(4).await;
        let mut late = Device::new(&crew.owner.at(&other.url), owner_document()).after(&start_of_log());
        late.connect().await;
        late.see_many(4).await;
        crew.hold(&ticket).await;
        for device in [&mut live, &mut late] {
            device.see().await;
            assert_eq!(device.event_ids(), ids(&read_log(&crew.owner, None, 100).await));
        }
    }

    async fn a_device_goes_on_after_the_server_was_restarted(app) {
        let mut dice = Dice::new(7);
        let crew = Crew::of_101(&app).await;
        let mut device = Device::new(&crew.owner, owner_document()).after(&start_of_log());
        let ticket = crew.begun("厨房水管漏水").await;
        device.connect().await;
        device.see_many(3).await;
        let mut server = app;
        for _ in 0..3 {
            server.stop();
            assert_eq!(rest_of(&mut device).await, Some(1001));
            server = restarted(server).await;
            let crew = Crew::of_101(&server).await;
            crew.toil(&ticket, 2 * usize::try_from(dice.throw(4)).unwrap()).await;
            device.use_client(&crew.owner);
            device.connect().await;
            crew.toil(&ticket, 2).await;
            let log = ids(&read_log(&crew.owner, None, 100).await);
            let unseen = log.len() - device.seen.len();
            // Sometimes it has caught up when the next stop comes, and sometimes not.
            device.see_many(unseen / 2 + usize::try_from(dice.throw(2)).unwrap() * (unseen - unseen / 2)).await;
            assert_eq!(device.event_ids(), log[..device.seen.len()]);
        }
        let log = ids(&read_log(&Crew::of_101(&server).await.owner, None, 100).await);
        device.see_many(log.len() - device.seen.len()).await;
        assert_eq!(device.event_ids(), log);
    }

    async fn pages_of_missed_events_and_the_subscription_join_without_a_gap(app) {
        let crew = Crew::of_101(&app).await;
        let ticket = crew.begun("厨房水管漏水").await;
        let writer = {
            let (crew, ticket) = (Crew::of_101(&app).await, ticket.clone());
            tokio::spawn(async move { crew.toil(&ticket, 30).await })
        };
        let mut seen = Vec::new();
        // Pages for as long as there is more, while more is being made.
        let missed = read_log(&crew.owner, None, 3).await;
        let last = missed.last().unwrap()["cursor"].as_str().unwrap().to_owned();
        seen.extend(ids(&missed));
        let mut device = Device::new(&crew.owner, owner_document()).after(&last);
        device.connect().await;
        device.see_many(34 - seen.len()).await;
        writer.await.unwrap();
        seen.extend(device.event_ids());
        let log = read_log(&crew.owner, None, 100).await;
        assert_eq!(seen, ids(&log));
        let of_ticket = crew.owner.owner_app("TicketById", json!({ "id": ticket })).await;
        assert_eq!(ids(of_ticket["node"]["events"]["nodes"].as_array().unwrap()), seen);
        for page in [1, 7, 34, 35] {
            assert_eq!(read_log(&crew.owner, None, page).await, log);
        }
        assert_eq!(read_log(&crew.owner, Some(&last), 5).await, log[missed.len()..]);
    }

    async fn an_event_says_the_same_in_the_stream_and_in_a_page(app) {
        let crew = Crew::of_101(&app).await;
        let ticket = crew.begun("厨房水管漏水").await;
        crew.resolve(&ticket).await;
        let mut device = Device::new(&crew.owner, owner_document()).after(&start_of_log());
        device.connect().await;
        device.see_many(5).await;
        for (change, event) in device.seen.iter().zip(read_log(&crew.owner, None, 100).await) {
            let mut streamed = change["event"].clone();
            streamed["ticket"] = change["ticket"].clone();
            assert_eq!(streamed, event);
        }
    }
}
