//! Registered devices.

use chrono::{DateTime, Utc};
use entity::{
    device::{Column, Entity, Model},
    session,
    vocab::PrincipalKind,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store};

/// Registers a device. A push token belongs to one device: registering it again moves it to the new principal.
pub async fn upsert(conn: &impl ConnectionTrait, device: Model) -> Result<Model> {
    let on_conflict = OnConflict::columns([Column::Platform, Column::PushToken])
        .update_columns([
            Column::PrincipalKind,
            Column::PrincipalId,
            Column::Name,
            Column::UpdatedAt,
            Column::PushService,
            Column::P256dh,
            Column::AuthSecret,
            Column::SessionId,
        ])
        .to_owned();
    let row = device.into_active_model().reset_all();
    Ok(Entity::insert(row).on_conflict(on_conflict).exec_with_returning(conn).await?)
}

/// Forgets a person's devices but those that were registered last.
pub async fn keep_newest(conn: &impl ConnectionTrait, principal_id: Uuid, most: u64) -> Result<()> {
    let older: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PrincipalId.eq(principal_id))
        .order_by_desc(Column::UpdatedAt)
        .order_by_desc(Column::Id)
        .offset(most)
        .limit(most)
        .into_tuple()
        .all(conn)
        .await?;
    if !older.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(older)).exec(conn).await?;
    }
    Ok(())
}

/// The devices of these people that can be pushed to, the newest first: whoever signed out is not there any more.
pub async fn to_push(conn: &impl ConnectionTrait, people: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Model>> {
    let living = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::PrincipalId.is_in(people.iter().copied()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .into_query();
    let signed_in = Condition::any().add(Column::SessionId.is_null()).add(Column::SessionId.in_subquery(living));
    let rows = store::find::<Entity>(&Viewer::system())
        .filter(Column::PrincipalId.is_in(people.iter().copied()))
        .filter(Column::PushToken.is_not_null())
        .filter(signed_in);
    Ok(rows.order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id).all(conn).await?)
}

/// Forgets a device of a person, and nobody else's.
pub async fn forget_own(conn: &impl ConnectionTrait, (kind, person): (PrincipalKind, Uuid), id: Uuid) -> Result<()> {
    Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::PrincipalKind.eq(kind))
        .filter(Column::PrincipalId.eq(person))
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets a device that is gone, unless it has registered again meanwhile.
pub async fn forget(conn: &impl ConnectionTrait, device: &Model) -> Result<()> {
    Entity::delete_many()
        .filter(Column::Id.eq(device.id))
        .filter(Column::UpdatedAt.eq(device.updated_at))
        .exec(conn)
        .await?;
    Ok(())
}
