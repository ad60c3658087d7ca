//! Endpoints that don't take what they are sent: tried again in order, given up in the end, and never a way into the house.

use anju::{domain::webhook::LONGEST_PAUSE, service::Services, store::webhook::CLAIM};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{actions, body, change, deliveries, enter, ids, look, send};
use crate::{
    both,
    harness::{
        TestApp,
        homes::call,
        outbound,
        outside::{Mood, Outside},
        tickets::{Answer, at},
        until,
    },
};

/// Lets the jobs send again and again until the endpoint is given up; for how long it was tried.
async fn try_to_the_end(app: &TestApp, hook: &super::Hook) -> TimeDelta {
    let began = app.services.now();
    for _ in 0..60 {
        send(&app.services).await;
        if look(app, hook).await["status"] == "DISABLED" {
            return app.services.now() - began;
        }
        app.clock.advance(LONGEST_PAUSE / 2);
    }
    panic!("it was never given up");
}

both! {
    async fn what_was_not_taken_is_tried_again_before_anything_later(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::IsBusy);
        let ticket = app.report(json!({})).await;
        app.act("agent.a", "acceptTicket", &ticket).await.ticket();
        send(&app.services).await;
        send(&app.services).await;
        assert_eq!(receiver.heard(), 1, "it waits a while, and nothing overtakes it");
        let waiting = deliveries(&app, &hook, json!("WAITING")).await;
        assert_eq!((waiting.len(), &waiting[0]["attempts"], &waiting[1]["attempts"]), (2, &json!(1), &json!(0)));
        assert_eq!((&waiting[0]["failure"], &waiting[0]["lastHttpStatus"]), (&json!("ANSWERED"), &json!(503)));
        let seen = look(&app, &hook).await;
        assert_eq!(at(&seen["firstFailedAt"]), app.services.now());
        assert!(at(&seen["nextAttemptAt"]) > app.services.now());
        receiver.be(Mood::Takes);
        app.clock.advance(TimeDelta::seconds(15));
        assert_eq!(send(&app.services).await, 2);
        assert_eq!(actions(&receiver), ["CREATE", "ACCEPT"]);
        let all = deliveries(&app, &hook, json!("DELIVERED")).await;
        assert_eq!((&all[0]["attempts"], &all[0]["failure"], &all[0]["lastHttpStatus"]), (&json!(2), &Value::Null, &json!(201)));
        assert_eq!(look(&app, &hook).await["firstFailedAt"], Value::Null);
    }

    async fn a_pause_that_is_asked_for_is_kept_within_bounds(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        app.report(json!({})).await;
        for (asked, expected) in [(3600, 3600), (10_000_000, 21_600)] {
            receiver.be(Mood::AsksForPause(asked));
            send(&app.services).await;
            let next = at(&look(&app, &hook).await["nextAttemptAt"]) - app.services.now();
            assert_eq!(next, TimeDelta::seconds(expected), "asked for {asked}");
            app.clock.advance(next);
        }
        receiver.be(Mood::Takes);
        assert_eq!(send(&app.services).await, 1);
    }

    async fn after_three_days_it_is_given_up_and_what_is_dead_can_be_sent_once_more(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::Refuses);
        for _ in 0..3 {
            app.report(json!({})).await;
        }
        let tried = try_to_the_end(&app, &hook).await;
        assert!(tried >= TimeDelta::days(3) && tried < TimeDelta::days(3) + LONGEST_PAUSE, "{tried}");
        let seen = look(&app, &hook).await;
        assert_eq!((&seen["status"], &seen["disabledReason"]), (&json!("DISABLED"), &json!("FAILING")));
        let dead = deliveries(&app, &hook, json!("DEAD")).await;
        assert_eq!((dead.len(), &dead[0]["lastHttpStatus"], &dead[1]["attempts"]), (3, &json!(422), &json!(0)));
        assert!(dead[0]["attempts"].as_i64().unwrap() > 10, "{}", dead[0]);

        app.report(json!({})).await;
        receiver.be(Mood::Takes);
        assert_eq!(send(&app.services).await, 0, "it is switched off");
        change(&app, "replayWebhookDeliveries", &hook, json!({ "dead": true })).await;
        assert_eq!(send(&app.services).await, 0, "and stays so");
        let seen = change(&app, "resumeWebhookEndpoint", &hook, json!({})).await;
        assert_eq!((&seen["status"], &seen["disabledReason"]), (&json!("ACTIVE"), &Value::Null));
        assert_eq!(send(&app.services).await, 4);
        let expected: Vec<&str> = dead.iter().map(|row| row["messageId"].as_str().unwrap()).collect();
        assert_eq!(ids(&receiver)[..3], expected, "in order, under the ids that they had");
        let entries = "{ auditEntries(filter: { action: \"DISABLE_WEBHOOK_ENDPOINT\" }) { nodes { objectId actorKind details } } }";
        let entry = app.staff("admin").await.run(entries, json!({})).await["auditEntries"]["nodes"][0].clone();
        assert_eq!((&entry["objectId"], &entry["actorKind"]), (&hook.id, &json!("SYSTEM")));
    }

    async fn what_is_dead_may_stay_where_it_is(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::Answers(410));
        app.report(json!({})).await;
        send(&app.services).await;
        receiver.be(Mood::Takes);
        change(&app, "resumeWebhookEndpoint", &hook, json!({ "withDead": false })).await;
        let later = app.report(json!({})).await;
        assert_eq!(send(&app.services).await, 1);
        assert_eq!(body(&receiver.handed()[0])["data"]["ticketId"], later["id"]);
        assert_eq!(deliveries(&app, &hook, json!("DEAD")).await.len(), 1);
    }

    async fn an_endpoint_that_is_gone_for_ever_is_given_up_at_once(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::Answers(410));
        app.report(json!({})).await;
        app.report(json!({})).await;
        send(&app.services).await;
        assert_eq!(receiver.heard(), 1);
        let seen = look(&app, &hook).await;
        assert_eq!((&seen["status"], &seen["disabledReason"]), (&json!("DISABLED"), &json!("GONE")));
        assert_eq!(at(&seen["disabledAt"]), app.services.now());
        assert_eq!(deliveries(&app, &hook, json!("DEAD")).await.len(), 2);
    }

    async fn a_redirect_is_no_way_to_anywhere(app) {
        let (receiver, inner) = (Outside::gateway().await, Outside::gateway().await);
        let hook = enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::Redirects(inner.port));
        app.report(json!({})).await;
        send(&app.services).await;
        assert_eq!((receiver.heard(), inner.heard()), (1, 0));
        let row = &deliveries(&app, &hook, Value::Null).await[0];
        assert_eq!((&row["failure"], &row["lastHttpStatus"]), (&json!("ANSWERED"), &json!(307)));
    }

    async fn addresses_inside_are_refused_when_they_are_entered_and_when_they_are_called(app) {
        let admin = app.staff("admin").await;
        for url in [
            "https://10.1.2.3/", "https://169.254.169.254/latest", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0xa9fea9fe/",
            "http://1.1.1.1/", "ftp://example.com/", "https://user:secret@example.com/", "example.com", "",
        ] {
            let input = json!({ "name": "x", "url": url, "kinds": ["TICKET_EVENT"] });
            let answer = call(&admin, "createWebhookEndpoint", "secret webhookEndpoint { id }", input).await;
            assert!(matches!(answer, Answer::Fault(_)), "{url}: {answer:?}");
        }
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({ "url": format!("http://localhost:{}/", receiver.port) })).await;
        app.report(json!({})).await;
        // Of a house that has named no network, or another one.
        for nets in [&[][..], &["10.0.0.0/8"]] {
            let closed = Services { outbound: outbound(nets), ..app.services.clone() };
            send(&closed).await;
            app.clock.advance(TimeDelta::minutes(1));
        }
        assert_eq!(receiver.heard(), 0);
        let row = &deliveries(&app, &hook, Value::Null).await[0];
        assert_eq!((&row["failure"], &row["attempts"]), (&json!("ADDRESS_REFUSED"), &json!(2)));
        assert_eq!(send(&app.services).await, 1, "the name leads to where it may");
    }

    async fn what_a_killed_server_had_in_hand_is_sent_by_the_next_under_the_same_id(app) {
        let receiver = Outside::gateway().await;
        let second = app.another().await;
        let hook = enter(&app, &receiver, json!({})).await;
        app.report(json!({})).await;
        app.report(json!({})).await;
        receiver.be(Mood::FallsSilent);
        let services = app.services.clone();
        let dying = tokio::spawn(async move { send(&services).await });
        until("it is half way", async || (receiver.silences() > 0).then_some(())).await;
        dying.abort();
        dying.await.unwrap_err();
        receiver.be(Mood::Takes);
        assert_eq!(send(&second.services).await, 0, "it may still be on its way");
        app.clock.advance(CLAIM + TimeDelta::seconds(1));
        assert_eq!(send(&second.services).await, 2);
        assert_eq!(send(&app.services).await, 0);
        let rows = deliveries(&app, &hook, json!("DELIVERED")).await;
        assert_eq!((&rows[0]["attempts"], &rows[1]["attempts"]), (&json!(2), &json!(1)));
        assert_eq!(rows.iter().map(|row| row["messageId"].as_str().unwrap()).collect::<Vec<_>>(), ids(&receiver));
    }

    async fn what_was_taken_without_a_word_comes_again_under_the_same_id(app) {
        let receiver = Outside::gateway().await;
        enter(&app, &receiver, json!({})).await;
        app.report(json!({})).await;
        receiver.be(Mood::BreaksOff);
        send(&app.services).await;
        receiver.be(Mood::Takes);
        app.clock.advance(TimeDelta::seconds(15));
        send(&app.services).await;
        let ids = ids(&receiver);
        assert_eq!((ids.len(), &ids[0]), (2, &ids[1]), "the receiver can tell");
    }
}
