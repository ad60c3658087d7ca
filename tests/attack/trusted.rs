//! A server that runs the apps' own documents and nothing else.

use std::collections::BTreeMap;

use anju::{
    auth::secret::token_hash,
    config::{Cli, Command, GuardArgs},
    http::{Guard, HttpConfig},
    start,
};
use clap::Parser;
use reqwest::Method;
use serde_json::{Value, json};

use super::{one_worker, production};
use crate::harness::{Client, Engine, TestApp, documents::Documents, socket::Socket};

/// The documents of the three apps, by their SHA-256.
fn documents() -> BTreeMap<String, String> {
    let apps = [Documents::owner(), Documents::butler(), Documents::partner()];
    let texts = apps.iter().flat_map(|app| app.names().into_iter().map(|name| app.operation(name)));
    texts.map(|text| (token_hash(&text), text)).collect()
}

/// What `anju serve` makes of these arguments.
fn arguments(more: &[&str]) -> GuardArgs {
    let all = ["anju", "serve", "--database-url", "sqlite://x"].iter().chain(more);
    let Command::Serve(arguments) = Cli::parse_from(all).command else { panic!("it serves") };
    arguments.guard
}

async fn guarded() -> TestApp {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), serde_json::to_vec_pretty(&documents()).unwrap()).unwrap();
    let arguments = arguments(&["--documents-only", file.path().to_str().unwrap()]);
    let guard = start::open_guard(&arguments).unwrap();
    production(Engine::Sqlite, HttpConfig { guard, ..one_worker() }).await
}

/// The code of the first error, or the data.
async fn send(client: &Client, body: Value) -> Result<Value, String> {
    let response = client.request(Method::POST, "/graphql").json(&body).send().await.unwrap();
    let mut answer: Value = response.json().await.unwrap();
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(answer["data"].take()),
    }
}

fn by_hash(hash: &str) -> Value {
    json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_apps_documents_run_whole_and_by_their_hash() {
    let app = guarded().await;
    let clients = [
        (Documents::owner(), app.owner("zhang").await),
        (Documents::butler(), app.staff("ambassador.a").await),
        (Documents::partner(), app.partner("partner-1").await),
    ];
    let mut ran = 0;
    for (documents, client) in clients {
        for name in documents.names() {
            let text = documents.operation(name);
            for body in [json!({ "query": text }), by_hash(&token_hash(&text))] {
                // Without variables some are refused for that, and a subscription for the transport.
                let outcome = send(&client, body).await;
                let code = outcome.as_ref().err().map_or("none", String::as_str);
                assert!(
                    ["none", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "NOT_ACCEPTABLE", "UNAUTHENTICATED"]
                        .contains(&code),
                    "{name}: {code}"
                );
                ran += usize::from(outcome.is_ok());
            }
        }
    }
    assert!(ran > 10, "{ran} were run");
    let home = Documents::owner().operation("OwnerHome");
    let data = send(&app.owner("zhang").await, by_hash(&token_hash(&home))).await.unwrap();
    assert_eq!(data["viewer"]["name"], "zhang");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_the_apps_documents_runs() {
    let app = guarded().await;
    let zhang = app.owner("zhang").await;
    let (home, foreign) = (Documents::owner().operation("OwnerHome"), "{ viewer { __typename } }");
    let refused = Err("DOCUMENT_NOT_TRUSTED".to_owned());
    for document in [foreign, "{ __typename }", &format!("{home} "), &home.replace("name phone", "name"), "", "{"] {
        assert_eq!(send(&zhang, json!({ "query": document })).await, refused, "{document:.60}");
    }
    // Sending a document with its hash makes it known elsewhere; here it stays unknown.
    let mut registration = by_hash(&token_hash(foreign));
    registration["query"] = json!(foreign);
    assert_eq!(send(&zhang, registration).await, refused);
    assert_eq!(send(&zhang, by_hash(&token_hash(foreign))).await, refused);
    let mut borrowed = by_hash(&token_hash(&home));
    borrowed["query"] = json!(foreign);
    assert_eq!(send(&zhang, borrowed).await, Err("PERSISTED_QUERY_HASH_MISMATCH".to_owned()));
    let mut socket = Socket::connect(&zhang).await;
    socket.subscribe(foreign, json!({})).await;
    assert_eq!(socket.refusal().await["extensions"]["code"], "DOCUMENT_NOT_TRUSTED");
    socket.subscribe(&home, json!({})).await;
    assert_eq!(socket.message().await["payload"]["data"]["viewer"]["name"], "zhang");
}

#[test]
fn a_file_that_can_not_be_used_ends_the_start_with_the_reason() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!({ "00": "{ __typename }" }).to_string()).unwrap();
    let path = file.path().to_str().unwrap();
    let refusal = |path: &str| start::open_guard(&arguments(&["--documents-only", path])).unwrap_err().to_string();
    assert!(refusal(path).contains(&token_hash("{ __typename }")), "{}", refusal(path));
    assert!(refusal("/nowhere.json").contains("--documents-only /nowhere.json"));
}

#[test]
fn proxies_and_rates_are_read_from_the_command_line() {
    let read = arguments(&[
        "--trusted-proxies",
        "10.0.0.0/8,192.0.2.1,2001:db8::/32",
        "--rate-per-second",
        "7",
        "--rate-burst",
        "9",
    ]);
    let networks: Vec<String> = read.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]);
    let rate = start::open_guard(&read).unwrap().rate.unwrap();
    assert_eq!((rate.burst.get(), rate.per_second.get()), (9, 7));
    assert_eq!(start::open_guard(&arguments(&[])).unwrap().rate, Guard::default().rate);
    assert_eq!(start::open_guard(&arguments(&["--rate-per-second", "0"])).unwrap().rate, None);
    let bad = ["anju", "serve", "--database-url", "sqlite://x", "--trusted-proxies", "proxy.example"];
    assert!(Cli::try_parse_from(bad).is_err());
}
