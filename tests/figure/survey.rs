//! The satisfaction index: from the answers of surveys, never so narrow that somebody's answer shows.

use anju::graphql::id::Kind;
use entity::{
    survey_answer, survey_campaign, survey_invitation, survey_question, survey_template,
    vocab::{Dimension, InvitationStatus, QuestionKind, SurveyKind, TemplateStatus},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{figure, items, sum};
use crate::{
    both,
    harness::{TestApp, world::put},
};

/// A survey of the first project with a question that is rated and one that is not.
struct Survey {
    kind: SurveyKind,
    campaign_id: Uuid,
    rated: Uuid,
    recommended: Uuid,
}

async fn survey(app: &TestApp, kind: SurveyKind) -> Survey {
    let (services, now) = (&app.services, app.services.now());
    let [template_id, campaign_id, rated, recommended] = [(); 4].map(|()| services.new_id(now));
    // Apart from those that the company has of its own.
    let version = 900;
    let row = survey_template::Model {
        id: template_id,
        kind,
        version,
        title: "回访".into(),
        status: TemplateStatus::Retired,
        created_by: None,
        created_at: now,
    };
    put::<survey_template::Entity>(services, row).await;
    for (position, id, kind) in [(0, rated, QuestionKind::Rating), (1, recommended, QuestionKind::Nps)] {
        let row = survey_question::Model {
            id,
            template_id,
            position,
            kind,
            dimension: Dimension::Attitude,
            prompt: "满意吗".into(),
            is_required: true,
            options: None,
            show_if_question_id: None,
            show_if_equals: None,
        };
        put::<survey_question::Entity>(services, row).await;
    }
    let row = survey_campaign::Model {
        id: campaign_id,
        project_id: app.world.id("project:YT"),
        kind,
        template_id,
        cohort: "2026-10".into(),
        cohort_month: None,
        title: "回访".into(),
        written: None,
        opened_at: now,
        expires_at: now,
        closed_at: None,
        gathered_on: None,
    };
    put::<survey_campaign::Entity>(services, row).await;
    Survey { kind, campaign_id, rated, recommended }
}

/// Somebody's survey, handed in or only begun.
async fn answer(app: &TestApp, survey: &Survey, rating: i32, ambassador: &str, is_handed_in: bool) {
    let (services, now) = (&app.services, app.services.now());
    let id = services.new_id(now);
    let status = if is_handed_in { InvitationStatus::Submitted } else { InvitationStatus::Open };
    let row = survey_invitation::Model {
        id,
        campaign_id: survey.campaign_id,
        project_id: app.world.id("project:YT"),
        kind: survey.kind,
        cohort_month: None,
        subject_id: Some(id),
        owner_id: None,
        unit_id: None,
        ambassador_id: Some(app.world.staff(ambassador)),
        sales_agent_id: Some(app.world.staff("sales.a")),
        status,
        invited_at: now,
        expires_at: now,
        reminded_at: None,
        submitted_at: is_handed_in.then_some(now),
        channel: None,
        interviewer_id: None,
        saved_at: None,
        cell_id: None,
    };
    put::<survey_invitation::Entity>(services, row).await;
    for (question_id, number) in [(survey.rated, rating), (survey.recommended, 10)] {
        let row = survey_answer::Model {
            id: services.new_id(now),
            invitation_id: id,
            question_id,
            value: number.to_string(),
            number: Some(number),
            answered_at: now,
        };
        put::<survey_answer::Entity>(services, row).await;
    }
}

async fn answers(app: &TestApp, survey: &Survey, ratings: &[i32], ambassador: &str) {
    for rating in ratings {
        answer(app, survey, *rating, ambassador, true).await;
    }
}

async fn index(app: &TestApp, more: Value) -> Value {
    figure(app, "SATISFACTION_INDEX", more).await
}

fn staff(app: &TestApp, login: &str) -> Value {
    json!({ "staffId": Kind::Staff.encode(app.world.staff(login)) })
}

both! {
    async fn s13_the_satisfaction_index_is_the_share_of_fours_and_fives_handed_in(app) {
        let handover = survey(&app, SurveyKind::Handover).await;
        answers(&app, &handover, &[5, 4, 3, 2, 4, 5], "ambassador.a").await;
        answer(&app, &handover, 1, "ambassador.a", false).await;
        let index = index(&app, json!({})).await;
        assert_eq!((&index["numerator"], &index["denominator"], &index["value"]), (&json!(4), &json!(6), &json!(66.66)));
        assert_eq!((&index["target"], &index["isMet"], &index["isSuppressed"]), (&json!(85), &json!(false), &json!(false)));
        let all = items(&app, "SATISFACTION_INDEX", None).await;
        assert_eq!((sum(&all, "numerator"), sum(&all, "denominator")), (4, 6));
        assert!(all.iter().all(|item| item["itemId"].is_null()), "an answer leads to nobody");
    }

    async fn s13_fewer_than_five_people_are_never_shown(app) {
        let handover = survey(&app, SurveyKind::Handover).await;
        answers(&app, &handover, &[5, 4, 3, 2], "ambassador.a").await;
        let hidden = index(&app, json!({})).await;
        for field in ["value", "numerator", "denominator", "isMet", "corrected"] {
            assert_eq!(hidden[field], Value::Null, "{field}");
        }
        assert_eq!(hidden["isSuppressed"], true);
        assert!(items(&app, "SATISFACTION_INDEX", None).await.is_empty());
    }

    async fn s13_a_small_group_does_not_show_through_its_neighbours(app) {
        let handover = survey(&app, SurveyKind::Handover).await;
        let sales = survey(&app, SurveyKind::Sales).await;
        answers(&app, &handover, &[5, 4, 3], "ambassador.a").await;
        answers(&app, &handover, &[5, 4, 3, 5, 5, 5], "ambassador.a2").await;
        answers(&app, &sales, &[5, 4, 3, 5, 5], "ambassador.a").await;
        assert_eq!(index(&app, json!({})).await["denominator"], 14);
        assert_eq!(index(&app, json!({ "department": "CUSTOMER_SERVICE" })).await["denominator"], 9);
        assert_eq!(index(&app, json!({ "department": "SALES" })).await["denominator"], 5);
        // Three is too few, and six would give three away.
        for who in ["ambassador.a", "ambassador.a2"] {
            assert_eq!(index(&app, staff(&app, who)).await["isSuppressed"], true, "{who}");
        }
        assert_eq!(index(&app, staff(&app, "sales.a")).await["denominator"], 5);
        let ranking = "query($project: ID) { staffRanking(key: SATISFACTION_INDEX, role: AMBASSADOR, projectId: $project) { rank figure { value } } }";
        let project = Kind::Project.encode(app.world.id("project:YT"));
        let data = app.staff("supervisor").await.run(ranking, json!({ "project": project })).await;
        let hidden = json!({ "rank": null, "figure": { "value": null } });
        assert_eq!(data["staffRanking"], json!([hidden, hidden]));
        answers(&app, &handover, &[1, 1, 1], "ambassador.a").await;
        assert_eq!(index(&app, staff(&app, "ambassador.a")).await["denominator"], 6, "six are enough for both");
    }
}
