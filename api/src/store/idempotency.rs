//! Keys of calls that may be repeated: the first one does the work, the others get its result.

use chrono::{DateTime, Utc};
use entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::db::{Db, Tx};
use crate::error::Result;

/// Claims a key inside the caller's transaction. `None`: it is ours, go on. Otherwise what was stored under it.
/// A claim that another open transaction holds is waited for.
pub async fn claim(tx: &Tx, key: Model) -> Result<Option<Model>> {
    let (principal, name) = (key.principal_id, key.key.clone());
    let inserted = super::insert_new(Entity, tx, key, [Column::PrincipalId, Column::Key]).await?;
    if inserted { Ok(None) } else { by_key(tx, principal, &name).await }
}

/// What became of a call.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub result_id: Option<Uuid>,
    pub result_version: Option<i32>,
    pub refusal: Option<serde_json::Value>,
}

/// Remembers what became of the call, in the same transaction.
pub async fn complete(tx: &Tx, principal_id: Uuid, key: &str, outcome: Outcome) -> Result<()> {
    let row = ActiveModel {
        result_id: ActiveValue::Set(outcome.result_id),
        result_version: ActiveValue::Set(outcome.result_version),
        refusal: ActiveValue::Set(outcome.refusal),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .filter(Column::PrincipalId.eq(principal_id))
        .filter(Column::Key.eq(key))
        .exec(tx)
        .await?;
    Ok(())
}

/// What is known of a principal's call with a key.
pub async fn by_key(tx: &Tx, principal_id: Uuid, key: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((principal_id, key.to_owned())).one(tx).await?)
}

/// Forgets keys that no client repeats any more.
pub async fn forget_before(db: &Db, before: DateTime<Utc>) -> Result<u64> {
    Ok(Entity::delete_many().filter(worn_out(before)).exec(db.writer()).await?.rows_affected)
}

pub(super) fn worn_out(before: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::CreatedAt.lt(before))
}
