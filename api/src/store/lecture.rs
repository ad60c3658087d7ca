//! The schedule of lectures, which are activities of one kind, and the partners who give them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    activity::{Column, Entity, Model},
    partner,
    vocab::ActivityKind,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// From when to when, on the start of a lecture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

fn lectures(viewer: &Viewer) -> Select<Entity> {
    super::find::<Entity>(viewer).filter(Column::Kind.eq(ActivityKind::Lecture))
}

/// The schedule, the earliest first.
pub fn list(viewer: &Viewer, period: Period) -> List<Entity> {
    let select = lectures(viewer).filter(Column::StartsAt.gte(period.from)).filter(Column::StartsAt.lt(period.to));
    List::by_instant(select, (Column::StartsAt, Column::Id), |row| (row.starts_at, row.id))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    Ok(lectures(viewer).filter(Column::Id.eq(id)).one(conn).await?)
}

pub async fn partners(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, partner::Model>> {
    super::by_ids::<partner::Entity, Uuid>(conn, viewer, partner::Column::Id, ids, |row| row.id).await
}

/// The partner with this client id: for the token endpoint only.
pub async fn partner_by_client_id(conn: &impl ConnectionTrait, client_id: &str) -> Result<Option<partner::Model>> {
    Ok(partner::Entity::find().filter(partner::Column::ClientId.eq(client_id)).one(conn).await?)
}

/// The partner behind a session: for authentication only.
pub async fn partner_for_session(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<partner::Model>> {
    Ok(partner::Entity::find_by_id(id).one(conn).await?)
}
