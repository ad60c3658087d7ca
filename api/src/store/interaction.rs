//! Contacts with customers, and which of them wait for the next one.

use chrono::{DateTime, Utc};
use entity::interaction::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// The contacts with a customer, the latest first.
pub fn of_owner(viewer: &Viewer, owner_id: Uuid) -> List<Entity> {
    let rows = super::find::<Entity>(viewer).filter(Column::OwnerId.eq(owner_id));
    List::by_instant(rows, (Column::OccurredAt, Column::Id), |row| (row.occurred_at, row.id)).newest_first()
}

/// Whose and where overdue follow-ups are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FollowUpFilter {
    pub staff_id: Option<Uuid>,
    pub project_id: Option<Uuid>,
}

/// The contacts whose follow-up was promised for an instant that has passed, the longest overdue first.
pub fn overdue(viewer: &Viewer, filter: FollowUpFilter, now: DateTime<Utc>) -> List<Entity> {
    let mut rows =
        super::find::<Entity>(viewer).filter(Column::FollowedUpAt.is_null()).filter(Column::NextFollowUpAt.lt(now));
    if let Some(id) = filter.staff_id {
        rows = rows.filter(Column::StaffId.eq(id));
    }
    if let Some(id) = filter.project_id {
        rows = rows.filter(Column::ProjectId.eq(id));
    }
    let place = |row: &Model| (row.next_follow_up_at.unwrap_or(row.occurred_at), row.id);
    List::by_instant(rows, (Column::NextFollowUpAt, Column::Id), place)
}

/// Writes down a contact. It is the follow-up that earlier ones with the customer in this project promised.
pub async fn add(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    let settled = ActiveModel { followed_up_at: ActiveValue::Set(Some(row.occurred_at)), ..Default::default() };
    Entity::update_many()
        .set(settled)
        .filter(Column::OwnerId.eq(row.owner_id))
        .filter(Column::ProjectId.eq(row.project_id))
        .filter(Column::FollowedUpAt.is_null())
        .filter(Column::NextFollowUpAt.is_not_null())
        .exec(conn)
        .await?;
    super::insert(Entity, conn, row).await
}
