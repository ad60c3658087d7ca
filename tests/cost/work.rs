//! What the lists about the division of work cost: as many statements for thirty rows as for three.

use chrono::TimeDelta;
use entity::{absence, area_duty, area_transfer, building, duty_shift, vocab::TicketStatus};
use serde_json::json;

use super::assert_flat;
use crate::harness::{Client, Engine, TestApp, TestOptions, postgres, world::put};

/// Lists with what they lead to, and their budgets, authentication included.
const LISTS: &[(&str, &str, u64)] = &[
    (
        "areaDuties",
        "areaDuties(first: 100) { totalCount nodes { id staff { name } building { name project { name } } } }",
        7,
    ),
    (
        "areaTransfers",
        "areaTransfers(first: 100) { totalCount nodes { id fromStaff { name } toStaff { name } building { name } project { name } } }",
        7,
    ),
    ("absences", "absences(first: 100) { totalCount nodes { id staff { name } substitute { name } } }", 5),
    ("dutyShifts", "dutyShifts(first: 100) { totalCount nodes { id staff { name } project { name } } }", 6),
    ("followUpsDue", "followUpsDue(first: 100) { totalCount nodes { id unit { code } assignee { name } } }", 6),
    ("escalations", "escalations(first: 100) { totalCount nodes { id unit { code } assignee { name } } }", 6),
];

/// So many more of each, on buildings of their own.
async fn grow(app: &TestApp, rows: usize, ticket: &entity::ticket::Model) {
    for row in 0..rows {
        area(app).await;
        absences_and_shifts(app, i64::try_from(row).unwrap()).await;
        let services = &app.services;
        let mut copy = ticket.clone();
        copy.id = services.new_id(services.now());
        copy.number = format!("W-{}", copy.id);
        copy.escalation_level = 1;
        put::<entity::ticket::Entity>(services, copy).await;
    }
}

/// A building with somebody who answers for it, and a transfer that is planned.
async fn area(app: &TestApp) {
    let services = &app.services;
    let now = services.now();
    let (project_id, staff_id) = (app.world.id("project:YT"), app.world.staff("ambassador.a"));
    let building_id = services.new_id(now);
    let name = format!("楼 {building_id}");
    put::<building::Entity>(services, building::Model { id: building_id, project_id, name, created_at: now }).await;
    let id = services.new_id(now);
    let duty = area_duty::Model { id, project_id, building_id, staff_id, started_at: now, ended_at: None };
    put::<area_duty::Entity>(services, duty).await;
    let transfer = area_transfer::Model {
        id: services.new_id(now),
        project_id,
        building_id: Some(building_id),
        from_staff_id: staff_id,
        to_staff_id: app.world.staff("ambassador.a2"),
        effective_at: now + TimeDelta::days(300),
        reason: "片区调整".into(),
        applied_at: None,
        household_count: None,
        cancelled_at: None,
        failed_because: None,
        created_by: app.world.staff("manager.a"),
        created_at: now,
    };
    put::<area_transfer::Entity>(services, transfer).await;
}

async fn absences_and_shifts(app: &TestApp, row: i64) {
    let services = &app.services;
    // Each call passes a moment of its own: nobody has two shifts that begin at once.
    let now = app.clock.advance(TimeDelta::milliseconds(1));
    let starts_at = now + TimeDelta::days(100 + row);
    let (staff_id, ends_at) = (app.world.staff("technician.a"), starts_at + TimeDelta::hours(8));
    let (id, project_id) = (services.new_id(now), app.world.id("project:YT"));
    let shift = duty_shift::Model { id, project_id, staff_id, starts_at, ends_at, created_at: now };
    put::<duty_shift::Entity>(services, shift).await;
    let away = absence::Model {
        id: services.new_id(now),
        staff_id,
        starts_at,
        ends_at,
        reason: "年假".into(),
        created_at: now,
        substitute_id: Some(app.world.staff("technician.a2")),
        stands_in: false,
    };
    put::<absence::Entity>(services, away).await;
}

async fn measure(app: &TestApp, manager: &Client, rows: usize) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for (name, list, budget) in LISTS {
        let (answer, count) = app.statements(manager.run(&format!("{{ {list} }}"), json!({}))).await;
        let shown = answer[*name]["nodes"].as_array().unwrap().len();
        assert!(shown >= rows, "{name} shows {shown} rows");
        assert!(count <= *budget, "{name} took {count} statements, its budget is {budget}");
        counts.push((*name, count));
    }
    counts
}

async fn lists_of_work_cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let ticket = app.ticket_in(TicketStatus::Confirmed, json!({})).await;
    let ticket = app.row(&ticket).await;
    let manager = app.staff("manager.a").await;
    grow(&app, 3, &ticket).await;
    let few = measure(&app, &manager, 3).await;
    grow(&app, 30, &ticket).await;
    assert_flat(&few, &measure(&app, &manager, 33).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_work_cost_the_same_with_three_rows_and_thirty_on_sqlite() {
    lists_of_work_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_work_cost_the_same_with_three_rows_and_thirty_on_postgres() {
    if postgres::is_there() {
        lists_of_work_cost_the_same(Engine::Postgres).await;
    }
}
