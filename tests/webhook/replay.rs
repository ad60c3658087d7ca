//! Sending once more what happened: from a place, from an instant; and the logs' one order.

use chrono::TimeDelta;
use entity::vocab::SurveyKind;
use serde_json::{Value, json};

use super::{body, change, deliveries, enter, ids, look, send};
use crate::{
    both,
    harness::{
        TestApp,
        homes::{call, done},
        outside::{Mood, Outside},
        tickets::Answer,
    },
    survey::rate,
};

/// Five events, a minute apart, the third of which is a survey's; as they are told.
async fn told(app: &TestApp, receiver: &Outside) -> Vec<Value> {
    let open = json!({ "projectId": app.project("YT"), "kind": "PROPERTY_SERVICE" });
    done(call(&app.staff("supervisor").await, "openSurvey", "survey { id }", open).await);
    for number in 0..5 {
        if number == 2 {
            rate(app, "zhang", SurveyKind::PropertyService, 4).await;
        } else {
            app.report(json!({})).await;
        }
        app.clock.advance(TimeDelta::minutes(1));
    }
    send(&app.services).await;
    receiver.handed().iter().map(body).collect()
}

both! {
    async fn everything_behind_a_message_is_sent_once_more_in_order_with_its_ids(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let told = told(&app, &receiver).await;
        assert_eq!(told.len(), 5);
        for from in 0..5 {
            let before = receiver.handed().len();
            let seen = change(&app, "replayWebhookDeliveries", &hook, json!({ "after": told[from]["cursor"] })).await;
            assert_eq!(seen["cursor"], told[from]["cursor"]);
            assert_eq!(send(&app.services).await, 4 - from, "after {from}");
            assert_eq!(ids(&receiver)[before..], ids(&receiver)[from + 1..5]);
            let again: Vec<Value> = receiver.handed()[before..].iter().map(body).collect();
            assert_eq!(again, told[from + 1..]);
        }
        let rows = deliveries(&app, &hook, Value::Null).await;
        assert_eq!(rows.len(), 5, "nothing is listed twice");
        assert!(rows.iter().all(|row| row["status"] == "DELIVERED" && row["attempts"] == 1), "{rows:?}");
    }

    async fn everything_since_an_instant_is_sent_once_more(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let began = app.services.now();
        told(&app, &receiver).await;
        for (minute, expected) in [(4, 1), (3, 2), (2, 3), (0, 5), (-100, 5), (5, 0)] {
            change(&app, "replayWebhookDeliveries", &hook, json!({ "since": began + TimeDelta::minutes(minute) })).await;
            assert_eq!(send(&app.services).await, expected, "since minute {minute}");
        }
    }

    async fn what_came_from_another_system_is_never_sent(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        crate::intake::load_closed(&app).await;
        assert_eq!(told(&app, &receiver).await.len(), 5);
        change(&app, "replayWebhookDeliveries", &hook, json!({ "since": "2026-01-01T00:00:00Z" })).await;
        assert_eq!(send(&app.services).await, 5);
    }

    async fn what_waits_does_not_overtake_what_is_sent_once_more(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let told = told(&app, &receiver).await;
        receiver.be(Mood::IsBusy);
        // More than are put on their way at a time.
        for _ in 0..60 {
            app.report(json!({})).await;
        }
        send(&app.services).await;
        receiver.be(Mood::Takes);
        change(&app, "replayWebhookDeliveries", &hook, json!({ "after": told[0]["cursor"] })).await;
        assert_eq!(send(&app.services).await, 64);
        let bodies: Vec<Value> = receiver.handed().iter().map(body).collect();
        assert_eq!(bodies[5..9], told[1..5]);
        let places: Vec<String> = deliveries(&app, &hook, Value::Null).await.iter().map(|row| row["messageId"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids(&receiver)[5..], places[1..]);
    }

    async fn a_replay_says_from_where_and_never_skips_anything(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let told = told(&app, &receiver).await;
        let admin = app.staff("admin").await;
        let events = "{ ticketEvents(first: 1) { pageInfo { endCursor } } }";
        let foreign = app.owner("zhang").await.run(events, json!({})).await["ticketEvents"]["pageInfo"]["endCursor"].clone();
        for wrong in [
            json!({}), json!({ "after": "nonsense" }), json!({ "after": foreign }), json!({ "dead": true, "after": told[0]["cursor"] }),
            json!({ "after": told[0]["cursor"], "since": app.services.now() }),
        ] {
            let input = crate::harness::tickets::merged(json!({ "webhookEndpointId": hook.id }), &wrong);
            let answer = call(&admin, "replayWebhookDeliveries", "webhookEndpoint { id }", input).await;
            assert!(matches!(answer, Answer::Fault(_)), "{wrong}: {answer:?}");
        }
        change(&app, "pauseWebhookEndpoint", &hook, json!({})).await;
        app.report(json!({})).await;
        let ahead = anju::page::Cursor::Place(1_000_000, 0).encode();
        change(&app, "replayWebhookDeliveries", &hook, json!({ "after": ahead })).await;
        assert_eq!(send(&app.services).await, 0);
        change(&app, "resumeWebhookEndpoint", &hook, json!({})).await;
        assert_eq!(send(&app.services).await, 1, "what happened meanwhile is not passed over");
    }

    async fn what_was_taken_is_forgotten_after_a_month_and_can_be_sent_all_the_same(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let start = look(&app, &hook).await["cursor"].clone();
        told(&app, &receiver).await;
        app.clock.advance(TimeDelta::days(31));
        anju::jobs::sweep(&app.services).await.unwrap();
        assert_eq!(deliveries(&app, &hook, Value::Null).await.len(), 0);
        change(&app, "replayWebhookDeliveries", &hook, json!({ "after": start })).await;
        assert_eq!(send(&app.services).await, 5);
        assert_eq!(ids(&receiver)[..5], ids(&receiver)[5..]);
    }
}
