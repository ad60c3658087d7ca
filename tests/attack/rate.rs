//! Whoever asks for too much has to wait, on every transport, and nobody else.

use std::num::NonZeroU32;

use anju::{
    domain::throttle::Rate,
    http::{Guard, HttpConfig},
};
use chrono::TimeDelta;
use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{beside, one_worker};
use crate::{
    both,
    harness::{Client, TestApp, socket::Socket},
};

const SMALL: &str = "{ viewer { __typename } }";

/// A server that lets through so much at once, and one field a second.
async fn narrow(app: &TestApp, burst: u32) -> TestApp {
    let rate = Rate { burst: NonZeroU32::new(burst).unwrap(), per_second: NonZeroU32::new(1).unwrap() };
    let guard = Guard { rate: Some(rate), ..Guard::default() };
    beside(app, HttpConfig { guard, ..one_worker() }).await
}

/// The status, the code, and how long to wait.
async fn ask(client: &Client, document: &str, accept: &str) -> (u16, String, Option<i64>) {
    let request = client.request(Method::POST, "/graphql").json(&json!({ "query": document }));
    let response = request.header(header::ACCEPT, accept).send().await.unwrap();
    let wait = response.headers().get(header::RETRY_AFTER).map(|wait| wait.to_str().unwrap().parse().unwrap());
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (status, answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none").to_owned(), wait)
}

/// How many requests are let through before one is refused; at most a hundred are tried.
async fn let_through(client: &Client, document: &str) -> usize {
    for count in 0..100 {
        if ask(client, document, "application/json").await.0 == 429 {
            return count;
        }
    }
    100
}

both! {
    async fn whoever_asks_for_too_much_waits_and_others_do_not(app) {
        let narrow = narrow(&app, 100).await;
        let (zhang, li) = (app.owner("zhang").await.at(&narrow.url), app.owner("li").await.at(&narrow.url));
        // Each costs ten, and one for each field.
        assert_eq!(let_through(&zhang, SMALL).await, 8);
        for accept in ["application/json", "application/graphql-response+json", "text/event-stream"] {
            let (status, code, wait) = ask(&zhang, SMALL, accept).await;
            assert_eq!((status, code.as_str()), (429, "RATE_LIMITED"));
            assert!(wait.is_some_and(|wait| (8..=9).contains(&wait)), "{wait:?}");
        }
        assert_eq!(ask(&li, SMALL, "application/json").await.0, 200);
        let same_owner_elsewhere = app.owner("zhang").await.at(&narrow.url);
        assert_eq!(ask(&same_owner_elsewhere, SMALL, "application/json").await.0, 429);
        let (_, _, wait) = ask(&zhang, SMALL, "application/json").await;
        app.clock.advance(TimeDelta::seconds(wait.unwrap()));
        assert_eq!(let_through(&zhang, SMALL).await, 1);
        let page = narrow.anonymous().request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
        assert!(page.contains("anju_graphql_refusals_total{code=\"RATE_LIMITED\"} 7"), "{page}");
    }

    async fn a_large_request_costs_more_than_a_small_one_and_a_refused_one_costs_too(app) {
        let narrow = narrow(&app, 1000).await;
        let at = |client: Client| client.at(&narrow.url);
        let large = "{ tickets(first: 100) { nodes { id number title } } }";
        assert_eq!(let_through(&at(app.owner("zhang").await), large).await, 2);
        assert_eq!(let_through(&at(app.owner("li").await), SMALL).await, 83);
        assert_eq!(let_through(&at(app.owner("wang").await), "{ nothing }").await, 100);
        assert_eq!(ask(&at(app.owner("wang").await), SMALL, "application/json").await.0, 429);
    }

    async fn those_who_are_not_signed_in_share_the_bucket_of_their_address(app) {
        let narrow = narrow(&app, 100).await;
        let typename = "{ __typename }";
        assert_eq!(let_through(&narrow.anonymous(), typename).await, 9);
        assert_eq!(ask(&narrow.anonymous(), typename, "application/json").await.0, 429);
        assert_eq!(ask(&app.owner("zhang").await.at(&narrow.url), typename, "application/json").await.0, 200);
    }

    async fn a_socket_is_told_by_an_error_message(app) {
        let narrow = narrow(&app, 100).await;
        let zhang = app.owner("zhang").await.at(&narrow.url);
        assert_eq!(let_through(&zhang, SMALL).await, 8);
        let mut socket = Socket::connect(&zhang).await;
        let id = socket.subscribe(SMALL, json!({})).await;
        let message = socket.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)));
        assert_eq!(message["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        app.clock.advance(TimeDelta::seconds(message["payload"][0]["extensions"]["retryAfter"].as_i64().unwrap()));
        socket.subscribe(SMALL, json!({})).await;
        assert_eq!(socket.message().await["payload"]["data"]["viewer"]["__typename"], "Owner");
    }
}
