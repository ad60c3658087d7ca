//! Attacks on the transports: bodies, headers, pages of other sites, and documents that come over a socket.

use std::time::{Duration, Instant};

use anju::http::HttpConfig;
use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{one_worker, production, without_company};
use crate::harness::{Engine, TestApp, socket::Socket};

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

/// Sends bytes over a bare connection; what comes back until the server closes it.
async fn raw(app: &TestApp, bytes: &[u8]) -> String {
    let mut connection = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    // The server may close before it has read everything.
    let _ = connection.write_all(bytes).await;
    let mut answer = Vec::new();
    let reading = connection.read_to_end(&mut answer);
    let _ = timeout(Duration::from_secs(20), reading).await.expect("the server closes in time");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfinished_headers_and_bodies_are_ended() {
    let short = Duration::from_millis(500);
    let app = without_company(HttpConfig { header_timeout: short, body_timeout: short, ..one_worker() }).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\n";
    let body = "content-type: application/json\r\ncontent-length: 100\r\n\r\n{\"query\":";
    for unfinished in [head.to_owned(), format!("{head}{body}")] {
        let started = Instant::now();
        let answer = raw(&app, unfinished.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer:.200}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
    let usual = HttpConfig::default();
    assert!(usual.header_timeout.max(usual.body_timeout) < Duration::from_secs(35));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn huge_headers_end_the_connection() {
    let app = without_company(one_worker()).await;
    let huge = format!("GET /graphql HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\r\n", "a".repeat(1_000_000));
    let answer = raw(&app, huge.as_bytes()).await;
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer:.200}");
    app.anonymous().run("{ __typename }", json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compressed_body_is_refused_before_it_is_unpacked() {
    let app = without_company(one_worker()).await;
    // A deflate stream of a stored block that announces more than it brings: whoever unpacks it fails in another way.
    let bomb: Vec<u8> = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 0xff, 0xff, 0, 0].into();
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip"] {
        let request = app.anonymous().request(Method::POST, "/graphql").body(bomb.clone());
        let request =
            request.header(header::CONTENT_TYPE, "application/json").header(header::CONTENT_ENCODING, encoding);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 415, "{encoding}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(code(&answer), "UNSUPPORTED_MEDIA_TYPE");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn huge_variables_are_refused_or_cut_short() {
    let app = production(Engine::Sqlite, one_worker()).await;
    let zhang = app.owner("zhang").await;
    let nested = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let body = format!(
        "{{\"query\":\"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id }} }}\",\"variables\":{{\"ids\":{nested}}}}}"
    );
    let request = zhang.request(Method::POST, "/graphql").header(header::CONTENT_TYPE, "application/json").body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(code(&response.json().await.unwrap()), "BAD_REQUEST");
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert_eq!(zhang.refused(nodes, json!({ "ids": vec!["x"; 10_000] })).await, "BAD_USER_INPUT");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let (_, answer) = zhang.post(node, json!({ "id": "x".repeat(60_000) })).await;
    assert_eq!(answer["data"]["node"], json!(null));
    assert!(answer.to_string().len() < 1_000, "what was sent does not come back");
    let unit = anju::graphql::id::Kind::Unit.encode(app.world.unit("YT-101"));
    let report = json!({ "unitId": unit, "kind": "REPAIR", "title": "水".repeat(20_000) });
    assert_eq!(zhang.faulty("createTicket", report).await, "TOO_LONG title");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_site_may_read_nothing_and_open_no_socket() {
    let own = "https://desk.example".to_owned();
    let app = without_company(HttpConfig { allowed_origins: vec![own.clone()], ..one_worker() }).await;
    for (origin, allowed) in [(own.as_str(), true), ("https://evil.example", false), ("null", false)] {
        let post = app.anonymous().request(Method::POST, "/graphql").json(&json!({ "query": "{ __typename }" }));
        let preflight = app.anonymous().request(Method::OPTIONS, "/graphql");
        let preflight = preflight.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        for request in [post, preflight] {
            let response = request.header(header::ORIGIN, origin).send().await.unwrap();
            let said = response.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            assert_eq!(said.is_some(), allowed, "{origin}");
            assert!(!response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
        }
        let handshake = format!(
            "GET /graphql HTTP/1.1\r\nhost: a\r\norigin: {origin}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
        );
        let mut connection = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
        connection.write_all(handshake.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).await.unwrap();
        let expected: &[u8] = if allowed { b"HTTP/1.1 101" } else { b"HTTP/1.1 403" };
        assert_eq!(status, expected, "{origin}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_hold_on_a_socket_as_over_http() {
    let app = without_company(one_worker()).await;
    let nobody = app.anonymous();
    let repeated = |count: usize, part: fn(usize) -> String| (0..count).map(part).collect::<Vec<_>>().join(" ");
    let table = [
        (format!("{{ viewer {{ {} }} }}", repeated(101, |n| format!("a{n}: id"))), "TOO_MANY_FIELDS"),
        (format!("{{ viewer {{ {} }} }}", repeated(31, |n| format!("a{n}: __typename"))), "TOO_MANY_ALIASES"),
        (format!("{}{}", "{ a ".repeat(60), "}".repeat(60)), "TOO_DEEP"),
        (format!("{{ viewer {{ {} }} }}", "__typename @skip(if: false) ".repeat(31)), "TOO_MANY_DIRECTIVES"),
        ("{ __schema { types { name } } }".to_owned(), "INTROSPECTION_DISABLED"),
        ("{ viewr { id } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
    ];
    let mut socket = Socket::connect(&nobody).await;
    for (document, expected) in table {
        assert_eq!(nobody.refused(&document, json!({})).await, expected, "{document:.80}");
        socket.subscribe(&document, json!({})).await;
        let error = socket.refusal().await;
        assert_eq!(error["extensions"]["code"], expected, "{document:.80}");
        assert!(!error.to_string().contains("Did you mean"), "{error}");
    }
}
