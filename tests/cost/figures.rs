//! Figures, rankings, drill-downs and journeys: as many statements for a hundred households as for ten.

use anju::{graphql::id::Kind, jobs::freeze_figures};
use serde_json::{Value, json};

use super::crowded;
use crate::harness::{Engine, TestApp, postgres, world::instant};

const ITEMS: &str = "{ figures(filter: { keys: [FILING_RATE, AMBASSADOR_COVERAGE] }) {
    items(first: 100) { totalCount nodes { kind itemId about numerator } } } }";

const JOURNEYS: &str = "query($id: ID!) { node(id: $id) { ... on Staff { households(first: 100) { nodes {
    owners { journey { touchpoint { code name servicePoints } status dueOn completedAt } } } } } } }";

const RANKING: &str = "{ staffRanking(key: TRAINING_RATE, role: AMBASSADOR) { rank staff { name } figure { value } } }";

const PUBLISHED: &str = "query($id: ID!) { node(id: $id) { ... on Project { publishedFigures { key value } } } }";

/// What each takes, with its budget, and that it shows something of the crowd.
async fn measure(app: &TestApp, rows: usize) -> Vec<u64> {
    let manager = app.staff("manager.a").await;
    let ambassador = Kind::Staff.encode(app.world.staff("ambassador.a"));
    let project = Kind::Project.encode(app.world.id("project:YT"));
    let mut counts = Vec::new();
    for (document, variables, budget, list) in [
        ("{ figures { key value isMet numerator denominator } }", json!({}), 30, "/figures"),
        ("{ figures(filter: { month: \"2026-11\" }) { key value corrected { value } } }", json!({}), 35, "/figures"),
        (ITEMS, json!({}), 12, "/figures/1/items/nodes"),
        (RANKING, json!({}), 9, "/staffRanking"),
        (JOURNEYS, json!({ "id": ambassador }), 35, "/node/households/nodes"),
        (PUBLISHED, json!({ "id": project }), 5, "/node/publishedFigures"),
    ] {
        let (answer, count) = app.statements(manager.run(document, variables)).await;
        assert!(count <= budget, "{document} took {count} statements");
        let length = answer.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        let is_of_the_crowd = !document.contains("isMet") && !document.contains("corrected") && document != PUBLISHED;
        assert!(length >= if is_of_the_crowd { rows } else { 14 }, "{document} shows {length} rows");
        counts.push(count);
    }
    counts
}

async fn cost_the_same(engine: Engine) {
    let (app, mut crowd) = crowded(engine).await;
    app.clock.set(instant("2026-12-06T01:00:00Z"));
    freeze_figures(&app.services).await.unwrap();
    let few = measure(&app, 10).await;
    crowd.grow(100).await;
    assert_eq!(measure(&app, 100).await, few);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_and_journeys_cost_the_same_with_ten_households_and_a_hundred_on_sqlite() {
    cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_and_journeys_cost_the_same_with_ten_households_and_a_hundred_on_postgres() {
    if postgres::is_there() {
        cost_the_same(Engine::Postgres).await;
    }
}
