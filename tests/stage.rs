//! Where owners stand: who may move them, what can't be jumped over, and the history of it.

use anju::graphql::id::Kind;
use entity::{owner, owner_stage_change, vocab::OwnerStage};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue, EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

const HISTORY: &str = "query($id: ID!) { node(id: $id) { ... on Owner { stage stageHistory {
    totalCount nodes { fromStage toStage reason occurredAt actor { __typename ... on Staff { id } ... on Owner { id } } } } } } }";

fn input(app: &TestApp, name: &str, stage: &str) -> Value {
    json!({ "ownerId": Kind::Owner.encode(app.world.owner(name)), "stage": stage, "reason": "业主告知" })
}

/// Puts an owner where a test begins.
async fn stand(app: &TestApp, name: &str, stage: OwnerStage) {
    let row = owner::Entity::find_by_id(app.world.owner(name)).one(app.services.db.reader()).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.stage = ActiveValue::Set(stage);
    row.update(app.services.db.writer()).await.unwrap();
}

async fn moved(client: &Client, input: Value) -> Value {
    client.carry_out("moveStage", "owner { stage }", input).await["owner"]["stage"].clone()
}

async fn refused(app: &TestApp, who: &str, input: Value) -> String {
    let document = "mutation($input: MoveStageInput!) { moveStage(input: $input) { userErrors { code } } }";
    app.as_whom(who).await.refused(document, json!({ "input": input })).await
}

both! {
    async fn s14_a_stage_change_has_a_history_of_who_when_and_why(app) {
        stand(&app, "zhang", OwnerStage::HandedOver).await;
        let butler = app.staff("ambassador.a").await;
        assert_eq!(moved(&butler, input(&app, "zhang", "RENOVATING")).await, "RENOVATING");
        app.clock.advance(chrono::TimeDelta::minutes(5));
        let zhang = app.owner("zhang").await;
        assert_eq!(moved(&zhang, input(&app, "zhang", "RESIDENT")).await, "RESIDENT");
        let id = json!({ "id": Kind::Owner.encode(app.world.owner("zhang")) });
        for client in [&zhang, &butler, &app.staff("manager.a").await, &app.staff("auditor").await] {
            let file = client.run(HISTORY, id.clone()).await["node"].clone();
            assert_eq!(file["stage"], "RESIDENT");
            assert_eq!(file["stageHistory"]["totalCount"], 2);
            let [first, second] = [0, 1].map(|at| file["stageHistory"]["nodes"][at].clone());
            assert_eq!((&first["fromStage"], &first["toStage"]), (&json!("HANDED_OVER"), &json!("RENOVATING")));
            assert_eq!(first["actor"]["id"], Kind::Staff.encode(app.world.staff("ambassador.a")));
            assert_eq!(first["reason"], "业主告知");
            assert_eq!(second["actor"], json!({ "__typename": "Owner", "id": id["id"] }));
        }
        for stranger in ["wang", "li", "agent.b", "ambassador.a2", "technician.a", "partner-1", "admin"] {
            assert_eq!(app.as_whom(stranger).await.run(HISTORY, id.clone()).await["node"], Value::Null, "{stranger}");
        }
    }

    async fn s14_an_illegal_jump_is_a_typed_error_and_changes_nothing(app) {
        let manager = app.staff("manager.a").await;
        for (from, to) in [
            (OwnerStage::Prospect, "RESIDENT"), (OwnerStage::Prospect, "HANDED_OVER"), (OwnerStage::Signed, "RENOVATING"),
            (OwnerStage::Resident, "PROSPECT"), (OwnerStage::Resident, "SIGNED"), (OwnerStage::Former, "RESIDENT"),
            (OwnerStage::Renovating, "RENOVATING"),
        ] {
            stand(&app, "zhang", from).await;
            let answer = manager.faulty("moveStage", input(&app, "zhang", to)).await;
            assert_eq!(answer, "ILLEGAL_TRANSITION stage", "{from:?} to {to}");
        }
        let changes = owner_stage_change::Entity::find().count(app.services.db.reader()).await.unwrap();
        assert_eq!(changes, 0);
    }

    async fn s14_facts_bear_a_stage_out(app) {
        let manager = app.staff("manager.a").await;
        // Zhang's home is handed over and Zhang still owns it.
        stand(&app, "zhang", OwnerStage::Resident).await;
        assert_eq!(manager.faulty("moveStage", input(&app, "zhang", "FORMER")).await, "NOT_AVAILABLE stage");
        stand(&app, "zhang", OwnerStage::Prospect).await;
        assert_eq!(moved(&manager, input(&app, "zhang", "SIGNED")).await, "SIGNED");
        assert_eq!(moved(&manager, input(&app, "zhang", "HANDED_OVER")).await, "HANDED_OVER");
        let project_id = Kind::Project.encode(app.world.id("project:YT"));
        let visitor = json!({ "projectId": project_id, "name": "sun", "phone": "19100000031", "source": "PHONE" });
        let agent = app.staff("sales.a").await;
        let payload = agent.carry_out("registerProspect", "prospect { owner { id } }", visitor).await;
        let sun = payload["prospect"]["owner"]["id"].clone();
        let to = |stage: &str| json!({ "ownerId": sun, "stage": stage, "reason": "不再看房" });
        assert_eq!(manager.faulty("moveStage", to("SIGNED")).await, "NOT_AVAILABLE stage", "who has signed nothing");
        assert_eq!(moved(&agent, to("FORMER")).await, "FORMER");
        let reasonless = json!({ "ownerId": sun, "stage": "SIGNED", "reason": " " });
        assert_eq!(manager.faulty("moveStage", reasonless).await, "REQUIRED reason");
    }

    async fn everybody_takes_the_steps_that_are_theirs(app) {
        stand(&app, "zhang", OwnerStage::Signed).await;
        for who in ["zhang", "ambassador.a", "sales.a"] {
            assert_eq!(refused(&app, who, input(&app, "zhang", "HANDED_OVER")).await, "FORBIDDEN", "{who}");
        }
        for who in ["technician.a", "supervisor", "auditor", "admin", "partner-1"] {
            assert_eq!(refused(&app, who, input(&app, "zhang", "HANDED_OVER")).await, "FORBIDDEN", "{who}");
        }
        for who in ["wang", "li", "ambassador.a2", "agent.b"] {
            let answer = app.as_whom(who).await.faulty("moveStage", input(&app, "zhang", "HANDED_OVER")).await;
            assert_eq!(answer, "NOT_FOUND ownerId", "{who}");
        }
        assert_eq!(moved(&app.staff("agent.a").await, input(&app, "zhang", "HANDED_OVER")).await, "HANDED_OVER");
    }

    async fn of_twenty_moves_at_once_one_is_made(app) {
        let other = app.another().await;
        stand(&app, "zhang", OwnerStage::HandedOver).await;
        let agent = app.staff("agent.a").await;
        let calls = (0..20).map(|turn| {
            let client = if turn % 2 == 0 { agent.clone() } else { agent.at(&other.url) };
            let input = input(&app, "zhang", "RENOVATING");
            async move { client.mutate("moveStage", "", input).await }
        });
        let answers = join_all(calls).await;
        assert_eq!(answers.iter().filter(|it| it["userErrors"] == json!([])).count(), 1, "{answers:#?}");
        assert_eq!(owner_stage_change::Entity::find().count(app.services.db.reader()).await.unwrap(), 1);
    }
}
