//! The transports over real connections, with a small GraphQL behind them.

mod frames;
mod http;
mod limits;
mod socket;
mod sse;
mod stand_in;
mod stopping;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::rt;
use futures_util::FutureExt;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;
use stand_in::StandIn;

struct Server {
    address: SocketAddr,
    backend: StandIn,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
    running: JoinHandle<std::io::Result<()>>,
}

impl Server {
    fn start() -> Self {
        Self::start_with(|_| {})
    }

    fn start_with(change: impl FnOnce(&mut HttpConfig)) -> Self {
        let mut config = HttpConfig {
            workers: 1,
            explorer: Some(Explorer::default()),
            allowed_origins: vec!["https://app.example".to_owned()],
            expiry_check: Duration::from_millis(20),
            ..HttpConfig::default()
        };
        change(&mut config);
        let admission = Admission::new(&config);
        let backend = StandIn::new();
        let numbers = AtomicUsize::new(0);
        let state = HttpState {
            backend: backend.clone(),
            config: Arc::new(config),
            metrics: Arc::default(),
            admission,
            ready: Arc::new(|| async { true }.boxed()),
            request_ids: Arc::new(move || format!("r{}", numbers.fetch_add(1, Ordering::SeqCst))),
            shutdown: CancellationToken::new(),
            routes: None,
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            address: listener.local_addr().unwrap(),
            backend,
            metrics: state.metrics.clone(),
            shutdown: state.shutdown.clone(),
            running: rt::spawn(serve(state, listener)),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A POST as clients usually send it.
    fn post(&self, body: impl Into<String>) -> reqwest::RequestBuilder {
        reqwest::Client::new().post(self.url("/graphql")).header("content-type", "application/json").body(body.into())
    }

    fn get(&self, parameters: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let url = reqwest::Url::parse_with_params(&self.url("/graphql"), parameters).unwrap();
        reqwest::Client::new().get(url)
    }

    fn query(&self, query: &str) -> reqwest::RequestBuilder {
        self.post(serde_json::json!({ "query": query }).to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// The status and the JSON of an answer.
async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// Waits for a state with a deadline.
async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never came true: {what}");
}
