//! Visits by appointment, and how long customers waited.

use chrono::{DateTime, Utc};
use entity::{
    appointment::{Column, Entity, Model},
    vocab::{AppointmentKind, AppointmentStatus},
};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// Which visits a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AppointmentFilter {
    pub project_id: Option<Uuid>,
    pub owner_id: Option<Uuid>,
    pub kind: Option<AppointmentKind>,
    pub status: Option<AppointmentStatus>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// The earliest first.
pub fn list(viewer: &Viewer, filter: &AppointmentFilter) -> List<Entity> {
    let mut rows = super::find::<Entity>(viewer);
    if let Some(id) = filter.project_id {
        rows = rows.filter(Column::ProjectId.eq(id));
    }
    if let Some(id) = filter.owner_id {
        rows = rows.filter(Column::OwnerId.eq(id));
    }
    if let Some(kind) = filter.kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    if let Some(status) = filter.status {
        rows = rows.filter(Column::Status.eq(status));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(Column::ScheduledAt.gte(from));
    }
    if let Some(to) = filter.to {
        rows = rows.filter(Column::ScheduledAt.lt(to));
    }
    List::by_instant(rows, (Column::ScheduledAt, Column::Id), |row| (row.scheduled_at, row.id))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    super::insert(Entity, conn, row).await
}

/// Writes a visit that still stands where it stood. Answers whether it did: of two at once, one wins.
pub async fn update(conn: &impl ConnectionTrait, row: Model, from: AppointmentStatus) -> Result<bool> {
    super::write_back_if(Entity, conn, row, Column::Status.eq(from)).await
}

/// Whose waits are measured: of a project, checked in from an instant on until another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub project_id: Uuid,
    pub kind: Option<AppointmentKind>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// When each customer checked in, and when somebody attended to them; none for those whom nobody did.
pub async fn waits(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    period: &Period,
) -> Result<Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>> {
    let mut rows = super::find::<Entity>(viewer)
        .select_only()
        .column(Column::CheckedInAt)
        .column(Column::StartedAt)
        .filter(Column::ProjectId.eq(period.project_id))
        .filter(Column::CheckedInAt.gte(period.from))
        .filter(Column::CheckedInAt.lt(period.to));
    if let Some(kind) = period.kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    Ok(rows.into_tuple().all(conn).await?)
}
