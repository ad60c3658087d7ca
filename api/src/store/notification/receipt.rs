//! Which devices have got a message: one that goes to several is tried again only where it has not arrived.

use chrono::{DateTime, Utc};
use entity::{
    notification_delivery as delivery,
    push_receipt::{Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict, SelectStatement},
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store};

/// How it ended at each device where it has ended.
pub async fn of(conn: &impl ConnectionTrait, delivery_id: Uuid) -> Result<Vec<Model>> {
    Ok(store::find::<Entity>(&Viewer::system()).filter(Column::DeliveryId.eq(delivery_id)).all(conn).await?)
}

/// Notes that a device has got a message, or will never take it. The first device that has got it is when the person was
/// reached.
pub async fn note(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    let reached = row.is_taken.then_some((row.delivery_id, row.created_at));
    let once = OnConflict::columns([Column::DeliveryId, Column::DeviceId]).do_nothing().to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(once).exec_without_returning(conn).await?;
    match reached {
        Some((delivery_id, at)) => note_reached(conn, delivery_id, at).await,
        None => Ok(()),
    }
}

async fn note_reached(conn: &impl ConnectionTrait, delivery_id: Uuid, at: DateTime<Utc>) -> Result<()> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::SentAt, Expr::value(at))
        .filter(delivery::Column::Id.eq(delivery_id))
        .filter(delivery::Column::SentAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes the receipts of these deliveries.
pub async fn forget(conn: &impl ConnectionTrait, deliveries: SelectStatement) -> Result<()> {
    Entity::delete_many().filter(Column::DeliveryId.in_subquery(deliveries)).exec(conn).await?;
    Ok(())
}
