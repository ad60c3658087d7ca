//! The front door over the real schema: what the apps send, what is too much, what goes wrong, what an operator sees.

mod documents;
mod faults;
mod figures;
mod health;
mod limits;
mod nowhere;
mod production;

use reqwest::{Method, RequestBuilder, Response, header};
use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

const STRICT: &str = "application/graphql-response+json";
const LENIENT: &str = "application/json";

/// A document as it is posted, for a test to change.
fn posting(client: &Client, query: &str) -> RequestBuilder {
    let request = client.request(Method::POST, "/graphql").header(header::ACCEPT, STRICT);
    request.json(&json!({ "query": query }))
}

/// The status and the code of the first error.
async fn outcome(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (status, answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none").to_owned())
}

async fn text(app: &TestApp, path: &str) -> (u16, String) {
    let response = app.anonymous().request(Method::GET, path).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// How many errors with this code were sent, as an operator sees it.
async fn refusals(app: &TestApp, code: &str) -> u64 {
    let (_, page) = text(app, "/metrics").await;
    let line = format!("anju_graphql_refusals_total{{code=\"{code}\"}} ");
    page.lines().find_map(|text| text.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
}
