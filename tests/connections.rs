//! The connections that are kept at hand for small statements stand in nobody's way.

use serde_json::json;

use crate::harness::{Engine, TestApp, TestOptions, postgres};

const MINE: &str = "{ tickets { nodes { id } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_gets_those_that_are_kept_at_hand() {
    if !postgres::is_there() {
        return;
    }
    let options = TestOptions { connections: Some(2), without_relay: true, ..TestOptions::default() };
    let app = TestApp::with(Engine::Postgres, options).await;
    let zhang = app.owner("zhang").await;
    for _ in 0..3 {
        zhang.run(MINE, json!({})).await;
    }
    // One of the two was kept; nobody asks by it any more.
    let one = app.services.db.begin().await.unwrap();
    let other = app.services.db.begin().await.unwrap();
    assert_eq!(app.services.db.pools()[0].in_use, 2);
    drop((one, other));
    zhang.run(MINE, json!({})).await;
}
