//! More than the server takes on at once: what is over a bound is refused at once and costs no memory.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, future::join, stream};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{BOUND, figure, status};
use crate::harness::{
    Client, Engine, TestApp, TestOptions,
    cluster::Cluster,
    company::{Company, report_at_last},
    device::{Device, owner_document, start_of_log},
    process::ServerProcess,
    until,
};

const CROWD: usize = 3000;
const AT_ONCE: usize = 1500;
const PLACES: u64 = 16;

/// Far less than the crowd would need if all of it were let in.
const MOST_GROWTH: u64 = 200 * 1024 * 1024;

/// A question as large as the server reads, from the crowd.
fn large_question(client: &Client) -> RequestBuilder {
    let query = "query($id: ID!) { node(id: $id) { id } }";
    let body = json!({ "query": query, "variables": { "id": "x".repeat(40 * 1024) } });
    client.request(Method::POST, "/graphql").json(&body)
}

/// Asks; how long the answer took, which must be that the server is busy.
async fn refused(client: &Client) -> Duration {
    let asked = Instant::now();
    let response = large_question(client).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BUSY");
    asked.elapsed()
}

/// The most memory that the server had until `over`, while it stayed alive and within its bound.
async fn watch(server: &ServerProcess, client: &Client, over: &CancellationToken) -> u64 {
    let mut most = 0;
    while !over.is_cancelled() {
        most = most.max(server.memory());
        assert_eq!(status(client, "/livez").await, 200);
        assert!(figure(client, "anju_requests_in_flight").await <= PLACES);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    most
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_before_a_database_that_hangs_is_refused_at_once_and_costs_no_memory() {
    let Some(cluster) = Cluster::start() else { return };
    let company = Company::found_in(cluster.database().await).await;
    let places = PLACES.to_string();
    let server = company.serve_with(&["--max-in-flight", &places, "--max-connections", "4"]).await;
    let owner = company.owner("zhang", &server).await;
    report_at_last(&owner, company.report(0)).await;
    let before = server.memory();
    cluster.freeze();
    let over = CancellationToken::new();
    let crowd = async {
        let answers = (0..CROWD).map(|_| refused(&owner));
        let took: Vec<Duration> = stream::iter(answers).buffer_unordered(AT_ONCE).collect().await;
        over.cancel();
        took
    };
    let (took, most) = join(crowd, watch(&server, &owner, &over)).await;
    let growth = most.saturating_sub(before);
    assert!(growth < MOST_GROWTH, "grew by {} KiB", growth / 1024);
    assert!(took.iter().all(|took| *took < BOUND), "{:?}", took.iter().max());
    assert!(figure(&owner, "anju_shed_total{bound=\"requests\"}").await > 1000);
    cluster.thaw();
    until("the server is ready", async || (status(&owner, "/readyz").await == 200).then_some(())).await;
    report_at_last(&owner, company.report(1)).await;
    until("nothing is in work", async || (figure(&owner, "anju_requests_in_flight").await == 0).then_some(())).await;
}

/// Knocks as a socket does.
fn upgrade(client: &Client) -> RequestBuilder {
    client
        .request(Method::GET, "/graphql")
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "graphql-transport-ws")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_socket_too_many_is_told_to_come_again() {
    let http = anju::http::HttpConfig { workers: 1, max_sockets: 2, ..Default::default() };
    let app = TestApp::with(Engine::Sqlite, TestOptions { http: Some(http), ..TestOptions::default() }).await;
    let zhang = app.owner("zhang").await;
    let phone = || Device::new(&zhang, owner_document()).after(&start_of_log());
    let (mut one, mut two) = (phone(), phone());
    one.listen(&app).await;
    two.listen(&app).await;
    let stream = || {
        let body = json!({ "query": "subscription { ticketStatusChanged { cursor } }" });
        zhang.request(Method::POST, "/graphql").header("accept", "text/event-stream").json(&body)
    };
    for knock in [upgrade(&zhang), stream()] {
        let response = knock.send().await.unwrap();
        assert_eq!(response.status(), 503);
        assert!(response.headers().contains_key("retry-after"));
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BUSY");
    }
    assert_eq!(figure(&zhang, "anju_shed_total{bound=\"sockets\"}").await, 2);
    assert_eq!(figure(&zhang, "anju_open_connections{transport=\"websocket\"}").await, 2);
    assert_eq!(zhang.run("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"], "Owner");
    one.cut();
    until("there is room for a stream", async || (stream().send().await.unwrap().status() == 200).then_some(())).await;
}
