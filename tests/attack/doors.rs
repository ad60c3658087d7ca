//! The doors beside GraphQL: what one address may ask for there, whoever is signed in.

use std::num::NonZeroU32;

use anju::{
    domain::throttle::Rate,
    http::{Guard, HttpConfig},
};
use chrono::TimeDelta;
use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use super::{beside, one_worker};
use crate::{both, harness::TestApp};

/// A server that lets each address have so much at once, and as much as one picture a second. It believes this machine.
async fn narrow(app: &TestApp, burst: u32) -> TestApp {
    let rate = Rate { burst: NonZeroU32::new(burst).unwrap(), per_second: NonZeroU32::new(1).unwrap() };
    let guard = Guard { doors: Some(rate), ..Guard::default() };
    let trusted_proxies = vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()];
    beside(app, HttpConfig { guard, trusted_proxies, ..one_worker() }).await
}

/// What each door answers to somebody it does not know, when it answers at all.
const DOORS: [(&str, Method, u16); 5] = [
    ("/attachments/nothing", Method::GET, 401),
    ("/attachments/nothing/thumbnail", Method::GET, 401),
    ("/attachments", Method::POST, 401),
    ("/calendar/nothing.ics", Method::GET, 404),
    ("/oauth/token", Method::POST, 401),
];

fn knock(app: &TestApp, (path, method): (&str, &Method), from: &str) -> RequestBuilder {
    let request = app.anonymous().request(method.clone(), path).header("x-forwarded-for", from);
    let form = [("grant_type", "client_credentials"), ("client_id", "nobody"), ("client_secret", "guess")];
    if path == "/oauth/token" { request.form(&form) } else { request }
}

/// How many requests in a row are answered before one is refused for its number, and the seconds that one has to wait.
async fn let_through(app: &TestApp, (path, method, usual): (&str, &Method, u16), from: &str) -> (usize, i64) {
    for count in 0..100 {
        let response = knock(app, (path, method), from).send().await.unwrap();
        if response.status() != 429 {
            assert_eq!(response.status(), usual, "{path}");
            continue;
        }
        let wait = response.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        let answer: Value = response.json().await.unwrap();
        let told = if path == "/oauth/token" { &answer["error"] } else { &answer["errors"][0]["extensions"]["code"] };
        assert!(told == "RATE_LIMITED" || told == "slow_down", "{answer}");
        return (count, wait);
    }
    panic!("{path} lets through whatever comes");
}

both! {
    async fn one_address_may_not_ask_without_end_beside_graphql(app) {
        let narrow = narrow(&app, 20).await;
        for (number, (path, method, usual)) in DOORS.iter().enumerate() {
            let from = format!("198.51.100.{number}");
            let (count, wait) = let_through(&narrow, (path, method, *usual), &from).await;
            let cost = [1, 1, 10, 5, 10][number];
            assert_eq!(count, 20 / cost, "{path}");
            assert_eq!(wait, i64::try_from(cost).unwrap() + 1, "{path}");
            // Whoever waits as long as they are told is let in, and nobody else has to.
            app.clock.advance(TimeDelta::seconds(wait));
            for guest in [from.as_str(), "203.0.113.1"] {
                assert_eq!(knock(&narrow, (path, method), guest).send().await.unwrap().status(), *usual, "{path}");
            }
            app.clock.advance(TimeDelta::minutes(1));
        }
        let page = narrow.anonymous().request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
        assert!(page.contains("anju_shed_total{bound=\"address\"} 5"), "{page}");
    }

    async fn what_an_address_may_ask_for_is_shared_by_all_doors_and_takes_nothing_from_graphql(app) {
        let narrow = narrow(&app, 20).await;
        let from = "198.51.100.9";
        for (path, method) in [("/attachments", Method::POST), ("/oauth/token", Method::POST)] {
            assert_ne!(knock(&narrow, (path, &method), from).send().await.unwrap().status(), 429);
        }
        assert_eq!(knock(&narrow, ("/attachments/nothing", &Method::GET), from).send().await.unwrap().status(), 429);
        let body = json!({ "query": "{ __typename }" });
        let request = narrow.anonymous().request(Method::POST, "/graphql").header("x-forwarded-for", from).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}
