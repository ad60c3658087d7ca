//! Handing homes over (T4.1): times, the checklist, defects, and what follows from completing.

mod booking;
mod refused;

use anju::graphql::id::Kind;
use entity::{
    contract, handover_defect, owner, owner_stage_change, ticket_event, unit,
    vocab::{ContractStatus, OwnerStage, WarrantyPart},
    warranty_item,
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::{
    both,
    harness::{
        TestApp,
        homes::{begun, call, done, step, tick_all, under_contract},
        tickets::Answer,
        world::day,
    },
};

const OWNERS: &[(&str, &str)] = &[("chen", "19100000011"), ("he", "19100000012")];

async fn stage(app: &TestApp, name: &str) -> OwnerStage {
    let row = owner::Entity::find_by_id(app.world.owner(name)).one(app.services.db.reader()).await.unwrap();
    row.unwrap().stage
}

both! {
    async fn t4_1_handover_completes_and_contract_stages_and_warranties_follow(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", OWNERS).await;
        let handover = begun(&app, home).await;
        assert_eq!(handover["status"], "IN_PROGRESS");
        let agent = app.staff("agent.a").await;
        tick_all(&agent, &handover).await;
        // 23:30 on the 23rd in Shanghai: the day is the project's, not London's.
        app.clock.advance(chrono::TimeDelta::minutes(14 * 60 + 30));
        let agent = app.staff("agent.a").await;
        let completed = done(step(&agent, "completeHandover", &handover, json!({})).await)["handover"].clone();
        assert_eq!(completed["status"], "COMPLETED");
        assert_eq!(completed["completedOn"], "2026-11-23");
        assert_eq!(completed["unit"]["handedOverOn"], "2026-11-23");
        assert_eq!(completed["unit"]["contract"]["status"], "HANDED_OVER");
        assert_eq!(completed["owner"]["stage"], "HANDED_OVER");
        for name in ["chen", "he"] {
            assert_eq!(stage(&app, name).await, OwnerStage::HandedOver, "{name}");
            let history = owner_stage_change::Entity::find().filter(owner_stage_change::Column::OwnerId.eq(app.world.owner(name)));
            let history = history.one(app.services.db.reader()).await.unwrap().unwrap();
            assert_eq!((history.from_stage, history.to_stage), (Some(OwnerStage::Signed), OwnerStage::HandedOver));
            assert_eq!(history.actor_id, Some(app.world.staff("agent.a")));
        }
        let conn = app.services.db.reader();
        let items = warranty_item::Entity::find().filter(warranty_item::Column::UnitId.eq(home)).all(conn).await.unwrap();
        assert_eq!(items.len(), WarrantyPart::ALL.len());
        assert!(items.iter().all(|item| item.starts_on == day("2026-11-23") && item.contract_id == Some(app.world.id("contract:YT-201"))));
        let waterproofing = items.iter().find(|item| item.part == WarrantyPart::Waterproofing).unwrap();
        assert_eq!(waterproofing.expires_on, anju::domain::warranty::expires_on(WarrantyPart::Waterproofing, day("2026-11-23")));
        let paper = contract::Entity::find_by_id(app.world.id("contract:YT-201")).one(conn).await.unwrap().unwrap();
        assert_eq!((paper.status, paper.handed_over_on), (ContractStatus::HandedOver, Some(day("2026-11-23"))));
    }

    async fn t4_1_handover_is_not_completed_with_an_unticked_mandatory_step(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", OWNERS).await;
        let handover = begun(&app, home).await;
        let agent = app.staff("agent.a").await;
        for kind in ["FLOW_SHOWN", "KEYS_HANDED_OVER", "METERS_READ", "SIGNED_BY_OWNER"] {
            done(step(&agent, "tickHandoverStep", &handover, json!({ "kind": kind, "note": "已办" })).await);
        }
        done(step(&agent, "tickHandoverStep", &handover, json!({ "kind": "KEYS_HANDED_OVER", "isTicked": false })).await);
        let document = "mutation($input: CompleteHandoverInput!) { completeHandover(input: $input) { handover { id } userErrors { code field } } }";
        let refused = agent.run(document, json!({ "input": { "handoverId": handover["id"] } })).await["completeHandover"].clone();
        assert_eq!(refused["handover"], json!(null));
        let missing = [
            "COMPLETION_DOCUMENTS_SHOWN", "MEASURED_AREA_REPORT_SHOWN", "KEYS_HANDED_OVER", "WARRANTY_PAPERS_HANDED_OVER",
        ];
        let expected: Vec<_> = missing.iter().map(|kind| json!({ "code": "REQUIRED", "field": format!("steps.{kind}") })).collect();
        assert_eq!(refused["userErrors"], json!(expected));
        // Nothing has changed.
        assert_eq!(stage(&app, "chen").await, OwnerStage::Signed);
        let unit = unit::Entity::find_by_id(home).one(app.services.db.reader()).await.unwrap().unwrap();
        assert_eq!(unit.handed_over_on, None);
        assert_eq!(warranty_item::Entity::find().filter(warranty_item::Column::UnitId.eq(home)).count(app.services.db.reader()).await.unwrap(), 0);
        for kind in missing {
            done(step(&agent, "tickHandoverStep", &handover, json!({ "kind": kind })).await);
        }
        let completed = done(step(&agent, "completeHandover", &handover, json!({})).await);
        let inspected = completed["handover"]["steps"].as_array().unwrap().iter().find(|step| step["kind"] == "HOME_INSPECTED").unwrap().clone();
        assert_eq!(inspected["tickedAt"], json!(null), "the customer may do without");
    }

    async fn t4_1_handover_defects_become_rectifications_of_the_owner(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", OWNERS).await;
        let handover = begun(&app, home).await;
        let agent = app.staff("agent.a").await;
        let input = json!({
            "handoverId": handover["id"], "title": "卫生间墙砖空鼓", "category": "FITTINGS", "idempotencyKey": "d1",
        });
        let fields = "ticket { id kind status channel reporter { ... on Owner { name } } }";
        let first = done(call(&agent, "recordHandoverDefect", fields, input.clone()).await)["ticket"].clone();
        let again = done(call(&agent, "recordHandoverDefect", fields, input).await)["ticket"].clone();
        assert_eq!(first["id"], again["id"], "a repetition makes no second ticket");
        assert_eq!((&first["kind"], &first["status"], &first["channel"]), (&json!("RECTIFICATION"), &json!("SUBMITTED"), &json!("WALK_IN")));
        assert_eq!(first["reporter"]["name"], "chen");
        let conn = app.services.db.reader();
        assert_eq!(handover_defect::Entity::find().count(conn).await.unwrap(), 1);
        assert_eq!(ticket_event::Entity::find().count(conn).await.unwrap(), 1);
        let seen = app.owner("chen").await.run(
            "query($id: ID!) { node(id: $id) { ... on Unit { handover { defects { id } } } } }",
            json!({ "id": Kind::Unit.encode(home) }),
        ).await;
        assert_eq!(seen["node"]["handover"]["defects"], json!([{ "id": first["id"] }]));
        tick_all(&agent, &handover).await;
        done(step(&agent, "completeHandover", &handover, json!({})).await);
        let late = json!({ "handoverId": handover["id"], "title": "门锁松动" });
        assert_eq!(call(&agent, "recordHandoverDefect", fields, late).await.word(), "ILLEGAL_TRANSITION handoverId");
    }

    async fn t4_1_handover_completed_on_two_servers_at_once_is_completed_once(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", OWNERS).await;
        let handover = begun(&app, home).await;
        let agent = app.staff("agent.a").await;
        tick_all(&agent, &handover).await;
        let other = app.another().await;
        let clients = [agent.clone(), agent.at(&other.url)];
        let calls = (0..8).map(|turn| step(&clients[turn % 2], "completeHandover", &handover, json!({})));
        let answers = join_all(calls).await;
        let won = answers.iter().filter(|answer| matches!(answer, Answer::Done(_))).count();
        assert_eq!(won, 1, "{answers:?}");
        let lost = |answer: &&Answer| ["CONFLICT expectedVersion", "ILLEGAL_TRANSITION handoverId"].contains(&answer.word());
        assert_eq!(answers.iter().filter(lost).count(), 7, "{answers:?}");
        let items = warranty_item::Entity::find().filter(warranty_item::Column::UnitId.eq(home));
        assert_eq!(items.count(app.services.db.reader()).await.unwrap(), 6);
    }

    async fn t4_1_handover_of_a_second_home_leaves_a_resident_a_resident(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-202", &[("sun", "19100000013")]).await;
        let row = owner::ActiveModel { stage: sea_orm::ActiveValue::Set(OwnerStage::Resident), ..Default::default() };
        owner::Entity::update_many().set(row).filter(owner::Column::Id.eq(app.world.owner("sun"))).exec(app.services.db.writer()).await.unwrap();
        let handover = begun(&app, home).await;
        let agent = app.staff("agent.a").await;
        tick_all(&agent, &handover).await;
        done(step(&agent, "completeHandover", &handover, json!({})).await);
        assert_eq!(stage(&app, "sun").await, OwnerStage::Resident);
    }
}
