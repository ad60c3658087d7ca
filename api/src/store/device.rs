//! Registered devices.

use entity::device::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};

use crate::error::Result;

/// Registers a device. A push token belongs to one device: registering it again moves it to the new principal.
pub async fn upsert(conn: &impl ConnectionTrait, device: Model) -> Result<Model> {
    let on_conflict = OnConflict::columns([Column::Platform, Column::PushToken])
        .update_columns([Column::PrincipalKind, Column::PrincipalId, Column::Name, Column::UpdatedAt])
        .to_owned();
    let row = device.into_active_model().reset_all();
    Ok(Entity::insert(row).on_conflict(on_conflict).exec_with_returning(conn).await?)
}

/// Forgets the devices of a principal that ended its session on them.
pub async fn by_principal(conn: &impl ConnectionTrait, principal_id: uuid::Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::PrincipalId.eq(principal_id)).all(conn).await?)
}
