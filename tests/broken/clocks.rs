//! A clock that jumps, an hour back and a day forward: the order of events, deadlines, holds, codes, tokens and
//! repeated calls stay right.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::TicketAction;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        crew::Crew,
        device::{Device, ids, owner_document, read_log, start_of_log},
        documents::Documents,
        start_of_test, until,
    },
};

const ZHANG: &str = "19100000001";

fn hour() -> TimeDelta {
    TimeDelta::hours(1)
}

/// Asks for a code and reads it on the phone.
async fn code(app: &TestApp) -> String {
    let data = app.anonymous().owner_app("RequestSignInCode", json!({ "phone": ZHANG })).await;
    let expires_at = data["requestSignInCode"]["expiresAt"].as_str().expect("a code was sent");
    let expires_at: DateTime<Utc> = expires_at.parse().unwrap();
    until("the code on the phone", async || {
        app.delivery.last(ZHANG).filter(|(_, until)| *until == expires_at).map(|(code, _)| code)
    })
    .await
}

/// The session that a code opens, or the code of the refusal.
async fn sign_in(app: &TestApp, code: &str) -> Result<Value, String> {
    let mut data = app.anonymous().owner_app("SignInWithCode", json!({ "phone": ZHANG, "code": code })).await;
    let payload = data["signInWithCode"].take();
    match payload["userErrors"][0]["code"].as_str() {
        Some(refused) => Err(refused.to_owned()),
        None => Ok(payload["session"].clone()),
    }
}

async fn refresh(app: &TestApp, session: &Value) -> Value {
    let document = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
        session { accessToken refreshToken } userErrors { code } } }";
    let input = json!({ "input": { "refreshToken": session["refreshToken"] } });
    let data = app.anonymous().run(document, input).await;
    assert_eq!(data["refreshSession"]["userErrors"], json!([]));
    data["refreshSession"]["session"].clone()
}

fn client(app: &TestApp, session: &Value) -> Client {
    Client::new(&app.url, Some(session["accessToken"].as_str().unwrap().to_owned()))
}

async fn try_password(app: &TestApp) -> String {
    let input = json!({ "login": "agent.a", "password": "wrong" });
    let payload = app.anonymous().mutate("signInWithPassword", "", input).await;
    payload["userErrors"][0]["code"].as_str().unwrap().to_owned()
}

async fn report(client: &Client, app: &TestApp, key: &str) -> Value {
    let unit = anju::graphql::id::Kind::Unit.encode(app.world.unit("YT-101"));
    let input = json!({ "unitId": unit, "kind": "REPAIR", "title": key, "idempotencyKey": key });
    client.done(Documents::owner(), "CreateTicket", input).await
}

both! {
    async fn events_keep_their_order_when_the_clock_goes_back(app) {
        app.clock.advance(hour() * 3);
        let crew = Crew::of_101(&app).await;
        let mut phone = Device::new(&crew.owner, owner_document()).after(&start_of_log());
        phone.listen(&app).await;
        let ticket = crew.begun("厨房漏水").await;
        crew.hold(&ticket).await;
        let held = app.row(&json!({ "id": ticket })).await;
        phone.see_many(5).await;
        let place = phone.cursor.clone().unwrap();
        app.clock.set(start_of_test() + hour());
        let crew = Crew::of_101(&app).await;
        crew.resume(&ticket).await;
        let resumed = app.row(&json!({ "id": ticket })).await;
        assert_eq!((resumed.held_seconds, resumed.resolve_due_at), (0, held.resolve_due_at));
        crew.resolve(&ticket).await;
        crew.confirm(&ticket).await;
        crew.follow_up(&ticket).await;
        phone.see_many(4).await;
        assert_eq!(phone.actions(), ["CREATE", "ACCEPT", "ASSIGN", "START", "HOLD", "RESUME", "RESOLVE", "CONFIRM", "RECORD_FOLLOW_UP"]);
        let log = read_log(&crew.owner, None, 2).await;
        assert_eq!(ids(&log), phone.event_ids());
        assert_eq!(ids(&read_log(&crew.owner, Some(&place), 3).await), phone.event_ids()[5..]);
        let times: Vec<&str> = log.iter().map(|event| event["occurredAt"].as_str().unwrap()).collect();
        assert!(!times.is_sorted(), "the clock went back: {times:?}");
    }

    async fn deadlines_missed_on_a_clock_that_ran_ahead_are_written_down_once(app) {
        let ticket = Crew::of_101(&app).await.report("客厅漏水").await;
        for _ in 0..3 {
            app.pass(TimeDelta::hours(25)).await;
            app.clock.set(start_of_test() + TimeDelta::minutes(1));
            app.run_jobs().await;
        }
        let log = app.log(&json!({ "id": ticket })).await;
        let times = |action| log.iter().filter(|event| event.action == action).count();
        assert_eq!((times(TicketAction::RespondBreached), times(TicketAction::ArriveBreached)), (1, 1), "{log:?}");
        // Back in time, the ticket is led to its end as ever.
        let crew = Crew::of_101(&app).await;
        crew.accept(&ticket).await;
        crew.assign(&ticket).await;
        crew.start(&ticket).await;
        crew.resolve(&ticket).await;
        crew.confirm(&ticket).await;
        assert_eq!(app.look(&json!({ "id": ticket })).await["status"], "CONFIRMED");
    }

    async fn a_code_from_the_future_is_not_good_and_a_new_one_is(app) {
        app.clock.advance(hour());
        let early = code(&app).await;
        app.clock.set(start_of_test());
        assert_eq!(sign_in(&app, &early).await, Err("WRONG_CREDENTIALS".to_owned()));
        let late = code(&app).await;
        assert!(sign_in(&app, &late).await.is_ok());
        assert_eq!(sign_in(&app, &late).await, Err("WRONG_CREDENTIALS".to_owned()), "it works once");
        app.clock.advance(hour());
        assert_eq!(sign_in(&app, &early).await, Err("WRONG_CREDENTIALS".to_owned()), "the next one took its place");
    }

    async fn nobody_is_locked_out_until_a_wrong_clock_is_caught_up(app) {
        app.clock.advance(TimeDelta::days(1));
        for _ in 0..10 {
            assert_eq!(try_password(&app).await, "WRONG_CREDENTIALS");
        }
        assert_eq!(try_password(&app).await, "THROTTLED");
        app.clock.set(start_of_test());
        assert_eq!(try_password(&app).await, "WRONG_CREDENTIALS");
        for _ in 0..9 {
            assert_eq!(try_password(&app).await, "WRONG_CREDENTIALS");
        }
        assert_eq!(try_password(&app).await, "THROTTLED", "tries are counted on this clock too");
    }

    async fn sessions_live_on_over_jumps_in_both_directions(app) {
        let mut session = sign_in(&app, &code(&app).await).await.unwrap();
        for jump in [-hour(), TimeDelta::days(1), -TimeDelta::days(1), hour() * 2] {
            app.clock.advance(jump);
            let (status, _) = client(&app, &session).post("{ viewer { __typename } }", json!({})).await;
            assert_eq!(status, 401, "the token is of another time: {jump}");
            session = refresh(&app, &session).await;
            client(&app, &session).run("{ viewer { __typename } }", json!({})).await;
        }
    }

    async fn repeated_calls_numbers_and_ids_are_told_apart_whatever_the_time(app) {
        let mut seen = std::collections::HashSet::new();
        let mut first = None;
        for (number, jump) in [TimeDelta::days(1), -TimeDelta::days(1), -hour(), hour(), TimeDelta::days(1)].iter().enumerate() {
            app.clock.advance(*jump);
            let zhang = app.owner("zhang").await;
            let ticket = report(&zhang, &app, &format!("{number}")).await;
            assert!(seen.insert(ticket["id"].to_string()) && seen.insert(ticket["number"].to_string()), "{ticket}");
            let again = report(&zhang, &app, "0").await["id"].clone();
            assert_eq!(first.get_or_insert(again.clone()), &again);
        }
    }
}
