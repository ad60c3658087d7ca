//! What is personal (S11): identity numbers, the export of one person's data, and their erasure.

mod erasure;

use anju::{domain::identity_number, graphql::id::Kind};
use entity::{audit_entry, owner};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        homes::{call, done},
        tickets::Answer,
    },
};

const NUMBER: &str = "110101199003074477";

/// Gives Zhang an identity number, as the ledger does.
async fn identify(app: &TestApp) {
    let id = app.world.owner("zhang");
    let vault = &app.services.vault;
    let row = owner::ActiveModel {
        identity_hash: ActiveValue::Set(Some(vault.identity_hash(NUMBER))),
        identity_sealed: ActiveValue::Set(Some(vault.seal_identity(id, NUMBER))),
        identity_masked: ActiveValue::Set(Some(identity_number::mask(NUMBER))),
        ..Default::default()
    };
    owner::Entity::update_many()
        .set(row)
        .filter(owner::Column::Id.eq(id))
        .exec(app.services.db.writer())
        .await
        .unwrap();
}

async fn audited(app: &TestApp, action: &str) -> Vec<audit_entry::Model> {
    let entries = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq(action));
    entries.all(app.services.db.reader()).await.unwrap()
}

async fn reveal(app: &TestApp, who: &str, reason: &str) -> Answer {
    let input = json!({ "ownerId": Kind::Owner.encode(app.world.owner("zhang")), "reason": reason });
    call(&app.as_whom(who).await, "revealIdentityNumber", "identityNumber", input).await
}

async fn export(app: &TestApp, who: &str, owner: &str, reason: Option<&str>) -> Answer {
    let input = json!({ "ownerId": Kind::Owner.encode(app.world.owner(owner)), "reason": reason });
    call(&app.as_whom(who).await, "exportPersonalData", "document", input).await
}

both! {
    async fn s11_identity_numbers_are_masked_by_role(app) {
        identify(&app).await;
        app.ticket_in(entity::vocab::TicketStatus::Assigned, json!({})).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Owner { identityNumber } } }";
        let id = json!({ "id": Kind::Owner.encode(app.world.owner("zhang")) });
        for (who, shown) in [
            ("zhang", json!(NUMBER)), ("ambassador.a", json!("110***********4477")), ("agent.a", json!("110***********4477")),
            ("manager.a", json!("110***********4477")), ("supervisor", json!("110***********4477")),
            ("auditor", json!("110***********4477")), ("technician.a", Value::Null),
        ] {
            let data = app.as_whom(who).await.run(document, id.clone()).await;
            assert_eq!(data["node"]["identityNumber"], shown, "{who}");
        }
        assert!(audited(&app, "REVEAL_IDENTITY_NUMBER").await.is_empty());
    }

    async fn s11_full_identity_number_is_audited_each_time(app) {
        identify(&app).await;
        for who in ["agent.a", "sales.a", "manager.a"] {
            assert_eq!(done(reveal(&app, who, "核对产权").await)["identityNumber"], NUMBER, "{who}");
        }
        let entries = audited(&app, "REVEAL_IDENTITY_NUMBER").await;
        assert_eq!(entries.len(), 3);
        assert!(entries.iter().all(|entry| entry.object_id == Some(app.world.owner("zhang"))));
        assert!(entries.iter().all(|entry| entry.details == Some(json!({ "reason": "核对产权" }))));
        for who in ["zhang", "ambassador.a", "technician.a", "supervisor", "auditor", "admin", "partner-1"] {
            assert_eq!(reveal(&app, who, "x").await.word(), "error FORBIDDEN", "{who}");
        }
        assert_eq!(reveal(&app, "agent.b", "x").await.word(), "NOT_FOUND ownerId");
        assert_eq!(reveal(&app, "agent.a", "  ").await.word(), "REQUIRED reason");
        assert_eq!(audited(&app, "REVEAL_IDENTITY_NUMBER").await.len(), 3, "a refused look is no look");
    }

    async fn s11_identity_number_is_kept_sealed_and_recorded_once_a_customer(app) {
        let record = async |who: &str, owner: &str, number: &str| {
            let input = json!({ "ownerId": Kind::Owner.encode(app.world.owner(owner)), "identityNumber": number });
            call(&app.as_whom(who).await, "recordIdentityNumber", "owner { identityNumber }", input).await
        };
        assert_eq!(done(record("agent.a", "zhang", " 110101 19900307 4477 ").await)["owner"]["identityNumber"], "110***********4477");
        let row = owner::Entity::find_by_id(app.world.owner("zhang")).one(app.services.db.reader()).await.unwrap().unwrap();
        assert_eq!(row.identity_hash, Some(app.services.vault.identity_hash(NUMBER)));
        let sealed = row.identity_sealed.unwrap();
        assert!(!sealed.windows(6).any(|part| part == &NUMBER.as_bytes()[..6]), "it is not stored in the clear");
        // Whoever types another's number learns nothing about the other.
        assert_eq!(done(record("sales.a", "wang", NUMBER).await)["owner"]["identityNumber"], "110***********4477");
        let wang = owner::Entity::find_by_id(app.world.owner("wang")).one(app.services.db.reader()).await.unwrap().unwrap();
        assert_eq!(wang.identity_hash, None);
        assert_eq!(record("agent.a", "zhang", "110101199003074470").await.word(), "INVALID identityNumber");
        assert_eq!(record("agent.b", "zhang", NUMBER).await.word(), "NOT_FOUND ownerId");
        for who in ["zhang", "ambassador.a", "technician.a", "supervisor", "auditor", "admin"] {
            assert_eq!(record(who, "zhang", NUMBER).await.word(), "error FORBIDDEN", "{who}");
        }
        let entries = audited(&app, "RECORD_IDENTITY_NUMBER").await;
        assert!(entries.len() == 2 && entries.iter().all(|entry| entry.details.is_none()));
    }

    async fn s11_export_holds_all_that_is_held_about_oneself_and_nothing_of_others(app) {
        identify(&app).await;
        app.report(json!({ "title": "厨房水管漏水" })).await;
        app.report_as("li", json!({ "title": "李的报修" })).await.ticket();
        let contact = json!({ "ownerId": Kind::Owner.encode(app.world.owner("zhang")), "channel": "PHONE", "summary": "询问装修" });
        done(call(&app.staff("agent.a").await, "recordInteraction", "interaction { id }", contact).await);
        let paper = json!({ "ownerId": Kind::Owner.encode(app.world.owner("zhang")), "kind": "PURCHASE_CONTRACT", "reference": "A-3" });
        done(call(&app.staff("agent.a").await, "fileOwnerDocument", "document { id }", paper).await);
        let text = done(export(&app, "zhang", "zhang", None).await)["document"].as_str().unwrap().to_owned();
        let held: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(held["person"]["phone"], "19100000001");
        assert_eq!(held["person"]["identityNumber"], NUMBER);
        assert_eq!(held["homes"][0]["home"], "1号楼-1-YT-101");
        assert_eq!(held["contracts"][0]["number"], "2024-YT-101");
        assert_eq!(held["tickets"].as_array().unwrap().len(), 1);
        assert_eq!(held["tickets"][0]["title"], "厨房水管漏水");
        assert_eq!(held["contacts"][0]["summary"], "询问装修");
        assert_eq!(held["documents"][0]["reference"], "A-3");
        assert_eq!(held["sessions"][0]["device"], "test");
        assert!(!text.contains("李的报修") && !text.contains("19100000002"), "a co-owner's things are theirs");
        let entries = audited(&app, "EXPORT_PERSONAL_DATA").await;
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].actor_id, Some(app.world.owner("zhang")));
    }

    async fn s11_export_for_a_customer_is_the_managers_with_a_reason(app) {
        assert_eq!(export(&app, "manager.a", "zhang", None).await.word(), "REQUIRED reason");
        assert_eq!(export(&app, "manager.a", "zhao", Some("客户申请")).await.word(), "NOT_FOUND ownerId");
        assert_eq!(export(&app, "zhang", "li", None).await.word(), "NOT_FOUND ownerId");
        for who in ["ambassador.a", "agent.a", "supervisor", "auditor", "admin", "partner-1"] {
            assert_eq!(export(&app, who, "zhang", Some("x")).await.word(), "error FORBIDDEN", "{who}");
        }
        assert!(audited(&app, "EXPORT_PERSONAL_DATA").await.is_empty());
        // Zhang also owns a home in the other project, which is not this manager's to see.
        let now = app.services.now();
        let elsewhere = entity::ownership::Model {
            id: app.services.new_id(now), unit_id: app.world.unit("HP-101"), owner_id: app.world.owner("zhang"), position: 1,
            started_on: now.date_naive(), ended_on: None,
        };
        crate::harness::world::put::<entity::ownership::Entity>(&app.services, elsewhere).await;
        let unit = Kind::Unit.encode(app.world.unit("HP-101"));
        app.report_as("zhang", json!({ "unitId": unit, "title": "湖畔的报修" })).await.ticket();
        let text = done(export(&app, "manager.a", "zhang", Some("客户申请")).await)["document"].as_str().unwrap().to_owned();
        assert!(text.contains("YT-101") && !text.contains("HP-101") && !text.contains("湖畔的报修"), "{text}");
        let own = done(export(&app, "zhang", "zhang", None).await)["document"].as_str().unwrap().to_owned();
        assert!(own.contains("YT-101") && own.contains("HP-101") && own.contains("湖畔的报修"));
    }
}
