//! Keys of calls that may be repeated: the first one does the work, the others get its result.

use chrono::{DateTime, Utc};
use entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::db::{Db, Tx};
use crate::error::Result;

/// Claims a key inside the caller's transaction. `None`: it is ours, go on. Otherwise what was stored under it.
/// A claim that another open transaction holds is waited for.
pub async fn claim(tx: &Tx, key: Model) -> Result<Option<Model>> {
    let (principal, name) = (key.principal_id, key.key.clone());
    let inserted = Entity::insert(key.into_active_model().reset_all())
        .on_conflict(OnConflict::columns([Column::PrincipalId, Column::Key]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx)
        .await?;
    match inserted {
        sea_orm::TryInsertResult::Inserted(1) => Ok(None),
        _ => Ok(Entity::find_by_id((principal, name)).one(tx).await?),
    }
}

/// Remembers what the call made, in the same transaction.
pub async fn complete(tx: &Tx, principal_id: Uuid, key: &str, result_id: Uuid) -> Result<()> {
    let row = ActiveModel { result_id: ActiveValue::Set(Some(result_id)), ..Default::default() };
    Entity::update_many()
        .set(row)
        .filter(Column::PrincipalId.eq(principal_id))
        .filter(Column::Key.eq(key))
        .exec(tx)
        .await?;
    Ok(())
}

/// Forgets keys that no client repeats any more.
pub async fn forget_before(db: &Db, before: DateTime<Utc>) -> Result<u64> {
    Ok(Entity::delete_many().filter(worn_out(before)).exec(db.writer()).await?.rows_affected)
}

pub(super) fn worn_out(before: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::CreatedAt.lt(before))
}
