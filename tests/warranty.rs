//! The end of warranties: its notice two months before, and the terms that decide when it is.

mod batch;
mod terms;

use anju::{graphql::id::Kind, jobs};
use chrono::TimeDelta;
use entity::{vocab::WarrantyPart, warranty_item, warranty_notice};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    both,
    harness::{
        Client, TestApp,
        world::{day, instant, put},
    },
};

/// Puts a part of a room under warranty until a day.
async fn item(app: &TestApp, room: &str, part: WarrantyPart, expires_on: &str) -> Uuid {
    let id = app.services.new_id(app.services.now());
    let row = warranty_item::Model {
        id,
        unit_id: app.world.unit(room),
        contract_id: None,
        part,
        starts_on: day("2020-01-01"),
        expires_on: day(expires_on),
        noticed_at: None,
    };
    put::<warranty_item::Entity>(&app.services, row).await;
    id
}

/// The warranty bulletins of an owner: title and text, the newest first.
async fn notices(client: &Client) -> Vec<Value> {
    let document = "{ bulletins(filter: { kinds: [WARRANTY] }) { nodes { title body unit { code } readAt } } }";
    client.run(document, json!({})).await["bulletins"]["nodes"].as_array().unwrap().clone()
}

async fn notified(app: &TestApp) -> usize {
    jobs::notify_warranties(&app.services).await.unwrap()
}

both! {
    async fn t5_5_warranty_that_ends_on_31_august_is_noticed_on_30_june_and_once(app) {
        item(&app, "YT-101", WarrantyPart::Wiring, "2027-08-31").await;
        item(&app, "YT-101", WarrantyPart::Plumbing, "2027-08-30").await;
        item(&app, "YT-101", WarrantyPart::Fittings, "2027-09-01").await;
        // The last second of 29 June where the project stands.
        app.clock.set(instant("2027-06-29T15:59:59Z"));
        assert_eq!(notified(&app).await, 0);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(notified(&app).await, 1);
        assert_eq!(notified(&app).await, 0, "a second run sends nothing");
        for owner in ["zhang", "li"] {
            let found = notices(&app.owner(owner).await).await;
            assert_eq!(found.len(), 1, "one bulletin for both parts: {owner}");
            assert_eq!(found[0]["title"], "Warranty ends soon: Plumbing, Wiring");
            assert!(found[0]["body"].as_str().unwrap().contains("31 August 2027"));
            assert_eq!(found[0]["unit"]["code"], "1号楼-1-YT-101");
        }
        for other in ["wang", "zhao"] {
            assert!(notices(&app.owner(other).await).await.is_empty(), "{other}");
        }
        let home = json!({ "id": Kind::Unit.encode(app.world.unit("YT-101")) });
        let home = app.owner("zhang").await.run("query ($id: ID!) { node(id: $id) { ... on Unit { warrantyItems { part noticedAt } } } }", home).await;
        let told: Vec<&Value> = home["node"]["warrantyItems"].as_array().unwrap().iter().filter(|item| !item["noticedAt"].is_null()).map(|item| &item["part"]).collect();
        assert_eq!(told, ["PLUMBING", "WIRING"]);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(notified(&app).await, 1, "the next one on its own day");
        let rows = warranty_notice::Entity::find().all(app.services.db.reader()).await.unwrap();
        let mut due: Vec<String> = rows.iter().map(|row| row.due_on.to_string()).collect();
        due.sort();
        assert_eq!(due, ["2027-06-30", "2027-06-30", "2027-07-01"]);
    }

    async fn t5_5_warranty_that_ends_sooner_when_first_seen_is_noticed_at_once_and_an_ended_one_never(app) {
        item(&app, "YT-102", WarrantyPart::Wiring, "2026-11-23").await;
        item(&app, "YT-102", WarrantyPart::Plumbing, "2026-11-22").await;
        item(&app, "HP-101", WarrantyPart::Fittings, "2027-01-23").await;
        item(&app, "HP-101", WarrantyPart::Wiring, "2027-01-24").await;
        assert_eq!(notified(&app).await, 2);
        let wang = notices(&app.owner("wang").await).await;
        assert_eq!(wang[0]["title"], "Warranty ends soon: Wiring", "the last day counts, the day after does not");
        assert_eq!(notices(&app.owner("zhao").await).await[0]["title"], "Warranty ends soon: Fittings");
        assert_eq!(notified(&app).await, 0);
    }

    async fn t5_5_warranty_notices_of_two_servers_at_once_are_one_each(app) {
        let mut app = app;
        let services = app.services.clone();
        for number in 0..12 {
            let (name, phone, room) = (format!("owner {number}"), format!("1930000{number:04}"), format!("YT-3{number:02}"));
            app.world.home(&services, &room, "YT", &[(&name, &phone)], "ambassador.a").await;
            item(&app, &room, WarrantyPart::Wiring, "2026-12-31").await;
            item(&app, &room, WarrantyPart::Plumbing, "2027-01-10").await;
        }
        let other = app.another().await;
        let runs = [&app.services, &other.services, &app.services, &other.services];
        let sent: usize = join_all(runs.map(jobs::notify_warranties)).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(sent, 12);
        for number in 0..12 {
            assert_eq!(notices(&app.owner(&format!("owner {number}")).await).await.len(), 1, "owner {number}");
        }
        assert_eq!(warranty_notice::Entity::find().all(app.services.db.reader()).await.unwrap().len(), 24);
    }

    async fn t5_5_warranty_of_a_home_without_owners_waits_for_one(app) {
        item(&app, "YT-102", WarrantyPart::Wiring, "2026-12-31").await;
        app.database.execute("UPDATE ownerships SET ended_on = '2026-11-01'").await;
        assert_eq!(notified(&app).await, 0);
        app.database.execute("UPDATE ownerships SET ended_on = NULL").await;
        assert_eq!(notified(&app).await, 1);
    }

    async fn t5_5_warranty_that_a_correction_moved_is_told_anew(app) {
        let id = item(&app, "YT-102", WarrantyPart::Wiring, "2026-12-31").await;
        assert_eq!(notified(&app).await, 1);
        app.database.execute("UPDATE warranty_items SET noticed_at = NULL, expires_on = '2027-01-10' WHERE expires_on = '2026-12-31'").await;
        assert_eq!(notified(&app).await, 1);
        assert_eq!(notices(&app.owner("wang").await).await.len(), 2);
        let rows = warranty_notice::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert_eq!(rows.iter().map(|row| (row.item_id, row.due_on.to_string())).collect::<Vec<_>>(), [(id, "2026-11-10".to_owned())]);
    }

    async fn t5_5_warranty_of_one_home_that_fails_does_not_keep_the_others_waiting(app) {
        item(&app, "YT-101", WarrantyPart::Wiring, "2026-12-31").await;
        item(&app, "YT-102", WarrantyPart::Wiring, "2026-12-31").await;
        let endless = "x".repeat(5000);
        app.database.execute(&format!("UPDATE units SET code = '{endless}' WHERE room = 'YT-101'")).await;
        assert_eq!(notified(&app).await, 1);
        app.database.execute("UPDATE units SET code = '101' WHERE room = 'YT-101'").await;
        assert_eq!(notified(&app).await, 1, "nothing of the failure was kept");
        assert_eq!(notices(&app.owner("zhang").await).await.len(), 1);
    }

    async fn t5_5_warranty_ledger_is_listed_for_those_who_see_the_homes(app) {
        item(&app, "YT-101", WarrantyPart::Wiring, "2026-12-31").await;
        item(&app, "YT-102", WarrantyPart::Wiring, "2027-12-31").await;
        let document = "query ($filter: WarrantyFilter) { warrantyItems(filter: $filter) { totalCount nodes { part expiresOn } } }";
        let soon = json!({ "filter": { "latestOn": "2027-01-31", "noticed": false } });
        for (who, count) in [("manager.a", 1), ("ambassador.a", 1), ("ambassador.a2", 0), ("agent.b", 0), ("auditor", 1)] {
            let found = app.staff(who).await.run(document, soon.clone()).await;
            assert_eq!(found["warrantyItems"]["totalCount"], count, "{who}");
        }
        for who in ["zhang", "technician.a", "admin", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(document, soon.clone()).await, "FORBIDDEN", "{who}");
        }
    }
}
