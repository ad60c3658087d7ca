//! When something below fails, a client learns that and the request's id, and nothing of what failed.

use super::*;
use crate::{
    both,
    harness::{Engine, postgres, until},
};

const SEATS: &str =
    "{ lectures(from: \"2026-11-23T00:00:00Z\", to: \"2026-11-30T00:00:00Z\") { nodes { title registrationCount } } }";
const TICKETS: &str = "{ tickets(first: 1) { nodes { id } } }";

/// Words that only a database or its driver would say.
fn assert_no_foreign_text(answer: &str) {
    let lower = answer.to_lowercase();
    for word in [
        "select",
        "sqlx",
        "sqlite",
        "postgres",
        "activity_registrations",
        "no such table",
        "_elsewhere",
        "database error",
        "panicked",
    ] {
        assert!(!lower.contains(word), "{word} in {answer}");
    }
}

/// The answer to a request that names itself.
async fn named(client: &Client, query: &str) -> (u16, Value) {
    let response = posting(client, query).header("x-request-id", "trace-7").send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"], "trace-7");
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    assert_no_foreign_text(&text);
    (status, serde_json::from_str(&text).unwrap())
}

fn assert_internal(answer: &Value) {
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "INTERNAL", "{answer:#}");
    assert_eq!(error["extensions"]["requestId"], "trace-7");
}

both! {
    async fn a_fault_below_one_field_leaves_the_others_and_tells_the_request_only(app) {
        let agent = app.staff("agent.a").await;
        app.database.execute("DROP TABLE activity_registrations").await;
        let (status, answer) = named(&agent, SEATS).await;
        assert_eq!(status, 200);
        assert_internal(&answer);
        assert_eq!(answer["data"]["lectures"]["nodes"][0]["title"], "新房装修怎么省钱");
        assert_eq!(answer["data"]["lectures"]["nodes"][0]["registrationCount"], json!(null));
        assert!(refusals(&app, "INTERNAL").await > 0);
    }

    async fn a_fault_below_everything_is_an_answer_without_data(app) {
        let agent = app.staff("agent.a").await;
        app.database.execute("ALTER TABLE tickets RENAME TO tickets_elsewhere").await;
        let (status, answer) = named(&agent, TICKETS).await;
        assert_eq!((status, &answer["data"]), (200, &json!(null)));
        assert_internal(&answer);
        let unit = anju::graphql::id::Kind::Unit.encode(app.world.unit("YT-101"));
        let create = format!("mutation {{ createTicket(input: {{ unitId: \"{unit}\", kind: REPAIR, title: \"a\" }}) {{ userErrors {{ code }} }} }}");
        let (_, answer) = named(&app.owner("zhang").await, &create).await;
        assert_internal(&answer);
    }

    async fn a_fault_while_the_token_is_checked_is_ours_and_not_the_clients(app) {
        let agent = app.staff("agent.a").await;
        app.database.execute("ALTER TABLE sessions RENAME TO sessions_elsewhere").await;
        let (status, answer) = named(&agent, TICKETS).await;
        assert_eq!(status, 500);
        assert!(answer.get("data").is_none());
        assert_internal(&answer);
        let request = agent.request(Method::GET, "/attachments/x").header("x-request-id", "trace-7");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 500);
        assert_internal(&response.json().await.unwrap());
    }

    async fn a_request_without_a_name_is_given_one(app) {
        let agent = app.staff("agent.a").await;
        app.database.execute("ALTER TABLE tickets RENAME TO tickets_elsewhere").await;
        let mut names = Vec::new();
        for bad in [None, Some("a b\"c")] {
            let mut request = posting(&agent, TICKETS);
            if let Some(bad) = bad {
                request = request.header("x-request-id", bad);
            }
            let response = request.send().await.unwrap();
            let name = response.headers()["x-request-id"].to_str().unwrap().to_owned();
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["requestId"], name);
            names.push(name);
        }
        assert!(names[0].len() >= 8 && names[0] != names[1] && names[1] != "a b\"c");
    }

    async fn a_failing_query_of_hostile_text_shows_nothing_of_the_database(app) {
        let zhang = app.owner("zhang").await;
        for text in ["' OR '1'='1", "\u{0}", "%_\\", "'; DROP TABLE tickets; --", "\u{202e}😀"] {
            let variables = json!({ "id": text, "after": text });
            for query in [
                "query($id: ID!) { node(id: $id) { id } }",
                "query($after: String) { tickets(after: $after) { totalCount } }",
                "query($after: String) { ticketEvents(after: $after) { nodes { id } } }",
            ] {
                let (status, answer) = zhang.post(query, variables.clone()).await;
                assert_eq!(status, 200, "{text}");
                assert_no_foreign_text(&answer.to_string());
                assert_ne!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{text}");
            }
        }
    }

    async fn without_its_database_the_server_is_busy_and_comes_back(app) {
        if app.database.engine == Engine::Sqlite {
            return;
        }
        let agent = app.staff("agent.a").await;
        agent.run(TICKETS, json!({})).await;
        let name = app.database.url.rsplit('/').next().unwrap().to_owned();
        postgres::admin(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
        postgres::admin(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
        for _ in 0..3 {
            for accept in [STRICT, LENIENT] {
                let request = agent.request(Method::POST, "/graphql").json(&json!({ "query": TICKETS }));
                let response = request.header(header::ACCEPT, accept).send().await.unwrap();
                assert!(response.headers().contains_key(header::RETRY_AFTER));
                let text = response.text().await.unwrap();
                assert_no_foreign_text(&text);
                let answer: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BUSY");
            }
            let picture = agent.request(Method::GET, "/attachments/x").send().await.unwrap();
            assert_eq!((picture.status().as_u16(), picture.headers().contains_key(header::RETRY_AFTER)), (503, true));
            assert_eq!(text(&app, "/readyz").await.0, 503);
            assert_eq!(text(&app, "/livez").await.0, 200);
        }
        postgres::admin(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await;
        until("the database to be used again", async || {
            let (status, answer) = agent.post(TICKETS, json!({})).await;
            (status == 200 && answer.get("errors").is_none()).then_some(())
        })
        .await;
        assert_eq!(text(&app, "/readyz").await.0, 200);
    }
}
