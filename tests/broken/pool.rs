//! More requests than database connections: they take turns, and nobody waits for a connection while holding one.

use std::sync::Arc;

use futures_util::{
    StreamExt,
    stream::{self, FuturesUnordered},
};
use serde_json::json;
use tokio::time::Instant;

use super::BOUND;
use crate::harness::{
    Engine, TestApp, TestOptions,
    company::{Answered, Company, report_at_last, send_report},
    crew::Crew,
    device::read_log,
    postgres,
};

const CALLS: usize = 300;

async fn takes_turns(engine: Engine) {
    let company = Arc::new(Company::found(engine).await);
    let server = company.serve_with(&["--max-connections", "2"]).await;
    let owner = company.owner("zhang", &server).await;
    let mut calls: FuturesUnordered<_> = (0..CALLS)
        .map(|number| {
            let (owner, report) = (owner.clone(), company.report(number));
            async move {
                let sent = Instant::now();
                let answered = send_report(&owner, report).await.unwrap();
                assert!(sent.elapsed() < BOUND, "answered after {:?}", sent.elapsed());
                answered
            }
        })
        .collect();
    let mut served = 0;
    while let Some(answered) = calls.next().await {
        served += usize::from(answered != Answered::Busy);
    }
    assert!(served > 0, "nobody was served");
    // As many as before are served at once afterwards, so no connection stayed away.
    for round in 0..5 {
        let calls = (0..4).map(|number| send_report(&owner, company.report(1000 + round * 4 + number)));
        for answered in futures_util::future::join_all(calls).await {
            assert!(matches!(answered.unwrap(), Answered::Done(_)), "round {round}");
        }
    }
    let all = (0..CALLS).map(|number| report_at_last(&owner, company.report(number)));
    assert_eq!(stream::iter(all).buffered(4).count().await, CALLS);
    assert_eq!(read_log(&owner, None, 100).await.len(), CALLS + 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_requests_than_connections_take_turns_on_sqlite() {
    takes_turns(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_requests_than_connections_take_turns_on_postgres() {
    if postgres::is_there() {
        takes_turns(Engine::Postgres).await;
    }
}

/// A use case that asked for a second connection while it holds one would wait for itself here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_is_enough_for_everybody() {
    if !postgres::is_there() {
        return;
    }
    let options = TestOptions { connections: Some(1), ..TestOptions::default() };
    let app = TestApp::with(Engine::Postgres, options).await;
    let crew = Crew::of_101(&app).await;
    let lives = (0..4).map(|number| {
        let crew = &crew;
        async move {
            let ticket = crew.begun(&format!("第{number}次报修")).await;
            crew.toil(&ticket, 4).await;
            crew.resolve(&ticket).await;
            crew.reject(&ticket).await;
            crew.resolve(&ticket).await;
            crew.confirm(&ticket).await;
            crew.follow_up(&ticket).await;
        }
    });
    futures_util::future::join_all(lives).await;
    app.pass(chrono::TimeDelta::days(40)).await;
    let zhang = app.owner("zhang").await;
    let mine = zhang.owner_app("MyTickets", json!({ "first": 20 })).await;
    assert_eq!(mine["tickets"]["totalCount"], 4);
}
