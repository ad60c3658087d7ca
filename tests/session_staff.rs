//! Staff sign in with login and password, and are shut out when their account ends.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use anju::graphql::id::Kind;

use crate::{
    both,
    harness::{Client, TestApp, documents::Documents, world::PASSWORD},
};

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Value {
    let variables = json!({ "login": login, "password": password, "deviceName": "desk" });
    let mut data = app.anonymous().butler_app("SignInWithPassword", variables).await;
    data["signInWithPassword"].take()
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("none")
}

async fn disable(app: &TestApp, login: &str) {
    let mutation = "mutation($input: DisableStaffInput!) { disableStaff(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "staffId": Kind::Staff.encode(app.world.staff(login)) } });
    let data = app.staff("admin").await.run(mutation, input).await;
    assert_eq!(data["disableStaff"]["userErrors"], json!([]));
}

both! {
    async fn a_login_and_its_password_sign_a_member_of_staff_in(app) {
        let payload = sign_in(&app, "ambassador.a", PASSWORD).await;
        assert_eq!(payload["userErrors"], json!([]));
        let token = payload["session"]["accessToken"].as_str().unwrap().to_owned();
        let home = Client::new(&app.url, Some(token)).butler_app("ButlerHome", json!({})).await;
        assert_eq!(home["viewer"]["role"], "AMBASSADOR");
        assert_eq!(home["viewer"]["projects"][0]["name"], "安居·云庭");
    }

    async fn a_wrong_password_an_unknown_login_and_a_disabled_account_are_answered_alike(app) {
        disable(&app, "sales.a").await;
        let wrong = sign_in(&app, "agent.a", "wrong horse battery").await;
        assert_eq!((code(&wrong), &wrong["session"]), ("WRONG_CREDENTIALS", &json!(null)));
        assert_eq!(wrong["userErrors"][0]["field"], "password");
        let long = "x".repeat(200);
        for (login, password) in [
            ("nobody", PASSWORD),
            ("sales.a", PASSWORD),
            ("agent.a", ""),
            ("agent.a", long.as_str()),
            ("", PASSWORD),
            (long.as_str(), PASSWORD),
            ("agent.a' --", PASSWORD),
        ] {
            assert_eq!(sign_in(&app, login, password).await, wrong, "{login}");
        }
    }

    async fn sixty_wrong_passwords_are_throttled_until_the_window_is_over(app) {
        let mut codes = Vec::new();
        for _ in 0..60 {
            codes.push(code(&sign_in(&app, "agent.a", "guess").await).to_owned());
        }
        assert_eq!(codes[..10], ["WRONG_CREDENTIALS"; 10]);
        assert_eq!(codes[10..], ["THROTTLED"; 50]);
        assert_eq!(code(&sign_in(&app, "agent.a", PASSWORD).await), "THROTTLED");
        assert_eq!(code(&sign_in(&app, " agent.a ", PASSWORD).await), "THROTTLED");
        assert_eq!(code(&sign_in(&app, "manager.a", PASSWORD).await), "none");
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(code(&sign_in(&app, "agent.a", PASSWORD).await), "none");
    }

    async fn guesses_that_come_at_once_are_throttled_too(app) {
        let payloads = join_all((0..30).map(|_| sign_in(&app, "agent.a", "guess"))).await;
        let compared = payloads.iter().filter(|payload| code(payload) == "WRONG_CREDENTIALS").count();
        assert_eq!(compared, 10);
    }

    async fn an_unknown_login_is_throttled_alike(app) {
        for _ in 0..10 {
            assert_eq!(code(&sign_in(&app, "nobody", "guess").await), "WRONG_CREDENTIALS");
        }
        assert_eq!(code(&sign_in(&app, "nobody", "guess").await), "THROTTLED");
    }

    async fn a_success_forgets_the_wrong_tries_before_it(app) {
        for _ in 0..2 {
            for _ in 0..9 {
                assert_eq!(code(&sign_in(&app, "agent.a", "guess").await), "WRONG_CREDENTIALS");
            }
            assert_eq!(code(&sign_in(&app, "agent.a", PASSWORD).await), "none");
        }
    }

    async fn a_disabled_account_is_shut_out_at_once(app) {
        let session = sign_in(&app, "technician.a", PASSWORD).await["session"].clone();
        let client = Client::new(&app.url, Some(session["accessToken"].as_str().unwrap().to_owned()));
        client.butler_app("ButlerHome", json!({})).await;
        disable(&app, "technician.a").await;
        let document = Documents::butler().operation("ButlerHome");
        assert_eq!(client.refused(&document, json!({})).await, "UNAUTHENTICATED");
        let variables = json!({ "refreshToken": session["refreshToken"] });
        let data = app.anonymous().owner_app("RefreshSession", variables).await;
        assert_eq!(code(&data["refreshSession"]), "EXPIRED");
        assert_eq!(code(&sign_in(&app, "technician.a", PASSWORD).await), "WRONG_CREDENTIALS");
    }

    async fn an_account_disabled_in_the_database_alone_is_shut_out_at_once_too(app) {
        let client = app.staff("technician.a").await;
        client.butler_app("ButlerHome", json!({})).await;
        app.database.execute("UPDATE staff SET is_active = false WHERE login = 'technician.a'").await;
        let document = Documents::butler().operation("ButlerHome");
        assert_eq!(client.refused(&document, json!({})).await, "UNAUTHENTICATED");
    }
}
