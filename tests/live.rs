//! Who is told what, the moment it happens, and who is not.

use anju::{
    auth::viewer::{Principal, Viewer},
    events::{Subscription, Which},
    graphql::id::Kind,
};
use entity::vocab::{Department, Role};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;
use tokio::sync::oneshot;

use crate::{
    both,
    harness::{
        Client, TestApp,
        crew::Crew,
        device::{Device, butler_document, owner_document, start_of_log},
        socket::{PATIENCE, Socket},
        until,
    },
    live_shared::data,
};

/// Waits for the next wake; one that came since the last time counts.
async fn woken(subscription: &Subscription) {
    let (tell, told) = oneshot::channel();
    subscription.when_woken(Box::new(|| tell.send(()).unwrap_or_default()));
    told.await.unwrap();
}

async fn listening(app: &TestApp, client: &Client, document: String) -> Device {
    let mut device = Device::new(client, document);
    device.listen(app).await;
    device
}

async fn owners(app: &TestApp, names: &[&str]) -> Vec<Device> {
    let mut devices = Vec::new();
    for name in names {
        devices.push(listening(app, &app.owner(name).await, owner_document()).await);
    }
    devices
}

async fn staff(app: &TestApp, logins: &[&str]) -> Vec<Device> {
    let mut devices = Vec::new();
    for login in logins {
        devices.push(listening(app, &app.staff(login).await, butler_document()).await);
    }
    devices
}

both! {
    async fn everyone_around_a_ticket_is_told_each_step_as_it_happens(app) {
        let crew = Crew::of_101(&app).await;
        let mut devices = owners(&app, &["zhang", "li"]).await;
        devices.extend(staff(&app, &["ambassador.a", "agent.a", "manager.a", "supervisor", "auditor"]).await);
        let mut technician = staff(&app, &["technician.a"]).await.remove(0);
        let ticket = crew.begun("厨房水管漏水").await;
        for mut device in devices {
            device.see_until("START").await;
            assert_eq!(device.actions(), ["CREATE", "ACCEPT", "ASSIGN", "START"]);
            let last = device.seen.last().unwrap();
            assert_eq!((&last["ticket"]["id"], &last["event"]["toStatus"]), (&json!(ticket), &json!("IN_PROGRESS")));
        }
        technician.see_until("START").await;
        assert_eq!(technician.actions()[technician.seen.len() - 2..], ["ASSIGN", "START"]);
    }

    async fn nobody_else_is_told(app) {
        let (crew, neighbours, elsewhere) =
            (Crew::of_101(&app).await, Crew::of_102(&app).await, Crew::elsewhere(&app).await);
        let mut next_door = owners(&app, &["wang"]).await;
        next_door.extend(staff(&app, &["ambassador.a2", "technician.a2", "sales.a"]).await);
        let mut far_away = owners(&app, &["zhao"]).await;
        far_away.extend(staff(&app, &["ambassador.b", "technician.b", "agent.b"]).await);
        crew.begun("厨房水管漏水").await;
        let near = neighbours.report("门锁坏了").await;
        neighbours.accept_for(&near, "SALES").await;
        neighbours.assign(&near).await;
        let far = elsewhere.report("灯不亮").await;
        elsewhere.accept(&far).await;
        elsewhere.assign(&far).await;
        // Their own tickets are later in the log: had they been told of the first, it would have come first.
        for (devices, own) in [(next_door, near), (far_away, far)] {
            for mut device in devices {
                assert_eq!(device.see().await["ticket"]["id"], json!(own));
                device.see_until("ASSIGN").await;
                assert!(device.seen.iter().all(|change| change["ticket"]["id"] == json!(own)));
            }
        }
    }

    async fn whoever_may_see_an_event_is_woken_for_each_one(app) {
        let crew = Crew::of_101(&app).await;
        let (id, role, department) = (app.world.staff("sales.a"), Role::SalesAgent, Department::Sales);
        let waiting = app.services.hub.subscribe(Which::Tickets, &Viewer::of(Principal::Staff { id, role, department }));
        until("the relay has begun", async || app.services.hub.lag()).await;
        for title in ["厨房水管漏水", "门锁坏了", "灯不亮", "窗户关不上"] {
            crew.report(title).await;
            tokio::time::timeout(PATIENCE, woken(&waiting)).await.unwrap_or_else(|_| panic!("not woken for {title}"));
        }
    }

    async fn whoever_follows_one_log_is_not_woken_for_another(app) {
        let crew = Crew::of_101(&app).await;
        let owner = Viewer::of(Principal::Owner(app.world.owner("zhang")));
        let [tickets, bulletins] = [Which::Tickets, Which::Bulletins].map(|log| app.services.hub.subscribe(log, &owner));
        until("the relay has begun", async || app.services.hub.lag()).await;
        let told = async || tokio::time::timeout(PATIENCE, woken(&tickets)).await.expect("each step wakes the owner");
        let ticket = crew.report("厨房水管漏水").await;
        told().await;
        crew.accept(&ticket).await;
        told().await;
        // Once it wakes for this, the relay has done with all that the owner was told before.
        crew.report("门锁坏了").await;
        told().await;
        assert!(woken(&bulletins).now_or_never().is_none(), "no bulletin was published");
    }

    async fn a_ticket_that_comes_into_sight_is_told_from_its_beginning(app) {
        let crew = Crew::of_101(&app).await;
        crew.begun("厨房水管漏水").await;
        let mut technician = listening(&app, &crew.technician, butler_document()).await;
        let mut agent = listening(&app, &app.staff("agent.a").await, butler_document()).await;
        let ticket = crew.report("门锁坏了").await;
        crew.accept(&ticket).await;
        // By now the technician was woken too, and has looked past what was not to be seen.
        agent.see_until("ACCEPT").await;
        crew.assign(&ticket).await;
        technician.see_until("ASSIGN").await;
        assert_eq!(technician.actions(), ["CREATE", "ACCEPT", "ASSIGN"]);
        assert!(technician.seen.iter().all(|change| change["ticket"]["id"] == json!(ticket)));
    }

    async fn whoever_has_nothing_to_do_with_customers_is_refused(app) {
        let refused = [
            (app.partner("partner-1").await, "FORBIDDEN"),
            (app.staff("admin").await, "FORBIDDEN"),
            (app.anonymous(), "UNAUTHENTICATED"),
        ];
        for (client, code) in refused {
            let mut socket = Socket::connect(&client).await;
            let id = socket.subscribe(&butler_document(), json!({ "after": start_of_log() })).await;
            let message = socket.message().await;
            assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)));
            assert_eq!(message["payload"][0]["extensions"]["code"], code);
        }
        let mut socket = Socket::open(&app.anonymous(), None).await;
        socket.init(Some("not.a.token")).await;
        assert_eq!(socket.close_code().await, Some(4403));
    }

    async fn a_subscription_to_one_ticket_is_silent_about_the_others(app) {
        let crew = Crew::of_101(&app).await;
        let (first, second) = (crew.report("厨房水管漏水").await, crew.report("门锁坏了").await);
        let mut device = Device::new(&crew.owner, owner_document()).of_ticket(&second).after(&start_of_log());
        device.connect().await;
        device.see().await;
        crew.accept(&first).await;
        crew.assign(&first).await;
        crew.accept(&second).await;
        device.see_until("ACCEPT").await;
        assert_eq!(device.actions(), ["CREATE", "ACCEPT"]);
        assert!(device.seen.iter().all(|change| change["ticket"]["id"] == json!(second)));
    }

    async fn a_ticket_of_others_can_not_be_subscribed_to(app) {
        let theirs = Crew::of_102(&app).await.report("门锁坏了").await;
        let nowhere = Kind::Ticket.encode(app.world.unit("YT-101"));
        let owner = app.owner("zhang").await;
        let mut answers = Vec::new();
        for ticket in [theirs, nowhere, Kind::Unit.encode(app.world.unit("YT-101")), "forged".to_owned()] {
            let mut socket = Socket::connect(&owner).await;
            socket.subscribe(&owner_document(), json!({ "ticketId": ticket })).await;
            let error = socket.refusal().await;
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{error}");
            assert_eq!(error["extensions"]["field"], "ticketId", "{error}");
            answers.push(error["message"].clone());
        }
        // What is somebody else's is answered as what does not exist.
        assert_eq!(answers[0], answers[1]);
    }

    async fn a_cursor_that_is_not_one_of_the_stream_is_refused(app) {
        let crew = Crew::of_101(&app).await;
        crew.report("厨房水管漏水").await;
        let tickets = crew.owner.owner_app("MyTickets", json!({})).await;
        let of_another_list = tickets["tickets"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let beyond = anju::page::Cursor::Seq(1_000_000).encode();
        for after in ["forged".to_owned(), String::new(), of_another_list, beyond] {
            let mut socket = Socket::connect(&crew.owner).await;
            socket.subscribe(&owner_document(), json!({ "after": after })).await;
            let error = socket.refusal().await;
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{after}: {error}");
            assert_eq!(error["extensions"]["field"], "after", "{after}: {error}");
        }
    }

    async fn after_a_transfer_the_old_ambassador_is_told_nothing_more(app) {
        let (crew, neighbours) = (Crew::of_101(&app).await, Crew::of_102(&app).await);
        let ticket = crew.begun("厨房水管漏水").await;
        let mut devices = staff(&app, &["ambassador.a", "ambassador.a2"]).await;
        transfer(&app, "ambassador.a", "ambassador.a2").await;
        crew.hold(&ticket).await;
        crew.resume(&ticket).await;
        // The old ambassador gets something to do elsewhere: it is the first thing that comes.
        let other = neighbours.report("门锁坏了").await;
        neighbours.accept(&other).await;
        neighbours.assign_to(&other, &Kind::Staff.encode(app.world.staff("ambassador.a"))).await;
        devices[0].see_until("ASSIGN").await;
        assert!(devices[0].seen.iter().all(|change| change["ticket"]["id"] == json!(other)), "{:#?}", devices[0].seen);
        devices[1].see_many(2).await;
        assert_eq!(devices[1].actions(), ["HOLD", "RESUME"]);
    }

    async fn events_that_were_read_ahead_are_not_sent_once_the_right_is_gone(app) {
        use anju::{
            graphql::{engine::Engine, schema::SchemaOptions},
            http::{Backend, GraphqlRequest},
        };
        let crew = Crew::of_101(&app).await;
        let ticket = crew.begun("厨房水管漏水").await;
        crew.toil(&ticket, 6).await;
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        let viewer = engine.authenticate(crew.ambassador.token.as_deref()).await.unwrap();
        let variables = serde_json::from_value(json!({ "after": start_of_log() })).unwrap();
        let request =
            GraphqlRequest { query: butler_document(), variables, ..GraphqlRequest::default() };
        let prepared = engine.prepare(&viewer, request).unwrap();
        let mut stream = engine.subscribe(&viewer, prepared);
        let first = data(&stream.next().await.unwrap());
        assert_eq!(first["ticketStatusChanged"]["event"]["action"], "CREATE");
        let read = tokio::time::Instant::now();
        transfer(&app, "ambassador.a", "ambassador.a2").await;
        // What was read ahead counts for ten milliseconds.
        until("what was read ahead is stale", async || (read.elapsed().as_millis() > 20).then_some(())).await;
        let next = tokio::spawn(async move { data(&stream.next().await.unwrap()) });
        let neighbours = Crew::of_102(&app).await;
        let other = neighbours.report("门锁坏了").await;
        neighbours.accept(&other).await;
        neighbours.assign_to(&other, &Kind::Staff.encode(app.world.staff("ambassador.a"))).await;
        let next = tokio::time::timeout(PATIENCE, next).await.unwrap().unwrap();
        assert_eq!(next["ticketStatusChanged"]["ticket"]["id"], json!(other), "{next:#}");
    }
}

async fn transfer(app: &TestApp, from: &str, to: &str) {
    let document = "mutation($input: TransferHouseholdsInput!) {
        transferHouseholds(input: $input) { householdCount userErrors { code field message } } }";
    let id = |login| Kind::Staff.encode(app.world.staff(login));
    let input = json!({ "fromStaffId": id(from), "toStaffId": id(to) });
    let data = app.staff("manager.a").await.run(document, json!({ "input": input })).await;
    assert_eq!(data["transferHouseholds"], json!({ "householdCount": 1, "userErrors": [] }));
}
