//! The connections that are kept at hand for small statements stand in nobody's way, and those to the embedded database don't
//! wait for each other.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use crate::harness::{Engine, TestApp, TestOptions, postgres};

const MINE: &str = "{ tickets { nodes { id } } }";

/// How long a connection is kept at most.
const AWAY: Duration = Duration::from_millis(250);

async fn with_two_connections() -> TestApp {
    let options = TestOptions { connections: Some(2), without_relay: true, ..TestOptions::default() };
    TestApp::with(Engine::Postgres, options).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_gets_those_that_are_kept_at_hand() {
    if !postgres::is_there() {
        return;
    }
    let app = with_two_connections().await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_is_kept_when_the_pool_has_no_other() {
    if !postgres::is_there() {
        return;
    }
    let app = with_two_connections().await;
    let (zhang, rounds) = (app.owner("zhang").await, 40);
    let _held = app.services.db.begin().await.unwrap();
    let start = Instant::now();
    for _ in 0..rounds {
        zhang.run(MINE, json!({})).await;
        drop(app.services.db.begin().await.unwrap());
    }
    // Whoever waits for one that is kept waits until its time is over.
    assert!(start.elapsed() < AWAY * rounds / 2, "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_embedded_database_is_compiled_for_threads_that_read_at_once() {
    let app = TestApp::with(Engine::Sqlite, TestOptions::default()).await;
    let conn = app.services.db.reader();
    let options = Statement::from_string(conn.get_database_backend(), "PRAGMA compile_options");
    let options = conn.query_all_raw(options).await.unwrap();
    let options: Vec<String> = options.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    for is_set in ["ENABLE_QPSG", "DEFAULT_MEMSTATUS=0"] {
        assert!(options.iter().any(|option| option == is_set), "{is_set}: {options:?}");
    }
    assert!(!options.iter().any(|option| option == "ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
}
