//! What the lists of endpoints and of what they were sent cost: as many statements for twelve rows as for two. And that what
//! happens costs whoever does it nothing, however many are told.

use serde_json::{Value, json};

use super::{DELIVERIES, Hook, enter, send};
use crate::harness::{Engine, TestApp, TestOptions, outside::Outside, postgres};

const ENDPOINTS: &str =
    "{ webhookEndpoints(first: 100) { totalCount nodes { id name kinds status cursor project { name } } } }";

/// How many statements each list takes, how many rows it shows, and what a report costs.
async fn measure(app: &TestApp, hook: &Hook) -> ([(u64, usize); 2], u64) {
    let admin = app.staff("admin").await;
    let length = |answer: &Value, list: &str| answer[list]["nodes"].as_array().unwrap().len();
    let (endpoints, one) = app.statements(admin.run(ENDPOINTS, json!({}))).await;
    let variables = json!({ "id": hook.id, "first": 100 });
    let (deliveries, other) = app.statements(admin.run(DELIVERIES, variables)).await;
    let (_, report) = app.statements(app.report(json!({}))).await;
    send(&app.services).await;
    ([(one, length(&endpoints, "webhookEndpoints")), (other, length(&deliveries, "webhookDeliveries"))], report)
}

async fn lists_cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let receiver = Outside::gateway().await;
    let mut hooks = Vec::new();
    let mut grow = async |more: usize| {
        for _ in 0..more {
            hooks.push(enter(&app, &receiver, json!({ "projectId": app.project("YT") })).await);
            app.report(json!({})).await;
        }
        send(&app.services).await;
        Hook { id: hooks[0].id.clone(), secret: String::new() }
    };
    let first = grow(2).await;
    let (few, report) = measure(&app, &first).await;
    grow(10).await;
    let (many, same_report) = measure(&app, &first).await;
    for ((few, short), (many, long)) in few.into_iter().zip(many) {
        assert!(long >= short + 10, "from {short} to {long}");
        assert_eq!(many, few);
        assert!(few <= 6, "{few} statements");
    }
    assert_eq!(same_report, report);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_cost_the_same_with_two_rows_and_twelve_on_sqlite() {
    lists_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_cost_the_same_with_two_rows_and_twelve_on_postgres() {
    if postgres::is_there() {
        lists_cost_the_same(Engine::Postgres).await;
    }
}
