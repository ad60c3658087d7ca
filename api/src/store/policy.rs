//! Deadline policies: a project's own row before the company's.

use entity::{
    deadline_policy::{Column, Entity, Model},
    vocab::{TicketKind, Urgency},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::NullOrdering};
use uuid::Uuid;

use crate::error::{Error, Result};

/// The row that holds for a kind and urgency in a project.
pub async fn deadline(
    conn: &impl ConnectionTrait,
    project_id: Uuid,
    kind: TicketKind,
    urgency: Urgency,
) -> Result<Model> {
    let of_project = Condition::any().add(Column::ProjectId.eq(project_id)).add(Column::ProjectId.is_null());
    Entity::find()
        .filter(of_project)
        .filter(Column::Kind.eq(kind))
        .filter(Column::Urgency.eq(urgency))
        .order_by_with_nulls(Column::ProjectId, sea_orm::Order::Asc, NullOrdering::Last)
        .one(conn)
        .await?
        .ok_or_else(|| Error::internal(format!("no deadline policy for {kind:?} {urgency:?}")))
}
