//! Keeping endpoints: who may, secrets that are shown once and replaced with an overlap, pauses, tests, and what is written down.

use anju::{clock::Ids, store::vault::begin_data_rotation};
use chrono::TimeDelta;
use entity::{webhook_delivery, webhook_endpoint};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{DELIVERIES, body, change, deliveries, enter, is_signed_by, look, send};
use crate::{
    both,
    harness::{
        TestApp,
        homes::{call, done},
        outside::{Mood, Outside},
        tickets::Answer,
    },
};

async fn rotate(app: &TestApp, hook: &super::Hook, hours: Value) -> String {
    let input = json!({ "webhookEndpointId": hook.id, "overlapHours": hours });
    let answer = call(&app.staff("admin").await, "rotateWebhookSecret", "secret webhookEndpoint { id }", input).await;
    done(answer)["secret"].as_str().unwrap().to_owned()
}

async fn rows(app: &TestApp) -> Vec<webhook_endpoint::Model> {
    webhook_endpoint::Entity::find().all(app.services.db.reader()).await.unwrap()
}

async fn test(app: &TestApp, hook: &super::Hook) -> Value {
    let input = json!({ "webhookEndpointId": hook.id });
    let fields = "test { isDelivered httpStatus failure }";
    done(call(&app.staff("admin").await, "testWebhookEndpoint", fields, input).await)["test"].clone()
}

both! {
    async fn while_a_secret_replaces_another_both_sign_and_then_the_new_one_alone(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let signed_by = async |secrets: [&str; 3]| {
            app.report(json!({})).await;
            send(&app.services).await;
            let handed = receiver.handed().pop().unwrap();
            secrets.map(|secret| is_signed_by(&handed, secret))
        };
        let second = rotate(&app, &hook, Value::Null).await;
        assert_eq!(signed_by([&hook.secret, &second, &second]).await, [true, true, true]);
        assert!(look(&app, &hook).await["oldSecretEndsAt"].is_string());
        app.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(signed_by([&hook.secret, &second, &second]).await, [true, true, true]);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(signed_by([&hook.secret, &second, &second]).await, [false, true, true]);
        assert_eq!(look(&app, &hook).await["oldSecretEndsAt"], Value::Null);
        let third = rotate(&app, &hook, json!(0)).await;
        assert_eq!(signed_by([&hook.secret, &second, &third]).await, [false, false, true]);
        let admin = app.staff("admin").await;
        for hours in [-1, 169] {
            let input = json!({ "webhookEndpointId": hook.id, "overlapHours": hours });
            let answer = call(&admin, "rotateWebhookSecret", "secret webhookEndpoint { id }", input).await;
            assert!(matches!(answer, Answer::Fault(_)), "{hours}: {answer:?}");
        }
    }

    async fn secrets_are_sealed_and_go_along_when_the_key_changes(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let second = rotate(&app, &hook, Value::Null).await;
        let row = rows(&app).await.remove(0);
        let old = row.old_secret_sealed.clone().unwrap();
        for (sealed, secret) in [(&row.secret_sealed, &second), (&old, &hook.secret)] {
            assert!(!sealed.windows(12).any(|part| secret.as_bytes().windows(12).any(|of| of == part)));
            assert_eq!(sealed[1], 1, "the first key sealed it");
        }
        let (db, ids) = (&app.services.db, Ids::new());
        let rotation = begin_data_rotation(db, &*app.clock, &ids, None).await.unwrap();
        assert!(!rotation.finish(db, &*app.clock, &ids).await.unwrap());
        let mut place = None;
        while let Some((last, _)) = rotation.reseal(db, place, 2).await.unwrap() {
            place = Some(last);
        }
        assert!(rotation.finish(db, &*app.clock, &ids).await.unwrap());
        let row = rows(&app).await.remove(0);
        assert_eq!((row.secret_sealed[1], row.old_secret_sealed.unwrap()[1]), (2, 2));
        app.services.vault.refresh(db, app.services.now()).await.unwrap();
        app.report(json!({})).await;
        send(&app.services).await;
        let handed = &receiver.handed()[0];
        assert!(is_signed_by(handed, &second) && is_signed_by(handed, &hook.secret));
        // Retired, the old key opens nothing: a row that was left behind would hold the rotation up.
        let mut stale = webhook_endpoint::ActiveModel::from(rows(&app).await.remove(0));
        stale.old_secret_sealed = sea_orm::ActiveValue::Set(Some(old));
        sea_orm::ActiveModelTrait::update(stale, db.writer()).await.unwrap();
        assert!(!rotation.finish(db, &*app.clock, &ids).await.unwrap());
    }

    async fn what_happens_during_a_pause_is_sent_after_it(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::IsBusy);
        app.report(json!({})).await;
        send(&app.services).await;
        assert_eq!(change(&app, "pauseWebhookEndpoint", &hook, json!({})).await["status"], "PAUSED");
        app.report(json!({})).await;
        app.clock.advance(TimeDelta::days(10));
        send(&app.services).await;
        assert_eq!(receiver.heard(), 1);
        change(&app, "resumeWebhookEndpoint", &hook, json!({})).await;
        send(&app.services).await;
        assert_eq!(look(&app, &hook).await["status"], "ACTIVE", "its patience begins anew");
        receiver.be(Mood::Takes);
        app.clock.advance(TimeDelta::seconds(15));
        assert_eq!(send(&app.services).await, 2);
    }

    async fn an_endpoint_is_changed_and_deleted(app) {
        let (receiver, other) = (Outside::gateway().await, Outside::gateway().await);
        let hook = enter(&app, &receiver, json!({})).await;
        let url = format!("http://127.0.0.1:{}/new", other.port);
        let seen = change(&app, "updateWebhookEndpoint", &hook, json!({ "url": url, "name": "新中台" })).await;
        assert_eq!((&seen["url"], &seen["name"]), (&json!(url), &json!("新中台")));
        assert_eq!(seen["kinds"], json!(["TICKET_EVENT", "SURVEY_SUBMITTED", "HANDOVER_COMPLETED"]));
        app.report(json!({})).await;
        send(&app.services).await;
        assert_eq!((receiver.heard(), other.handed().len()), (0, 1));
        let seen = change(&app, "updateWebhookEndpoint", &hook, json!({ "kinds": ["SURVEY_SUBMITTED", "SURVEY_SUBMITTED"] })).await;
        assert_eq!(seen["kinds"], json!(["SURVEY_SUBMITTED"]));
        app.report(json!({})).await;
        assert_eq!(send(&app.services).await, 0);
        let admin = app.staff("admin").await;
        for wrong in [json!({ "url": "https://10.0.0.1/" }), json!({ "name": " " }), json!({ "kinds": [] })] {
            let input = crate::harness::tickets::merged(json!({ "webhookEndpointId": hook.id }), &wrong);
            let answer = call(&admin, "updateWebhookEndpoint", "webhookEndpoint { id }", input).await;
            assert!(matches!(answer, Answer::Fault(_)), "{wrong}: {answer:?}");
        }
        let input = json!({ "webhookEndpointId": hook.id });
        let gone = done(call(&admin, "deleteWebhookEndpoint", "deletedWebhookEndpointId", input.clone()).await);
        assert_eq!(gone["deletedWebhookEndpointId"], hook.id);
        assert_eq!((rows(&app).await.len(), look(&app, &hook).await), (0, Value::Null));
        assert_eq!(webhook_delivery::Entity::find().all(app.services.db.reader()).await.unwrap(), []);
        let answer = call(&admin, "deleteWebhookEndpoint", "deletedWebhookEndpointId", input).await;
        assert!(matches!(&answer, Answer::Fault(fault) if fault == "NOT_FOUND webhookEndpointId"), "{answer:?}");
    }

    async fn a_test_goes_out_at_once_and_says_what_came_of_it(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        change(&app, "pauseWebhookEndpoint", &hook, json!({})).await;
        assert_eq!(test(&app, &hook).await, json!({ "isDelivered": true, "httpStatus": 201, "failure": null }));
        let handed = &receiver.handed()[0];
        assert_eq!(body(handed)["type"], "webhook.test");
        assert!(is_signed_by(handed, &hook.secret));
        receiver.be(Mood::Refuses);
        assert_eq!(test(&app, &hook).await, json!({ "isDelivered": false, "httpStatus": 422, "failure": "ANSWERED" }));
        receiver.be(Mood::FallsSilent);
        assert_eq!(test(&app, &hook).await, json!({ "isDelivered": false, "httpStatus": null, "failure": "TOO_SLOW" }));
        assert_eq!(deliveries(&app, &hook, Value::Null).await.len(), 0, "nothing of it is kept");
    }

    async fn only_administrators_know_of_endpoints(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        app.report(json!({})).await;
        send(&app.services).await;
        let delivery = deliveries(&app, &hook, Value::Null).await[0]["id"].clone();
        let find = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let ids = json!({ "ids": [hook.id, delivery] });
        let found = app.staff("admin").await.run(find, ids.clone()).await;
        assert_eq!(found["nodes"], json!([{ "id": hook.id }, { "id": delivery }]));
        for who in ["zhang", "ambassador.a", "technician.a", "agent.a", "sales.a", "manager.a", "supervisor", "auditor", "partner-1"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.refused("{ webhookEndpoints { nodes { id } } }", json!({})).await, "FORBIDDEN", "{who}");
            assert_eq!(client.refused(DELIVERIES, json!({ "id": hook.id })).await, "FORBIDDEN", "{who}");
            assert_eq!(client.run(find, ids.clone()).await["nodes"], json!([null, null]), "{who}");
            for operation in ["pauseWebhookEndpoint", "rotateWebhookSecret", "replayWebhookDeliveries", "testWebhookEndpoint"] {
                let answer = call(&client, operation, "__typename", json!({ "webhookEndpointId": hook.id })).await;
                assert!(matches!(&answer, Answer::Refused(word) if word.contains("FORBIDDEN")), "{who}: {answer:?}");
            }
        }
        assert_eq!(receiver.heard(), 1);
    }

    async fn each_change_is_written_down_without_address_or_secret(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        let secret = rotate(&app, &hook, json!(1)).await;
        for operation in ["updateWebhookEndpoint", "pauseWebhookEndpoint", "resumeWebhookEndpoint"] {
            change(&app, operation, &hook, json!({})).await;
        }
        change(&app, "replayWebhookDeliveries", &hook, json!({ "dead": true })).await;
        let input = json!({ "webhookEndpointId": hook.id });
        done(call(&app.staff("admin").await, "deleteWebhookEndpoint", "deletedWebhookEndpointId", input).await);
        let entries = "query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { action actor { ... on Staff { id } } details } } }";
        for who in ["admin", "auditor"] {
            let seen = app.staff(who).await.run(entries, json!({ "id": hook.id })).await["auditEntries"]["nodes"].clone();
            let mut actions: Vec<&str> = seen.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
            actions.sort_unstable();
            assert_eq!(actions, [
                "CREATE_WEBHOOK_ENDPOINT", "DELETE_WEBHOOK_ENDPOINT", "PAUSE_WEBHOOK_ENDPOINT", "REPLAY_WEBHOOK_DELIVERIES",
                "RESUME_WEBHOOK_ENDPOINT", "ROTATE_WEBHOOK_SECRET", "UPDATE_WEBHOOK_ENDPOINT",
            ], "{who}");
            let text = seen.to_string();
            assert!(text.contains("127.0.0.1") && !text.contains("tenant=1"), "{text}");
            assert!(!text.contains(&hook.secret) && !text.contains(&secret), "{text}");
            assert!(seen.as_array().unwrap().iter().all(|entry| entry["actor"]["id"].is_string()));
        }
    }

    async fn what_was_sent_is_paged_through(app) {
        let receiver = Outside::gateway().await;
        let hook = enter(&app, &receiver, json!({})).await;
        for _ in 0..5 {
            app.report(json!({})).await;
        }
        send(&app.services).await;
        let whole = deliveries(&app, &hook, Value::Null).await;
        let admin = app.staff("admin").await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "id": hook.id, "first": 2, "after": after });
            let page = admin.run(DELIVERIES, variables).await["webhookDeliveries"].clone();
            assert_eq!(page["totalCount"], 5);
            seen.extend(page["nodes"].as_array().unwrap().clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        seen.reverse();
        assert_eq!(seen, whole);
    }
}
