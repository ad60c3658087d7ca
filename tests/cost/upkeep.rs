//! What the lists of rounds, incidents, complaints and trainings cost: the same for ten rows and for a hundred, each row
//! with siblings of its own.

use entity::{
    building, incident, inspection, inspection_finding, inspection_plan, inspection_point, staff, staff_project,
    ticket, training, unit,
    vocab::{Department, IncidentKind, IncidentSeverity, InspectionSubject, Role, TicketKind, TicketStatus},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Case, assert_flat};
use crate::harness::{
    Engine, TestApp, TestOptions, postgres,
    world::{day, put},
};

const PLANS: &str = "{ inspectionPlans(first: 100) { totalCount nodes { id project { code } building { name }
    points { name } latestInspection { performedBy { name } findings { description } } } } }";
const DUE: &str = "{ inspectionsDue(first: 100) { totalCount nodes { id building { name } points { name } } } }";
const ROUNDS: &str =
    "{ inspections(first: 100) { totalCount nodes { id plan { name building { name } } performedBy { name }
    findings { point { name } ticket { number unit { code } } } } } }";
const INCIDENTS: &str = "{ incidents(first: 100) { totalCount nodes { id project { name } recordedBy { name } } } }";
const COMPLAINTS: &str =
    "{ complaintsToAnalyse(first: 100) { totalCount nodes { id unit { code } analysis { id } assignee { name } } } }";
const STATISTICS: &str = "{ complaintStatistics(filter: { from: \"2026-01-01\", to: \"2026-12-31\" }) { all { total }
    byMonth { monthOn counts { total } } } }";
const TRAININGS: &str = "query($project: ID!) { trainingStatus(projectId: $project) { rate
    expiring(first: 100) { totalCount nodes { topic staff { name trainings { topic } } } }
    untrained(first: 100) { nodes { name } } } }";

/// Puts one more of everything there.
async fn one_more(app: &TestApp, number: usize, complaint: &ticket::Model) {
    let (services, now) = (&app.services, app.services.now());
    let new_id = || services.new_id(now);
    let project_id = app.world.id("project:YT");
    let colleague = member(app, number, project_id).await;
    let tower = building::Model { id: new_id(), project_id, name: format!("塔{number}"), created_at: now };
    let building_id = tower.id;
    put::<building::Entity>(services, tower).await;
    let hall = unit::Model {
        id: new_id(),
        project_id,
        building_id,
        section: String::new(),
        room: "（公共区域）".into(),
        code: format!("塔{number}公共区域"),
        floor_area_centi: None,
        handed_over_on: None,
        created_at: now,
        is_public_area: true,
    };
    let ticket = ticket::Model {
        id: new_id(),
        number: format!("C-{number}"),
        unit_id: hall.id,
        assignee_id: Some(colleague),
        kind: TicketKind::Complaint,
        status: TicketStatus::Closed,
        ..complaint.clone()
    };
    put::<unit::Entity>(services, hall).await;
    put::<ticket::Entity>(services, ticket.clone()).await;
    round(app, (number, building_id, colleague), ticket.id).await;
    let row = incident::Model {
        id: new_id(),
        project_id,
        kind: IncidentKind::Fire,
        severity: IncidentSeverity::Minor,
        is_liable: false,
        summary: "冒烟".into(),
        occurred_at: now,
        recorded_by: colleague,
        created_at: now,
    };
    put::<incident::Entity>(services, row).await;
}

/// A technician with a training that ends soon.
async fn member(app: &TestApp, number: usize, project_id: Uuid) -> Uuid {
    let (services, now) = (&app.services, app.services.now());
    let id = services.new_id(now);
    let row = staff::Model {
        id,
        number: format!("U{number}"),
        login: format!("upkeep {number}"),
        password_hash: None,
        name: format!("巡检员{number}"),
        role: Role::Technician,
        department: Department::PropertyCompany,
        work_phone: None,
        is_active: true,
        disabled_at: None,
        created_at: now,
    };
    put::<staff::Entity>(services, row).await;
    put::<staff_project::Entity>(services, staff_project::Model { staff_id: id, project_id }).await;
    let row = training::Model {
        id: services.new_id(now),
        staff_id: id,
        topic: format!("培训{number}"),
        passed_on: day("2025-12-01"),
        valid_until: day("2026-12-01"),
        created_at: now,
    };
    put::<training::Entity>(services, row).await;
    id
}

/// A plan with a point, a round by somebody of its own, and a finding with a ticket of its own.
async fn round(app: &TestApp, (number, building_id, performed_by): (usize, Uuid, Uuid), ticket_id: Uuid) {
    let (services, now) = (&app.services, app.services.now());
    let project_id = app.world.id("project:YT");
    let plan = inspection_plan::Model {
        id: services.new_id(now),
        project_id,
        building_id: Some(building_id),
        subject: InspectionSubject::Equipment,
        name: format!("巡检{number}"),
        every_days: 1,
        department: Department::PropertyCompany,
        starts_on: day("2026-11-01"),
        next_due_on: day("2026-11-20"),
        is_active: true,
        created_at: now,
    };
    let plan_id = plan.id;
    put::<inspection_plan::Entity>(services, plan).await;
    let point_id = services.new_id(now);
    let point =
        inspection_point::Model { id: point_id, plan_id, position: 1, name: format!("点{number}"), retired_at: None };
    put::<inspection_point::Entity>(services, point).await;
    let inspection_id = services.new_id(now);
    let round = inspection::Model {
        id: inspection_id,
        plan_id,
        project_id,
        subject: InspectionSubject::Equipment,
        performed_by,
        performed_at: now,
        performed_on: day("2026-11-19"),
        checked_count: 1,
        sound_count: 0,
        note: None,
    };
    put::<inspection::Entity>(services, round).await;
    let finding = inspection_finding::Model {
        id: services.new_id(now),
        inspection_id,
        point_id,
        description: "坏".into(),
        ticket_id: Some(ticket_id),
    };
    put::<inspection_finding::Entity>(services, finding).await;
}

async fn lists(app: &TestApp) -> Vec<Case> {
    let manager = app.staff("manager.a").await;
    let case = |name, document: &str, variables: Value, budget, list| Case {
        name,
        document: document.to_owned(),
        client: manager.clone(),
        variables,
        budget,
        list,
    };
    vec![
        case("plans", PLANS, json!({}), 10, "/inspectionPlans/nodes"),
        case("due", DUE, json!({}), 8, "/inspectionsDue/nodes"),
        case("rounds", ROUNDS, json!({}), 11, "/inspections/nodes"),
        case("incidents", INCIDENTS, json!({}), 6, "/incidents/nodes"),
        case("complaints", COMPLAINTS, json!({}), 7, "/complaintsToAnalyse/nodes"),
        case("statistics", STATISTICS, json!({}), 4, ""),
        case("trainings", TRAININGS, json!({ "project": app.project("YT") }), 10, "/trainingStatus/expiring/nodes"),
    ]
}

async fn measure(app: &TestApp, rows: usize) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for case in lists(app).await {
        let (answer, count) = case.send(app).await;
        let length = answer.pointer(case.list).and_then(Value::as_array).map_or(rows, Vec::len);
        assert!(length >= rows, "{} shows {length} rows", case.name);
        counts.push((case.name, count));
    }
    counts
}

async fn lists_of_upkeep_cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let complaint = app.ticket_in(TicketStatus::Closed, json!({ "kind": "COMPLAINT" })).await;
    let complaint = app.row(&complaint).await;
    for number in 0..10 {
        one_more(&app, number, &complaint).await;
    }
    let few = measure(&app, 10).await;
    for number in 10..100 {
        one_more(&app, number, &complaint).await;
    }
    assert_flat(&few, &measure(&app, 100).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_upkeep_cost_the_same_with_ten_rows_and_a_hundred_on_sqlite() {
    lists_of_upkeep_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_upkeep_cost_the_same_with_ten_rows_and_a_hundred_on_postgres() {
    if postgres::is_there() {
        lists_of_upkeep_cost_the_same(Engine::Postgres).await;
    }
}
