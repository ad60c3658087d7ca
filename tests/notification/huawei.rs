//! Messages to phones that have Huawei's services in the place of Google's.

use std::sync::Arc;

use anju::{
    authorities::Authorities,
    channel::{
        Channels,
        push::hms::{Addresses, Application, Hms},
    },
    service::Services,
};
use chrono::TimeDelta;
use entity::vocab::{DeliveryStatus, PushService, TicketStatus};
use serde_json::{Value, json};

use super::{
    outbox::{send, statuses},
    push::devices,
};
use crate::{
    both,
    bulletin::publish,
    harness::{
        TestApp,
        huawei::{CLIENT_ID, CLIENT_SECRET, Huawei, push_service},
        mutation::{change, done},
    },
};

fn with_huawei(app: &TestApp, server: &Huawei, category: Option<&str>) -> Services {
    let url = format!("http://127.0.0.1:{}/", server.outside.port);
    let application = Application { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, category };
    let addresses = Addresses { push: &url, tokens: &url };
    let hms = Hms::new(&application, &addresses, Arc::clone(&app.services.clock), &Authorities::default()).unwrap();
    let channels = Channels::default().with_push(PushService::Hms, Arc::new(hms));
    Services { channels, ..app.services.clone() }
}

/// A phone of Zhang's.
async fn register(app: &TestApp, token: &str) {
    let input = json!({ "platform": "ANDROID", "pushToken": token, "pushService": "HMS" });
    let answer = change(&app.owner("zhang").await, "registerDevice", "device { pushService }", input).await;
    assert_eq!(done(answer)["device"]["pushService"], "HMS");
}

/// Something that Zhang is told.
async fn tell(app: &TestApp) -> Value {
    app.ticket_in(TicketStatus::Accepted, json!({})).await
}

fn messages(server: &Huawei) -> Vec<Value> {
    let handed = server.outside.handed();
    handed.iter().map(|handed| serde_json::from_str::<Value>(&handed.body).unwrap()).collect()
}

both! {
    async fn huawei_is_shown_a_token_as_long_as_it_is_good_and_gets_each_message_once(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        register(&app, "token-1").await;
        tell(&app).await;
        send(&services).await;
        send(&services).await;
        app.clock.advance(TimeDelta::minutes(58));
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        let handed = server.outside.handed();
        assert_eq!((handed.len(), server.outside.heard()), (2, 2));
        assert!(handed[0].head.starts_with("POST /v1/104567890/messages:send "), "{}", handed[0].head);
        assert_eq!(handed[0].line("content-type"), "application/json");
        for handed in &handed {
            assert_eq!(handed.line("authorization"), "Bearer hms/1=");
        }
        let form = "grant_type=client_credentials&client_id=104567890&client_secret=s%2Bcret%26%2F%3D";
        assert_eq!(server.forms(), [form]);
        assert_eq!(statuses(&app).await, [DeliveryStatus::Sent, DeliveryStatus::Sent]);
        // A minute before it ends, the token is not good enough any more.
        app.clock.advance(TimeDelta::minutes(1));
        publish(&app, "YT", json!({ "title": "停电" })).await;
        send(&services).await;
        assert_eq!(server.outside.handed()[2].line("authorization"), "Bearer hms/2=");
    }

    async fn what_huawei_shows_is_the_message_and_what_an_app_needs_beside_it(app) {
        let server = push_service().await;
        let (services, at_work) = (with_huawei(&app, &server, None), with_huawei(&app, &server, Some("WORK")));
        register(&app, "token-1").await;
        let ticket = tell(&app).await;
        send(&services).await;
        publish(&app, "YT", json!({ "title": "燃气泄漏", "isEmergency": true })).await;
        send(&at_work).await;
        let [usual, urgent] = &messages(&server)[..] else { panic!("two are sent") };
        let data: Value = serde_json::from_str(usual["message"]["data"].as_str().unwrap()).unwrap();
        let text = usual["message"]["notification"]["body"].as_str().unwrap();
        assert!(text.contains(ticket["number"].as_str().unwrap()), "{text}");
        let expected = json!({ "validate_only": false, "message": {
            "token": ["token-1"],
            "notification": { "title": "报事已受理", "body": text },
            "data": usual["message"]["data"],
            "android": {
                "ttl": "259200s",
                "notification": { "tag": data["id"], "click_action": { "type": 3 } },
            },
        } });
        assert_eq!(usual, &expected);
        assert_eq!((&data["kind"], &data["isEmergency"]), (&json!("TICKET_ACCEPTED"), &json!("false")));
        assert!(data["cursor"].is_string() && data.as_object().unwrap().len() == 4, "{data}");
        assert_eq!(urgent["message"]["android"]["category"], "WORK");
        assert!(urgent["message"]["data"].as_str().unwrap().contains(r#""isEmergency":"true""#));
    }

    async fn a_device_whose_token_is_none_any_more_is_forgotten(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        let partly = json!({ "success": 0, "failure": 1, "illegal_tokens": ["token-2"] }).to_string();
        for (token, code, msg) in [("token-1", "80300007", "All the tokens are invalid"), ("token-2", "80100000", &partly)] {
            register(&app, token).await;
            server.says_of(200, code, msg);
            tell(&app).await;
            send(&services).await;
            assert_eq!(devices(&app).await, 0, "{code}");
        }
        assert_eq!(statuses(&app).await, [DeliveryStatus::Dropped, DeliveryStatus::Dropped]);
        server.takes();
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        assert_eq!(server.outside.handed().len(), 0, "nobody is planned for any more");
    }

    async fn a_token_of_ours_that_ends_before_its_time_is_replaced_once(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        register(&app, "token-1").await;
        tell(&app).await;
        send(&services).await;
        server.end_tokens();
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        let handed = server.outside.handed();
        assert_eq!((handed.len(), server.outside.tokens(), server.outside.heard()), (2, 2, 3));
        assert_eq!(handed[1].line("authorization"), "Bearer hms/2=");
        assert_eq!(statuses(&app).await, [DeliveryStatus::Sent, DeliveryStatus::Sent]);
        // A fresh one that is not taken either is not asked for over and over.
        server.close(true);
        publish(&app, "YT", json!({ "title": "停电" })).await;
        send(&services).await;
        assert_eq!((server.outside.tokens(), server.outside.heard()), (3, 5));
        assert_eq!(statuses(&app).await.iter().filter(|status| **status == DeliveryStatus::Waiting).count(), 1);
        server.close(false);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        assert_eq!((server.outside.handed().len(), devices(&app).await), (3, 1), "the phone is no worse for it");
    }

    async fn many_devices_at_once_cost_one_token(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        for number in 0..5 {
            register(&app, &format!("token-{number}")).await;
        }
        tell(&app).await;
        send(&services).await;
        assert_eq!((server.outside.handed().len(), server.outside.tokens()), (5, 1));
        server.end_tokens();
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        assert_eq!((server.outside.handed().len(), server.outside.tokens()), (10, 2));
    }

    async fn what_huawei_can_t_take_now_is_tried_again(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        register(&app, "token-1").await;
        for (round, (status, code)) in [(503, ""), (500, ""), (200, "82000001"), (200, "81000001")].into_iter().enumerate() {
            server.says(status, code);
            tell(&app).await;
            send(&services).await;
            assert_eq!(server.outside.handed().len(), round, "{status} {code}");
            server.takes();
            app.clock.advance(TimeDelta::minutes(1));
            send(&services).await;
            assert_eq!(server.outside.handed().len(), round + 1, "{status} {code}");
        }
        server.says(429, "");
        tell(&app).await;
        send(&services).await;
        server.takes();
        app.clock.advance(TimeDelta::seconds(599));
        send(&services).await;
        assert_eq!(server.outside.handed().len(), 4, "it asked for ten minutes");
        app.clock.advance(TimeDelta::seconds(1));
        send(&services).await;
        assert_eq!((server.outside.handed().len(), devices(&app).await), (5, 1));
        assert_eq!(statuses(&app).await, vec![DeliveryStatus::Sent; 5]);
    }

    async fn without_a_token_of_ours_a_message_waits(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        register(&app, "token-1").await;
        for refusal in [400, 503] {
            server.refuse_tokens(Some(refusal));
            tell(&app).await;
            send(&services).await;
            assert_eq!((server.outside.heard(), devices(&app).await), (0, 1), "{refusal}");
        }
        assert_eq!(statuses(&app).await, [DeliveryStatus::Waiting, DeliveryStatus::Waiting]);
        server.refuse_tokens(None);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        assert_eq!(server.outside.handed().len(), 2);
    }

    async fn what_huawei_will_never_take_is_given_up(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        register(&app, "token-1").await;
        for (heard, code) in ["80300002", "80100016", "80300008"].into_iter().enumerate() {
            server.says(200, code);
            tell(&app).await;
            send(&services).await;
            app.clock.advance(TimeDelta::days(1));
            send(&services).await;
            assert_eq!((server.outside.heard(), devices(&app).await), (heard + 1, 1), "{code}");
        }
        assert_eq!(statuses(&app).await, vec![DeliveryStatus::Dead; 3]);
    }

    async fn a_phone_that_names_no_service_is_not_taken_for_one_of_huawei_s(app) {
        let server = push_service().await;
        let services = with_huawei(&app, &server, None);
        for platform in ["ANDROID", "HARMONY"] {
            let input = json!({ "platform": platform, "pushToken": platform });
            done(change(&app.owner("zhang").await, "registerDevice", "device { id }", input).await);
        }
        tell(&app).await;
        send(&services).await;
        assert_eq!((server.outside.heard(), server.outside.tokens()), (0, 0));
    }
}
