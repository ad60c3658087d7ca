//! What a project publishes, and what the departments say about it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    publication::{Column, Entity, Model},
    publication_review as review,
    vocab::{PublicationKind, PublicationStatus},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// Which publications a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicationFilter {
    pub project_id: Option<Uuid>,
    pub kind: Option<PublicationKind>,
    pub status: Option<PublicationStatus>,
}

/// The newest first.
pub fn list(viewer: &Viewer, filter: &PublicationFilter) -> List<Entity> {
    let mut rows = super::find::<Entity>(viewer);
    if let Some(id) = filter.project_id {
        rows = rows.filter(Column::ProjectId.eq(id));
    }
    if let Some(kind) = filter.kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    if let Some(status) = filter.status {
        rows = rows.filter(Column::Status.eq(status));
    }
    List::by_id(rows, Column::Id, |row| row.id).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    super::insert(Entity, conn, row).await
}

/// Writes a publication that still is the version and where the caller saw it. Answers whether it was.
pub async fn update(conn: &impl ConnectionTrait, row: Model, seen: &Model) -> Result<bool> {
    let unchanged =
        Condition::all().add(Column::ContentVersion.eq(seen.content_version)).add(Column::Status.eq(seen.status));
    super::write_back_if(Entity, conn, row, unchanged).await
}

/// Keeps everybody else from changing or publishing it until the transaction ends. Answers whether it still is where the
/// caller saw it.
pub async fn hold(conn: &impl ConnectionTrait, seen: &Model, now: DateTime<Utc>) -> Result<bool> {
    update(conn, Model { updated_at: now, ..seen.clone() }, seen).await
}

/// Writes down what a department says about a version, over what it said about it before.
pub async fn say(conn: &impl ConnectionTrait, row: review::Model) -> Result<()> {
    use review::Column;
    let later = OnConflict::columns([Column::PublicationId, Column::ContentVersion, Column::Department])
        .update_columns([Column::Verdict, Column::Comment, Column::ReviewerId, Column::ReviewedAt])
        .to_owned();
    review::Entity::insert(row.into_active_model().reset_all()).on_conflict(later).exec_without_returning(conn).await?;
    Ok(())
}

/// What the departments say about the present version.
pub async fn verdicts(conn: &impl ConnectionTrait, publication: &Model) -> Result<Vec<review::Model>> {
    let rows = review::Entity::find()
        .filter(review::Column::PublicationId.eq(publication.id))
        .filter(review::Column::ContentVersion.eq(publication.content_version))
        .all(conn)
        .await?;
    Ok(rows)
}

/// What was said about each of these publications, in all versions.
pub async fn reviews(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    publications: &[Uuid],
) -> Result<HashMap<Uuid, Vec<review::Model>>> {
    let rows = super::find::<review::Entity>(viewer)
        .filter(review::Column::PublicationId.is_in(publications.iter().copied()))
        .order_by_asc(review::Column::Id)
        .all(conn)
        .await?;
    Ok(super::grouped(rows, |row| row.publication_id))
}
