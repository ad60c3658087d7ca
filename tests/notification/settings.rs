//! How a person wants to be told.

use anju::store::vault::begin_data_rotation;
use entity::notification_setting;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client,
        mutation::{change, done},
    },
};

const SHOWN: &str = "settings { language quietHours { from until } maskedEmail choices { kind channel isWanted } }";
const SETTINGS: &str =
    "{ notificationSettings { language quietHours { from until } maskedEmail choices { kind channel isWanted } } }";

/// Changes somebody's settings; what holds now.
pub async fn set(client: &Client, input: Value) -> Value {
    done(change(client, "updateNotificationSettings", SHOWN, input).await)["settings"].clone()
}

fn is_on(settings: &Value, kind: &str, channel: &str) -> bool {
    let choices = settings["choices"].as_array().unwrap();
    let found = choices.iter().find(|choice| choice["kind"] == kind && choice["channel"] == channel);
    found.unwrap()["isWanted"].as_bool().unwrap()
}

both! {
    async fn what_is_said_holds_and_what_is_not_said_stays_as_it_was(app) {
        let zhang = app.owner("zhang").await;
        let before = zhang.run(SETTINGS, json!({})).await["notificationSettings"].clone();
        assert_eq!((&before["language"], &before["quietHours"], &before["maskedEmail"]), (&json!("ZH"), &Value::Null, &Value::Null));
        assert!(is_on(&before, "TICKET_ACCEPTED", "EMAIL") && !is_on(&before, "TICKET_ACCEPTED", "SMS"));
        let quiet = json!({ "from": "22:30", "until": "07:00" });
        set(&zhang, json!({ "email": " Zhang@Example.com ", "quietHours": quiet })).await;
        let choice = |is_on: bool| json!({ "kind": "TICKET_ACCEPTED", "channel": "SMS", "isWanted": is_on });
        set(&zhang, json!({ "language": "EN", "choices": [choice(false), choice(true)] })).await;
        let now = zhang.run(SETTINGS, json!({})).await["notificationSettings"].clone();
        assert_eq!((&now["language"], &now["quietHours"], &now["maskedEmail"]), (&json!("EN"), &quiet, &json!("Z***@example.com")));
        assert!(is_on(&now, "TICKET_ACCEPTED", "SMS"), "the last word holds");
        let none = set(&zhang, json!({ "email": "", "quietHours": { "from": "08:00", "until": "08:00" } })).await;
        assert_eq!((&none["maskedEmail"], &none["quietHours"]), (&Value::Null, &Value::Null));
        let li = app.owner("li").await.run(SETTINGS, json!({})).await["notificationSettings"].clone();
        assert_eq!(li, before, "another's settings are another's");
    }

    async fn an_address_that_is_none_and_an_hour_that_is_none_are_refused(app) {
        let zhang = app.owner("zhang").await;
        for (input, fault) in [
            (json!({ "email": "zhang" }), "INVALID email"),
            (json!({ "email": "a@example.com\r\nBcc: b@example.com" }), "INVALID email"),
            (json!({ "quietHours": { "from": "25:00", "until": "07:00" } }), "INVALID quietHours.from"),
            (json!({ "quietHours": { "from": "22:00", "until": "7" } }), "INVALID quietHours.until"),
        ] {
            let answer = change(&zhang, "updateNotificationSettings", "settings { language }", input.clone()).await;
            assert_eq!(answer.word(), fault, "{input}");
        }
    }

    async fn titles_are_in_the_persons_language(app) {
        let ticket = app.report(json!({})).await;
        app.act("agent.a", "acceptTicket", &ticket).await.ticket();
        let zhang = app.owner("zhang").await.reading(None);
        let title = "{ notifications { nodes { title } } }";
        let first = async || zhang.run(title, json!({})).await["notifications"]["nodes"][0]["title"].clone();
        assert_eq!(first().await, "报事已受理");
        set(&zhang, json!({ "language": "EN" })).await;
        assert_eq!(first().await, "Your report was accepted");
    }

    async fn an_address_is_kept_sealed_and_sealed_anew_with_the_keys(app) {
        set(&app.owner("zhang").await, json!({ "email": "zhang@example.com" })).await;
        let sealed = async || {
            let row = notification_setting::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap();
            row.email_sealed.unwrap()
        };
        let before = sealed().await;
        assert!(!before.windows(5).any(|part| part == b"zhang"));
        let services = &app.services;
        let rotation = begin_data_rotation(&services.db, &*services.clock, &services.ids, None).await.unwrap();
        let mut place = None;
        while let Some((last, _)) = rotation.reseal(&services.db, place, 2).await.unwrap() {
            place = Some(last);
        }
        assert_ne!(sealed().await[1], before[1], "another key has sealed it");
        assert!(rotation.finish(&services.db, &*services.clock, &services.ids).await.unwrap());
        services.vault.refresh(&services.db, services.now()).await.unwrap();
        let opened = services.vault.open_email(app.world.owner("zhang"), &sealed().await).unwrap();
        assert_eq!(opened, "zhang@example.com");
    }
}
