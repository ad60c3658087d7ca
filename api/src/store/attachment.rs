//! Pictures of tickets.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::attachment::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::{
    auth::{scope::on_tickets, viewer::Viewer},
    error::Result,
};

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The pictures of each of these tickets, the oldest first.
pub async fn of_tickets(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    tickets: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let visible = on_tickets(viewer, Column::TicketId, tickets);
    let rows = Entity::find().filter(visible).order_by_asc(Column::Id).all(conn).await?;
    let mut by_ticket: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in rows {
        if let Some(ticket) = row.ticket_id {
            by_ticket.entry(ticket).or_default().push(row);
        }
    }
    Ok(by_ticket)
}

pub async fn insert(conn: &impl ConnectionTrait, attachment: Model) -> Result<()> {
    super::insert(Entity, conn, attachment).await
}

/// Puts waiting pictures of the viewer's own on a ticket; says how many it found.
pub async fn claim(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid], ticket_id: Uuid) -> Result<u64> {
    let row = ActiveModel { ticket_id: ActiveValue::Set(Some(ticket_id)), ..Default::default() };
    let Some(uploader) = viewer.id() else { return Ok(0) };
    let claimed = Entity::update_many()
        .set(row)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::TicketId.is_null())
        .filter(Column::UploaderId.eq(uploader))
        .filter(Column::UploaderKind.eq(viewer.kind()))
        .exec(conn)
        .await?;
    Ok(claimed.rows_affected)
}

/// Pictures that no ticket took before `created_before`.
pub async fn abandoned(conn: &impl ConnectionTrait, created_before: DateTime<Utc>, limit: u64) -> Result<Vec<Model>> {
    Ok(untaken(created_before).order_by_asc(Column::CreatedAt).limit(limit).all(conn).await?)
}

pub(super) fn untaken(created_before: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Column::TicketId.is_null()).filter(Column::CreatedAt.lt(created_before))
}

/// Deletes a picture's row if still no ticket took it; says whether it did.
pub async fn delete_abandoned(conn: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let gone = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::TicketId.is_null()).exec(conn).await?;
    Ok(gone.rows_affected == 1)
}
