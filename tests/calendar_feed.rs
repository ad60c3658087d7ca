//! Schedules for calendar programs: what they hold for whom, what a program is told that has them already, and that a link
//! which was ended leads nowhere.

use chrono::TimeDelta;
use entity::{calendar_feed, vocab::OwnerStage};
use reqwest::{Method, StatusCode, header};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp, activities::written},
};

const MAKE: &str = "mutation ($input: CreateCalendarFeedInput!) { createCalendarFeed(input: $input) {
    calendarFeed { id name createdAt revokedAt } url userErrors { code field } } }";

/// Makes a link: its id and its address.
async fn link(client: &Client) -> (Value, String) {
    let made = client.run(MAKE, json!({ "input": { "name": "手机日历" } })).await["createCalendarFeed"].clone();
    assert_eq!(made["userErrors"], json!([]));
    (made["calendarFeed"]["id"].clone(), made["url"].as_str().unwrap().to_owned())
}

/// Reads an address as a calendar program does: without signing in.
async fn read(app: &TestApp, url: &str) -> (StatusCode, String) {
    let response = app.anonymous().request(Method::GET, url).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

/// The values of a property, in the order of the schedule.
fn values<'a>(file: &'a str, property: &str) -> Vec<&'a str> {
    let start = format!("{property}:");
    file.split("\r\n").filter_map(|line| line.strip_prefix(start.as_str())).collect()
}

async fn revoke(client: &Client, id: &Value) -> String {
    let answer =
        client.change("revokeCalendarFeed", "calendarFeed", "id revokedAt", json!({ "calendarFeedId": id })).await;
    answer.word().to_owned()
}

both! {
    async fn t5_2_an_owners_calendar_holds_what_the_owner_may_see(app) {
        let club = app.published("CLUB_EVENT", 1).await;
        let open_day = app.published("OPEN_DAY", 1).await;
        let zhang = app.owner("zhang").await;
        zhang.register(&club).await.object();
        let (_, url) = link(&zhang).await;
        let (status, file) = read(&app, &url).await;
        assert_eq!(status, StatusCode::OK);
        assert!(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && file.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(values(&file, "SUMMARY"), ["新房装修怎么省钱", "秋日亲子嘉年华", "秋日亲子嘉年华"], "no draft, no other project's");
        assert_eq!(values(&file, "STATUS"), ["TENTATIVE", "CONFIRMED", "TENTATIVE"], "where one has a seat");
        assert_eq!(values(&file, "DTSTART")[0], "20261126T010000Z");
        assert!(file.split("\r\n").all(|line| line.len() <= 75));

        app.owner("wang").await.register(&open_day).await.object();
        let agent = app.staff("agent.a").await;
        for activity in [&club, &open_day] {
            agent.activity("cancelActivity", json!({ "activityId": activity["id"], "reason": "雨" })).await.object();
        }
        let (_, file) = read(&app, &url).await;
        assert_eq!(values(&file, "STATUS"), ["TENTATIVE", "CANCELLED"], "what one meant to attend shows as called off");
    }

    async fn t5_2_a_partners_calendar_is_the_schedule(app) {
        app.published("CLUB_EVENT", 1).await;
        let (_, url) = link(&app.partner("partner-1").await).await;
        let (_, file) = read(&app, &url).await;
        assert_eq!(values(&file, "SUMMARY").len(), 2, "the published lectures of all projects, and no other event");
        assert_eq!(values(&file, "STATUS"), ["CONFIRMED", "CONFIRMED"]);
        app.database.execute("UPDATE partners SET is_active = false WHERE client_id = 'partner-1'").await;
        assert_eq!(read(&app, &url).await.0, StatusCode::NOT_FOUND, "who is put out reads nothing");
    }

    async fn t5_2_rights_are_those_of_the_moment_of_reading(app) {
        let (_, url) = link(&app.staff("agent.a").await).await;
        assert_eq!(values(&read(&app, &url).await.1, "SUMMARY").len(), 1, "published ones; a draft is no date yet");
        let hp = app.world.id("project:HP");
        let moved = entity::staff_project::Model { staff_id: app.world.staff("agent.a"), project_id: hp };
        crate::harness::world::put::<entity::staff_project::Entity>(&app.services, moved).await;
        assert_eq!(values(&read(&app, &url).await.1, "SUMMARY").len(), 2, "the new project's too");
        app.database.execute("UPDATE staff SET is_active = false WHERE login = 'agent.a'").await;
        assert_eq!(read(&app, &url).await, (StatusCode::NOT_FOUND, String::new()));
    }

    async fn t5_2_a_link_that_was_ended_leads_nowhere_like_one_that_never_was(app) {
        let zhang = app.owner("zhang").await;
        let ((id, url), (_, other)) = (link(&zhang).await, link(&zhang).await);
        assert_ne!(url, other);
        for who in ["li", "wang", "agent.a", "partner-1"] {
            assert_eq!(revoke(&app.as_whom(who).await, &id).await, "NOT_FOUND calendarFeedId", "{who}");
        }
        assert_eq!(read(&app, &url).await.0, StatusCode::OK);
        for _ in 0..2 {
            assert_eq!(revoke(&zhang, &id).await, "done", "safe to repeat");
        }
        assert_eq!(read(&app, &url).await, (StatusCode::NOT_FOUND, String::new()));
        assert_eq!(read(&app, &other).await.0, StatusCode::OK);
        let no_ending = other.trim_end_matches(".ics").to_owned();
        for unknown in ["/calendar/x.ics", "/calendar/.ics", "/calendar/%00.ics", no_ending.as_str()] {
            assert_eq!(read(&app, unknown).await, (StatusCode::NOT_FOUND, String::new()), "{unknown}");
        }
        let secret = no_ending.trim_start_matches("/calendar/");
        let rows = zhang.nodes("calendarFeeds", "", "name revokedAt").await;
        assert_eq!(rows[0], json!({ "name": "手机日历", "revokedAt": written(app.services.now()) }));
        assert_eq!(rows.len(), 2);
        let stored = calendar_feed::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert!(stored.iter().all(|row| !format!("{row:?}").contains(secret)), "the secret itself is nowhere");
    }

    async fn t5_2_nobody_has_more_than_ten_links(app) {
        let zhang = app.owner("zhang").await;
        let mut first = Value::Null;
        for _ in 0..10 {
            first = link(&zhang).await.0;
        }
        let eleventh = zhang.run(MAKE, json!({ "input": {} })).await["createCalendarFeed"].clone();
        assert_eq!((&eleventh["userErrors"][0]["code"], &eleventh["url"]), (&json!("NOT_AVAILABLE"), &Value::Null));
        revoke(&zhang, &first).await;
        link(&zhang).await;
    }

    async fn t5_2_a_program_that_has_the_schedule_is_told_so(app) {
        let lecture = app.published("LECTURE", 1).await;
        let owners = crate::activity::neighbours(&app, 1, OwnerStage::HandedOver).await;
        let (_, url) = link(&owners[0]).await;
        let get = |tag: Option<&str>| {
            let request = app.anonymous().request(Method::GET, &url);
            tag.map_or(request.try_clone().unwrap(), |tag| request.header(header::IF_NONE_MATCH, tag))
        };
        let first = get(None).send().await.unwrap();
        assert_eq!(first.headers()["content-type"], "text/calendar; charset=utf-8");
        assert_eq!(first.headers()["cache-control"], "private, no-cache");
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        app.clock.advance(TimeDelta::minutes(5));
        let again = get(Some(&tag)).send().await.unwrap();
        assert_eq!((again.status(), &again.headers()["etag"]), (StatusCode::NOT_MODIFIED, &header::HeaderValue::from_str(&tag).unwrap()));
        assert_eq!(again.text().await.unwrap(), "");
        owners[0].register(&lecture).await.object();
        let changed = get(Some(&tag)).send().await.unwrap();
        assert_eq!(changed.status(), StatusCode::OK);
        assert_ne!(changed.headers()["etag"].to_str().unwrap(), tag);
    }
}
