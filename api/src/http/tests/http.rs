//! GraphQL over HTTP: forms, statuses, methods, credentials, headers.

use super::*;

const NEW: &str = "application/graphql-response+json";

#[actix_web::test]
async fn the_form_follows_accept() {
    let server = Server::start();
    for (accept, content_type) in [
        (NEW, "application/graphql-response+json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
    ] {
        let response = server.query("{ hello }").header("accept", accept).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], content_type);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body, serde_json::json!({"data": {"hello": "hello 您好"}}));
    }
    let (status, body) = answer(server.query("{ hello }").header("accept", "text/html")).await;
    assert_eq!((status, code(&body)), (406, "NOT_ACCEPTABLE"));
}

#[actix_web::test]
async fn a_request_error_has_no_data_and_its_status_follows_the_form() {
    let server = Server::start();
    let variables = r#"{"query":"query($n: Int!) { __typename hello(name: \"a\") } ","variables":{"n":null}}"#;
    let cases = [
        (r#"{"query":"{ hello "}"#, "GRAPHQL_PARSE_FAILED"),
        (r#"{"query":"{ nothing }"}"#, "GRAPHQL_VALIDATION_FAILED"),
        (variables, "GRAPHQL_VALIDATION_FAILED"),
        (r#"{"query":"query($n: String!) { hello(name: $n) }"}"#, "BAD_USER_INPUT"),
        (r#"{"query":"query($n: String!) { hello(name: $n) }","variables":{"n":1}}"#, "BAD_USER_INPUT"),
        (r#"{"query":"query A { hello } query B { hello }"}"#, "OPERATION_NOT_FOUND"),
        (r#"{"query":"{ __typename @x }"}"#, "GRAPHQL_VALIDATION_FAILED"),
    ];
    for (body, expected) in cases {
        for (accept, expected_status) in [(NEW, 400), ("application/json", 200)] {
            let (status, body) = answer(server.post(body).header("accept", accept)).await;
            assert_eq!((status, code(&body)), (expected_status, expected), "{body}");
            assert!(body.get("data").is_none(), "{body}");
        }
    }
}

#[actix_web::test]
async fn a_body_that_is_no_request_is_refused_whatever_the_form() {
    let server = Server::start();
    for body in [
        "",
        "nonsense",
        "[]",
        r#"[{"query":"{ hello }"}]"#,
        "{}",
        r#"{"query":1}"#,
        r#"{"query":"{ hello }","variables":"x"}"#,
    ] {
        for accept in [NEW, "application/json"] {
            let (status, answer) = answer(server.post(body).header("accept", accept)).await;
            assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"), "{body}");
        }
    }
}

#[actix_web::test]
async fn only_plain_json_is_read() {
    let server = Server::start();
    let body = r#"{"query":"{ hello }"}"#;
    let client = reqwest::Client::new();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/graphql",
    ] {
        let request = client.post(server.url("/graphql")).header("content-type", content_type).body(body);
        let (status, body) = answer(request).await;
        assert_eq!((status, code(&body)), (415, "UNSUPPORTED_MEDIA_TYPE"), "{content_type}");
    }
    let (status, _) = answer(client.post(server.url("/graphql")).body(body)).await;
    assert_eq!(status, 415);
    let (status, _) = answer(server.post(body).header("content-encoding", "gzip")).await;
    assert_eq!(status, 415);
}

#[actix_web::test]
async fn get_runs_queries_and_nothing_else() {
    let server = Server::start();
    let client = reqwest::Client::new();
    let get = |query: &str| server.get(&[("query", query), ("variables", r#"{"n":"a"}"#)]);
    let (status, body) = answer(get("query($n: String) { hello(name: $n) }")).await;
    assert_eq!((status, &body["data"]["hello"]), (200, &Value::from("hello a")));
    let response = get("mutation { double(number: 1) }").send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "POST");
    let response = client.delete(server.url("/graphql")).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["allow"].to_str().unwrap()), (405, "GET, POST"));
    let (status, body) = answer(get("subscription { count(to: 1) }")).await;
    assert_eq!((status, code(&body)), (406, "NOT_ACCEPTABLE"));
}

#[actix_web::test]
async fn a_bad_token_is_never_taken_for_none() {
    let server = Server::start();
    let (status, body) = answer(server.query("{ who }").header("authorization", "Bearer good")).await;
    assert_eq!((status, &body["data"]["who"]), (200, &Value::from("good")));
    for bad in ["Bearer bad", "Bearer", "good", "Basic Z29vZA==", ""] {
        let response = server.query("{ hello }").header("authorization", bad).send().await.unwrap();
        assert_eq!(response.status(), 401, "{bad}");
        assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
        let body: Value = response.json().await.unwrap();
        assert_eq!(code(&body), "UNAUTHENTICATED");
    }
    let (status, body) = answer(server.query("{ who }")).await;
    assert_eq!((status, code(&body)), (401, "UNAUTHENTICATED"));
}

#[actix_web::test]
async fn errors_of_resolvers_carry_codes_and_no_secrets() {
    let server = Server::start();
    let (status, body) = answer(server.query("{ hello refuse }")).await;
    assert_eq!((status, code(&body)), (200, "NOT_FOUND"));
    assert_eq!(body["data"]["refuse"], Value::Null);
    for query in ["{ fail }", "{ panic }"] {
        let response = server.query(query).header("x-request-id", "mine-1").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-request-id"], "mine-1");
        let text = response.text().await.unwrap();
        assert!(!text.contains("SELECT") && !text.contains("mistake"), "{text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(code(&body), "INTERNAL");
        assert_eq!(body["errors"][0]["extensions"]["requestId"], "mine-1");
    }
    let (_, body) = answer(server.query("{ many { fails } }")).await;
    assert_eq!(body["errors"].as_array().unwrap().len(), 100);
}

#[actix_web::test]
async fn every_answer_is_named_and_guarded() {
    let server = Server::start();
    let client = reqwest::Client::new();
    for path in ["/graphql", "/livez", "/nowhere"] {
        let response = client.get(server.url(path)).header("x-request-id", "bad id").send().await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    }
    let response = server.query("{ hello }").header("x-request-id", "bad id").send().await.unwrap();
    assert!(response.headers()["x-request-id"].to_str().unwrap().starts_with('r'));
}

#[actix_web::test]
async fn other_sites_are_let_in_by_name_only_and_never_with_credentials() {
    let server = Server::start();
    for (origin, allowed) in [("https://app.example", true), ("https://evil.test", false), ("null", false)] {
        let preflight = reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, server.url("/graphql"))
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        for request in [preflight, server.query("{ hello }").header("origin", origin)] {
            let response = request.send().await.unwrap();
            assert!(response.status().is_success());
            let headers = response.headers();
            let granted = headers.get("access-control-allow-origin");
            assert_eq!(granted.map(|value| value.to_str().unwrap()), allowed.then_some(origin));
            assert!(!headers.contains_key("access-control-allow-credentials"));
        }
    }
}

#[actix_web::test]
async fn health_and_figures_are_told() {
    let server = Server::start();
    answer(server.query("{ hello }")).await;
    answer(server.query("{ nothing }")).await;
    let get = |path: &str| reqwest::get(server.url(path));
    assert_eq!(get("/livez").await.unwrap().status(), 200);
    assert_eq!(get("/readyz").await.unwrap().status(), 200);
    let page = get("/metrics").await.unwrap().text().await.unwrap();
    assert!(page.contains("graphql_requests_total{operation=\"query\",outcome=\"ok\"} 1"), "{page}");
    assert!(page.contains("graphql_refusals_total{code=\"GRAPHQL_VALIDATION_FAILED\"} 1"));
    let explorer = get("/").await.unwrap();
    assert!(explorer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}
