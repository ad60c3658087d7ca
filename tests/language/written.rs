//! What the house writes by itself, in each reader's language: notices, surveys, reasons. What people wrote stays as they
//! wrote it, and so does what an older server wrote.

use entity::{bulletin, owner_stage_change, survey_campaign};
use sea_orm::{ActiveValue, EntityTrait};
use serde_json::{Value, json};

use crate::{
    both,
    bulletin::publish,
    harness::{
        Client, TestApp,
        homes::{begun, call, done, step, tick_all, under_contract},
        mutation::change,
        socket::EventStream,
        until,
    },
};

const ENGLISH: Option<&str> = Some("en");

async fn reach(app: &TestApp, kind: &str, more: Value) {
    let input = json!({ "projectId": app.project("YT"), "kind": kind, "reachedOn": "2026-11-20" });
    let input = crate::harness::tickets::merged(input, &more);
    done(change(&app.staff("manager.a").await, "reachMilestone", "milestone { id }", input).await);
}

async fn latest(client: &Client) -> Value {
    let list = "{ bulletins(first: 1) { nodes { title body } } notifications(first: 1) { nodes { title body } } }";
    let data = client.run(list, json!({})).await;
    json!([data["bulletins"]["nodes"][0], data["notifications"]["nodes"][0]])
}

async fn reasons(client: &Client) -> Vec<Value> {
    let history = "{ viewer { ... on Owner { stageHistory(first: 20) { nodes { reason } } } } }";
    let data = client.run(history, json!({})).await;
    let nodes = data["viewer"]["stageHistory"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["reason"].clone()).collect()
}

async fn survey(client: &Client) -> Value {
    let list = "{ surveyInvitations(first: 1) { nodes { survey { title } } } }";
    client.run(list, json!({})).await["surveyInvitations"]["nodes"][0]["survey"]["title"].clone()
}

both! {
    async fn a_notice_of_the_house_is_read_in_each_readers_language(app) {
        let zhang = app.owner("zhang").await;
        let live = "subscription { bulletinPublished { title body } }";
        let mut streams = Vec::new();
        for wish in [None, ENGLISH] {
            streams.push(EventStream::open(&zhang.reading(wish), live, json!({})).await.unwrap());
        }
        until("both listen", async || (app.services.hub.subscribers() == streams.len()).then_some(())).await;
        reach(&app, "STRUCTURE_TOPPED_OUT", json!({ "note": "感谢支持" })).await;
        let chinese = json!({
            "title": "工程进展：主体结构封顶", "body": "尊敬的客户：安居·云庭已于2026年11月20日达成工程节点“主体结构封顶”，特此告知。\n感谢支持",
        });
        let english = json!({
            "title": "Construction progress: Structure topped out",
            "body": "Dear customer, on 20 November 2026 安居·云庭 reached the milestone “Structure topped out”.\n感谢支持",
        });
        for (at, (wish, expected)) in [(None, chinese), (ENGLISH, english)].into_iter().enumerate() {
            let seen = latest(&zhang.reading(wish)).await;
            assert_eq!(seen[0], expected);
            assert!(seen[1]["title"].as_str().unwrap().contains(expected["title"].as_str().unwrap()), "{}", seen[1]);
            assert_eq!(streams[at].next().await["bulletinPublished"], expected);
        }
    }

    async fn what_people_or_an_older_server_wrote_stays_as_it_was_written(app) {
        let zhang = app.owner("zhang").await;
        publish(&app, "YT", json!({ "title": "工程进展：主体结构封顶", "body": "房屋已交付" })).await;
        let typed = latest(&zhang.reading(ENGLISH)).await;
        assert_eq!(typed[0], json!({ "title": "工程进展：主体结构封顶", "body": "房屋已交付" }));
        reach(&app, "LANDSCAPE_FINISHED", json!({})).await;
        let db = app.services.db.writer();
        let stored = bulletin::Entity::find().all(db).await.unwrap().pop().unwrap();
        assert_eq!(stored.title, "工程进展：外围园林竣工", "a server that does not know better reads this");
        let older = bulletin::ActiveModel { written: ActiveValue::Set(None), ..Default::default() };
        bulletin::Entity::update_many().set(older).exec(db).await.unwrap();
        for wish in [None, ENGLISH] {
            assert_eq!(latest(&zhang.reading(wish)).await[0], json!({ "title": stored.title, "body": stored.body }));
        }
    }

    async fn surveys_are_called_in_each_readers_language(app) {
        let open = json!({ "projectId": app.project("YT"), "kind": "PROPERTY_SERVICE" });
        done(call(&app.staff("supervisor").await, "openSurvey", "survey { id }", open).await);
        let zhang = app.owner("zhang").await;
        for (wish, expected) in [
            (None, "2026年11月物业服务满意度调查"),
            (ENGLISH, "November 2026: satisfaction with property service"),
        ] {
            assert_eq!(survey(&zhang.reading(wish)).await, expected);
            let told = latest(&zhang.reading(wish)).await[1].to_string();
            assert!(told.contains(expected), "{told}");
        }
        let db = app.services.db.writer();
        let older = survey_campaign::ActiveModel { written: ActiveValue::Set(None), ..Default::default() };
        survey_campaign::Entity::update_many().set(older).exec(db).await.unwrap();
        assert_eq!(survey(&zhang.reading(ENGLISH)).await, "2026年11月物业服务满意度调查");
    }

    async fn reasons_of_the_house_are_read_in_each_readers_language_and_those_of_people_as_typed(app) {
        let mut app = app;
        let home = under_contract(&mut app, "YT-201", &[("chen", "19100000011")]).await;
        let handover = begun(&app, home).await;
        let agent = app.staff("agent.a").await;
        tick_all(&agent, &handover).await;
        done(step(&agent, "completeHandover", &handover, json!({})).await);
        let chen = app.owner("chen").await;
        let id = anju::graphql::id::Kind::Owner.encode(app.world.owner("chen"));
        // A person may well type what the house would say.
        let typed = json!({ "ownerId": id, "stage": "RENOVATING", "reason": "房屋已交付" });
        done(change(&chen, "moveStage", "owner { stage }", typed).await);
        for (wish, expected) in [(None, "房屋已交付"), (ENGLISH, "The home was handed over")] {
            assert_eq!(reasons(&chen.reading(wish)).await, [json!(expected), json!("房屋已交付")]);
        }
        let db = app.services.db.writer();
        let older = owner_stage_change::ActiveModel { written: ActiveValue::Set(None), ..Default::default() };
        owner_stage_change::Entity::update_many().set(older).exec(db).await.unwrap();
        assert_eq!(reasons(&chen.reading(ENGLISH)).await, ["房屋已交付"; 2]);
    }
}
