//! Decoration partners, as administrators keep them and as the token endpoint knows them.

use entity::partner::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// The partners that exist for the viewer, the first known first; if so asked, those in use or those that are not.
pub fn list(viewer: &Viewer, is_active: Option<bool>) -> List<Entity> {
    let narrowed = Condition::all().add_option(is_active.map(|is_active| Column::IsActive.eq(is_active)));
    List::by_id(super::find::<Entity>(viewer).filter(narrowed), Column::Id, |row| row.id)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Makes changes of partners go one after the other. Everybody reads meanwhile. On SQLite the transaction itself does so.
pub async fn lock(tx: &Tx) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE partners IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// A partner that nobody changes before the transaction ends: for the token endpoint only.
pub async fn hold(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_shared().one(tx).await?)
}

/// Whether another partner has this name.
pub async fn is_named(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let same = Entity::find().filter(Column::Name.eq(&row.name)).filter(Column::Id.ne(row.id));
    Ok(same.one(conn).await?.is_some())
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    super::insert(Entity, tx, row).await
}

pub async fn update(tx: &Tx, row: Model) -> Result<()> {
    super::write_back(Entity, tx, row).await
}
