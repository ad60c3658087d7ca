//! Potential customers: registered once, looked after by one sales agent, followed up in time; nothing of a life in
//! another project is told.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    owner, prospect,
    vocab::{Department, Role},
};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

const PROSPECT: &str = "prospect { id source salesAgent { id name } owner { id name phone stage units { totalCount }
    contracts { totalCount } stageHistory { nodes { fromStage toStage } } } }";
const OVERDUE: &str = "query($staff: ID, $project: ID) { overdueFollowUps(staffId: $staff, projectId: $project) {
    totalCount nodes { summary nextFollowUpAt owner { name } staff { id } } } }";

fn project(app: &TestApp, code: &str) -> String {
    Kind::Project.encode(app.world.id(&format!("project:{code}")))
}

fn staff(app: &TestApp, login: &str) -> String {
    Kind::Staff.encode(app.world.staff(login))
}

fn visitor(app: &TestApp, name: &str, phone: &str) -> Value {
    json!({ "projectId": project(app, "YT"), "name": name, "phone": phone, "source": "WALK_IN" })
}

async fn register(client: &Client, input: Value) -> Value {
    client.carry_out("registerProspect", PROSPECT, input).await["prospect"].clone()
}

/// A second sales agent of the first project.
async fn rival(app: &mut TestApp) -> Client {
    let services = app.services.clone();
    app.world.engage(&services, "sales.a2", Role::SalesAgent, Department::Sales, "YT").await;
    app.staff("sales.a2").await
}

/// Writes a contact down, with a follow-up so many hours ahead.
async fn contact(app: &TestApp, client: &Client, owner: &Value, summary: &str, hours: Option<i64>) -> Value {
    let at = hours.map(|hours| app.services.now() + TimeDelta::hours(hours));
    let input = json!({
        "ownerId": owner, "channel": "PHONE", "direction": "OUTBOUND", "summary": summary, "nextFollowUpAt": at,
    });
    client.carry_out("recordInteraction", "interaction { id followedUpAt }", input).await["interaction"].clone()
}

async fn overdue(client: &Client, variables: Value) -> Vec<String> {
    let list = client.run(OVERDUE, variables).await["overdueFollowUps"].clone();
    let found: Vec<String> =
        list["nodes"].as_array().unwrap().iter().map(|row| row["summary"].as_str().unwrap().to_owned()).collect();
    assert_eq!(list["totalCount"], found.len());
    found
}

both! {
    async fn t1_3_overdue_follow_ups_follow_the_clock(app) {
        let mut app = app;
        rival(&mut app).await;
        let agent = app.staff("sales.a").await;
        let sun = register(&agent, visitor(&app, "sun", "19100000031")).await["owner"]["id"].clone();
        let qian = register(&agent, visitor(&app, "qian", "19100000032")).await["owner"]["id"].clone();
        contact(&app, &agent, &sun, "看了样板间", Some(24)).await;
        contact(&app, &agent, &qian, "要价目表", Some(2)).await;
        assert!(overdue(&agent, json!({})).await.is_empty(), "nothing is late yet");
        app.pass(TimeDelta::hours(2)).await;
        let agent = app.staff("sales.a").await;
        assert!(overdue(&agent, json!({})).await.is_empty(), "on time to the instant is not late");
        app.pass(TimeDelta::seconds(1)).await;
        assert_eq!(overdue(&agent, json!({})).await, ["要价目表"]);
        app.pass(TimeDelta::hours(24)).await;
        let agent = app.staff("sales.a").await;
        assert_eq!(overdue(&agent, json!({})).await, ["要价目表", "看了样板间"], "the longest overdue first");
        let of_agent = json!({ "staff": staff(&app, "sales.a"), "project": project(&app, "YT") });
        assert_eq!(overdue(&app.staff("manager.a").await, of_agent).await.len(), 2);
        let of_rival = json!({ "staff": staff(&app, "sales.a2") });
        assert!(overdue(&app.staff("manager.a").await, of_rival).await.is_empty());
        assert!(overdue(&app.staff("sales.a2").await, json!({})).await.is_empty(), "a colleague's customers");
        assert!(overdue(&app.staff("agent.b").await, json!({})).await.is_empty(), "another project");

        contact(&app, &agent, &qian, "已发价目表", None).await;
        assert_eq!(overdue(&agent, json!({})).await, ["看了样板间"], "a later contact settles the earlier one");
        contact(&app, &agent, &sun, "再约", Some(1)).await;
        assert!(overdue(&agent, json!({})).await.is_empty());
        app.clock.advance(TimeDelta::minutes(61));
        let agent = app.staff("sales.a").await;
        assert_eq!(overdue(&agent, json!({})).await, ["再约"], "and promises another");
    }

    async fn t1_3_contacts_are_kept_per_customer(app) {
        let mut app = app;
        let rival = rival(&mut app).await;
        let agent = app.staff("sales.a").await;
        let prospect = register(&agent, visitor(&app, "sun", "19100000031")).await;
        let sun = prospect["owner"]["id"].clone();
        contact(&app, &agent, &sun, "第一次来访", None).await;
        app.clock.advance(TimeDelta::minutes(1));
        contact(&app, &agent, &sun, "来电咨询", None).await;
        let list = "query($id: ID!) { node(id: $id) { ... on Owner { interactions(first: 1) {
            totalCount pageInfo { hasNextPage } nodes { summary channel direction staff { id } } } } } }";
        let variables = json!({ "id": sun });
        for client in [&agent, &app.staff("manager.a").await, &app.staff("auditor").await] {
            let found = client.run(list, variables.clone()).await["node"]["interactions"].clone();
            assert_eq!((&found["totalCount"], &found["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
            assert_eq!(found["nodes"][0]["summary"], "来电咨询", "the latest first");
        }
        for stranger in [&rival, &app.staff("agent.b").await, &app.owner("zhang").await, &app.staff("admin").await] {
            assert_eq!(stranger.run(list, variables.clone()).await["node"], Value::Null);
        }
        let mut elsewhere = json!({ "ownerId": sun, "channel": "PHONE", "summary": "x", "projectId": project(&app, "HP") });
        assert_eq!(agent.faulty("recordInteraction", elsewhere.clone()).await, "NOT_FOUND projectId");
        elsewhere["projectId"] = json!(project(&app, "YT"));
        agent.carry_out("recordInteraction", "interaction { id }", elsewhere).await;
    }

    async fn t1_3_a_customer_is_registered_once_however_the_number_is_spelled(app) {
        let agent = app.staff("sales.a").await;
        let first = register(&agent, visitor(&app, "sun", "19100000031")).await;
        assert_eq!(first["owner"]["phone"], "191****0031");
        assert_eq!(first["owner"]["stage"], "PROSPECT");
        assert_eq!(first["owner"]["stageHistory"]["nodes"], json!([{ "fromStage": null, "toStage": "PROSPECT" }]));
        assert_eq!(first["salesAgent"]["id"], staff(&app, "sales.a"));
        for spelling in ["+86 191-0000-0031", "１９１００００００３１"] {
            assert_eq!(register(&agent, visitor(&app, "sun", spelling)).await["id"], first["id"]);
        }
        assert_eq!(prospect::Entity::find().count(app.services.db.reader()).await.unwrap(), 1);
        let list = "{ prospects { totalCount nodes { id } } }";
        for (client, expected) in [
            (app.staff("manager.a").await, 1), (app.staff("agent.a").await, 1), (app.staff("supervisor").await, 1),
            (app.staff("agent.b").await, 0),
        ] {
            assert_eq!(client.run(list, json!({})).await["prospects"]["totalCount"], expected);
        }
        for who in ["zhang", "partner-1", "ambassador.a", "technician.a", "admin"] {
            assert_eq!(app.as_whom(who).await.refused(list, json!({})).await, "FORBIDDEN", "{who}");
        }
    }

    async fn a_colleagues_customer_stays_the_colleagues_until_the_manager_says_otherwise(app) {
        let mut app = app;
        let rival = rival(&mut app).await;
        let (agent, manager) = (app.staff("sales.a").await, app.staff("manager.a").await);
        let sun = register(&agent, visitor(&app, "sun", "19100000031")).await;
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(rival.run(node, json!({ "id": sun["id"] })).await["node"], Value::Null);
        assert_eq!(rival.run(node, json!({ "id": sun["owner"]["id"] })).await["node"], Value::Null);
        assert_eq!(rival.faulty("registerProspect", visitor(&app, "sun", "19100000031")).await, "CONFLICT phone");
        assert_eq!(register(&manager, visitor(&app, "sun", "19100000031")).await["id"], sun["id"], "the manager sees it is there");

        let give = |to: &str| json!({ "prospectId": sun["id"], "salesAgentId": staff(&app, to) });
        assert_eq!(manager.faulty("assignProspect", give("agent.a")).await, "NOT_AVAILABLE salesAgentId");
        assert_eq!(manager.faulty("assignProspect", give("agent.b")).await, "NOT_FOUND salesAgentId");
        manager.carry_out("assignProspect", "prospect { id }", give("sales.a2")).await;
        assert_eq!(rival.run(node, json!({ "id": sun["id"] })).await["node"]["id"], sun["id"]);
        assert_eq!(agent.run(node, json!({ "id": sun["id"] })).await["node"], Value::Null, "not after that");

        let open = register(&manager, visitor(&app, "qian", "19100000032")).await;
        assert_eq!(open["salesAgent"], Value::Null);
        let taken = register(&agent, visitor(&app, "qian", "19100000032")).await;
        assert_eq!(taken["salesAgent"]["id"], staff(&app, "sales.a"), "nobody's yet: whoever receives the customer");
    }

    async fn a_customer_of_another_project_is_known_by_name_and_number_and_nothing_is_told(app) {
        let agent = app.staff("sales.a").await;
        // Zhao lives in the other project. With the right name it is Zhao, of whom nothing of that life shows.
        let known = register(&agent, visitor(&app, "zhao", "19100000004")).await;
        assert_eq!(known["owner"]["id"], Kind::Owner.encode(app.world.owner("zhao")));
        assert_eq!(known["owner"]["stage"], "PROSPECT", "not a resident, as far as this project knows");
        for list in ["units", "contracts"] {
            assert_eq!(known["owner"][list]["totalCount"], 0);
        }
        assert_eq!(known["owner"]["stageHistory"]["nodes"], json!([]));
        let away = json!({ "ownerId": known["owner"]["id"], "stage": "FORMER", "reason": "不再看房" });
        assert_eq!(agent.faulty("moveStage", away).await, "NOT_AVAILABLE ownerId");
        let at_home = app.staff("agent.b").await;
        let stage = "query($id: ID!) { node(id: $id) { ... on Owner { stage } } }";
        let stage = at_home.run(stage, json!({ "id": known["owner"]["id"] })).await["node"]["stage"].clone();
        assert_eq!(stage, "RESIDENT");
    }

    async fn a_number_with_another_name_does_not_tell_whose_it_is(app) {
        let agent = app.staff("sales.a").await;
        let other = register(&agent, visitor(&app, "路人", "19100000004")).await;
        assert_ne!(other["owner"]["id"], Kind::Owner.encode(app.world.owner("zhao")));
        assert_eq!((&other["owner"]["name"], &other["owner"]["phone"]), (&json!("路人"), &json!("191****0004")));
        let before = owner::Entity::find().count(app.services.db.reader()).await.unwrap();
        assert_eq!(register(&agent, visitor(&app, "路人", "19100000004")).await["id"], other["id"], "repeated");
        assert_eq!(owner::Entity::find().count(app.services.db.reader()).await.unwrap(), before);
        // Wang is this project's own: the agent knows the name anyway.
        let own = register(&agent, visitor(&app, "王女士", "19100000003")).await;
        assert_eq!(own["owner"]["name"], "wang");
        assert_eq!(own["owner"]["stage"], "RESIDENT");
    }

    async fn who_looks_at_homes_signs_in_reads_the_project_and_books_a_visit(app) {
        let agent = app.staff("sales.a").await;
        let prospect = register(&agent, visitor(&app, "sun", "19100000031")).await;
        let sun = app.newcomer(prospect["owner"]["id"].as_str().unwrap()).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Project { name disclosures { missing } } }
            viewer { ... on Owner { stage phone units { totalCount } interactions { totalCount } } }
            tickets { totalCount } publications { totalCount } }";
        let own = sun.run(document, json!({ "id": project(&app, "YT") })).await;
        assert_eq!(own["node"]["name"], "安居·云庭");
        assert_eq!(own["viewer"]["phone"], "19100000031");
        assert_eq!(own["viewer"]["stage"], "PROSPECT");
        for list in [&own["viewer"]["units"], &own["viewer"]["interactions"], &own["tickets"], &own["publications"]] {
            assert_eq!(list["totalCount"], 0);
        }
        assert_eq!(sun.run(document, json!({ "id": project(&app, "HP") })).await["node"], Value::Null);
        let visit = json!({ "projectId": project(&app, "YT"), "kind": "CONSULTATION", "scheduledAt": "2026-11-24T02:00:00Z" });
        let visit = sun.carry_out("bookAppointment", "appointment { id owner { name } }", visit).await;
        assert_eq!(visit["appointment"]["owner"]["name"], "sun");
        let seen = "query($id: ID!) { node(id: $id) { ... on Prospect { salesAgent { name workPhone } } } }";
        let seen = sun.run(seen, json!({ "id": prospect["id"] })).await["node"].clone();
        assert_eq!(seen["salesAgent"], json!({ "name": "员工6", "workPhone": null }), "who looks after oneself, by name");
    }

    async fn a_registration_that_makes_no_sense_is_refused(app) {
        let agent = app.staff("sales.a").await;
        let good = visitor(&app, "sun", "19100000031");
        for (field, value, answer) in [
            ("projectId", json!(project(&app, "HP")), "NOT_FOUND projectId"),
            ("name", json!(" "), "REQUIRED name"),
            ("phone", json!("12345"), "INVALID phone"),
            ("salesAgentId", json!(staff(&app, "manager.a")), "NOT_AVAILABLE salesAgentId"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            assert_eq!(agent.faulty("registerProspect", input).await, answer);
        }
        assert_eq!(prospect::Entity::find().count(app.services.db.reader()).await.unwrap(), 0);
    }

    async fn thirty_registrations_at_once_make_one_customer(app) {
        let other = app.another().await;
        let agent = app.staff("sales.a").await;
        let calls = (0..30).map(|turn| {
            let client = if turn % 2 == 0 { agent.clone() } else { agent.at(&other.url) };
            let input = visitor(&app, "sun", "19100000031");
            async move { register(&client, input).await["id"].clone() }
        });
        let ids = join_all(calls).await;
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(prospect::Entity::find().count(app.services.db.reader()).await.unwrap(), 1);
        assert_eq!(owner::Entity::find().count(app.services.db.reader()).await.unwrap(), 5, "four and the new one");
    }
}
