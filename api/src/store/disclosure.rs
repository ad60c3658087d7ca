//! What a project has on show, and where its show homes deviate.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    disclosure::{ActiveModel, Column, Entity, Model},
    show_home_deviation as deviation,
    vocab::DisclosureKind,
};
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result};

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// What each of these projects has on show, in the order of publication.
pub async fn of_projects(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let rows = super::find::<Entity>(viewer)
        .filter(Column::ProjectId.is_in(projects.iter().copied()))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    Ok(super::grouped(rows, |row| row.project_id))
}

/// Puts something on show; says whether it was, which it is not when somebody did the same at that moment.
pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<bool> {
    super::insert_new(Entity, conn, row, []).await
}

/// Takes down what a project shows of a kind.
pub async fn replace(
    conn: &impl ConnectionTrait,
    project_id: Uuid,
    kind: DisclosureKind,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel { withdrawn_at: ActiveValue::Set(Some(now)), ..Default::default() };
    Entity::update_many()
        .set(row)
        .filter(Column::ProjectId.eq(project_id))
        .filter(Column::Kind.eq(kind))
        .filter(Column::WithdrawnAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Takes one thing down; says whether it was up.
pub async fn withdraw(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel { withdrawn_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let taken = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id))
        .filter(Column::WithdrawnAt.is_null())
        .exec(conn)
        .await?;
    Ok(taken.rows_affected == 1)
}

pub async fn deviation(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<deviation::Model>> {
    super::by_id::<deviation::Entity>(conn, viewer, deviation::Column::Id, id).await
}

pub async fn insert_deviation(conn: &impl ConnectionTrait, row: deviation::Model) -> Result<()> {
    super::insert(deviation::Entity, conn, row).await
}

pub async fn set_notice(conn: &impl ConnectionTrait, deviation_id: Uuid, notice_id: Uuid) -> Result<()> {
    let row = deviation::ActiveModel { notice_id: ActiveValue::Set(Some(notice_id)), ..Default::default() };
    deviation::Entity::update_many().set(row).filter(deviation::Column::Id.eq(deviation_id)).exec(conn).await?;
    Ok(())
}

/// Where the show homes of each of these projects deviate.
pub async fn deviations(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<deviation::Model>>> {
    let rows = super::find::<deviation::Entity>(viewer)
        .filter(deviation::Column::ProjectId.is_in(projects.iter().copied()))
        .order_by_asc(deviation::Column::Id)
        .all(conn)
        .await?;
    Ok(super::grouped(rows, |row| row.project_id))
}

/// Notices by id, for the deviations that name them.
pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}
