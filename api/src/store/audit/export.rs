//! The audit log in the order of its places, for an operator who ships it elsewhere: everything, and from a place on.
//!
//! A place is given when its entry is written, and an entry may be written earlier and committed later than another. So a
//! reader first waits until nobody is in the middle of writing, and takes the last place of that moment as its end: what
//! lies below is committed or will never be. New writers wait with it, for as long as the open ones need.

use entity::{audit_entry, audit_place};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{error::Result, store::db::Db};

#[derive(FromQueryResult)]
struct Last {
    last: Option<i64>,
}

/// The place up to which the log is complete; 0 when it is empty.
pub async fn complete_up_to(db: &Db) -> Result<i64> {
    let tx = db.begin().await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SET LOCAL lock_timeout = '10s'").await?;
        tx.execute_unprepared("LOCK TABLE audit_places IN SHARE MODE").await?;
    }
    let last = audit_place::Entity::find().select_only().column_as(audit_place::Column::Seq.max(), "last");
    let last = last.into_model::<Last>().one(&tx).await?;
    tx.rollback().await?;
    Ok(last.and_then(|row| row.last).unwrap_or(0))
}

/// Entries with their places, the oldest first.
pub async fn between(db: &Db, after: i64, up_to: i64, limit: u64) -> Result<Vec<(i64, audit_entry::Model)>> {
    let rows = audit_place::Entity::find()
        .find_also_related(audit_entry::Entity)
        .filter(audit_place::Column::Seq.gt(after))
        .filter(audit_place::Column::Seq.lte(up_to))
        .order_by_asc(audit_place::Column::Seq)
        .limit(limit)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().filter_map(|(place, entry)| Some((place.seq, entry?))).collect())
}
