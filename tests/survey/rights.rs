//! Who does not see a survey, and who may not run one.

use anju::graphql::id::Kind;
use entity::vocab::SurveyKind;
use serde_json::{Value, json};

use super::{answers, as_input, at, home, invitations, opening};
use crate::{
    both,
    harness::{TestApp, documents::Documents},
};

const LIST: &str = "{ surveyInvitations { totalCount nodes { id answers { value } } } }";

async fn one_survey(app: &mut TestApp) -> (String, Value) {
    home(app, "buyer", ("YT", "ambassador.a"), "2026-11-20", None).await;
    at(app, opening()).await;
    let sent = invitations(app, SurveyKind::Sales).await.remove(0);
    let id = Kind::SurveyInvitation.encode(sent.id);
    let answers = as_input(&answers(app, sent.campaign_id, 2).await);
    let input = json!({ "invitationId": id, "answers": answers });
    (id, input)
}

both! {
    async fn a_survey_exists_for_the_customer_the_projects_staff_and_the_group(app) {
        let mut app = app;
        let (id, input) = one_survey(&mut app).await;
        app.owner("buyer").await.done(Documents::owner(), "SaveSurveyAnswers", input.clone()).await;
        for (who, invitations, answers) in [
            ("buyer", 1, true), ("zhang", 0, false), ("zhao", 0, false), ("agent.a", 1, false), ("agent.b", 0, false),
            ("sales.a", 1, false), ("manager.a", 1, false), ("supervisor", 1, true), ("auditor", 1, true),
        ] {
            let client = app.as_whom(who).await;
            let seen = client.run(LIST, json!({})).await["surveyInvitations"].clone();
            assert_eq!(seen["totalCount"], invitations, "{who}");
            assert_eq!(seen["nodes"][0]["answers"][0]["value"].is_string(), answers, "{who} reads what was said");
            let node = client.run("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(node["node"].is_object(), invitations == 1, "{who}");
        }
        for who in ["ambassador.a", "technician.a", "admin", "partner-1"] {
            let client = app.as_whom(who).await;
            assert_eq!(client.refused(LIST, json!({})).await, "FORBIDDEN", "{who}");
            let node = client.run("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(node["node"], Value::Null, "{who}");
        }
    }

    async fn a_survey_of_others_is_not_there_to_be_answered(app) {
        let mut app = app;
        let (_, input) = one_survey(&mut app).await;
        let mut by_phone = input.clone();
        by_phone["channel"] = json!("PHONE");
        for (who, input) in [("zhang", &input), ("li", &input), ("zhao", &input), ("agent.b", &by_phone)] {
            for operation in ["SaveSurveyAnswers", "SubmitSurvey"] {
                let fault = app.as_whom(who).await.fault(Documents::owner(), operation, input.clone()).await;
                assert_eq!(fault, ("NOT_FOUND".into(), Some("invitationId".into())), "{who}");
            }
        }
    }

    async fn a_department_sees_the_surveys_that_concern_it(app) {
        let mut app = app;
        home(&mut app, "moved in", ("YT", "ambassador.a"), "2024-05-01", Some("2026-11-20")).await;
        home(&mut app, "buyer", ("YT", "ambassador.a"), "2026-11-20", None).await;
        at(&app, opening()).await;
        let kinds = "{ surveyInvitations { nodes { survey { kind } } } surveys { nodes { kind } } }";
        let seen = app.staff("sales.a").await.run(kinds, json!({})).await;
        assert_eq!(seen["surveyInvitations"]["nodes"], json!([{ "survey": { "kind": "SALES" } }]));
        assert_eq!(seen["surveys"]["nodes"], json!([{ "kind": "SALES" }]));
        let seen = app.staff("agent.a").await.run(kinds, json!({})).await;
        assert_eq!(seen["surveyInvitations"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(seen["surveys"]["nodes"].as_array().unwrap().len(), 3);
    }

    async fn the_group_opens_a_survey_of_the_propertys_service_once_a_month(app) {
        let project_id = Kind::Project.encode(app.world.id("project:YT"));
        let open = "mutation ($input: OpenSurveyInput!) { openSurvey(input: $input) {
            survey { kind month invitationCount responseCount } userErrors { code field } } }";
        let input = |kind: &str| json!({ "input": { "projectId": project_id, "kind": kind } });
        let supervisor = app.staff("supervisor").await;
        let by_itself = supervisor.run(open, input("SALES")).await["openSurvey"].clone();
        assert_eq!(by_itself["userErrors"], json!([{ "code": "INVALID", "field": "kind" }]));
        let opened = supervisor.run(open, input("PROPERTY_SERVICE")).await["openSurvey"].clone();
        let expected = json!({ "kind": "PROPERTY_SERVICE", "month": "2026-11", "invitationCount": 2, "responseCount": 0 });
        assert_eq!(opened["survey"], expected);
        let again = supervisor.run(open, input("PROPERTY_SERVICE")).await["openSurvey"].clone();
        assert_eq!(again["userErrors"], json!([{ "code": "CONFLICT", "field": "projectId" }]));
        assert_eq!(invitations(&app, SurveyKind::PropertyService).await.len(), 2);
        assert_eq!(app.staff("manager.a").await.refused(open, input("PROPERTY_SERVICE")).await, "FORBIDDEN");
    }
}
