//! Times and bookings: places are few, and a home is booked once.

use anju::graphql::id::Kind;
use entity::{handover, handover_slot};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        homes::{HANDOVER, book, call, done, offer, step, under_contract},
        tickets::Answer,
    },
};

const SLOTS: &str = "query($project: ID!, $isFree: Boolean!) { handoverSlots(projectId: $project, isFree: $isFree) {
    totalCount nodes { id capacity freePlaces project { name } } } }";

async fn slots(app: &TestApp, who: &str, is_free: bool) -> Value {
    let project = Kind::Project.encode(app.world.id("project:YT"));
    let data = app.as_whom(who).await.run(SLOTS, json!({ "project": project, "isFree": is_free })).await;
    data["handoverSlots"].clone()
}

async fn booked(app: &TestApp) -> i32 {
    let rows = handover_slot::Entity::find().all(app.services.db.reader()).await.unwrap();
    rows.iter().map(|slot| slot.booked_count).sum()
}

fn won(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| matches!(answer, Answer::Done(_))).count()
}

both! {
    async fn t4_1_handover_slots_give_no_more_places_than_they_have(app) {
        let mut app = app;
        let owners: Vec<(String, String)> = (0..8).map(|n| (format!("buyer{n}"), format!("1910000010{n}"))).collect();
        let mut homes = Vec::new();
        for (number, (name, phone)) in owners.iter().enumerate() {
            homes.push(under_contract(&mut app, &format!("YT-30{number}"), &[(name, phone)]).await);
        }
        let slot = offer(&app, 24, 3).await;
        let other = app.another().await;
        let mut clients = Vec::new();
        for (number, (name, _)) in owners.iter().enumerate() {
            let client = app.owner(name).await;
            clients.push(if number % 2 == 0 { client } else { client.at(&other.url) });
        }
        let answers = join_all(clients.iter().zip(&homes).map(|(client, home)| book(client, *home, &slot))).await;
        assert_eq!(won(&answers), 3, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| answer.word() == "NOT_AVAILABLE slotId").count(), 5, "{answers:?}");
        assert_eq!(booked(&app).await, 3);
        assert_eq!(slots(&app, "buyer0", false).await["nodes"][0]["freePlaces"], 0);
        assert_eq!(slots(&app, "buyer0", true).await["totalCount"], 0);
    }

    async fn t4_1_handover_of_a_home_is_booked_once(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011"), ("he", "19100000012")]).await;
        let slot = offer(&app, 24, 50).await;
        let (chen, he) = (app.owner("chen").await, app.owner("he").await);
        let answers = join_all((0..10).map(|turn| book(if turn % 2 == 0 { &chen } else { &he }, home, &slot))).await;
        assert_eq!(won(&answers), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| answer.word() == "CONFLICT unitId").count(), 9, "{answers:?}");
        assert_eq!(booked(&app).await, 1, "a refused booking takes no place");
        assert_eq!(handover::Entity::find().count(app.services.db.reader()).await.unwrap(), 1);
    }

    async fn t4_1_handover_booking_may_be_repeated_moved_and_called_off(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011")]).await;
        let (early, late) = (offer(&app, 24, 1).await, offer(&app, 48, 1).await);
        let chen = app.owner("chen").await;
        let input = json!({ "unitId": Kind::Unit.encode(home), "slotId": early, "idempotencyKey": "one" });
        let first = done(call(&chen, "bookHandover", HANDOVER, input.clone()).await)["handover"].clone();
        let again = done(call(&chen, "bookHandover", HANDOVER, input).await)["handover"].clone();
        assert_eq!(first["id"], again["id"]);
        assert_eq!(first["owner"]["id"], Kind::Owner.encode(app.world.owner("chen")));
        assert_eq!(first["steps"].as_array().unwrap().len(), 8);
        assert_eq!(booked(&app).await, 1);

        let stale = step(&chen, "rescheduleHandover", &first, json!({ "slotId": late, "expectedVersion": 7 })).await;
        assert_eq!(stale.word(), "CONFLICT expectedVersion");
        let moved = done(step(&chen, "rescheduleHandover", &first, json!({ "slotId": late, "expectedVersion": 1 })).await);
        assert_eq!(moved["handover"]["slot"]["id"], json!(late));
        assert_eq!(moved["handover"]["slot"]["freePlaces"], 0);
        assert_eq!(booked(&app).await, 1, "the place before is free again");

        let off = done(step(&chen, "cancelHandover", &first, json!({ "reason": "出差" })).await)["handover"].clone();
        assert_eq!((&off["status"], &off["cancelReason"]), (&json!("CANCELLED"), &json!("出差")));
        assert_eq!(booked(&app).await, 0);
        let document = "query($id: ID!) { node(id: $id) { ... on Unit { handover { id } } } }";
        let shown = chen.run(document, json!({ "id": Kind::Unit.encode(home) })).await;
        assert_eq!(shown["node"]["handover"], Value::Null);
        done(book(&chen, home, &early).await);
        assert_eq!(step(&chen, "cancelHandover", &first, json!({ "reason": "再次" })).await.word(), "ILLEGAL_TRANSITION handoverId");
    }

    async fn t4_1_handover_lists_show_each_its_own(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011"), ("he", "19100000012")]).await;
        let slot = offer(&app, 24, 2).await;
        let handover = done(book(&app.staff("ambassador.a").await, home, &slot).await)["handover"].clone();
        let list = "query($filter: HandoverFilter) { handovers(filter: $filter) { totalCount nodes { id owner { name } } } }";
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for (who, owner) in [
            ("chen", json!({ "name": "chen" })), ("he", Value::Null), ("ambassador.a", json!({ "name": "chen" })),
            ("sales.a", json!({ "name": "chen" })), ("manager.a", json!({ "name": "chen" })),
            ("supervisor", json!({ "name": "chen" })), ("auditor", json!({ "name": "chen" })),
        ] {
            let shown = app.as_whom(who).await.run(list, json!({ "filter": { "status": "BOOKED", "slotId": slot } })).await;
            assert_eq!(shown["handovers"]["totalCount"], 1, "{who}");
            assert_eq!(shown["handovers"]["nodes"][0]["owner"], owner, "{who}: no co-owner");
        }
        for who in ["zhang", "zhao", "ambassador.a2", "ambassador.b", "agent.b"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.run(list, json!({})).await["handovers"]["totalCount"], 0, "{who}");
            assert_eq!(client.run(node, json!({ "id": handover["id"] })).await["node"], Value::Null, "{who}");
        }
        for who in ["technician.a", "admin", "partner-1"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.refused(list, json!({})).await, "FORBIDDEN", "{who}");
            assert_eq!(client.run(node, json!({ "id": handover["id"] })).await["node"], Value::Null, "{who}");
        }
        assert_eq!(slots(&app, "chen", true).await["nodes"][0]["freePlaces"], 1);
        assert_eq!(slots(&app, "zhao", false).await["totalCount"], 0, "another project's times");
        assert_eq!(slots(&app, "agent.b", false).await["totalCount"], 0);
    }
}
