//! Guessing that spreads itself over many logins, phones, servers or hours.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use super::{beside, one_worker};
use crate::{
    both,
    harness::{TestApp, world::PASSWORD},
};

async fn password(app: &TestApp, login: &str, password: &str) -> String {
    let variables = json!({ "login": login, "password": password });
    let data = app.anonymous().butler_app("SignInWithPassword", variables).await;
    data["signInWithPassword"]["userErrors"][0]["code"].as_str().unwrap_or("none").to_owned()
}

async fn code(app: &TestApp, phone: usize) -> String {
    let variables = json!({ "phone": format!("138{phone:08}"), "code": "000000" });
    let data = app.anonymous().owner_app("SignInWithCode", variables).await;
    data["signInWithCode"]["userErrors"][0]["code"].as_str().unwrap_or("none").to_owned()
}

/// Fills a window with wrong passwords; the next is refused.
async fn fill_window(app: &TestApp) {
    for _ in 0..10 {
        assert_eq!(password(app, "agent.a", "guess").await, "WRONG_CREDENTIALS");
    }
    assert_eq!(password(app, "agent.a", "guess").await, "THROTTLED");
}

/// The login is shut out for exactly so long.
async fn assert_shut_out_for(app: &TestApp, minutes: i64) {
    app.clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
    assert_eq!(password(app, "agent.a", PASSWORD).await, "THROTTLED", "before {minutes} minutes");
    app.clock.advance(TimeDelta::seconds(1));
}

both! {
    async fn each_further_window_of_wrong_passwords_doubles_the_wait(app) {
        for minutes in [15, 30, 60] {
            fill_window(&app).await;
            assert_shut_out_for(&app, minutes).await;
        }
        assert_eq!(password(&app, "agent.a", PASSWORD).await, "none");
        // A right one makes everything before it forgotten.
        fill_window(&app).await;
        assert_shut_out_for(&app, 15).await;
        assert_eq!(password(&app, "agent.a", PASSWORD).await, "none");
    }

    async fn a_wait_is_bounded_and_forgotten_after_a_day_of_peace(app) {
        fill_window(&app).await;
        app.clock.advance(TimeDelta::minutes(15));
        app.database.execute("UPDATE throttles SET count = 1000 WHERE key LIKE 'full:%'").await;
        fill_window(&app).await;
        assert_shut_out_for(&app, 240).await;
        app.pass(TimeDelta::hours(50)).await;
        fill_window(&app).await;
        assert_shut_out_for(&app, 15).await;
        assert_eq!(password(&app, "agent.a", PASSWORD).await, "none");
    }

    async fn each_further_window_of_wrong_codes_doubles_the_wait(app) {
        for hours in [1, 2, 4, 8, 8] {
            for _ in 0..15 {
                assert_eq!(code(&app, 1).await, "WRONG_CREDENTIALS");
            }
            assert_eq!(code(&app, 1).await, "THROTTLED");
            app.clock.advance(TimeDelta::hours(hours) - TimeDelta::seconds(1));
            assert_eq!(code(&app, 1).await, "THROTTLED");
            app.clock.advance(TimeDelta::seconds(1));
        }
    }

    async fn sixty_wrong_passwords_from_one_address_are_throttled_though_each_is_for_another_login(app) {
        let mut codes = Vec::new();
        for number in 0..60 {
            codes.push(password(&app, &format!("guess.{number}"), "guess").await);
        }
        assert_eq!(codes[..50], ["WRONG_CREDENTIALS"; 50]);
        assert_eq!(codes[50..], ["THROTTLED"; 10]);
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(password(&app, "agent.a", PASSWORD).await, "none");
    }

    async fn an_address_is_counted_over_all_servers(app) {
        let other = beside(&app, one_worker()).await;
        for number in 0..25 {
            assert_eq!(code(&app, number).await, "WRONG_CREDENTIALS");
            assert_eq!(code(&other, 100 + number).await, "WRONG_CREDENTIALS");
        }
        assert_eq!(code(&app, 200).await, "THROTTLED");
        assert_eq!(code(&other, 201).await, "THROTTLED");
    }

    async fn sixty_right_ones_from_one_address_are_let_in(app) {
        for number in 0..60 {
            let request = app.anonymous().request(Method::POST, "/oauth/token");
            let secret = crate::harness::world::SECRET;
            let request = request.basic_auth("partner-1", Some(secret)).form(&[("grant_type", "client_credentials")]);
            assert_eq!(request.send().await.unwrap().status(), 200, "{number}");
        }
    }

    async fn everybody_together_has_a_bound_too(app) {
        assert_eq!(code(&app, 1).await, "WRONG_CREDENTIALS");
        app.database.execute("UPDATE throttles SET count = 5000 WHERE key = 'wrong'").await;
        assert_eq!(code(&app, 2).await, "THROTTLED");
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(code(&app, 2).await, "WRONG_CREDENTIALS");
    }

    async fn one_address_asks_for_no_more_codes_than_its_share(app) {
        let ask = async |phone: usize| {
            let variables = json!({ "phone": format!("138{phone:08}") });
            let data = app.anonymous().owner_app("RequestSignInCode", variables).await;
            data["requestSignInCode"]["userErrors"][0]["code"].as_str().unwrap_or("none").to_owned()
        };
        for phone in 0..100 {
            assert_eq!(ask(phone).await, "none", "{phone}");
        }
        assert_eq!(ask(100).await, "THROTTLED");
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(ask(100).await, "none");
    }
}
