//! Registered devices.

use entity::device::{Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};

use crate::error::Result;

/// Registers a device. A push token belongs to one device: registering it again moves it to the new principal.
pub async fn upsert(conn: &impl ConnectionTrait, device: Model) -> Result<Model> {
    let on_conflict = OnConflict::columns([Column::Platform, Column::PushToken])
        .update_columns([Column::PrincipalKind, Column::PrincipalId, Column::Name, Column::UpdatedAt])
        .to_owned();
    let row = device.into_active_model().reset_all();
    Ok(Entity::insert(row).on_conflict(on_conflict).exec_with_returning(conn).await?)
}
