//! What the lists of the company itself cost administrators: as many statements for thirty rows as for three.

use entity::{
    partner, project,
    vocab::{Department, Role},
};
use serde_json::json;

use super::assert_flat;
use crate::harness::{Engine, TestApp, TestOptions, postgres, world::put};

/// Lists with what they lead to, and their budgets, authentication included.
const LISTS: &[(&str, &str, u64)] = &[
    (
        "staff",
        "staff(first: 100, filter: { isActive: true }) { totalCount nodes { id number login name role projects { code } } }",
        4,
    ),
    ("projects", "projects(first: 100) { totalCount nodes { id code name timeZone } }", 3),
    ("partners", "partners(first: 100, isActive: true) { totalCount nodes { id name isActive clientId } }", 3),
];

async fn grow(app: &mut TestApp, rows: usize) {
    let services = app.services.clone();
    for row in 0..rows {
        let now = app.clock.advance(chrono::TimeDelta::milliseconds(1));
        let id = services.new_id(now);
        app.world.engage(&services, &format!("l{row}-{id}"), Role::Manager, Department::CustomerService, "YT").await;
        let (code, name, time_zone) = (format!("C{id}"), format!("项目 {id}"), "Asia/Shanghai".to_owned());
        put::<project::Entity>(&services, project::Model { id, code, name, time_zone, created_at: now }).await;
        let (name, client_id) = (format!("商家 {id}"), format!("partner-{id}"));
        let new = partner::Model {
            id,
            name,
            client_id,
            secret_hash: None,
            old_secret_hash: None,
            old_secret_until: None,
            is_active: true,
            created_at: now,
        };
        put::<partner::Entity>(&services, new).await;
    }
}

async fn measure(app: &TestApp, rows: usize) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    let admin = app.staff("admin").await;
    for (name, list, budget) in LISTS {
        let (answer, count) = app.statements(admin.run(&format!("{{ {list} }}"), json!({}))).await;
        let shown = answer[*name]["nodes"].as_array().unwrap().len();
        assert!(shown >= rows, "{name} shows {shown} rows");
        assert!(count <= *budget, "{name} took {count} statements, its budget is {budget}");
        counts.push((*name, count));
    }
    counts
}

async fn lists_of_the_company_cost_the_same(engine: Engine) {
    let mut app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    grow(&mut app, 3).await;
    let few = measure(&app, 3).await;
    grow(&mut app, 30).await;
    assert_flat(&few, &measure(&app, 33).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_the_company_cost_the_same_with_three_rows_and_thirty_on_sqlite() {
    lists_of_the_company_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_the_company_cost_the_same_with_three_rows_and_thirty_on_postgres() {
    if postgres::is_there() {
        lists_of_the_company_cost_the_same(Engine::Postgres).await;
    }
}
