//! What the lists of surveys cost: the same for ten rows and for a hundred.

use chrono::TimeDelta;
use entity::{
    improvement_task as task, survey_answer as answer, survey_campaign as campaign, survey_cell as cell,
    survey_invitation as invitation, survey_question as question, survey_template as template,
    vocab::{Channel, Department, Dimension, InvitationStatus, QuestionKind, SurveyKind, TaskStatus, TemplateStatus},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{
    Engine, TestApp, TestOptions, postgres,
    world::{day, put},
};

const INVITATIONS: &str = "{ surveyInvitations(first: 100) { totalCount nodes { id status answers { value }
    survey { title questions { id prompt } } owner { name openSurveyCount } unit { code } interviewer { name } } } }";
const SURVEYS: &str = "{ surveys(first: 100) { totalCount nodes { title invitationCount responseCount project { name }
    template { title } questions { prompt } } } }";
const TEMPLATES: &str =
    "{ surveyTemplates(first: 100, filter: { status: RETIRED }) { totalCount nodes { title questions { prompt } } } }";
const TASKS: &str = "{ improvementTasks(first: 100) { totalCount nodes { title survey { title } project { name }
    completedBy { name } } } }";
const STATISTICS: &str = "{ surveyStatistics(groupBy: AMBASSADOR) { total { meanRating }
    groups { ambassador { name } result { invitationCount meanRating questions { mean } } } } }";

/// A list: who asks, where its rows are, and its budget.
const LISTS: &[(&str, &str, &str, u64)] = &[
    ("supervisor", INVITATIONS, "/surveyInvitations/nodes", 11),
    ("supervisor", SURVEYS, "/surveys/nodes", 8),
    ("supervisor", TEMPLATES, "/surveyTemplates/nodes", 5),
    ("supervisor", TASKS, "/improvementTasks/nodes", 7),
    ("supervisor", STATISTICS, "/surveyStatistics/groups", 8),
    ("manager.a", INVITATIONS, "/surveyInvitations/nodes", 11),
];

/// A retired questionnaire of one question with a survey of its own, an answered and an open invitation, a cell, a task.
async fn grow(app: &TestApp, number: i32) {
    let now = app.services.now();
    let id = || app.services.new_id(now);
    let (template_id, question_id, campaign_id, cell_id, ambassador_id) = (id(), id(), id(), id(), id());
    let project_id = app.world.id("project:YT");
    questionnaire(app, number, template_id, question_id).await;
    let row = campaign::Model {
        id: campaign_id,
        project_id,
        kind: SurveyKind::PropertyService,
        template_id,
        cohort: format!("cohort {number}"),
        cohort_month: Some(day("2026-11-01")),
        title: format!("调查{number}"),
        written: None,
        opened_at: now,
        expires_at: now + TimeDelta::days(14),
        closed_at: Some(now),
        gathered_on: None,
    };
    put::<campaign::Entity>(&app.services, row).await;
    ambassador(app, ambassador_id, number).await;
    let row = cell::Model {
        id: cell_id,
        project_id,
        kind: SurveyKind::PropertyService,
        first_month: day("2026-11-01"),
        last_month: day("2026-11-01"),
        ambassador_id: Some(ambassador_id),
        response_count: 5,
        sealed_at: now,
    };
    put::<cell::Entity>(&app.services, row).await;
    invite(app, campaign_id, (cell_id, ambassador_id), question_id).await;
    improvement(app, number, campaign_id, ambassador_id).await;
}

async fn questionnaire(app: &TestApp, number: i32, template_id: Uuid, question_id: Uuid) {
    let now = app.services.now();
    let row = template::Model {
        id: template_id,
        kind: SurveyKind::PropertyService,
        version: number + 2,
        title: format!("问卷{number}"),
        status: TemplateStatus::Retired,
        created_by: None,
        created_at: now,
    };
    put::<template::Entity>(&app.services, row).await;
    let row = question::Model {
        id: question_id,
        template_id,
        position: 1,
        kind: QuestionKind::Rating,
        dimension: Dimension::Attitude,
        prompt: "是否满意?".into(),
        is_required: true,
        options: None,
        show_if_question_id: None,
        show_if_equals: None,
    };
    put::<question::Entity>(&app.services, row).await;
}

async fn improvement(app: &TestApp, number: i32, campaign_id: Uuid, ambassador_id: Uuid) {
    let now = app.services.now();
    let row = task::Model {
        id: app.services.new_id(now),
        project_id: app.world.id("project:YT"),
        department: Department::PropertyCompany,
        campaign_id: Some(campaign_id),
        dimension: None,
        source_key: format!("task {number}"),
        title: "低于目标".into(),
        written: None,
        measured_basis_points: None,
        target_basis_points: None,
        due_on: day("2026-12-31"),
        status: TaskStatus::Done,
        measure: None,
        completed_by: Some(ambassador_id),
        completed_at: Some(now),
        created_at: now,
    };
    put::<task::Entity>(&app.services, row).await;
}

async fn ambassador(app: &TestApp, id: Uuid, number: i32) {
    let staff = entity::staff::Entity::find_by_id(app.world.staff("ambassador.a"));
    let row = staff.one(app.services.db.reader()).await.unwrap().unwrap();
    let name = format!("管家{number}");
    put::<entity::staff::Entity>(
        &app.services,
        entity::staff::Model { id, number: name.clone(), login: name.clone(), name, ..row },
    )
    .await;
}

async fn invite(app: &TestApp, campaign_id: Uuid, (cell_id, ambassador_id): (Uuid, Uuid), question_id: Uuid) {
    let now = app.services.now();
    for number in 0..6 {
        let invitation_id = app.services.new_id(now);
        let row = invitation::Model {
            id: invitation_id,
            campaign_id,
            project_id: app.world.id("project:YT"),
            kind: SurveyKind::PropertyService,
            cohort_month: Some(day("2026-11-01")),
            subject_id: Some(invitation_id),
            owner_id: Some(app.world.owner("zhang")),
            unit_id: Some(app.world.unit("YT-101")),
            ambassador_id: Some(ambassador_id),
            sales_agent_id: None,
            status: if number < 5 { InvitationStatus::Submitted } else { InvitationStatus::Open },
            invited_at: now,
            expires_at: now + TimeDelta::days(14),
            reminded_at: None,
            saved_at: Some(now),
            submitted_at: (number < 5).then_some(now),
            channel: Some(Channel::Phone),
            interviewer_id: Some(ambassador_id),
            cell_id: (number < 5).then_some(cell_id),
        };
        put::<invitation::Entity>(&app.services, row).await;
        let (id, value) = (app.services.new_id(now), "4".to_owned());
        let row = answer::Model { id, invitation_id, question_id, value, number: Some(4), answered_at: now };
        put::<answer::Entity>(&app.services, row).await;
    }
}

async fn measure(app: &TestApp, rows: usize) -> Vec<u64> {
    let mut counts = Vec::new();
    for (who, document, list, budget) in LISTS {
        let client = app.staff(who).await;
        let (answer, count) = app.statements(client.run(document, json!({}))).await;
        let length = answer.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        assert!(length >= rows, "{document} shows {length} rows");
        assert!(count <= *budget, "{document} took {count} statements, its budget is {budget}");
        counts.push(count);
    }
    counts
}

async fn lists_of_surveys_cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    for number in 0..5 {
        grow(&app, number).await;
    }
    let few = measure(&app, 5).await;
    for number in 5..40 {
        grow(&app, number).await;
    }
    assert_eq!(measure(&app, 40).await, few);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_surveys_cost_the_same_with_five_and_with_forty_rows_on_sqlite() {
    lists_of_surveys_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_surveys_cost_the_same_with_five_and_with_forty_rows_on_postgres() {
    if postgres::is_there() {
        lists_of_surveys_cost_the_same(Engine::Postgres).await;
    }
}
