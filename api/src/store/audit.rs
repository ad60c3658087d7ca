//! The audit log: append-only.

use chrono::{DateTime, Utc};
use entity::audit_entry::{Entity, Model};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

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
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(conn).await?;
    Ok(())
}
