//! Changing the stored keys: a new signing key in the place of the old ones, and another master key around all of them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    secret_key::{Column, Entity},
    vocab::KeyPurpose,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Condition, Expr},
};
use serde_json::{Value, json};

use super::{lock, make, name, open_key};
use crate::{
    auth::{
        secret::{SecretKey, wrap},
        token::{LEAD, LIFETIME},
        viewer::Viewer,
    },
    clock::{Clock, Ids},
    error::Result,
    store::{
        audit::{self, Act},
        db::{Db, Tx},
    },
};

/// How far the clocks of servers may lie apart: an old key verifies for so much longer than its last token lives.
const SLACK: TimeDelta = TimeDelta::minutes(1);

/// When a new signing key takes over.
#[derive(Clone, Copy, Debug)]
pub struct Rotated {
    pub signs_from: DateTime<Utc>,
    /// From then on the old keys are worth nothing.
    pub old_end_at: DateTime<Utc>,
}

/// Adds a signing key. The old ones sign until every server knows it, and verify until the last token of theirs has
/// expired; `at_once` revokes them now, for a key that somebody else has got hold of.
pub async fn rotate(
    db: &Db,
    clock: &dyn Clock,
    ids: &Ids,
    master: Option<&SecretKey>,
    at_once: bool,
) -> Result<Rotated> {
    let tx = db.begin().await?;
    lock(&tx).await?;
    let now = clock.now();
    let wait = if at_once { TimeDelta::zero() } else { LEAD };
    let old_end_at = if at_once { now } else { now + LEAD + LIFETIME + SLACK };
    let lasting = Condition::any().add(Column::RetiredAt.is_null()).add(Column::RetiredAt.gt(old_end_at));
    let lasting = Condition::all().add(Column::Purpose.eq(KeyPurpose::Signing)).add(lasting);
    // A wrong master key is found here, before a key is stored that no server could open.
    for row in Entity::find().filter(lasting.clone()).all(&tx).await? {
        open_key(&row, master)?;
    }
    let retire = Entity::update_many().col_expr(Column::RetiredAt, Expr::value(old_end_at));
    retire.filter(lasting).exec(&tx).await?;
    let row = make(KeyPurpose::Signing, clock, ids, master);
    crate::store::insert(Entity, &tx, row).await?;
    record(&tx, clock, ids, "ROTATE_KEYS", json!({ "atOnce": at_once })).await?;
    tx.commit().await?;
    Ok(Rotated { signs_from: now + wait, old_end_at })
}

/// Puts all stored keys, the old ones too, under a new master key. Returns how many. `old` is none where none was in use.
pub async fn rewrap(db: &Db, clock: &dyn Clock, ids: &Ids, old: Option<&SecretKey>, new: &SecretKey) -> Result<usize> {
    let tx = db.begin().await?;
    lock(&tx).await?;
    let rows = Entity::find().all(&tx).await?;
    let count = rows.len();
    for row in rows {
        let material = wrap(Some(new), name(row.purpose), &open_key(&row, old)?);
        let mut row = row.into_active_model();
        row.material = ActiveValue::Set(material);
        row.is_wrapped = ActiveValue::Set(true);
        row.update(&tx).await?;
    }
    record(&tx, clock, ids, "REWRAP_KEYS", json!({ "keys": count })).await?;
    tx.commit().await?;
    Ok(count)
}

/// Whoever supervises sees when keys were changed.
pub(super) async fn record(tx: &Tx, clock: &dyn Clock, ids: &Ids, action: &str, details: Value) -> Result<()> {
    let now = clock.now();
    let id = ids.new_id(now);
    let act = Act { id, at: now, action, object_type: "SecretKey", object_id: None, details: Some(details) };
    audit::record(tx, &Viewer::system(), act).await
}
