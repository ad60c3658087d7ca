//! A session is carried on by refresh tokens that work once, and ends for good.

use anju::auth::secret::token_hash;
use chrono::TimeDelta;
use entity::{refresh_token, session, vocab::PrincipalKind};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

/// The tokens of a new session of Zhang's.
async fn session(app: &TestApp) -> Value {
    let owner = app.world.owner("zhang");
    let conn = app.services.db.writer();
    let tokens = anju::service::session::open(&app.services, conn, PrincipalKind::Owner, owner, None).await.unwrap();
    json!({ "accessToken": tokens.access_token, "refreshToken": tokens.refresh_token })
}

async fn refresh(app: &TestApp, token: &Value) -> Value {
    let mut data = app.anonymous().owner_app("RefreshSession", json!({ "refreshToken": token })).await;
    data["refreshSession"].take()
}

async fn assert_over(app: &TestApp, token: &Value) {
    let payload = refresh(app, token).await;
    assert_eq!(payload["session"], json!(null));
    assert_eq!(payload["userErrors"][0]["code"], "EXPIRED");
    assert_eq!(payload["userErrors"][0]["field"], "refreshToken");
}

async fn works(app: &TestApp, access_token: &Value) -> bool {
    let client = Client::new(&app.url, Some(access_token.as_str().unwrap().to_owned()));
    let (status, answer) = client.post("{ viewer { __typename } }", json!({})).await;
    match status.as_u16() {
        200 => true,
        401 => {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
            false
        }
        other => panic!("{other}: {answer:#}"),
    }
}

both! {
    async fn each_refresh_gives_the_next_pair(app) {
        let first = session(&app).await;
        let mut seen = vec![first["refreshToken"].clone()];
        for _ in 0..3 {
            app.clock.advance(TimeDelta::minutes(10));
            let payload = refresh(&app, seen.last().unwrap()).await;
            assert_eq!(payload["userErrors"], json!([]));
            let next = &payload["session"];
            let expires_at = (app.services.now() + TimeDelta::minutes(15)).to_rfc3339();
            assert_eq!(next["accessTokenExpiresAt"], expires_at);
            assert!(works(&app, &next["accessToken"]).await);
            assert!(!seen.contains(&next["refreshToken"]));
            seen.push(next["refreshToken"].clone());
        }
    }

    async fn a_session_that_lives_long_leaves_no_tokens_of_long_ago(app) {
        let mut token = session(&app).await["refreshToken"].clone();
        let first = token.clone();
        for _ in 0..20 {
            app.clock.advance(TimeDelta::days(7));
            token = refresh(&app, &token).await["session"]["refreshToken"].clone();
        }
        let kept = refresh_token::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert_eq!(kept.len(), 6, "the one that is good, and those that were used within thirty days");
        assert_over(&app, &first).await;
        assert_eq!(refresh(&app, &token).await["userErrors"], json!([]), "the session goes on");
    }

    async fn refresh_tokens_are_stored_as_hashes(app) {
        let tokens = session(&app).await;
        let row = refresh_token::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap();
        assert_eq!(row.hash, token_hash(tokens["refreshToken"].as_str().unwrap()));
        assert!(!format!("{row:?}").contains(tokens["refreshToken"].as_str().unwrap()));
    }

    async fn a_refresh_token_used_again_ends_the_session_and_its_access_tokens(app) {
        let first = session(&app).await;
        let elsewhere = session(&app).await;
        let second = refresh(&app, &first["refreshToken"]).await["session"].clone();
        assert!(works(&app, &second["accessToken"]).await);
        assert_over(&app, &first["refreshToken"]).await;
        assert_over(&app, &second["refreshToken"]).await;
        assert!(!works(&app, &first["accessToken"]).await);
        assert!(!works(&app, &second["accessToken"]).await);
        assert!(works(&app, &elsewhere["accessToken"]).await);
        assert_eq!(refresh(&app, &elsewhere["refreshToken"]).await["userErrors"], json!([]));
    }

    async fn of_two_refreshes_at_once_one_is_answered_and_the_session_ends(app) {
        let first = session(&app).await;
        let token = &first["refreshToken"];
        let (left, right) = tokio::join!(refresh(&app, token), refresh(&app, token));
        let given: Vec<&Value> = [&left, &right].into_iter().filter(|payload| !payload["session"].is_null()).collect();
        assert_eq!(given.len(), 1, "{left:#} {right:#}");
        assert!(!works(&app, &given[0]["session"]["accessToken"]).await);
        assert_over(&app, &given[0]["session"]["refreshToken"]).await;
    }

    async fn what_is_no_refresh_token_is_refused_and_ends_nothing(app) {
        let tokens = session(&app).await;
        let long = "x".repeat(5000);
        for token in ["", "nonsense", tokens["accessToken"].as_str().unwrap(), &long, "\u{0}"] {
            assert_over(&app, &json!(token)).await;
        }
        assert!(works(&app, &tokens["accessToken"]).await);
        assert_eq!(refresh(&app, &tokens["refreshToken"]).await["userErrors"], json!([]));
    }

    async fn a_session_ends_after_thirty_idle_days_and_lives_on_while_it_is_used(app) {
        let first = session(&app).await;
        app.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
        let second = refresh(&app, &first["refreshToken"]).await["session"].clone();
        app.clock.advance(TimeDelta::days(29));
        let third = refresh(&app, &second["refreshToken"]).await["session"].clone();
        assert!(works(&app, &third["accessToken"]).await);
        app.clock.advance(TimeDelta::days(30));
        assert_over(&app, &third["refreshToken"]).await;
    }

    async fn an_access_token_is_good_for_fifteen_minutes(app) {
        let tokens = session(&app).await;
        app.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        assert!(works(&app, &tokens["accessToken"]).await);
        app.clock.advance(TimeDelta::seconds(1));
        assert!(!works(&app, &tokens["accessToken"]).await);
        assert_eq!(refresh(&app, &tokens["refreshToken"]).await["userErrors"], json!([]));
    }

    async fn signing_out_ends_this_session_and_no_other(app) {
        let (here, elsewhere) = (session(&app).await, session(&app).await);
        let client = Client::new(&app.url, Some(here["accessToken"].as_str().unwrap().to_owned()));
        let data = client.owner_app("SignOut", json!({})).await;
        assert_eq!(data["signOut"]["userErrors"], json!([]));
        assert!(!works(&app, &here["accessToken"]).await);
        assert_over(&app, &here["refreshToken"]).await;
        assert!(works(&app, &elsewhere["accessToken"]).await);
    }

    async fn a_session_that_is_gone_from_the_database_is_over(app) {
        let tokens = session(&app).await;
        refresh_token::Entity::delete_many().exec(app.services.db.writer()).await.unwrap();
        session::Entity::delete_many().exec(app.services.db.writer()).await.unwrap();
        assert!(!works(&app, &tokens["accessToken"]).await);
        assert_over(&app, &tokens["refreshToken"]).await;
    }

    async fn another_server_over_the_same_database_knows_the_same_sessions(app) {
        let tokens = session(&app).await;
        let other = app.another().await;
        assert!(works(&other, &tokens["accessToken"]).await);
        let next = refresh(&other, &tokens["refreshToken"]).await["session"].clone();
        assert!(works(&app, &next["accessToken"]).await);
        assert_over(&app, &tokens["refreshToken"]).await;
        assert!(!works(&other, &next["accessToken"]).await);
    }
}
