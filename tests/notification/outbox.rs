//! Notifications that leave the house, as a real mail server and a real gateway receive them: once each, also when whoever
//! sends dies on the way.

use std::{collections::BTreeSet, sync::Arc};

use anju::{
    auth::delivery::WebhookDelivery,
    authorities::Authorities,
    channel::{Channels, smtp::Smtp, webhook::Webhook},
    domain::notification::retry::MOST_ATTEMPTS,
    jobs::{self, Chore},
    service::{Services, notification::outbox::CLAIM},
};
use chrono::TimeDelta;
use entity::{
    notification_delivery,
    vocab::{DeliveryStatus, NotificationChannel, TicketStatus},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{inbox, mark, settings::set};
use crate::{
    both,
    bulletin::publish,
    harness::{
        TestApp,
        outside::{Mood, Outside},
        until,
    },
};

const DEAD: &str = "{ undeliveredNotifications { totalCount nodes { id kind channel attempts failure createdAt } } }";

fn with_mail(app: &TestApp, server: &Outside) -> Services {
    let url = format!("smtp://127.0.0.1:{}", server.port);
    let smtp = Smtp::new(&url, "Anju <no-reply@anju.example>", &Authorities::default()).unwrap();
    let channels = Channels::default().with(NotificationChannel::Email, Arc::new(smtp));
    Services { channels, ..app.services.clone() }
}

fn with_texts(app: &TestApp, gateway: &Outside) -> Services {
    let url = format!("http://127.0.0.1:{}/", gateway.port);
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let (clock, ids) = (Arc::clone(&app.services.clock), Arc::clone(&app.services.ids));
    let gateway = WebhookDelivery::new(&url, secret, clock, ids, &Authorities::default()).unwrap();
    let texts = Webhook::new(NotificationChannel::Sms, gateway);
    Services { channels: Channels::default().with(NotificationChannel::Sms, Arc::new(texts)), ..app.services.clone() }
}

pub async fn send(services: &Services) {
    jobs::work(services, Chore::Notifications).await.unwrap();
}

pub async fn statuses(app: &TestApp) -> Vec<DeliveryStatus> {
    let rows = notification_delivery::Entity::find().all(app.services.db.reader()).await.unwrap();
    rows.into_iter().map(|row| row.status).collect()
}

/// Somebody who gets mail.
async fn mailed(app: &TestApp, who: &str, more: Value) {
    let usual = json!({ "email": format!("{who}@example.com"), "language": "EN" });
    set(&app.as_whom(who).await, crate::harness::tickets::merged(usual, &more)).await;
}

both! {
    async fn a_mail_is_received_once_by_whom_it_concerns(app) {
        let server = Outside::mail_server().await;
        let second = app.another().await;
        let (one, other) = (with_mail(&app, &server), with_mail(&second, &server));
        mailed(&app, "zhang", json!({})).await;
        mailed(&app, "wang", json!({})).await;
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        for services in [&one, &other, &one] {
            send(services).await;
        }
        let mails = server.handed();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!((mails[0].line("to"), mails[0].line("subject")), ("zhang@example.com", "Your report was accepted"));
        assert!(mails[0].body.contains(ticket["number"].as_str().unwrap()), "{}", mails[0].body);
        assert!(mails[0].line("message-id").ends_with("@anju.example>"));
        assert_eq!(statuses(&app).await, [DeliveryStatus::Sent]);
    }

    async fn what_a_killed_server_had_in_hand_is_sent_by_the_next_and_received_once(app) {
        let server = Outside::mail_server().await;
        let second = app.another().await;
        let (one, other) = (with_mail(&app, &server), with_mail(&second, &server));
        mailed(&app, "zhang", json!({})).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::FallsSilent);
        let dying = tokio::spawn(async move { send(&one).await });
        until("it is half way", async || (server.silences() > 0).then_some(())).await;
        dying.abort();
        dying.await.unwrap_err();
        server.be(Mood::Takes);
        send(&other).await;
        assert_eq!(server.handed().len(), 0, "it may still be on its way");
        app.clock.advance(CLAIM + TimeDelta::seconds(1));
        send(&other).await;
        send(&other).await;
        assert_eq!(server.handed().len(), 1);
        assert_eq!(statuses(&app).await, [DeliveryStatus::Sent]);
    }

    async fn what_was_taken_without_a_word_comes_again_under_the_same_id(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        mailed(&app, "zhang", json!({})).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::BreaksOff);
        send(&services).await;
        server.be(Mood::Takes);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        let ids: BTreeSet<String> = server.handed().iter().map(|mail| mail.line("message-id").to_owned()).collect();
        assert_eq!((server.handed().len(), ids.len()), (2, 1), "the reader's own server can tell");
    }

    async fn two_servers_that_send_at_once_send_each_message_once(app) {
        let server = Outside::mail_server().await;
        let second = app.another().await;
        let (one, other) = (with_mail(&app, &server), with_mail(&second, &server));
        mailed(&app, "zhang", json!({})).await;
        mailed(&app, "wang", json!({})).await;
        for number in 0..20 {
            publish(&app, "YT", json!({ "title": format!("notice {number}") })).await;
        }
        tokio::join!(send(&one), send(&other));
        let mails = server.handed();
        let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.line("message-id")).collect();
        assert_eq!((mails.len(), ids.len()), (40, 40));
    }

    async fn a_server_that_is_busy_is_asked_again_later_and_given_up_after_a_day(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        mailed(&app, "zhang", json!({})).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::IsBusy);
        for attempt in 1..=MOST_ATTEMPTS {
            assert!(!statuses(&app).await.contains(&DeliveryStatus::Dead), "before attempt {attempt}");
            send(&services).await;
            send(&services).await;
            app.clock.advance(TimeDelta::hours(4) + TimeDelta::seconds(1));
        }
        let admin = app.staff("admin").await;
        let dead = admin.run(DEAD, json!({})).await["undeliveredNotifications"].clone();
        let node = &dead["nodes"][0];
        assert_eq!((&dead["totalCount"], &node["attempts"], &node["failure"]), (&json!(1), &json!(MOST_ATTEMPTS), &json!("UNAVAILABLE")));
        assert_eq!((&node["kind"], &node["channel"]), (&json!("TICKET_ACCEPTED"), &json!("EMAIL")));
        server.be(Mood::Takes);
        send(&services).await;
        assert_eq!(server.handed().len(), 0);
        let find = "query ($id: ID!) { node(id: $id) { id } }";
        assert_eq!(admin.run(find, json!({ "id": node["id"] })).await["node"]["id"], node["id"]);
        for who in ["zhang", "manager.a", "auditor", "supervisor"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.refused(DEAD, json!({})).await, "FORBIDDEN", "{who}");
            assert_eq!(client.run(find, json!({ "id": node["id"] })).await["node"], Value::Null, "{who}");
        }
    }

    async fn a_mailbox_that_does_not_exist_is_not_tried_again(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        mailed(&app, "zhang", json!({})).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::Refuses);
        send(&services).await;
        let dead = app.staff("admin").await.run(DEAD, json!({})).await;
        let node = &dead["undeliveredNotifications"]["nodes"][0];
        assert_eq!((&node["attempts"], &node["failure"]), (&json!(1), &json!("REFUSED")));
    }

    async fn what_was_read_or_may_not_be_seen_any_more_is_not_sent(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        for who in ["zhang", "ambassador.a"] {
            mailed(&app, who, json!({})).await;
        }
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::IsBusy);
        send(&services).await;
        let zhang = app.owner("zhang").await;
        let newest = inbox(&zhang).await[0]["cursor"].clone();
        mark(&zhang, json!({ "through": newest })).await;
        app.without_ambassador("YT-101").await;
        server.be(Mood::Takes);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        assert_eq!(server.handed().len(), 0);
        assert_eq!(statuses(&app).await, [DeliveryStatus::Dropped, DeliveryStatus::Dropped]);
    }

    async fn quiet_hours_hold_everything_back_but_an_emergency(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        mailed(&app, "wang", json!({ "quietHours": { "from": "22:00", "until": "08:00" } })).await;
        // 23:00 in Shanghai.
        app.clock.advance(TimeDelta::hours(14));
        publish(&app, "YT", json!({ "title": "fees" })).await;
        publish(&app, "YT", json!({ "title": "gas", "isEmergency": true })).await;
        send(&services).await;
        let subjects = || server.handed().iter().map(|mail| mail.line("subject").to_owned()).collect::<Vec<_>>();
        assert_eq!(subjects(), ["EMERGENCY: gas"]);
        app.clock.advance(TimeDelta::hours(9) - TimeDelta::seconds(1));
        send(&services).await;
        assert_eq!(subjects().len(), 1);
        app.clock.advance(TimeDelta::seconds(1));
        send(&services).await;
        assert_eq!(subjects(), ["EMERGENCY: gas", "fees"]);
    }

    async fn quiet_hours_hold_for_what_is_tried_again(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        mailed(&app, "wang", json!({ "quietHours": { "from": "22:00", "until": "08:00" } })).await;
        // Ten seconds before ten in the evening, in Shanghai.
        app.clock.advance(TimeDelta::hours(13) - TimeDelta::seconds(10));
        publish(&app, "YT", json!({ "title": "fees" })).await;
        server.be(Mood::IsBusy);
        send(&services).await;
        server.be(Mood::Takes);
        app.clock.advance(TimeDelta::hours(10) + TimeDelta::seconds(9));
        send(&services).await;
        assert_eq!(server.handed().len(), 0, "a second before eight");
        app.clock.advance(TimeDelta::seconds(1));
        send(&services).await;
        assert_eq!(server.handed().len(), 1);
    }

    async fn quiet_hours_hold_for_what_a_killed_server_leaves(app) {
        let server = Outside::mail_server().await;
        let second = app.another().await;
        let (one, other) = (with_mail(&app, &server), with_mail(&second, &server));
        mailed(&app, "wang", json!({ "quietHours": { "from": "22:00", "until": "08:00" } })).await;
        app.clock.advance(TimeDelta::hours(13) - TimeDelta::seconds(10));
        publish(&app, "YT", json!({ "title": "fees" })).await;
        server.be(Mood::FallsSilent);
        let dying = tokio::spawn(async move { send(&one).await });
        until("it is half way", async || (server.silences() > 0).then_some(())).await;
        dying.abort();
        dying.await.unwrap_err();
        server.be(Mood::Takes);
        app.clock.advance(CLAIM + TimeDelta::seconds(1));
        send(&other).await;
        let row = notification_delivery::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap();
        assert_eq!((server.handed().len(), row.attempts), (0, 1), "what was put off is no attempt");
        app.clock.advance(TimeDelta::hours(10));
        send(&other).await;
        assert_eq!(server.handed().len(), 1);
    }

    async fn a_text_message_goes_by_signed_webhook_to_those_who_want_it(app) {
        let gateway = Outside::gateway().await;
        let services = with_texts(&app, &gateway);
        let wish = json!({ "choices": [{ "kind": "TICKET_ACCEPTED", "channel": "SMS", "isWanted": true }] });
        set(&app.owner("zhang").await, wish).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        gateway.be(Mood::IsBusy);
        send(&services).await;
        gateway.be(Mood::Takes);
        app.clock.advance(TimeDelta::minutes(1));
        send(&services).await;
        send(&services).await;
        let handed = gateway.handed();
        assert_eq!(handed.len(), 1, "Li has not asked for it: {handed:?}");
        assert!(handed[0].line("webhook-id").starts_with("msg_") && handed[0].line("webhook-signature").starts_with("v1,"));
        let body: Value = serde_json::from_str(&handed[0].body).unwrap();
        assert_eq!(body["data"]["phone"], "19100000001");
        assert_eq!((&body["data"]["kind"], &body["data"]["title"]), (&json!("TICKET_ACCEPTED"), &json!("报事已受理")));
        publish(&app, "YT", json!({ "title": "燃气泄漏", "isEmergency": true })).await;
        send(&services).await;
        let phones: BTreeSet<String> = gateway.handed()[1..].iter().map(|text| {
            serde_json::from_str::<Value>(&text.body).unwrap()["data"]["phone"].as_str().unwrap().to_owned()
        }).collect();
        assert_eq!(phones.into_iter().collect::<Vec<_>>(), ["19100000001", "19100000002", "19100000003"]);
    }

    async fn a_person_who_is_erased_leaves_neither_messages_nor_settings(app) {
        let server = Outside::mail_server().await;
        let services = with_mail(&app, &server);
        mailed(&app, "zhang", json!({})).await;
        app.ticket_in(TicketStatus::Accepted, json!({})).await;
        server.be(Mood::IsBusy);
        send(&services).await;
        let id = app.world.owner("zhang");
        let conn = app.services.db.writer();
        let owner = entity::owner::Entity::find_by_id(id).one(conn).await.unwrap().unwrap();
        anju::store::erasure::forget_access(conn, &owner, app.services.now()).await.unwrap();
        assert_eq!(statuses(&app).await, []);
        assert_eq!(entity::notification_setting::Entity::find().all(conn).await.unwrap(), []);
    }
}
