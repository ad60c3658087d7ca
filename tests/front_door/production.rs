//! Production mode tells nothing about the schema beyond what was asked; development does.

use anju::http::{Explorer, HttpConfig};

use super::*;
use crate::harness::{Database, Engine, TestOptions, start_of_test};
use anju::clock::ManualClock;

/// A server over an empty database: nothing here looks at data.
async fn server(options: TestOptions) -> TestApp {
    let database = Database::create(Engine::Sqlite).await;
    TestApp::over(database, ManualClock::new(start_of_test()).into(), options).await
}

async fn production() -> TestApp {
    server(TestOptions { production: true, ..TestOptions::default() }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn introspection_is_refused_in_production_and_answered_elsewhere() {
    let (production, development) = (production().await, server(TestOptions::default()).await);
    for query in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Ticket\") { name } }",
        "{ __typename ...A } fragment A on Query { __schema { queryType { name } } }",
        "{ a: __schema { queryType { name } } }",
    ] {
        let refused = outcome(posting(&production.anonymous(), query).send().await.unwrap()).await;
        assert_eq!(refused, (400, "INTROSPECTION_DISABLED".into()), "{query}");
        development.anonymous().run(query, json!({})).await;
    }
    production.anonymous().run("{ __typename }", json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_suggests_no_names() {
    let (production, development) = (production().await, server(TestOptions::default()).await);
    for query in [
        "{ viewr { __typename } }",
        "{ tickets(frst: 1) { totalCount } }",
        "{ tickets { totalCont } }",
        "mutation { signOt { __typename } }",
        "mutation { signInWithCode(input: { phone: \"1\", code: \"1\", devceName: \"a\" }) { session { accessToken } } }",
        "{ tickets(orderBy: CREATED_AT_DES) { totalCount } }",
        "{ node(id: \"x\") { ... on Tickt { id } } }",
    ] {
        let (status, answer) = production.anonymous().post(query, json!({})).await;
        assert_eq!(
            (status.as_u16(), &answer["errors"][0]["extensions"]["code"]),
            (400, &json!("GRAPHQL_VALIDATION_FAILED"))
        );
        let text = answer.to_string();
        for name in [
            "Did you mean",
            "viewer",
            "\\\"first\\\"",
            "totalCount",
            "signOut",
            "deviceName",
            "CREATED_AT_DESC",
            "\\\"Ticket\\\"",
        ] {
            assert!(!text.contains(name), "{query}: {text}");
        }
    }
    let (_, answer) = development.anonymous().post("{ viewr { __typename } }", json!({})).await;
    assert!(answer.to_string().contains("Did you mean"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_explorer_page_is_there_only_where_it_was_asked_for() {
    assert_eq!(text(&production().await, "/").await.0, 404);
    assert_eq!(text(&server(TestOptions::default()).await, "/").await.0, 404);
    let wanted = json!({ "person": "owner 19100000001" });
    let server_of_production = production().await;
    let token = server_of_production.anonymous().request(Method::POST, "/explorer/token").json(&wanted);
    assert_eq!(token.send().await.unwrap().status(), 404);
    let http = HttpConfig { explorer: Some(Explorer::default()), workers: 1, ..HttpConfig::default() };
    let (status, page) = text(&server(TestOptions { http: Some(http), ..TestOptions::default() }).await, "/").await;
    assert_eq!(status, 200);
    assert!(page.contains("<html"));
}
