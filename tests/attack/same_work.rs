//! That the time of an answer does not tell who has an account: for the unknown the same statements are sent and the same
//! hashes computed as for the known. Counted, not timed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Engine, TestApp, TestOptions, documents::Documents, postgres, until, world::PASSWORD};

/// How many statements and hashes one call takes.
async fn work(app: &TestApp, documents: &Documents, operation: &str, variables: Value) -> (u64, u64) {
    let hashes = app.services.passwords.done();
    let (data, statements) =
        app.statements(app.anonymous().run(&documents.operation(operation), variables.clone())).await;
    assert!(data.is_object(), "{operation} {variables}");
    (statements, app.services.passwords.done() - hashes)
}

async fn partner(app: &TestApp, id: &str) -> u64 {
    let request = app.anonymous().request(Method::POST, "/oauth/token").basic_auth(id, Some("guess"));
    let sending = request.form(&[("grant_type", "client_credentials")]).send();
    let (response, statements) = app.statements(sending).await;
    assert_eq!(response.unwrap().status(), 401);
    statements
}

async fn the_unknown_cost_the_same_work_as_the_known(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    app.database.execute("UPDATE staff SET is_active = false WHERE login = 'sales.a'").await;
    let mut by_login = Vec::new();
    for (login, password) in [("agent.a", "guess"), ("nobody", "guess"), ("sales.a", "guess"), ("nobody", PASSWORD)] {
        let variables = json!({ "login": login, "password": password });
        by_login.push(work(&app, Documents::butler(), "SignInWithPassword", variables).await);
    }
    assert!(by_login[0].0 > 0 && by_login[0].1 == 1, "{by_login:?}");
    assert_eq!(by_login, [by_login[0]; 4]);

    let (mut asked, mut given) = (Vec::new(), Vec::new());
    for phone in ["19100000001", "13900000000"] {
        asked.push(work(&app, Documents::owner(), "RequestSignInCode", json!({ "phone": phone })).await);
    }
    let (sent, _) = until("the code", async || app.delivery.last("19100000001")).await;
    let wrong = if sent == "000000" { "111111" } else { "000000" };
    for phone in ["19100000001", "13900000000"] {
        let variables = json!({ "phone": phone, "code": wrong });
        given.push(work(&app, Documents::owner(), "SignInWithCode", variables).await);
    }
    assert!(asked[0].0 > 0 && given[0].0 > 0, "{asked:?} {given:?}");
    assert_eq!((asked[0], given[0]), (asked[1], given[1]));

    let known = partner(&app, "partner-1").await;
    assert!(known > 0);
    assert_eq!(known, partner(&app, "nobody").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_unknown_cost_the_same_work_as_the_known_on_sqlite() {
    the_unknown_cost_the_same_work_as_the_known(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_unknown_cost_the_same_work_as_the_known_on_postgres() {
    if postgres::is_there() {
        the_unknown_cost_the_same_work_as_the_known(Engine::Postgres).await;
    }
}
