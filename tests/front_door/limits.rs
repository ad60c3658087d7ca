//! What is too much for the real schema is refused at once, with a code, and counted.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use reqwest::Body;

use super::*;
use crate::both;

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

/// Levels hidden in fragments that each hold the next.
fn deep_through_fragments(levels: usize) -> String {
    let part = |level: usize| format!("fragment F{level} on Project {{ ...F{} }}", level + 1);
    let fragments = repeated(levels, part);
    format!("{{ node(id: \"x\") {{ ...F0 }} }} {fragments} fragment F{levels} on Project {{ id }}")
}

/// Fragments that each spread the next twice.
fn exponential(levels: usize) -> String {
    let part = |level: usize| format!("fragment F{level} on Project {{ ...F{next} ...F{next} }}", next = level + 1);
    let fragments = repeated(levels, part);
    format!("{{ node(id: \"x\") {{ ...F0 }} }} {fragments} fragment F{levels} on Project {{ id }}")
}

fn nested_units(levels: usize) -> String {
    format!(
        "{{ viewer {{ ... on Owner {{ {} id {} }} }} }}",
        "units { nodes { owners { ".repeat(levels),
        "} } }".repeat(levels)
    )
}

fn hostile_documents() -> Vec<(String, &'static str)> {
    vec![
        (format!("{{ viewer {{ {} }} }}", repeated(31, |n| format!("a{n}: __typename"))), "TOO_MANY_ALIASES"),
        (format!("{{ {} }}", repeated(101, |n| format!("a{n}: viewer {{ __typename }}"))), "TOO_MANY_FIELDS"),
        (format!("{{ {} }}", repeated(11, |_| "viewer { __typename }".into())), "TOO_MANY_ROOT_FIELDS"),
        (format!("{{ viewer {{ {} }} }}", repeated(500, |_| "__typename".into())), "TOO_MANY_FIELDS"),
        (nested_units(4), "TOO_DEEP"),
        (deep_through_fragments(60), "TOO_DEEP"),
        (exponential(30), "TOO_MANY_FIELDS"),
        (exponential(14), "TOO_MANY_FIELDS"),
        (format!("{{ viewer {{ __typename {} }} }}", "@include(if: true) ".repeat(60)), "GRAPHQL_VALIDATION_FAILED"),
        (
            format!("{{ viewer {{ {} }} }}", repeated(31, |_| "__typename @skip(if: false)".into())),
            "TOO_MANY_DIRECTIVES",
        ),
        (format!("{{ viewer {{ __typename {} }} }}", "@a ".repeat(2500)), "TOO_MANY_TOKENS"),
        (format!("{{ viewer {{ __typename }} }} #{}", "x".repeat(9000)), "DOCUMENT_TOO_LARGE"),
        ("{ ".repeat(40), "TOO_DEEP"),
        (
            "{ tickets(first: 100) { nodes { events(first: 100) { nodes { ticket { id number title } } } } } }".into(),
            "TOO_COMPLEX",
        ),
        ("{ viewer { ...A } } fragment A on Owner { ...A }".into(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { nme } }".into(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer {".into(), "GRAPHQL_PARSE_FAILED"),
        ("query A { viewer { __typename } } query B { viewer { __typename } }".into(), "OPERATION_NOT_FOUND"),
        (String::new(), "GRAPHQL_PARSE_FAILED"),
    ]
}

both! {
    async fn documents_that_ask_for_too_much_are_refused_at_once_and_counted(app) {
        let zhang = app.owner("zhang").await;
        for (document, code) in hostile_documents() {
            let before = refusals(&app, code).await;
            let started = Instant::now();
            let response = posting(&zhang, &document).send().await.unwrap();
            let answered = outcome(response).await;
            assert!(started.elapsed() < Duration::from_secs(3), "{document:.80}");
            assert_eq!(answered, (400, code.to_owned()), "{document:.80}");
            assert!(refusals(&app, code).await > before, "{code} is not counted");
        }
    }

    async fn limits_hold_before_anyone_is_known(app) {
        for (document, code) in hostile_documents() {
            let response = posting(&app.anonymous(), &document).send().await.unwrap();
            assert_eq!(outcome(response).await, (400, code.to_owned()), "{document:.80}");
        }
    }

    async fn pages_have_one_to_a_hundred_entries(app) {
        let zhang = app.owner("zhang").await;
        for bad in ["first: 101", "first: 0", "first: -1", "last: 101", "first: 1, last: 1", "first: 1, after: \"forged\""] {
            let code = zhang.refused(&format!("{{ tickets({bad}) {{ totalCount }} }}"), json!({})).await;
            assert_eq!(code, "BAD_USER_INPUT", "{bad}");
        }
        zhang.run("{ tickets(first: 100) { nodes { id } } }", json!({})).await;
        let ids = vec!["x"; 101];
        let nodes = zhang.refused("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        assert_eq!(nodes, "BAD_USER_INPUT");
    }

    async fn only_plain_json_of_one_request_is_read(app) {
        let zhang = app.owner("zhang").await;
        let post = || zhang.request(Method::POST, "/graphql").header(header::ACCEPT, STRICT);
        let document = json!({ "query": "{ __typename }" });
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/graphql"] {
            let request = post().header(header::CONTENT_TYPE, content_type).body(document.to_string());
            let refused = outcome(request.send().await.unwrap()).await;
            assert_eq!(refused, (415, "UNSUPPORTED_MEDIA_TYPE".into()), "{content_type}");
        }
        let packed = post().json(&document).header(header::CONTENT_ENCODING, "gzip");
        assert_eq!(outcome(packed.send().await.unwrap()).await, (415, "UNSUPPORTED_MEDIA_TYPE".into()));
        let batch = post().json(&json!([document, document]));
        assert_eq!(outcome(batch.send().await.unwrap()).await, (400, "BAD_REQUEST".into()));
        assert_eq!(refusals(&app, "UNSUPPORTED_MEDIA_TYPE").await, 6);
        assert_eq!(refusals(&app, "BAD_REQUEST").await, 1);
    }

    async fn ten_megabytes_are_refused_with_and_without_a_length(app) {
        let zhang = app.owner("zhang").await;
        let large = format!("{{\"query\":\"{{__typename}}\",\"variables\":{{\"a\":\"{}\"}}}}", "x".repeat(10 * 1024 * 1024));
        let parts: Vec<Result<Bytes, std::io::Error>> =
            large.as_bytes().chunks(60_000).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        for body in [Body::from(large), Body::wrap_stream(stream::iter(parts))] {
            let started = Instant::now();
            let request = zhang.request(Method::POST, "/graphql").header(header::CONTENT_TYPE, "application/json");
            let refused = outcome(request.body(body).send().await.unwrap()).await;
            assert_eq!(refused, (413, "BODY_TOO_LARGE".into()));
            assert!(started.elapsed() < Duration::from_secs(3));
        }
        assert_eq!(refusals(&app, "BODY_TOO_LARGE").await, 2);
    }

    async fn a_get_changes_nothing(app) {
        let li = app.owner("li").await;
        let get = |query: &str| {
            let url = reqwest::Url::parse_with_params("http://x/graphql", [("query", query)]).unwrap();
            let path = format!("/graphql?{}", url.query().unwrap());
            li.request(Method::GET, &path).header(header::ACCEPT, STRICT)
        };
        let response = get("mutation { signOut { userErrors { code } } }").send().await.unwrap();
        assert_eq!(response.headers()[header::ALLOW], "POST");
        assert_eq!(outcome(response).await, (405, "METHOD_NOT_ALLOWED".into()));
        let response = get("{ viewer { ... on Owner { name } } }").send().await.unwrap();
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["data"]["viewer"]["name"], "li");
    }
}

both! {
    async fn a_document_that_ran_before_is_judged_anew_for_each_sender_and_page(app) {
        let document = "query Q($first: Int) { tickets(first: $first) { nodes { id events(first: $first) { nodes { id } } } } }";
        let (zhang, small) = (app.owner("zhang").await, json!({ "first": 2 }));
        app.report(json!({})).await;
        for _ in 0..2 {
            let answer = zhang.run(document, small.clone()).await;
            assert_eq!(answer["tickets"]["nodes"].as_array().unwrap().len(), 1);
        }
        assert_eq!(zhang.refused(document, json!({ "first": 100 })).await, "TOO_COMPLEX");
        assert_eq!(zhang.refused(document, json!({ "first": "two" })).await, "BAD_USER_INPUT");
        assert_eq!(app.anonymous().refused(document, small.clone()).await, "UNAUTHENTICATED");
        assert_eq!(app.partner("partner-1").await.refused(document, small.clone()).await, "FORBIDDEN");
        let answer = app.owner("wang").await.run(document, small).await;
        assert_eq!(answer["tickets"]["nodes"], json!([]), "a neighbour sees what is the neighbour's");
    }
}

both! {
    async fn a_long_answer_comes_compressed_to_whoever_can_read_that(app) {
        let document = "{ __schema { types { name description } } }";
        let whole = posting(&app.anonymous(), document).send().await.unwrap();
        assert!(whole.headers().get(header::CONTENT_ENCODING).is_none());
        let whole = whole.bytes().await.unwrap();
        let request = posting(&app.anonymous(), document).header(header::ACCEPT_ENCODING, "deflate, gzip");
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        let vary: Vec<_> = response.headers().get_all(header::VARY).iter().collect();
        assert!(vary.iter().any(|value| *value == "Accept-Encoding"), "{vary:?}");
        let smaller = response.bytes().await.unwrap();
        assert!(smaller.starts_with(&[0x1f, 0x8b]) && smaller.len() < whole.len() / 2, "{} bytes", smaller.len());
    }
}
