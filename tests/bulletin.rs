//! Notices to owners: whom they reach, who reads them, who may publish them.

mod live;

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        documents::Documents,
        mutation::{change, done},
    },
};

const SHOWN: &str = "bulletin { id cursor kind title isEmergency deliveryCount readCount }";
const DELIVERIES: &str = "query ($id: ID!, $isRead: Boolean) { bulletinDeliveries(bulletinId: $id, isRead: $isRead) {
    totalCount nodes { id readAt owner { name } } } }";
const RECEIPTS: &str = "query ($id: ID!) { node(id: $id) { ... on Bulletin { title deliveryCount readCount
    project { code } building { name } unit { code } publishedBy { id } } } }";

/// A notice to a project, with whatever a test says beside.
pub fn notice(app: &TestApp, project: &str, more: Value) -> Value {
    let usual = json!({
        "projectId": Kind::Project.encode(app.world.id(&format!("project:{project}"))),
        "kind": "OUTAGE", "title": "停水通知", "body": "11月25日 9:00–12:00 停水。",
    });
    crate::harness::tickets::merged(usual, &more)
}

/// Publishes as an agent of the project; the bulletin.
pub async fn publish(app: &TestApp, project: &str, more: Value) -> Value {
    let agent = app.staff(if project == "YT" { "agent.a" } else { "agent.b" }).await;
    done(change(&agent, "publishBulletin", SHOWN, notice(app, project, more)).await)["bulletin"].clone()
}

/// The titles that an owner app shows, the newest first.
async fn titles(client: &Client) -> Vec<String> {
    let list = client.owner_app("Bulletins", json!({})).await;
    let nodes = list["bulletins"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

async fn unread(client: &Client) -> Value {
    client.run("{ viewer { ... on Owner { unreadBulletinCount } } }", json!({})).await["viewer"]["unreadBulletinCount"]
        .clone()
}

both! {
    async fn s3_a_bulletin_reaches_the_owners_of_its_area_and_nobody_else(app) {
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        let building = Kind::Building.encode(app.world.id("building:YT"));
        let whole = publish(&app, "YT", json!({ "title": "全体" })).await;
        let house = publish(&app, "YT", json!({ "title": "楼栋", "buildingId": building })).await;
        let home = publish(&app, "YT", json!({ "title": "一户", "unitId": unit })).await;
        publish(&app, "HP", json!({ "title": "湖畔" })).await;
        assert_eq!((&whole["deliveryCount"], &house["deliveryCount"], &home["deliveryCount"]), (&json!(3), &json!(3), &json!(2)));
        for (owner, expected) in [
            ("zhang", vec!["一户", "楼栋", "全体"]), ("li", vec!["一户", "楼栋", "全体"]),
            ("wang", vec!["楼栋", "全体"]), ("zhao", vec!["湖畔"]),
        ] {
            assert_eq!(titles(&app.owner(owner).await).await, expected, "{owner}");
        }
        let id = json!({ "id": home["id"] });
        for (who, sees) in [("wang", false), ("zhao", false), ("ambassador.a", true), ("ambassador.a2", false), ("agent.b", false), ("sales.a", true), ("technician.a", false), ("admin", false), ("auditor", true), ("partner-1", false)] {
            let found = app.as_whom(who).await.run("query ($id: ID!) { node(id: $id) { id } }", id.clone()).await;
            assert_eq!(!found["node"].is_null(), sees, "{who}");
        }
        for who in ["technician.a", "admin", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused("{ bulletins { totalCount } }", json!({})).await, "FORBIDDEN", "{who}");
        }
    }

    async fn s3_receipts_count_what_the_asker_may_see(app) {
        let whole = publish(&app, "YT", json!({})).await;
        let zhang = app.owner("zhang").await;
        zhang.done(Documents::owner(), "MarkBulletinRead", json!({ "bulletinId": whole["id"] })).await;
        let id = json!({ "id": whole["id"] });
        for (who, delivered, read) in [("manager.a", json!(3), json!(1)), ("ambassador.a", json!(2), json!(1)), ("ambassador.a2", json!(1), json!(0)), ("supervisor", json!(3), json!(1)), ("zhang", Value::Null, Value::Null)] {
            let node = app.as_whom(who).await.run(RECEIPTS, id.clone()).await["node"].clone();
            assert_eq!((&node["deliveryCount"], &node["readCount"]), (&delivered, &read), "{who}");
        }
        let unread = app.staff("manager.a").await.run(DELIVERIES, json!({ "id": whole["id"], "isRead": false })).await;
        let mut names: Vec<_> = unread["bulletinDeliveries"]["nodes"].as_array().unwrap().iter().map(|node| node["owner"]["name"].clone()).collect();
        names.sort_by_key(|name| name.as_str().unwrap().to_owned());
        assert_eq!(names, ["li", "wang"]);
        let elsewhere = app.staff("agent.b").await.run(DELIVERIES, json!({ "id": whole["id"] })).await;
        assert_eq!(elsewhere["bulletinDeliveries"]["totalCount"], 0);
        assert_eq!(zhang.refused(DELIVERIES, json!({ "id": whole["id"] })).await, "FORBIDDEN");
    }

    async fn s3_reading_counts_the_first_time(app) {
        let whole = publish(&app, "YT", json!({})).await;
        publish(&app, "YT", json!({ "title": "第二条" })).await;
        let zhang = app.owner("zhang").await;
        assert_eq!(unread(&zhang).await, 2);
        let mark = json!({ "bulletinId": whole["id"] });
        let first = zhang.done(Documents::owner(), "MarkBulletinRead", mark.clone()).await["readAt"].clone();
        assert!(first.is_string());
        app.clock.advance(TimeDelta::minutes(5));
        let again = zhang.done(Documents::owner(), "MarkBulletinRead", mark.clone()).await;
        assert_eq!(again["readAt"], first, "the first time counts");
        assert_eq!(unread(&zhang).await, 1);
        assert_eq!(unread(&app.owner("li").await).await, 2, "each reads for oneself");
        let list = zhang.run("{ bulletins(filter: { unread: true }) { totalCount nodes { title readAt } } }", json!({})).await;
        assert_eq!(list["bulletins"], json!({ "totalCount": 1, "nodes": [{ "title": "第二条", "readAt": null }] }));
        let fault = app.owner("zhao").await.fault(Documents::owner(), "MarkBulletinRead", mark.clone()).await;
        assert_eq!(fault, ("NOT_FOUND".into(), Some("bulletinId".into())));
        assert_eq!(change(&app.staff("agent.a").await, "markBulletinRead", "bulletin { id }", mark).await.word(), "error FORBIDDEN");
    }

    async fn s3_only_agents_and_managers_publish_and_only_in_their_projects(app) {
        let there = Kind::Building.encode(app.world.id("building:HP"));
        let unit = Kind::Unit.encode(app.world.unit("HP-101"));
        for (who, project, more, expected) in [
            ("agent.b", "YT", json!({}), "NOT_FOUND projectId"),
            ("manager.a", "HP", json!({}), "NOT_FOUND projectId"),
            ("manager.a", "YT", json!({ "buildingId": there }), "NOT_FOUND buildingId"),
            ("manager.a", "YT", json!({ "unitId": unit }), "NOT_FOUND unitId"),
            ("manager.a", "YT", json!({ "kind": "MILESTONE" }), "NOT_AVAILABLE kind"),
            ("manager.a", "YT", json!({ "kind": "WARRANTY" }), "NOT_AVAILABLE kind"),
            ("manager.a", "YT", json!({ "title": " " }), "REQUIRED title"),
            ("manager.a", "YT", json!({ "title": "a\nb" }), "INVALID title"),
            ("manager.a", "YT", json!({ "body": "字".repeat(4001) }), "TOO_LONG body"),
            ("zhang", "YT", json!({}), "error FORBIDDEN"),
            ("ambassador.a", "YT", json!({}), "error FORBIDDEN"),
            ("supervisor", "YT", json!({}), "error FORBIDDEN"),
            ("auditor", "YT", json!({}), "error FORBIDDEN"),
            ("admin", "YT", json!({}), "error FORBIDDEN"),
            ("partner-1", "YT", json!({}), "error FORBIDDEN"),
        ] {
            let client = app.as_whom(who).await;
            let answer = change(&client, "publishBulletin", SHOWN, notice(&app, project, more.clone())).await;
            assert_eq!(answer.word(), expected, "{who} in {project}: {more}");
        }
        let none = app.staff("auditor").await.run("{ bulletins { totalCount } }", json!({})).await;
        assert_eq!(none["bulletins"]["totalCount"], 0, "a refusal changes nothing");
    }

    async fn s3_a_repeated_publication_is_one_bulletin(app) {
        let input = notice(&app, "YT", json!({ "idempotencyKey": "once" }));
        let manager = app.staff("manager.a").await;
        let first = done(change(&manager, "publishBulletin", SHOWN, input.clone()).await);
        assert_eq!(done(change(&manager, "publishBulletin", SHOWN, input).await), first);
        let other = notice(&app, "YT", json!({ "idempotencyKey": "once", "title": "别的" }));
        assert_eq!(change(&manager, "publishBulletin", SHOWN, other).await.word(), "KEY_REUSED idempotencyKey");
        assert_eq!(titles(&app.owner("wang").await).await.len(), 1);
    }

    async fn s3_whoever_moves_in_finds_what_is_still_news_once(app) {
        let mut app = app;
        publish(&app, "YT", json!({ "title": "上个月", "kind": "FEES" })).await;
        app.clock.advance(TimeDelta::days(31));
        publish(&app, "YT", json!({ "title": "停电" })).await;
        publish(&app, "YT", json!({ "title": "险情", "kind": "EMERGENCY" })).await;
        publish(&app, "YT", json!({ "title": "别家的", "unitId": Kind::Unit.encode(app.world.unit("YT-101")) })).await;
        publish(&app, "HP", json!({ "title": "湖畔" })).await;
        let services = app.services.clone();
        app.world.home(&services, "YT-201", "YT", &[("sun", "19100000009")], "ambassador.a").await;
        let other = app.another().await;
        tokio::join!(app.run_jobs(), other.run_jobs());
        assert_eq!(titles(&app.owner("sun").await).await, ["停电"]);
        assert_eq!(anju::jobs::notify_missed(&app.services).await.unwrap(), 0);
    }

    async fn s3_the_list_is_paged_the_newest_first(app) {
        for number in 0..5 {
            publish(&app, "YT", json!({ "title": format!("第{number}条"), "kind": if number == 2 { "FEES" } else { "WORKS" } })).await;
        }
        let wang = app.owner("wang").await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = wang.owner_app("Bulletins", json!({ "first": 2, "after": after })).await["bulletins"].clone();
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false { break; }
        }
        assert_eq!(seen, ["第4条", "第3条", "第2条", "第1条", "第0条"]);
        let fees = wang.run("{ bulletins(filter: { kinds: [FEES] }) { totalCount nodes { title kind } } }", json!({})).await;
        assert_eq!(fees["bulletins"], json!({ "totalCount": 1, "nodes": [{ "title": "第2条", "kind": "FEES" }] }));
    }
}
