//! Questionnaires in versions, and their questions.

use std::collections::HashMap;

use entity::{
    survey_question as question,
    survey_template::{ActiveModel, Column, Entity, Model},
    vocab::{SurveyKind, TemplateStatus},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, SqlErr,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store::list::List};

/// Which questionnaires a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TemplateFilter {
    pub kind: Option<SurveyKind>,
    pub status: Option<TemplateStatus>,
}

/// The versions of questionnaires, the newest first.
pub fn list(viewer: &Viewer, filter: &TemplateFilter) -> List<Entity> {
    let condition = Condition::all()
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.status.map(|status| Column::Status.eq(status)));
    List::by_id(crate::store::find::<Entity>(viewer).filter(condition), Column::Id, |row| row.id).newest_first()
}

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    crate::store::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    crate::store::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The version that new campaigns ask.
pub async fn active(conn: &impl ConnectionTrait, kind: SurveyKind) -> Result<Option<Model>> {
    let active = Condition::all().add(Column::Kind.eq(kind)).add(Column::Status.eq(TemplateStatus::Active));
    Ok(Entity::find().filter(active).one(conn).await?)
}

/// The number of the last version of a kind; 0 when there is none.
pub async fn last_version(conn: &impl ConnectionTrait, kind: SurveyKind) -> Result<i32> {
    let last = Entity::find().filter(Column::Kind.eq(kind)).order_by_desc(Column::Version).one(conn).await?;
    Ok(last.map_or(0, |row| row.version))
}

/// Adds a version with its questions; says whether the number was still free.
pub async fn insert(conn: &impl ConnectionTrait, template: Model, questions: Vec<question::Model>) -> Result<bool> {
    let inserted = Entity::insert(template.into_active_model().reset_all()).exec_without_returning(conn).await;
    if !is_first(inserted)? {
        return Ok(false);
    }
    insert_questions(conn, questions).await?;
    Ok(true)
}

async fn insert_questions(conn: &impl ConnectionTrait, questions: Vec<question::Model>) -> Result<()> {
    crate::store::insert_all(question::Entity, conn, questions).await
}

/// Whether a write was the first of those that a unique index lets through once.
fn is_first<T>(outcome: Result<T, DbErr>) -> Result<bool> {
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Replaces title and questions of a version that is not in use yet; says whether it was not.
pub async fn replace(
    conn: &impl ConnectionTrait,
    id: Uuid,
    title: String,
    questions: Vec<question::Model>,
) -> Result<bool> {
    let row = ActiveModel { title: ActiveValue::Set(title), ..Default::default() };
    let draft = Condition::all().add(Column::Id.eq(id)).add(Column::Status.eq(TemplateStatus::Draft));
    if Entity::update_many().set(row).filter(draft).exec(conn).await?.rows_affected == 0 {
        return Ok(false);
    }
    // Later questions point to earlier ones: the rules go first.
    let unruled = question::ActiveModel { show_if_question_id: ActiveValue::Set(None), ..Default::default() };
    let own = question::Column::TemplateId.eq(id);
    question::Entity::update_many().set(unruled).filter(own.clone()).exec(conn).await?;
    question::Entity::delete_many().filter(own).exec(conn).await?;
    insert_questions(conn, questions).await?;
    Ok(true)
}

/// Puts a version to use in the place of the present one; says whether it was a draft and nobody else did the same.
pub async fn activate(conn: &impl ConnectionTrait, template: &Model) -> Result<bool> {
    // Whoever comes second waits here, and then sees what the first one did.
    let of_kind = Entity::find().filter(Column::Kind.eq(template.kind)).order_by_asc(Column::Id);
    of_kind.lock_exclusive().all(conn).await?;
    let to = |status| ActiveModel { status: ActiveValue::Set(status), ..Default::default() };
    let present = Condition::all().add(Column::Kind.eq(template.kind)).add(Column::Status.eq(TemplateStatus::Active));
    Entity::update_many().set(to(TemplateStatus::Retired)).filter(present).exec(conn).await?;
    let draft = Condition::all().add(Column::Id.eq(template.id)).add(Column::Status.eq(TemplateStatus::Draft));
    match Entity::update_many().set(to(TemplateStatus::Active)).filter(draft).exec(conn).await {
        Ok(done) => Ok(done.rows_affected == 1),
        Err(error) => is_first(Err::<(), _>(error)),
    }
}

/// The visible questions of each of these questionnaires, in order.
pub async fn questions(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    templates: &[Uuid],
) -> Result<HashMap<Uuid, Vec<question::Model>>> {
    let rows = crate::store::find::<question::Entity>(viewer)
        .filter(question::Column::TemplateId.is_in(templates.iter().copied()))
        .order_by_asc(question::Column::TemplateId)
        .order_by_asc(question::Column::Position)
        .all(conn)
        .await?;
    let mut by_template: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        by_template.entry(row.template_id).or_default().push(row);
    }
    Ok(by_template)
}

/// The visible questions with these ids.
pub async fn questions_by_ids(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, question::Model>> {
    crate::store::by_ids::<question::Entity, Uuid>(conn, viewer, question::Column::Id, ids, |row| row.id).await
}
