//! Owners sign in with a one-time code on their phone.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{session, sign_in_code};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, until},
};

const ZHANG: &str = "19100000001";

/// The payload of a request for a code.
async fn ask(app: &TestApp, phone: &str) -> Value {
    let mut data = app.anonymous().owner_app("RequestSignInCode", json!({ "phone": phone })).await;
    data["requestSignInCode"].take()
}

/// The payload of a sign-in.
async fn give(app: &TestApp, phone: &str, code: &str) -> Value {
    let variables = json!({ "phone": phone, "code": code, "deviceName": "iPhone" });
    let mut data = app.anonymous().owner_app("SignInWithCode", variables).await;
    data["signInWithCode"].take()
}

/// Asks for a code and waits until it is on the phone.
async fn receive(app: &TestApp, phone: &str) -> String {
    let payload = ask(app, phone).await;
    let expires_at: DateTime<Utc> = payload["expiresAt"].as_str().expect("a code was sent").parse().unwrap();
    until("the code on the phone", async || {
        app.delivery.last(phone).filter(|(_, until)| *until == expires_at).map(|(code, _)| code)
    })
    .await
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

fn fault(payload: &Value) -> (&str, &str) {
    let error = &payload["userErrors"][0];
    (error["code"].as_str().unwrap_or("none"), error["field"].as_str().unwrap_or("none"))
}

const WRONG: (&str, &str) = ("WRONG_CREDENTIALS", "code");

both! {
    async fn a_code_from_the_phone_signs_its_owner_in(app) {
        let code = receive(&app, ZHANG).await;
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        let payload = give(&app, ZHANG, &code).await;
        assert_eq!(payload["userErrors"], json!([]));
        let token = payload["session"]["accessToken"].as_str().unwrap().to_owned();
        let me = Client::new(&app.url, Some(token)).run("{ viewer { ... on Owner { name phone } } }", json!({})).await;
        assert_eq!(me["viewer"], json!({ "name": "zhang", "phone": ZHANG }));
    }

    async fn a_code_is_stored_as_a_hash_beside_the_hash_of_its_phone(app) {
        let code = receive(&app, ZHANG).await;
        let row = sign_in_code::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap();
        assert!(!format!("{row:?}").contains(ZHANG));
        assert_ne!(row.code_hash, code);
        assert!(row.code_hash.len() >= 43, "a hash of 256 bits, not {}", row.code_hash);
        let later = receive_after(&app, TimeDelta::minutes(1)).await;
        let rows = sign_in_code::Entity::find().order_by_asc(sign_in_code::Column::Id);
        let rows = rows.all(app.services.db.reader()).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert!(later == code || rows[0].code_hash != rows[1].code_hash);
    }

    async fn a_code_is_good_for_five_minutes(app) {
        let code = receive(&app, ZHANG).await;
        app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(fault(&give(&app, ZHANG, &code).await), WRONG);
        let code = receive(&app, ZHANG).await;
        app.clock.advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
        assert_eq!(give(&app, ZHANG, &code).await["userErrors"], json!([]));
    }

    async fn a_code_has_five_tries_and_the_sixth_fails_with_the_right_code_too(app) {
        let code = receive(&app, ZHANG).await;
        for _ in 0..5 {
            assert_eq!(fault(&give(&app, ZHANG, other_than(&code)).await), WRONG);
        }
        assert_eq!(fault(&give(&app, ZHANG, &code).await), WRONG);
    }

    async fn a_code_works_at_the_fifth_try(app) {
        let code = receive(&app, ZHANG).await;
        for _ in 0..4 {
            assert_eq!(fault(&give(&app, ZHANG, other_than(&code)).await), WRONG);
        }
        assert_eq!(give(&app, ZHANG, &code).await["userErrors"], json!([]));
    }

    async fn a_code_works_once(app) {
        let code = receive(&app, ZHANG).await;
        assert_eq!(give(&app, ZHANG, &code).await["userErrors"], json!([]));
        assert_eq!(fault(&give(&app, ZHANG, &code).await), WRONG);
    }

    async fn only_the_newest_code_counts(app) {
        let first = receive(&app, ZHANG).await;
        let second = receive_after(&app, TimeDelta::minutes(1)).await;
        if first != second {
            assert_eq!(fault(&give(&app, ZHANG, &first).await), WRONG);
        }
        assert_eq!(give(&app, ZHANG, &second).await["userErrors"], json!([]));
    }

    async fn a_code_is_for_the_phone_it_was_sent_to(app) {
        let code = receive(&app, ZHANG).await;
        receive(&app, "19100000003").await;
        assert_eq!(fault(&give(&app, "19100000003", &code).await), WRONG);
    }

    async fn a_phone_that_nobody_has_is_answered_alike_and_sent_nothing(app) {
        let unknown = ask(&app, "13900000000").await;
        assert_eq!(unknown, ask(&app, ZHANG).await);
        until("the code of the known phone", async || app.delivery.last(ZHANG)).await;
        assert_eq!(app.delivery.last("13900000000"), None);
        let guess = other_than(&app.delivery.last(ZHANG).unwrap().0);
        assert_eq!(give(&app, "13900000000", guess).await, give(&app, ZHANG, guess).await);
    }

    async fn every_usual_spelling_of_a_phone_is_understood(app) {
        let code = receive(&app, ZHANG).await;
        assert_eq!(give(&app, "+86 191-0000-0001", &format!(" {code} ")).await["userErrors"], json!([]));
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(ask(&app, "１９１ ００００ ０００１").await["userErrors"], json!([]));
        for bad in ["", "191", "1910000000a", "191000000012", "02185858585", "' OR 1=1 --", "\u{0}"] {
            assert_eq!(fault(&ask(&app, bad).await), ("INVALID", "phone"), "{bad}");
            assert_eq!(fault(&give(&app, bad, &code).await), ("INVALID", "phone"), "{bad}");
        }
    }

    async fn a_phone_is_sent_five_codes_in_an_hour_and_another_phone_is_not_affected(app) {
        for _ in 0..5 {
            assert_eq!(ask(&app, ZHANG).await["userErrors"], json!([]));
        }
        let refused = ask(&app, ZHANG).await;
        assert_eq!(fault(&refused), ("THROTTLED", "phone"));
        assert_eq!(refused["expiresAt"], json!(null));
        assert_eq!(ask(&app, "19100000003").await["userErrors"], json!([]));
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(ask(&app, ZHANG).await["userErrors"], json!([]));
    }

    async fn a_phone_that_nobody_has_is_throttled_alike(app) {
        for _ in 0..5 {
            assert_eq!(ask(&app, "13900000000").await["userErrors"], json!([]));
        }
        assert_eq!(fault(&ask(&app, "13900000000").await), ("THROTTLED", "phone"));
    }

    async fn guessing_over_many_codes_is_stopped_for_the_hour(app) {
        for _ in 0..3 {
            let code = receive_after(&app, TimeDelta::minutes(1)).await;
            for _ in 0..5 {
                assert_eq!(fault(&give(&app, ZHANG, other_than(&code)).await), WRONG);
            }
        }
        let code = receive_after(&app, TimeDelta::minutes(1)).await;
        assert_eq!(fault(&give(&app, ZHANG, &code).await), ("THROTTLED", "code"));
        let code = receive_after(&app, TimeDelta::hours(1)).await;
        assert_eq!(give(&app, ZHANG, &code).await["userErrors"], json!([]));
    }

    async fn a_code_that_twenty_phones_give_at_once_opens_one_session(app) {
        let code = receive(&app, ZHANG).await;
        let payloads = join_all((0..20).map(|_| give(&app, ZHANG, &code))).await;
        let opened = payloads.iter().filter(|payload| !payload["session"].is_null()).count();
        assert_eq!(opened, 1, "{payloads:#?}");
        let sessions = session::Entity::find().filter(session::Column::PrincipalId.eq(app.world.owner("zhang")));
        assert_eq!(sessions.all(app.services.db.reader()).await.unwrap().len(), 1);
    }

    async fn twenty_wrong_codes_at_once_get_no_more_tries_than_one_after_the_other(app) {
        let code = receive(&app, ZHANG).await;
        let wrong = other_than(&code);
        join_all((0..20).map(|_| give(&app, ZHANG, wrong))).await;
        let row = sign_in_code::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap();
        assert_eq!(row.attempts, 5);
        assert_eq!(row.consumed_at, None);
    }

    async fn a_refused_device_name_leaves_the_code_usable(app) {
        let code = receive(&app, ZHANG).await;
        let variables = json!({ "phone": ZHANG, "code": code, "deviceName": "x".repeat(81) });
        let data = app.anonymous().owner_app("SignInWithCode", variables).await;
        assert_eq!(fault(&data["signInWithCode"]), ("TOO_LONG", "deviceName"));
        assert_eq!(give(&app, ZHANG, &code).await["userErrors"], json!([]));
    }
}

/// A code asked for some time later.
async fn receive_after(app: &TestApp, time: TimeDelta) -> String {
    app.clock.advance(time);
    receive(app, ZHANG).await
}
