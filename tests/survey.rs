//! Surveys through the front door: who is asked and when, what is answered and by whom, what results show, and what the
//! clock does to all of it.

mod answer;
mod cohort;
mod people;
mod result;
mod rights;
mod template;

use anju::{
    auth::viewer::{Principal, Viewer},
    graphql::id::Kind,
    service::{
        Services,
        survey::answer::{Reply, submit},
    },
};
use chrono::{DateTime, Utc};
use entity::{
    contract, survey_campaign, survey_invitation as invitation, survey_question as question,
    vocab::{ContractStatus, InvitationStatus, QuestionKind, SurveyKind},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{
    TestApp,
    world::{day, instant},
};

/// Nine in the morning of the first of December in Shanghai, when the surveys of November open.
pub fn opening() -> DateTime<Utc> {
    instant("2026-12-01T01:00:00Z")
}

/// Sets the clock and lets the jobs do what it brings.
pub async fn at(app: &TestApp, now: DateTime<Utc>) {
    app.clock.set(now);
    anju::jobs::run_surveys(&app.services).await.unwrap();
}

/// Adds a home with one owner of the same name, and a contract that was signed and handed over on these days.
pub async fn home(app: &mut TestApp, room: &str, place: (&str, &str), signed_on: &str, handed_over_on: Option<&str>) {
    let (project, ambassador) = place;
    let services = app.services.clone();
    let number = app.world.all().count();
    app.world.home(&services, room, project, &[(room, &format!("1930{number:07}"))], ambassador).await;
    let id = app.world.id(&format!("contract:{room}"));
    let row = contract::ActiveModel {
        signed_on: sea_orm::ActiveValue::Set(Some(day(signed_on))),
        handed_over_on: sea_orm::ActiveValue::Set(handed_over_on.map(day)),
        status: sea_orm::ActiveValue::Set(match handed_over_on {
            Some(_) => ContractStatus::HandedOver,
            None => ContractStatus::Signed,
        }),
        ..Default::default()
    };
    change::<contract::Entity>(&services, contract::Column::Id, id, row).await;
    let row = entity::unit::ActiveModel {
        handed_over_on: sea_orm::ActiveValue::Set(handed_over_on.map(day)),
        ..Default::default()
    };
    change::<entity::unit::Entity>(&services, entity::unit::Column::Id, app.world.unit(room), row).await;
}

/// Changes columns of a row.
pub async fn change<E>(services: &Services, key: E::Column, id: Uuid, row: E::ActiveModel)
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let done = E::update_many().set(row).filter(key.eq(id)).exec(services.db.writer()).await.unwrap();
    assert_eq!(done.rows_affected, 1);
}

/// The invitations of a kind, in the order of sending.
pub async fn invitations(app: &TestApp, kind: SurveyKind) -> Vec<invitation::Model> {
    let rows = invitation::Entity::find().filter(invitation::Column::Kind.eq(kind));
    rows.order_by_asc(invitation::Column::Id).all(app.services.db.reader()).await.unwrap()
}

/// Who was invited to a survey of a kind, by name.
pub async fn invited(app: &TestApp, kind: SurveyKind) -> Vec<String> {
    let name = |id: Option<Uuid>| {
        let found = app.world.all().find(|(name, known)| name.starts_with("owner:") && Some(*known) == id);
        found.unwrap().0.trim_start_matches("owner:").to_owned()
    };
    let mut names: Vec<String> = invitations(app, kind).await.into_iter().map(|row| name(row.owner_id)).collect();
    names.sort();
    names
}

pub async fn campaigns(app: &TestApp) -> Vec<survey_campaign::Model> {
    survey_campaign::Entity::find().all(app.services.db.reader()).await.unwrap()
}

/// The questions of the survey that an invitation is to.
pub async fn questions(app: &TestApp, campaign_id: Uuid) -> Vec<question::Model> {
    let conn = app.services.db.reader();
    let campaign = survey_campaign::Entity::find_by_id(campaign_id).one(conn).await.unwrap().unwrap();
    let rows = question::Entity::find().filter(question::Column::TemplateId.eq(campaign.template_id));
    rows.order_by_asc(question::Column::Position).all(conn).await.unwrap()
}

/// Answers to everything that must be answered, with one rating for all.
pub async fn answers(app: &TestApp, campaign_id: Uuid, rating: i32) -> Vec<(Uuid, Option<String>)> {
    let value = |row: &question::Model| match row.kind {
        QuestionKind::Rating => rating.to_string(),
        QuestionKind::Nps => (rating * 2).to_string(),
        QuestionKind::SingleChoice => "no".to_owned(),
        QuestionKind::MultipleChoice | QuestionKind::Text => panic!("{} is not required", row.prompt),
    };
    let required = questions(app, campaign_id).await.into_iter().filter(|row| row.is_required);
    required.map(|row| (row.id, Some(value(&row)))).collect()
}

/// The same as the API takes them.
pub fn as_input(answers: &[(Uuid, Option<String>)]) -> Value {
    let each = answers.iter();
    let each = each.map(|(id, value)| json!({ "questionId": Kind::SurveyQuestion.encode(*id), "value": value }));
    Value::Array(each.collect())
}

/// An owner hands the open survey of a kind in, with one rating for all questions.
pub async fn rate(app: &TestApp, owner: &str, kind: SurveyKind, rating: i32) {
    let owner_id = app.world.owner(owner);
    let mut all = invitations(app, kind).await.into_iter();
    let found = all.rfind(|row| row.owner_id == Some(owner_id) && row.status == InvitationStatus::Open);
    let found = found.unwrap_or_else(|| panic!("{owner} has no open survey"));
    let reply = Reply {
        invitation_id: found.id,
        answers: answers(app, found.campaign_id, rating).await,
        channel: None,
        idempotency_key: None,
    };
    submit(&app.services, &Viewer::of(Principal::Owner(owner_id)), reply).await.unwrap();
}
