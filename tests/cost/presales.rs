//! The lists before and at the signing cost as many statements for a hundred rows as for ten, each row with people,
//! papers and words of its own.

use entity::{
    appointment, clause_acknowledgement, contract, contract_clause, contract_party, interaction, owner, prospect,
    publication, publication_review, staff, staff_project, unit,
    vocab::{
        AppointmentKind, AppointmentStatus, Channel, ContractStatus, Department, Direction, OwnerStage,
        PublicationKind, PublicationStatus, ReviewVerdict, Role,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Engine, TestApp, TestOptions, homes::owner_by_name, postgres, world::put};

/// Name, document, budget.
const LISTS: &[(&str, &str, u64)] = &[
    (
        "publications",
        "{ publications(first: 100) { totalCount nodes { id title project { name } createdBy { name } editedBy { name }
            missingApprovals reviews { verdict reviewer { name } } } } }",
        9,
    ),
    (
        "prospects",
        "{ prospects(first: 100) { totalCount nodes { id owner { name phone stage } project { name } salesAgent { name } } } }",
        9,
    ),
    (
        "overdueFollowUps",
        "{ overdueFollowUps(first: 100) { totalCount nodes { id summary owner { name stage } staff { name } } } }",
        9,
    ),
    (
        "contracts",
        "{ contracts(first: 100, status: DRAFT) { totalCount nodes { id unit { code } buyers { name stage }
            clauses { title acknowledgements { buyer { name } } } } } }",
        12,
    ),
    (
        "appointments",
        "{ appointments(first: 100) { totalCount nodes { id waitedSeconds owner { name } project { name } staff { name }
            contract { number } } } }",
        9,
    ),
];

fn id(app: &TestApp) -> Uuid {
    app.services.new_id(app.services.now())
}

async fn member(app: &TestApp, name: String, department: Department) -> Uuid {
    let row = staff::Model {
        id: id(app),
        number: name.clone(),
        login: name.clone(),
        password_hash: None,
        name,
        role: Role::SalesAgent,
        department,
        work_phone: None,
        is_active: true,
        disabled_at: None,
        created_at: app.services.now(),
    };
    let link = staff_project::Model { staff_id: row.id, project_id: app.world.id("project:YT") };
    put::<staff::Entity>(&app.services, row.clone()).await;
    put::<staff_project::Entity>(&app.services, link).await;
    row.id
}

async fn customer(app: &TestApp, number: usize, agent: Uuid) -> Uuid {
    let (now, project_id) = (app.services.now(), app.world.id("project:YT"));
    let phone_masked = Some("191****0000".into());
    let row =
        owner::Model { phone_masked, ..owner_by_name(id(app), format!("客户{number}"), OwnerStage::Former, now) };
    let owner_id = row.id;
    put::<owner::Entity>(&app.services, row).await;
    let (source, sales_agent_id) = (Channel::Phone, Some(agent));
    let row = prospect::Model { id: id(app), owner_id, project_id, sales_agent_id, source, created_at: now };
    put::<prospect::Entity>(&app.services, row).await;
    let row = interaction::Model {
        id: id(app),
        owner_id,
        unit_id: None,
        project_id,
        staff_id: agent,
        channel: Channel::Phone,
        direction: Direction::Inbound,
        summary: "来电".into(),
        next_follow_up_at: Some(now - chrono::TimeDelta::hours(1)),
        occurred_at: now,
        created_at: now,
        followed_up_at: None,
    };
    put::<interaction::Entity>(&app.services, row).await;
    owner_id
}

async fn paper(app: &TestApp, number: usize, author: Uuid) {
    let now = app.services.now();
    let row = publication::Model {
        id: id(app),
        project_id: app.world.id("project:YT"),
        kind: PublicationKind::Brochure,
        title: "楼书".into(),
        body: "一期".into(),
        content_version: 1,
        status: PublicationStatus::Draft,
        published_version: None,
        published_at: None,
        created_by: author,
        edited_by: author,
        created_at: now,
        updated_at: now,
    };
    put::<publication::Entity>(&app.services, row.clone()).await;
    for department in [Department::Legal, Department::ProjectManagement] {
        let review = publication_review::Model {
            id: id(app),
            publication_id: row.id,
            content_version: 1,
            department,
            verdict: ReviewVerdict::Approved,
            comment: None,
            reviewer_id: member(app, format!("{department:?} {number}"), department).await,
            reviewed_at: now,
        };
        put::<publication_review::Entity>(&app.services, review).await;
    }
}

/// A draft over a home of its own, with a clause that the buyer knows of, and the visit to sign it.
async fn sale(app: &TestApp, number: usize, buyer: Uuid, agent: Uuid) {
    let (now, project_id) = (app.services.now(), app.world.id("project:YT"));
    let home = unit::Model {
        id: id(app),
        project_id,
        building_id: app.world.id("building:YT"),
        section: "2".into(),
        room: number.to_string(),
        code: format!("1号楼-2-{number}"),
        floor_area_centi: None,
        handed_over_on: None,
        created_at: now,
        is_public_area: false,
    };
    put::<unit::Entity>(&app.services, home.clone()).await;
    let draft = contract::Model {
        id: id(app),
        project_id,
        unit_id: home.id,
        number: format!("N-{number}"),
        signed_on: None,
        handover_due_on: None,
        handed_over_on: None,
        status: ContractStatus::Draft,
        created_at: now,
    };
    put::<contract::Entity>(&app.services, draft.clone()).await;
    let (contract_id, owner_id) = (draft.id, buyer);
    let party = contract_party::Model { id: id(app), contract_id, owner_id, position: 0 };
    put::<contract_party::Entity>(&app.services, party).await;
    let (title, body) = ("付款".to_owned(), "分期".to_owned());
    let clause = contract_clause::Model { id: id(app), contract_id, position: 1, title, body };
    put::<contract_clause::Entity>(&app.services, clause.clone()).await;
    let (clause_id, recorded_by) = (clause.id, Some(agent));
    let said = clause_acknowledgement::Model { id: id(app), clause_id, owner_id, recorded_by, acknowledged_at: now };
    put::<clause_acknowledgement::Entity>(&app.services, said).await;
    let visit = appointment::Model {
        id: id(app),
        project_id,
        owner_id,
        contract_id: Some(contract_id),
        kind: AppointmentKind::Signing,
        status: AppointmentStatus::Booked,
        staff_id: Some(agent),
        scheduled_at: now,
        checked_in_at: None,
        started_at: None,
        ended_at: None,
        created_at: now,
    };
    put::<appointment::Entity>(&app.services, visit).await;
}

async fn grow(app: &TestApp, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let agent = member(app, format!("agent {number}"), Department::Sales).await;
        let buyer = customer(app, number, agent).await;
        paper(app, number, agent).await;
        sale(app, number, buyer, agent).await;
    }
}

async fn measure(app: &TestApp, rows: usize) -> Vec<u64> {
    let manager = app.staff("manager.a").await;
    let mut counts = Vec::new();
    for (name, document, budget) in LISTS {
        let (answer, count) = app.statements(manager.run(document, json!({}))).await;
        assert!(count <= *budget, "{name} took {count} statements, its budget is {budget}");
        let nodes = answer[name]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), rows, "{name}");
        assert!(!nodes.iter().any(|node| node["owner"] == Value::Null && node.get("owner").is_some()), "{name}");
        counts.push(count);
    }
    counts
}

async fn cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    grow(&app, 0..10).await;
    let few = measure(&app, 10).await;
    grow(&app, 10..100).await;
    assert_eq!(measure(&app, 100).await, few);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_before_the_signing_cost_the_same_with_ten_rows_and_a_hundred_on_sqlite() {
    cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_before_the_signing_cost_the_same_with_ten_rows_and_a_hundred_on_postgres() {
    if postgres::is_there() {
        cost_the_same(Engine::Postgres).await;
    }
}
