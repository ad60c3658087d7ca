//! Incidents of safety, fire and equipment.

use chrono::{DateTime, Utc};
use entity::{
    incident::{ActiveModel, Column, Entity, Model},
    vocab::{IncidentKind, IncidentSeverity},
};
use sea_orm::{ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// Which incidents a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentFilter {
    pub project_id: Option<Uuid>,
    pub kind: Option<IncidentKind>,
    pub severity: Option<IncidentSeverity>,
    pub is_liable: Option<bool>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// The visible incidents, the latest first.
pub fn list(viewer: &Viewer, filter: &IncidentFilter) -> List<Entity> {
    let narrowed = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.severity.map(|severity| Column::Severity.eq(severity)))
        .add_option(filter.is_liable.map(|is_liable| Column::IsLiable.eq(is_liable)))
        .add_option(filter.from.map(|at| Column::OccurredAt.gte(at)))
        .add_option(filter.to.map(|at| Column::OccurredAt.lt(at)));
    let rows = super::find::<Entity>(viewer).filter(narrowed);
    List::by_instant(rows, (Column::OccurredAt, Column::Id), |row| (row.occurred_at, row.id)).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn add(conn: &impl ConnectionTrait, incident: Model) -> Result<()> {
    super::insert(Entity, conn, incident).await
}

/// Writes another judgement if it is still what the caller read; says whether it did.
pub async fn judge(
    conn: &impl ConnectionTrait,
    read: &Model,
    severity: IncidentSeverity,
    is_liable: bool,
) -> Result<bool> {
    let row = ActiveModel {
        severity: ActiveValue::Set(severity),
        is_liable: ActiveValue::Set(is_liable),
        ..Default::default()
    };
    let written = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(read.id))
        .filter(Column::Severity.eq(read.severity))
        .filter(Column::IsLiable.eq(read.is_liable))
        .exec(conn)
        .await?;
    Ok(written.rows_affected == 1)
}
