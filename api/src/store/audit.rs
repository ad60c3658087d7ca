//! The audit log: append-only.

mod export;

use chrono::{DateTime, Utc};
use entity::audit_entry::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use uuid::Uuid;

pub use export::{between, complete_up_to};

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// What is written down about an act.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub action: &'a str,
    pub object_type: &'a str,
    pub object_id: Option<Uuid>,
    pub details: Option<serde_json::Value>,
}

/// Writes down who did what. Details must hold no personal number.
pub async fn record(conn: &impl ConnectionTrait, viewer: &Viewer, act: Act<'_>) -> Result<()> {
    let row = Model {
        id: act.id,
        occurred_at: act.at,
        actor_kind: viewer.kind(),
        actor_id: viewer.id(),
        action: act.action.to_owned(),
        object_type: act.object_type.to_owned(),
        object_id: act.object_id,
        details: act.details,
        request_id: None,
    };
    super::insert(Entity, conn, row).await
}

/// Which entries a list shows.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub actor_id: Option<Uuid>,
    pub object_id: Option<Uuid>,
    pub action: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// Entries of the log, the newest first.
pub fn list(viewer: &Viewer, filter: AuditFilter) -> List<Entity> {
    let mut select = super::find::<Entity>(viewer);
    if let Some(id) = filter.actor_id {
        select = select.filter(Column::ActorId.eq(id));
    }
    if let Some(id) = filter.object_id {
        select = select.filter(Column::ObjectId.eq(id));
    }
    if let Some(action) = filter.action {
        select = select.filter(Column::Action.eq(action));
    }
    if let Some(from) = filter.from {
        select = select.filter(Column::OccurredAt.gte(from));
    }
    if let Some(to) = filter.to {
        select = select.filter(Column::OccurredAt.lt(to));
    }
    List::by_instant(select, (Column::OccurredAt, Column::Id), |entry| (entry.occurred_at, entry.id)).newest_first()
}
