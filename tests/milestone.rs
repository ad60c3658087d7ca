//! The progress of construction: ten kinds, told once to every customer with a contract, and who was missed.

use anju::{graphql::id::Kind, jobs};
use entity::{
    contract, contract_party, owner, unit,
    vocab::{ContractStatus, MilestoneKind, OwnerStage},
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    both,
    harness::{
        Client, TestApp,
        homes::owner_by_name,
        mutation::{change, done},
        tickets::merged,
        world::{day, put},
    },
};

const SHOWN: &str = "milestone { id kind plannedOn reachedOn note building { name } bulletin { kind title }
    coverage { notified inScope } }";
const OF_PROJECT: &str = "query ($id: ID!) { node(id: $id) { ... on Project { milestones {
    kind plannedOn reachedOn coverage { notified inScope } bulletin { title } } } } }";

fn mark(app: &TestApp, kind: &str, more: Value) -> Value {
    let project = Kind::Project.encode(app.world.id("project:YT"));
    merged(json!({ "projectId": project, "kind": kind }), &more)
}

async fn reach(app: &TestApp, kind: &str, more: Value) -> Value {
    let manager = app.staff("manager.a").await;
    done(change(&manager, "reachMilestone", SHOWN, mark(app, kind, more)).await)["milestone"].clone()
}

async fn milestones(app: &TestApp, client: &Client) -> Vec<Value> {
    let id = Kind::Project.encode(app.world.id("project:YT"));
    client.run(OF_PROJECT, json!({ "id": id })).await["node"]["milestones"].as_array().unwrap().clone()
}

async fn told(client: &Client) -> usize {
    let list = client.run("{ bulletins(filter: { kinds: [MILESTONE] }) { totalCount } }", json!({})).await;
    usize::try_from(list["bulletins"]["totalCount"].as_u64().unwrap()).unwrap()
}

/// A customer with a contract for a home that nobody owns yet.
async fn buyer(app: &mut TestApp, name: &str, room: &str, status: ContractStatus, signed_on: Option<&str>) -> Uuid {
    let services = app.services.clone();
    let now = services.now();
    let (project_id, building_id) = (app.world.id("project:YT"), app.world.id("building:YT"));
    let new_id = || services.new_id(now);
    let (owner_id, unit_id, contract_id) = (new_id(), new_id(), new_id());
    let row = owner_by_name(owner_id, name, OwnerStage::Signed, now);
    put::<owner::Entity>(&services, row).await;
    let row = unit::Model {
        id: unit_id,
        project_id,
        building_id,
        section: "2".into(),
        room: room.into(),
        code: room.into(),
        floor_area_centi: None,
        handed_over_on: None,
        created_at: now,
        is_public_area: false,
    };
    put::<unit::Entity>(&services, row).await;
    let row = contract::Model {
        id: contract_id,
        project_id,
        unit_id,
        number: format!("C-{room}"),
        signed_on: signed_on.map(day),
        handover_due_on: None,
        handed_over_on: None,
        status,
        created_at: now,
    };
    put::<contract::Entity>(&services, row).await;
    let row = contract_party::Model { id: new_id(), contract_id, owner_id, position: 0 };
    put::<contract_party::Entity>(&services, row).await;
    app.world.know(&format!("owner:{name}"), owner_id);
    owner_id
}

both! {
    async fn t3_2_reaching_a_milestone_tells_every_customer_with_a_contract_once(app) {
        let mut app = app;
        buyer(&mut app, "chen", "201", ContractStatus::Signed, Some("2026-10-01")).await;
        buyer(&mut app, "draft", "202", ContractStatus::Draft, None).await;
        buyer(&mut app, "gone", "203", ContractStatus::Terminated, Some("2026-10-01")).await;
        buyer(&mut app, "late", "204", ContractStatus::Signed, Some("2026-11-21")).await;
        let reached = reach(&app, "STRUCTURE_TOPPED_OUT", json!({ "reachedOn": "2026-11-20", "note": "感谢支持" })).await;
        assert_eq!(reached["reachedOn"], "2026-11-20");
        assert_eq!(reached["coverage"], json!({ "notified": 4, "inScope": 4 }));
        assert_eq!(reached["bulletin"], json!({ "kind": "MILESTONE", "title": "Construction progress: Structure topped out" }));
        for (who, count) in [("zhang", 1), ("li", 1), ("wang", 1), ("chen", 1), ("draft", 0), ("gone", 0), ("late", 0), ("zhao", 0)] {
            assert_eq!(told(&app.owner(who).await).await, count, "{who}");
        }
        let manager = app.staff("manager.a").await;
        let again = change(&manager, "reachMilestone", SHOWN, mark(&app, "STRUCTURE_TOPPED_OUT", json!({}))).await;
        assert_eq!(again.word(), "ILLEGAL_TRANSITION kind");
        let plan = mark(&app, "STRUCTURE_TOPPED_OUT", json!({ "plannedOn": "2026-12-01" }));
        assert_eq!(change(&manager, "planMilestone", SHOWN, plan).await.word(), "ILLEGAL_TRANSITION kind");
        assert_eq!(told(&app.owner("zhang").await).await, 1);
    }

    async fn t3_2_all_ten_kinds_are_told_and_listed_in_their_order(app) {
        let kinds: Vec<Value> = MilestoneKind::ALL.iter().map(|kind| json!(kind)).collect();
        assert_eq!(kinds.len(), 10);
        let building = Kind::Building.encode(app.world.id("building:YT"));
        for (number, kind) in kinds.iter().enumerate().rev() {
            let more = if number % 2 == 0 { json!({}) } else { json!({ "buildingId": building }) };
            reach(&app, kind.as_str().unwrap(), more).await;
        }
        let zhang = app.owner("zhang").await;
        let listed: Vec<Value> = milestones(&app, &zhang).await.iter().map(|row| row["kind"].clone()).collect();
        assert_eq!(listed, kinds);
        assert_eq!(told(&zhang).await, 10);
        assert!(milestones(&app, &zhang).await.iter().all(|row| row["coverage"].is_null()), "counts are for staff");
        assert!(milestones(&app, &app.owner("zhang").await).await.iter().all(|row| row["bulletin"]["title"].is_string()));
    }

    async fn t3_2_one_missed_customer_shows_as_coverage_below_a_hundred_and_is_told_later_once(app) {
        let mut app = app;
        reach(&app, "EXTERIOR_FINISHED", json!({})).await;
        buyer(&mut app, "missed", "301", ContractStatus::Signed, Some("2026-11-01")).await;
        let manager = app.staff("manager.a").await;
        assert_eq!(milestones(&app, &manager).await[0]["coverage"], json!({ "notified": 3, "inScope": 4 }));
        let other = app.another().await;
        let told_now: usize = join_all([jobs::notify_missed(&app.services), jobs::notify_missed(&other.services)])
            .await.into_iter().map(Result::unwrap).sum();
        assert_eq!(told_now, 1, "two servers at once tell one customer once");
        assert_eq!(jobs::notify_missed(&app.services).await.unwrap(), 0);
        assert_eq!(milestones(&app, &manager).await[0]["coverage"], json!({ "notified": 4, "inScope": 4 }));
        assert_eq!(told(&app.owner("missed").await).await, 1);
    }

    async fn t3_2_of_two_who_reach_it_at_once_one_does(app) {
        let other = app.another().await;
        let (here, there) = (app.staff("manager.a").await, app.staff("agent.a").await.at(&other.url));
        let input = mark(&app, "LANDSCAPE_FINISHED", json!({}));
        let calls = (0..8).map(|number| change(if number % 2 == 0 { &here } else { &there }, "reachMilestone", SHOWN, input.clone()));
        let mut words: Vec<String> = join_all(calls).await.iter().map(|answer| answer.word().to_owned()).collect();
        words.sort();
        assert_eq!(words.pop().as_deref(), Some("done"));
        assert!(words.iter().all(|word| word == "ILLEGAL_TRANSITION kind"), "{words:?}");
        assert_eq!(told(&app.owner("wang").await).await, 1);
    }

    async fn t3_2_a_plan_is_the_companys_own_until_it_is_reached(app) {
        let manager = app.staff("manager.a").await;
        for planned_on in ["2026-12-31", "2027-01-15"] {
            let plan = mark(&app, "UTILITIES_CONNECTED", json!({ "plannedOn": planned_on }));
            done(change(&manager, "planMilestone", SHOWN, plan).await);
        }
        let rows = milestones(&app, &manager).await;
        assert_eq!(rows.len(), 1, "a plan is moved, not doubled");
        assert_eq!((&rows[0]["plannedOn"], &rows[0]["coverage"]), (&json!("2027-01-15"), &Value::Null));
        let zhang = app.owner("zhang").await;
        assert!(milestones(&app, &zhang).await.is_empty());
        reach(&app, "UTILITIES_CONNECTED", json!({})).await;
        let rows = milestones(&app, &zhang).await;
        assert_eq!((&rows[0]["plannedOn"], &rows[0]["reachedOn"]), (&Value::Null, &json!("2026-11-23")));
    }

    async fn t3_2_milestones_are_refused_ahead_of_time_and_in_others_projects(app) {
        let there = Kind::Building.encode(app.world.id("building:HP"));
        for (who, more, expected) in [
            ("manager.a", json!({ "reachedOn": "2026-11-24" }), "OUT_OF_RANGE reachedOn"),
            ("manager.a", json!({ "buildingId": there }), "NOT_FOUND buildingId"),
            ("agent.b", json!({}), "NOT_FOUND projectId"),
            ("zhang", json!({}), "error FORBIDDEN"),
            ("ambassador.a", json!({}), "error FORBIDDEN"),
            ("auditor", json!({}), "error FORBIDDEN"),
            ("admin", json!({}), "error FORBIDDEN"),
        ] {
            let answer = change(&app.as_whom(who).await, "reachMilestone", SHOWN, mark(&app, "SAMPLE_AREA_OPEN", more)).await;
            assert_eq!(answer.word(), expected, "{who}");
        }
        assert!(milestones(&app, &app.staff("auditor").await).await.is_empty(), "a refusal changes nothing");
    }
}
