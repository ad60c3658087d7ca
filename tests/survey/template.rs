//! Questionnaires in versions.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{at, campaigns, change, home, opening, questions};
use crate::{both, harness::Client};

const CREATE: &str = "mutation ($input: CreateSurveyTemplateInput!) { createSurveyTemplate(input: $input) {
    template { id version status title questions { position kind prompt options { value label } showIf { equals } } }
    userErrors { code field message } } }";
const UPDATE: &str = "mutation ($input: UpdateSurveyTemplateInput!) { updateSurveyTemplate(input: $input) {
    template { id title questions { prompt } } userErrors { code field message } } }";
const ACTIVATE: &str = "mutation ($input: ActivateSurveyTemplateInput!) { activateSurveyTemplate(input: $input) {
    template { id status } userErrors { code field message } } }";
const LIST: &str = "query ($filter: SurveyTemplateFilter) { surveyTemplates(filter: $filter) {
    totalCount nodes { id version status } } }";

fn list() -> Value {
    json!([
        { "kind": "RATING", "dimension": "ATTITUDE", "prompt": "置业顾问是否热情?", "isRequired": true },
        { "kind": "SINGLE_CHOICE", "dimension": "CONTENT", "prompt": "有没有不满意?", "isRequired": true,
          "options": [{ "value": "yes", "label": "有" }, { "value": "no", "label": "没有" }] },
        { "kind": "TEXT", "dimension": "CONTENT", "prompt": "哪里不满意?", "isRequired": false,
          "showIf": { "position": 2, "equals": "yes" } },
    ])
}

async fn create(client: &Client) -> Value {
    let input = json!({ "kind": "SALES", "title": "销售回访", "questions": list() });
    client.run(CREATE, json!({ "input": input })).await["createSurveyTemplate"].clone()
}

async fn activate(client: &Client, template: &Value) -> Value {
    let input = json!({ "input": { "templateId": template["id"] } });
    client.run(ACTIVATE, input).await["activateSurveyTemplate"].clone()
}

both! {
    async fn a_new_version_takes_the_place_of_the_one_before(app) {
        let mut app = app;
        let supervisor = app.staff("supervisor").await;
        let made = create(&supervisor).await["template"].clone();
        assert_eq!((&made["version"], &made["status"]), (&json!(2), &json!("DRAFT")));
        assert_eq!(made["questions"][1]["options"][0], json!({ "value": "yes", "label": "有" }));
        assert_eq!(made["questions"][2]["showIf"], json!({ "equals": "yes" }));
        let input = json!({ "templateId": made["id"], "title": "销售回访(新)", "questions": list() });
        let changed = supervisor.run(UPDATE, json!({ "input": input })).await["updateSurveyTemplate"].clone();
        assert_eq!(changed["template"]["title"], "销售回访(新)");
        assert_eq!(activate(&supervisor, &made).await["template"]["status"], "ACTIVE");
        let sales = json!({ "filter": { "kind": "SALES" } });
        let versions = supervisor.run(LIST, sales).await["surveyTemplates"].clone();
        let statuses: Vec<_> = versions["nodes"].as_array().unwrap().iter().map(|it| (&it["version"], &it["status"])).collect();
        assert_eq!(statuses, [(&json!(2), &json!("ACTIVE")), (&json!(1), &json!("RETIRED"))]);
        home(&mut app, "buyer", ("YT", "ambassador.a"), "2026-11-20", None).await;
        at(&app, opening()).await;
        let campaign = campaigns(&app).await.into_iter().find(|row| row.title.contains("销售")).unwrap();
        assert_eq!(questions(&app, campaign.id).await.len(), 3, "the new version is asked");
    }

    async fn what_is_in_use_never_changes(app) {
        let supervisor = app.staff("supervisor").await;
        let made = create(&supervisor).await["template"].clone();
        activate(&supervisor, &made).await;
        let illegal = json!({ "code": "ILLEGAL_TRANSITION", "field": "templateId" });
        let input = json!({ "templateId": made["id"], "title": "改", "questions": list() });
        let refused = supervisor.run(UPDATE, json!({ "input": input })).await["updateSurveyTemplate"].clone();
        let again = activate(&supervisor, &made).await;
        for payload in [&refused, &again] {
            let error = &payload["userErrors"][0];
            assert_eq!(json!({ "code": error["code"], "field": error["field"] }), illegal);
        }
        let active = json!({ "filter": { "kind": "SALES", "status": "ACTIVE" } });
        let active = supervisor.run(LIST, active).await["surveyTemplates"].clone();
        assert_eq!(active["nodes"], json!([{ "id": made["id"], "version": 2, "status": "ACTIVE" }]), "a refusal retires nothing");
    }

    async fn an_unsound_questionnaire_is_refused(app) {
        let admin = app.staff("admin").await;
        for (path, value) in [
            ("/0/prompt", json!(" ")),
            ("/1/options", json!([])),
            ("/2/showIf/position", json!(3)),
            ("/2/showIf/equals", json!("maybe")),
        ] {
            let mut questions = list();
            *questions.pointer_mut(path).unwrap() = value;
            let input = json!({ "kind": "SALES", "title": "销售回访", "questions": questions });
            let answer = admin.run(CREATE, json!({ "input": input })).await["createSurveyTemplate"].clone();
            assert_eq!(answer["userErrors"][0]["field"], "questions", "{path}: {answer}");
        }
        assert_eq!(admin.run(LIST, json!({})).await["surveyTemplates"]["totalCount"], 5);
    }

    async fn of_two_versions_that_are_put_to_use_at_once_one_is(app) {
        let supervisor = app.staff("supervisor").await;
        let other = app.another().await;
        let (first, second) = (create(&supervisor).await["template"].clone(), create(&supervisor).await["template"].clone());
        let elsewhere = supervisor.at(&other.url);
        let calls = (0..6).map(|turn| {
            let (client, made) = if turn % 2 == 0 { (&supervisor, &first) } else { (&elsewhere, &second) };
            activate(client, made)
        });
        let done = join_all(calls).await.into_iter().filter(|payload| payload["template"].is_object()).count();
        assert!((1..=2).contains(&done), "each draft is put to use at most once");
        let active = json!({ "filter": { "kind": "SALES", "status": "ACTIVE" } });
        assert_eq!(supervisor.run(LIST, active).await["surveyTemplates"]["totalCount"], 1);
    }

    async fn only_the_group_and_administrators_make_questionnaires(app) {
        let input = json!({ "kind": "SALES", "title": "销售回访", "questions": list() });
        for who in ["manager.a", "agent.a", "auditor", "zhang", "partner-1"] {
            let refused = app.as_whom(who).await.refused(CREATE, json!({ "input": input })).await;
            assert_eq!(refused, "FORBIDDEN", "{who}");
        }
        let marketing = entity::staff::ActiveModel {
            department: sea_orm::ActiveValue::Set(entity::vocab::Department::GroupMarketing),
            ..Default::default()
        };
        let id = app.world.staff("supervisor");
        change::<entity::staff::Entity>(&app.services, entity::staff::Column::Id, id, marketing).await;
        let refused = app.staff("supervisor").await.refused(CREATE, json!({ "input": input })).await;
        assert_eq!(refused, "FORBIDDEN", "surveys are GROUP_PROPERTY's");
    }
}
