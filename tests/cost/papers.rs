//! What lists of handovers, customers' files and the audit log cost in statements, with ten rows and with a hundred.

use anju::graphql::id::Kind;
use entity::{
    audit_entry, contract, handover, handover_slot, handover_step, owner, owner_document, ownership,
    vocab::{DocumentKind, HandoverStatus, HandoverStepKind, PrincipalKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::{Case, assert_flat, crowded};
use crate::harness::{Engine, TestApp, postgres, world::put};

const HANDOVERS: &str =
    "{ handovers(first: 100) { totalCount nodes { id status slot { freePlaces project { id } } owner { name }
    unit { code contract { number } } accompaniedBy { name } steps { kind tickedBy { name } } defects { id } } } }";
const SLOTS: &str =
    "query($project: ID!) { handoverSlots(projectId: $project, from: \"2020-01-01T00:00:00Z\", first: 100) {
    totalCount nodes { freePlaces project { name } } } }";
const FILES: &str = "{ incompleteFiles(first: 100) { totalCount nodes { name identityNumber
    file { documents { kind filedBy { name } unit { code } } missing } } } }";
const ENTRIES: &str =
    "{ auditEntries(first: 100) { totalCount nodes { action objectId actor { ... on Staff { name } } } } }";

/// A handover, a document and an entry for each home that has none yet, each by a member of staff of its own.
async fn paper(app: &TestApp) {
    let conn = app.services.db.reader();
    let done = handover::Entity::find().select_only().column(handover::Column::ContractId).into_tuple::<Uuid>();
    let done = done.all(conn).await.unwrap();
    let contracts = contract::Entity::find().filter(contract::Column::Id.is_not_in(done)).all(conn).await.unwrap();
    let staff = entity::staff::Entity::find().all(conn).await.unwrap();
    for (number, paper) in contracts.into_iter().enumerate() {
        let owners = ownership::Entity::find().filter(ownership::Column::UnitId.eq(paper.unit_id));
        let owner_id = owners.one(conn).await.unwrap().unwrap().owner_id;
        one(app, &paper, owner_id, staff[number % staff.len()].id).await;
    }
}

/// Everything about one home.
async fn one(app: &TestApp, paper: &contract::Model, owner_id: Uuid, staff_id: Uuid) {
    let (services, now) = (&app.services, app.services.now());
    let id = || services.new_id(now);
    let slot_id = slot(app, paper.project_id).await;
    hand_over(app, paper, (owner_id, staff_id), slot_id).await;
    let document = owner_document::Model {
        id: id(),
        owner_id,
        unit_id: Some(paper.unit_id),
        kind: DocumentKind::PurchaseContract,
        reference: "A".into(),
        filed_by: Some(staff_id),
        filed_on: now.date_naive(),
        created_at: now,
        removed_at: None,
    };
    put::<owner_document::Entity>(services, document).await;
    let entry = audit_entry::Model {
        id: id(),
        occurred_at: now,
        actor_kind: PrincipalKind::Staff,
        actor_id: Some(staff_id),
        action: "LOOK".into(),
        object_type: "Owner".into(),
        object_id: Some(owner_id),
        details: None,
        request_id: None,
    };
    put::<audit_entry::Entity>(services, entry).await;
}

async fn slot(app: &TestApp, project_id: Uuid) -> Uuid {
    let now = app.services.now();
    let id = app.services.new_id(now);
    let (starts_at, ends_at, created_at) = (now, now, now);
    let (capacity, booked_count, building_id) = (2, 1, None);
    let row =
        handover_slot::Model { id, project_id, building_id, starts_at, ends_at, capacity, booked_count, created_at };
    put::<handover_slot::Entity>(&app.services, row).await;
    id
}

async fn hand_over(app: &TestApp, paper: &contract::Model, (owner_id, staff_id): (Uuid, Uuid), slot_id: Uuid) {
    let (services, now) = (&app.services, app.services.now());
    let handover_id = services.new_id(now);
    let row = handover::Model {
        id: handover_id,
        project_id: paper.project_id,
        unit_id: paper.unit_id,
        contract_id: paper.id,
        owner_id,
        slot_id: Some(slot_id),
        accompanied_by: Some(staff_id),
        status: HandoverStatus::Completed,
        version: 1,
        started_at: Some(now),
        completed_at: Some(now),
        completed_on: None,
        cancelled_at: None,
        cancel_reason: None,
        created_at: now,
    };
    put::<handover::Entity>(services, row).await;
    let step = handover_step::Model {
        id: services.new_id(now),
        handover_id,
        kind: HandoverStepKind::FlowShown,
        is_mandatory: true,
        note: None,
        ticked_by: Some(staff_id),
        ticked_at: Some(now),
    };
    put::<handover_step::Entity>(services, step).await;
}

async fn cases(app: &TestApp) -> Vec<Case> {
    let (agent, auditor) = (app.staff("agent.a").await, app.staff("auditor").await);
    let project = json!({ "project": Kind::Project.encode(app.world.id("project:YT")) });
    let case = |name, document: &str, client, variables, budget, list| Case {
        name,
        document: document.to_owned(),
        client,
        variables,
        budget,
        list,
    };
    vec![
        case("handovers", HANDOVERS, agent.clone(), json!({}), 13, "/handovers/nodes"),
        case("handoverSlots", SLOTS, agent.clone(), project, 5, "/handoverSlots/nodes"),
        case("incompleteFiles", FILES, agent, json!({}), 8, "/incompleteFiles/nodes"),
        case("auditEntries", ENTRIES, auditor, json!({}), 5, "/auditEntries/nodes"),
    ]
}

async fn measure(app: &TestApp, rows: usize) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for case in cases(app).await {
        let (answer, count) = case.send(app).await;
        let length = answer.pointer(case.list).and_then(serde_json::Value::as_array).map_or(0, Vec::len);
        assert!(length >= rows, "{} shows {length} rows", case.name);
        counts.push((case.name, count));
    }
    counts
}

async fn lists_of_papers_cost_the_same(engine: Engine) {
    let (app, mut crowd) = crowded(engine).await;
    paper(&app).await;
    let few = measure(&app, 10).await;
    crowd.grow(100).await;
    paper(&app).await;
    assert!(owner::Entity::find().all(app.services.db.reader()).await.unwrap().len() > 100);
    assert_flat(&few, &measure(&app, 100).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_papers_cost_the_same_with_ten_rows_and_a_hundred_on_sqlite() {
    lists_of_papers_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_papers_cost_the_same_with_ten_rows_and_a_hundred_on_postgres() {
    if postgres::is_there() {
        lists_of_papers_cost_the_same(Engine::Postgres).await;
    }
}
