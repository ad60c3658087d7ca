//! Messages to devices, as the push services of browsers, Google and Apple receive them.

use std::sync::Arc;

use anju::{
    auth::viewer::{Principal, Viewer},
    authorities::Authorities,
    channel::{
        Channels,
        address::AllowedNets,
        outbound::{Bounds, Outbound},
        push::{
            apns::{Apns, Identity},
            fcm::Fcm,
            web::WebPush,
        },
    },
    service::{
        Services,
        device::{self, NewDevice},
    },
};
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use entity::{
    push_receipt,
    vocab::{DeliveryStatus, DevicePlatform, PushService, TicketStatus},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{
    outbox::{send, statuses},
    settings::set,
};
use crate::{
    both,
    bulletin::publish,
    harness::{
        TestApp, apple,
        browser::{APPLE_KEY, Browser, VAPID_KEY, service_account},
        mutation::{change, done},
        outside::{Handed, Mood, Outside},
    },
};

/// Pushes to browsers, also to those of this machine.
fn with_web(app: &TestApp) -> Services {
    let outbound = Outbound::new(AllowedNets::new(vec!["127.0.0.0/8".parse().unwrap()]), Bounds::default());
    let clock = Arc::clone(&app.services.clock);
    let web = WebPush::new(&VAPID_KEY, "mailto:it@anju.example", outbound.clone(), clock).unwrap();
    Services { channels: Channels::default().with_web_push(web), outbound, ..app.services.clone() }
}

pub(super) fn with_google(app: &TestApp, server: &Outside) -> Services {
    let url = format!("http://127.0.0.1:{}", server.port);
    let (account, clock) = (service_account(server.port), Arc::clone(&app.services.clock));
    let google = Fcm::new(&account, &url, clock, &Authorities::default()).unwrap();
    let channels = Channels::default().with_push(PushService::Fcm, Arc::new(google));
    Services { channels, ..app.services.clone() }
}

fn with_apple(app: &TestApp, server: &Outside) -> Services {
    let identity = Identity { key: &APPLE_KEY, key_id: "KEY4567890", team_id: "TEAM567890", topic: "example.anju" };
    let url = format!("http://127.0.0.1:{}", server.port);
    let apple = Apns::new(&identity, &url, Arc::clone(&app.services.clock), &Authorities::default()).unwrap();
    let channels = Channels::default().with_push(PushService::Apns, Arc::new(apple));
    Services { channels, ..app.services.clone() }
}

fn owner(app: &TestApp, who: &str) -> Viewer {
    Viewer::of(Principal::Owner(app.world.owner(who)))
}

fn phone(platform: DevicePlatform, token: &str) -> NewDevice {
    NewDevice { platform, push_token: Some(token.to_owned()), push_service: None, subscription: None, name: None }
}

/// A browser of somebody's that a server pushes to.
async fn subscribed(services: &Services, viewer: &Viewer, server: &Outside) -> Browser {
    let browser = Browser::at(&format!("http://127.0.0.1:{}/push/{}", server.port, services.new_id(services.now())));
    let new = NewDevice {
        platform: DevicePlatform::Web,
        push_token: None,
        push_service: None,
        subscription: Some(browser.subscription()),
        name: None,
    };
    device::register(services, viewer, new).await.unwrap();
    browser
}

pub(super) async fn devices(app: &TestApp) -> usize {
    entity::device::Entity::find().all(app.services.db.reader()).await.unwrap().len()
}

/// What a token says that we signed; whether the signature is right is said elsewhere.
fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn is_signed(token: &str, public_key: &str) -> bool {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    let (said, signature) = token.rsplit_once('.').unwrap();
    let [key, signature] = [public_key, signature].map(|text| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap());
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(said.as_bytes(), &signature).is_ok()
}

fn ids(handed: &[Handed]) -> Vec<&str> {
    handed.iter().map(|handed| handed.line("topic")).collect()
}

both! {
    async fn a_browser_gets_each_message_once_and_alone_can_read_it(app) {
        let (server, second) = (Outside::gateway().await, app.another().await);
        let (one, other) = (with_web(&app), with_web(&second));
        let browser = subscribed(&one, &owner(&app, "zhang"), &server).await;
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        tokio::join!(send(&one), send(&other));
        send(&one).await;
        let handed = server.handed();
        assert_eq!(handed.len(), 1, "{handed:?}");
        assert_eq!((handed[0].line("content-encoding"), handed[0].line("urgency")), ("aes128gcm", "normal"));
        assert_eq!((handed[0].line("ttl"), handed[0].line("topic").len()), ("259200", 32));
        let read = browser.read(&handed[0].bytes);
        assert_eq!((&read["title"], &read["kind"]), (&json!("报事已受理"), &json!("TICKET_ACCEPTED")));
        assert!(read["body"].as_str().unwrap().contains(ticket["number"].as_str().unwrap()));
        assert_eq!(read["id"], handed[0].line("topic"));
        let mut known: Vec<&String> = read.as_object().unwrap().keys().collect();
        known.sort_unstable();
        assert_eq!(known, ["body", "cursor", "id", "isEmergency", "kind", "title"], "nothing else goes out");
        publish(&app, "YT", json!({ "title": "燃气泄漏", "isEmergency": true })).await;
        send(&one).await;
        assert_eq!(server.handed()[1].line("urgency"), "high");
        assert_eq!(statuses(&app).await, [DeliveryStatus::Sent, DeliveryStatus::Sent]);
    }

    async fn a_push_service_is_told_who_asks_and_no_other_can_use_the_word(app) {
        let server = Outside::gateway().await;
        let services = with_web(&app);
        subscribed(&services, &owner(&app, "zhang"), &server).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        let handed = server.handed();
        let (token, key) = handed[0].line("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert!(is_signed(token, key) && !is_signed(&token.replace("eyJ0", "eyJ1"), key));
        assert_eq!(services.channels.web_push_key(), Some(key));
        let expires_at = (app.services.now() + TimeDelta::hours(12)).timestamp();
        let audience = format!("http://127.0.0.1:{}", server.port);
        assert_eq!(claims(token), json!({ "aud": audience, "exp": expires_at, "sub": "mailto:it@anju.example" }));
    }

    async fn what_one_device_has_got_is_tried_again_on_the_other_alone(app) {
        let (first, second) = (Outside::gateway().await, Outside::gateway().await);
        let services = with_web(&app);
        for server in [&first, &second] {
            subscribed(&services, &owner(&app, "zhang"), server).await;
        }
        second.be(Mood::IsBusy);
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        assert_eq!((first.handed().len(), second.handed().len()), (1, 0));
        assert_eq!(statuses(&app).await, [DeliveryStatus::Waiting]);
        second.be(Mood::Takes);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        send(&services).await;
        let (first, second) = (first.handed(), second.handed());
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_eq!(ids(&first), ids(&second), "both know the message by one id");
        assert_eq!(statuses(&app).await, [DeliveryStatus::Sent]);
    }

    async fn a_device_that_is_gone_is_forgotten(app) {
        let server = Outside::gateway().await;
        let services = with_web(&app);
        subscribed(&services, &owner(&app, "zhang"), &server).await;
        server.be(Mood::KnowsNobody);
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        assert_eq!((devices(&app).await, statuses(&app).await), (0, vec![DeliveryStatus::Dropped]));
        server.be(Mood::Takes);
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        assert_eq!((server.handed().len(), statuses(&app).await.len()), (0, 1), "nobody is planned for any more");
    }

    async fn a_service_is_given_the_time_it_asks_for(app) {
        let server = Outside::gateway().await;
        let services = with_web(&app);
        subscribed(&services, &owner(&app, "zhang"), &server).await;
        server.be(Mood::IsTired);
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        server.be(Mood::Takes);
        app.clock.advance(TimeDelta::seconds(599));
        send(&services).await;
        assert_eq!(server.handed().len(), 0);
        app.clock.advance(TimeDelta::seconds(1));
        send(&services).await;
        assert_eq!(server.handed().len(), 1);
    }

    async fn google_is_shown_a_token_as_long_as_it_is_good_and_says_which_device_is_gone(app) {
        let server = Outside::gateway().await;
        let services = with_google(&app, &server);
        device::register(&services, &owner(&app, "zhang"), phone(DevicePlatform::Android, "token-1")).await.unwrap();
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        publish(&app, "YT", json!({ "title": "燃气泄漏", "isEmergency": true })).await;
        send(&services).await;
        let handed = server.handed();
        assert_eq!((handed.len(), server.tokens()), (2, 1));
        assert!(handed[0].head.starts_with("POST /v1/projects/anju-test/messages:send "), "{}", handed[0].head);
        assert_eq!(handed[0].line("authorization"), "Bearer ya29.test");
        let [usual, urgent] = [0, 1].map(|at| serde_json::from_str::<Value>(&handed[at].body).unwrap()["message"].clone());
        assert_eq!((&usual["token"], &usual["notification"]["title"]), (&json!("token-1"), &json!("报事已受理")));
        assert_eq!((&usual["android"]["priority"], &urgent["android"]["priority"]), (&json!("NORMAL"), &json!("HIGH")));
        assert_eq!(usual["android"]["collapse_key"], usual["data"]["id"]);
        assert_eq!(usual["android"]["ttl"], "259200s");
        app.clock.advance(TimeDelta::hours(1));
        server.be(Mood::KnowsNobody);
        app.act("agent.a", "assignTicket", &ticket).await.ticket();
        send(&services).await;
        assert_eq!((server.tokens(), devices(&app).await), (2, 0));
    }

    async fn apple_is_spoken_to_in_http_2_and_says_which_device_is_gone(app) {
        let server = apple::push_service().await;
        let services = with_apple(&app, &server);
        let token = "ab".repeat(32);
        device::register(&services, &owner(&app, "zhang"), phone(DevicePlatform::Ios, &token)).await.unwrap();
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::IsTired);
        send(&services).await;
        server.be(Mood::Takes);
        app.clock.advance(TimeDelta::minutes(10));
        send(&services).await;
        publish(&app, "YT", json!({ "title": "燃气泄漏", "isEmergency": true })).await;
        send(&services).await;
        let handed = server.handed();
        assert_eq!(handed.len(), 2);
        assert!(handed[0].head.starts_with(&format!("POST /3/device/{token}\r\n")), "{}", handed[0].head);
        assert_eq!((handed[0].line("apns-topic"), handed[0].line("apns-push-type")), ("example.anju", "alert"));
        assert_eq!((handed[0].line("apns-priority"), handed[1].line("apns-priority")), ("5", "10"));
        assert_eq!(handed[0].line("apns-collapse-id"), handed[0].line("apns-id").replace('-', ""));
        assert_eq!(handed[0].line("authorization"), handed[1].line("authorization"), "a token is used for a while");
        let body: Value = serde_json::from_str(&handed[0].body).unwrap();
        assert_eq!((&body["aps"]["alert"]["title"], &body["kind"]), (&json!("报事已受理"), &json!("TICKET_ACCEPTED")));
        let word = handed[0].line("authorization").strip_prefix("Bearer ").unwrap();
        assert_eq!(claims(word)["iss"], "TEAM567890");
        server.be(Mood::KnowsNobody);
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        assert_eq!(devices(&app).await, 0);
    }

    async fn a_push_says_no_more_than_its_recipient_allows(app) {
        let server = Outside::gateway().await;
        let services = with_web(&app);
        let browser = subscribed(&services, &owner(&app, "zhang"), &server).await;
        let zhang = app.owner("zhang").await;
        set(&zhang, json!({ "showsTextInPush": false, "language": "EN" })).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        let read = browser.read(&server.handed()[0].bytes);
        assert_eq!((&read["title"], &read["body"]), (&json!("There is news for you"), &json!("Open the app to read it.")));
        let settings = "{ notificationSettings { showsTextInPush webPushKey } }";
        let shown = zhang.run(settings, json!({})).await["notificationSettings"].clone();
        assert_eq!(shown, json!({ "showsTextInPush": false, "webPushKey": null }), "this server has no key for browsers");
        let choice = json!({ "kind": "BULLETIN_PUBLISHED", "channel": "PUSH", "isWanted": false });
        set(&zhang, json!({ "choices": [choice] })).await;
        publish(&app, "YT", json!({ "title": "停水" })).await;
        send(&services).await;
        assert_eq!(server.handed().len(), 1, "nor more often");
    }

    async fn a_subscription_that_can_t_be_one_is_refused(app) {
        let zhang = app.owner("zhang").await;
        let good = Browser::at("https://push.example.com/1").input();
        let with = |field: &str, value: &str| {
            let mut subscription = good.clone();
            subscription[field] = json!(value);
            json!({ "platform": "WEB", "subscription": subscription })
        };
        for (input, fault) in [
            (with("endpoint", "http://1.1.1.1/1"), "INVALID subscription.endpoint"),
            (with("endpoint", "https://10.0.0.1/1"), "INVALID subscription.endpoint"),
            (with("endpoint", "https://[::ffff:10.0.0.1]/1"), "INVALID subscription.endpoint"),
            (with("endpoint", &format!("https://push.example.com/{}", "x".repeat(2048))), "TOO_LONG subscription.endpoint"),
            (with("p256dh", "BCVx"), "INVALID subscription.p256dh"),
            (with("auth", "AAAA"), "INVALID subscription.auth"),
            (json!({ "platform": "IOS", "subscription": good }), "INVALID subscription"),
            (json!({ "platform": "WEB", "pushService": "FCM", "subscription": good }), "INVALID subscription"),
            (json!({ "platform": "WEB", "pushToken": "x", "subscription": good }), "INVALID pushToken"),
            (json!({ "platform": "WEB", "pushService": "WEB_PUSH" }), "REQUIRED subscription"),
            (json!({ "platform": "IOS", "pushToken": "x".repeat(2049) }), "TOO_LONG pushToken"),
        ] {
            let answer = change(&zhang, "registerDevice", "device { id }", input.clone()).await;
            assert_eq!(answer.word(), fault, "{input}");
        }
        let input = json!({ "platform": "WEB", "subscription": good });
        let device = done(change(&zhang, "registerDevice", "device { pushService }", input).await);
        assert_eq!(device["device"]["pushService"], "WEB_PUSH");
    }

    async fn only_the_newest_devices_of_a_person_are_remembered(app) {
        for number in 0..22 {
            app.clock.advance(TimeDelta::seconds(1));
            let new = phone(DevicePlatform::Android, &format!("token-{number}"));
            device::register(&app.services, &owner(&app, "zhang"), new).await.unwrap();
        }
        let rows = entity::device::Entity::find().all(app.services.db.reader()).await.unwrap();
        let mut tokens: Vec<String> = rows.into_iter().filter_map(|row| row.push_token).collect();
        tokens.sort_unstable();
        assert_eq!(tokens.len(), 20);
        assert!(!tokens.contains(&"token-0".to_owned()) && !tokens.contains(&"token-1".to_owned()), "{tokens:?}");
    }

    async fn who_is_erased_leaves_no_receipt(app) {
        let server = Outside::gateway().await;
        let services = with_web(&app);
        subscribed(&services, &owner(&app, "zhang"), &server).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        send(&services).await;
        let conn = app.services.db.writer();
        assert_eq!(push_receipt::Entity::find().all(conn).await.unwrap().len(), 1);
        let zhang = entity::owner::Entity::find_by_id(app.world.owner("zhang")).one(conn).await.unwrap().unwrap();
        anju::store::erasure::forget_access(conn, &zhang, app.services.now()).await.unwrap();
        assert_eq!(push_receipt::Entity::find().all(conn).await.unwrap(), []);
        assert_eq!((devices(&app).await, statuses(&app).await), (0, vec![]));
    }
}
