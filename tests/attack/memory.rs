//! That a server which was attacked is no larger than before: a real process in production mode.

use reqwest::{Method, header};
use serde_json::json;

use crate::harness::{Client, Database, Engine, process::ServerProcess, until};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

const IN_PRODUCTION: [&str; 7] = [
    "--production",
    "--master-key",
    KEY,
    "--code-webhook-url",
    "http://127.0.0.1:9/codes",
    "--code-webhook-secret",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
];

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

/// What is sent in one round, apart from what makes it different from the last.
fn documents(round: usize) -> Vec<String> {
    let doubling = repeated(30, |n| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }}", next = n + 1));
    vec![
        format!("{{ {} }}", repeated(101, |n| format!("a{n}: viewer {{ __typename }}"))),
        format!("{}{}", "{ a ".repeat(60), "}".repeat(60)),
        format!("{{ ...F0 }} {doubling} fragment F30 on Query {{ __typename }}"),
        format!("{{ __typename }} # {}", "x".repeat(60_000)),
        format!("{{ viewer {{ {} }} }}", "__typename ".repeat(500)),
        format!("{{ viewr{round} {{ id }} }}"),
        "{ __schema { types { name } } }".to_owned(),
        format!(
            "mutation {{ signInWithCode(input: {{ phone: \"138{round:08}\", code: \"000000\" }}) {{ userErrors {{ code }} }} }}"
        ),
    ]
}

/// One round of everything that costs a server memory when it is not careful.
async fn attack(client: &Client, round: usize) {
    for document in documents(round) {
        let body = json!({ "query": document });
        let request = client.request(Method::POST, "/graphql").json(&body);
        let request = request.header("x-forwarded-for", format!("2001:db8:{round:x}::1"));
        assert!(request.send().await.unwrap().status().as_u16() < 500, "{document:.80}");
    }
    let body = "x".repeat(10 * 1024 * 1024);
    let request = client.request(Method::POST, "/graphql").header(header::CONTENT_TYPE, "application/json").body(body);
    assert_eq!(request.send().await.unwrap().status(), 413);
    let nested = format!("{{\"query\":\"{{__typename}}\",\"variables\":{{\"a\":{}", "[".repeat(60_000));
    let request =
        client.request(Method::POST, "/graphql").header(header::CONTENT_TYPE, "application/json").body(nested);
    assert_eq!(request.send().await.unwrap().status(), 400);
    let request = client.request(Method::POST, "/graphql").bearer_auth("a".repeat(6_000));
    assert_eq!(request.json(&json!({ "query": "{ __typename }" })).send().await.unwrap().status(), 401);
    // Each new document with its hash is remembered, so far as there is room.
    let document = format!("{{ __typename }} # {round}");
    let hash = anju::auth::secret::token_hash(&document);
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let request =
        client.request(Method::POST, "/graphql").json(&json!({ "query": document, "extensions": extensions }));
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attack_leaves_the_server_no_larger_than_it_was() {
    let database = Database::create(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::over(&database.url, folder.path(), &IN_PRODUCTION).ready().await;
    let client = Client::new(&server.url, None);
    for round in 0..10 {
        attack(&client, round).await;
    }
    let before = server.resident_pages();
    for round in 10..60 {
        attack(&client, round).await;
    }
    until("the memory is given back", async || (server.resident_pages() * 100 <= before * 120).then_some(())).await;
}
