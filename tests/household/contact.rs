//! Full numbers, which are audited, and contacts, which owners do not see.

use anju::graphql::id::Kind;
use entity::audit_entry;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, documents::Documents},
};

fn owner_id(app: &TestApp, name: &str) -> String {
    Kind::Owner.encode(app.world.owner(name))
}

async fn reveal(client: &Client, input: Value) -> Value {
    client.run(&Documents::butler().operation("RevealPhone"), json!({ "input": input })).await["revealPhone"].clone()
}

async fn audited(app: &TestApp) -> Vec<audit_entry::Model> {
    let entries = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("REVEAL_PHONE"));
    entries.all(app.services.db.reader()).await.unwrap()
}

both! {
    async fn whoever_serves_a_customer_reveals_the_number_and_is_audited(app) {
        let butler = app.staff("ambassador.a").await;
        let answer = reveal(&butler, json!({ "ownerId": owner_id(&app, "zhang"), "reason": "回访" })).await;
        assert_eq!(answer, json!({ "phone": "19100000001", "userErrors": [] }));
        let entries = audited(&app).await;
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].actor_id, Some(app.world.staff("ambassador.a")));
        assert_eq!(entries[0].object_id, Some(app.world.owner("zhang")));
        assert_eq!(entries[0].occurred_at, app.services.now());
        assert_eq!(entries[0].details, Some(json!({ "reason": "回访" })));
    }

    async fn nobody_else_learns_a_number_and_nothing_is_audited(app) {
        let (zhang, zhao) = (owner_id(&app, "zhang"), owner_id(&app, "zhao"));
        // Another's household, another project, a technician who was not sent there, a thing that is no owner.
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        for (login, id) in [
            ("ambassador.a2", &zhang), ("ambassador.b", &zhang), ("agent.a", &zhao), ("technician.a", &zhang),
            ("agent.a", &unit),
        ] {
            let answer = reveal(&app.staff(login).await, json!({ "ownerId": id })).await;
            assert_eq!(answer["phone"], Value::Null, "{login}");
            assert_eq!(answer["userErrors"][0]["field"], "ownerId", "{login}");
        }
        let document = Documents::butler().operation("RevealPhone");
        for login in ["auditor", "supervisor", "admin"] {
            let input = json!({ "input": { "ownerId": zhang } });
            assert_eq!(app.staff(login).await.refused(&document, input).await, "FORBIDDEN", "{login}");
        }
        let input = json!({ "input": { "ownerId": zhang } });
        assert_eq!(app.owner("zhang").await.refused(&document, input).await, "FORBIDDEN");
        let too_long = json!({ "ownerId": zhang, "reason": "长".repeat(501) });
        let answer = reveal(&app.staff("ambassador.a").await, too_long).await;
        assert_eq!(answer["userErrors"][0]["code"], "TOO_LONG");
        assert!(audited(&app).await.is_empty());
    }

    async fn a_contact_is_written_down_for_the_customers_home(app) {
        let butler = app.staff("ambassador.a").await;
        let input = json!({
            "ownerId": owner_id(&app, "zhang"), "channel": "PHONE", "summary": " 约周三上门 ",
            "nextFollowUpAt": "2026-11-25T01:00:00Z",
        });
        let interaction = butler.done(Documents::butler(), "RecordInteraction", input).await;
        assert_eq!(interaction["channel"], "PHONE");
        assert_eq!(interaction["summary"], "约周三上门");
        let node = "query ($id: ID!) { node(id: $id) { ... on Interaction {
            direction summary nextFollowUpAt occurredAt owner { name } staff { name } } } }";
        let id = json!({ "id": interaction["id"] });
        for reader in [&butler, &app.staff("agent.a").await] {
            let read = reader.run(node, id.clone()).await["node"].clone();
            assert_eq!(read["owner"]["name"], "zhang");
            assert_eq!(read["staff"]["name"], "员工1");
            assert_eq!(read["direction"], "INBOUND");
            let follow_up: chrono::DateTime<chrono::Utc> = read["nextFollowUpAt"].as_str().unwrap().parse().unwrap();
            assert_eq!(follow_up, crate::harness::world::instant("2026-11-25T01:00:00Z"));
        }
        for stranger in [app.owner("zhang").await, app.staff("ambassador.a2").await, app.staff("agent.b").await] {
            assert_eq!(stranger.run(node, id.clone()).await["node"], Value::Null);
        }
    }

    async fn a_contact_that_makes_no_sense_is_refused(app) {
        let butler = app.staff("ambassador.a").await;
        let good = json!({ "ownerId": owner_id(&app, "zhang"), "channel": "PHONE", "summary": "来电" });
        for (field, value, code) in [
            ("ownerId", json!(owner_id(&app, "wang")), "NOT_FOUND"),
            ("ownerId", json!("nonsense"), "NOT_FOUND"),
            ("unitId", json!(Kind::Unit.encode(app.world.unit("YT-102"))), "NOT_FOUND"),
            ("summary", json!(" \n "), "REQUIRED"),
            ("summary", json!("长".repeat(2001)), "TOO_LONG"),
            ("nextFollowUpAt", json!("2026-11-23T01:00:00Z"), "IN_THE_PAST"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            let fault = butler.fault(Documents::butler(), "RecordInteraction", input).await;
            assert_eq!(fault, (code.to_owned(), Some(field.to_owned())));
        }
    }
}
