//! Whose address counts: the peer's own, or the one that a trusted proxy names.

use anju::http::HttpConfig;
use reqwest::Method;
use serde_json::{Value, json};

use super::{beside, one_worker};
use crate::{
    both,
    harness::{TestApp, world::PASSWORD},
};

const SIGN_IN: &str = "mutation($login: String!, $password: String!) {
    signInWithPassword(input: { login: $login, password: $password }) { userErrors { code } } }";
const GIVE_CODE: &str = "mutation($phone: String!) {
    signInWithCode(input: { phone: $phone, code: \"000000\" }) { userErrors { code } } }";

/// The code of the payload's user error, for a call with these X-Forwarded-For lines.
async fn call(app: &TestApp, forwarded: &[&str], document: &str, variables: Value) -> String {
    let body = json!({ "query": document, "variables": variables });
    let mut request = app.anonymous().request(Method::POST, "/graphql").json(&body);
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let (_, payload) = answer["data"].as_object().unwrap().iter().next().unwrap();
    payload["userErrors"][0]["code"].as_str().unwrap_or("none").to_owned()
}

/// Gives so many phones a wrong code, each another; how many of them were told to wait. The header may name the try.
async fn guess(app: &TestApp, count: usize, forwarded: impl Fn(usize) -> Vec<String>) -> usize {
    let mut throttled = 0;
    for number in 0..count {
        let lines = forwarded(number);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let phone = json!({ "phone": format!("138{:08}", 1000 + number) });
        throttled += usize::from(call(app, &lines, GIVE_CODE, phone).await == "THROTTLED");
    }
    throttled
}

/// A server behind a proxy on this machine.
async fn behind_a_proxy(app: &TestApp) -> TestApp {
    let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    beside(app, HttpConfig { trusted_proxies, ..one_worker() }).await
}

both! {
    async fn a_forged_header_changes_nothing(app) {
        let forged = |number: usize| vec![format!("198.51.100.{number}")];
        assert_eq!(guess(&app, 60, forged).await, 10);
    }

    async fn behind_a_proxy_each_client_has_an_address_of_its_own(app) {
        let app = behind_a_proxy(&app).await;
        assert_eq!(guess(&app, 55, |_| vec!["198.51.100.1".into()]).await, 5);
        assert_eq!(guess(&app, 5, |_| vec!["198.51.100.2".into()]).await, 0);
        // What stands before the entry that our own proxy added is the client's word.
        assert_eq!(guess(&app, 5, |number| vec![format!("192.0.2.{number}, 198.51.100.1, 10.0.0.7")]).await, 5);
        assert_eq!(guess(&app, 5, |number| vec![format!("192.0.2.{number}"), "198.51.100.1".into()]).await, 5);
        // A household's whole network counts as one.
        assert_eq!(guess(&app, 55, |number| vec![format!("2001:db8:1:1::{number:x}")]).await, 5);
        assert_eq!(guess(&app, 5, |_| vec!["2001:db8:1:2::1".into()]).await, 0);
    }

    async fn an_address_that_may_not_guess_locks_nobody_out(app) {
        let app = behind_a_proxy(&app).await;
        let (bad, home) = (["198.51.100.1"], ["198.51.100.2"]);
        assert_eq!(guess(&app, 51, |_| vec![bad[0].into()]).await, 1);
        for _ in 0..12 {
            let wrong = json!({ "login": "agent.a", "password": "guess" });
            assert_eq!(call(&app, &bad, SIGN_IN, wrong).await, "THROTTLED");
        }
        let right = json!({ "login": "agent.a", "password": PASSWORD });
        assert_eq!(call(&app, &home, SIGN_IN, right.clone()).await, "none");
        assert_eq!(call(&app, &bad, SIGN_IN, right).await, "THROTTLED");
    }
}
