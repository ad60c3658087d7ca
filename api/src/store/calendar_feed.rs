//! Links under which calendar programs read a schedule. Of a link's secret only the hash is here.

use chrono::{DateTime, Utc};
use entity::{
    calendar_feed::{ActiveModel, Column, Entity, Model},
    owner, staff,
};
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// The viewer's own links, the first made first.
pub fn list(viewer: &Viewer) -> List<Entity> {
    List::by_id(super::find::<Entity>(viewer), Column::Id, |row| row.id)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// How many of the viewer's links work.
pub async fn working(conn: &impl ConnectionTrait, viewer: &Viewer) -> Result<u64> {
    Ok(super::find::<Entity>(viewer).filter(Column::RevokedAt.is_null()).count(conn).await?)
}

/// The working link with this secret: for reading a calendar only.
pub async fn by_token_hash(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    let working = Entity::find().filter(Column::TokenHash.eq(hash)).filter(Column::RevokedAt.is_null());
    Ok(working.one(conn).await?)
}

/// The owner behind a link: for reading a calendar only.
pub async fn owner(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<owner::Model>> {
    Ok(owner::Entity::find_by_id(id).one(conn).await?)
}

/// The member of staff behind a link: for reading a calendar only.
pub async fn staff(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<staff::Model>> {
    Ok(staff::Entity::find_by_id(id).one(conn).await?)
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    super::insert(Entity, tx, row).await
}

/// Ends every link of a principal who is gone.
pub async fn revoke_all(tx: &Tx, principal_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel { revoked_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let working = Entity::update_many().set(row).filter(Column::PrincipalId.eq(principal_id));
    working.filter(Column::RevokedAt.is_null()).exec(tx).await?;
    Ok(())
}

/// Ends a link of the viewer's own. One that has ended stays as it is.
pub async fn revoke(tx: &Tx, viewer: &Viewer, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    use crate::auth::scope::Scoped;
    let row = ActiveModel { revoked_at: ActiveValue::Set(Some(now)), ..Default::default() };
    Entity::update_many()
        .set(row)
        .filter(Entity::scope(viewer))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
