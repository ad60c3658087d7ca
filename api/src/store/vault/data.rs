//! Another key for the numbers that are kept sealed: made, waited for, and put in the place of the old one, row after row,
//! while servers run. It may be stopped at any point and goes on when it is begun again.
//!
//! 1. The new key is stored. Servers look for changed keys all the time, and from then on open with it.
//! 2. After [`LEAD`] it seals, on every server by itself, so that no value is ever sealed with a key that a server which
//!    reads it does not have.
//! 3. What the old keys have sealed is sealed anew, in batches, each row only if nobody has changed it meanwhile.
//! 4. When no row uses them any more, the old keys are retired: servers let them go. They stay in the table, because the
//!    numbers of the keys after them count them, and because a row may come back that was on its way all the while.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    notification_setting as setting, owner,
    secret_key::{Column, Entity, Model},
    vocab::KeyPurpose,
    webhook_endpoint as endpoint,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    email_of, identity_of, lock, make, numbered, open_key, opened, phone_of, rotation::record, webhook_secret_of,
};
use crate::{
    auth::{
        secret::{Place, Sealer, SecretKey},
        token::LEAD,
    },
    clock::{Clock, Ids},
    error::{Error, Result},
    store::db::{Db, Tx},
};

/// How much longer than [`LEAD`] it is waited: servers look for keys every few seconds.
const SLACK: TimeDelta = TimeDelta::seconds(30);

/// A rotation that is under way.
pub struct DataRotation {
    /// The number of the new key.
    pub number: u8,
    /// Whether it was begun before.
    pub goes_on: bool,
    /// From then on no server seals with another key.
    pub ready_at: DateTime<Utc>,
    sealer: Sealer,
}

/// Begins a rotation, or goes on with the one that is under way.
pub async fn begin_data_rotation(
    db: &Db,
    clock: &dyn Clock,
    ids: &Ids,
    master: Option<&SecretKey>,
) -> Result<DataRotation> {
    let tx = db.begin().await?;
    lock(&tx).await?;
    let mut rows = Entity::find().filter(Column::Purpose.eq(KeyPurpose::Encryption)).all(&tx).await?;
    // A wrong master key is found here, before a key is stored that no server could open.
    for row in &rows {
        open_key(row, master)?;
    }
    let goes_on = is_under_way(&tx, &rows).await?;
    if !goes_on {
        let row = next(&rows, clock, ids, master);
        crate::store::insert(Entity, &tx, row.clone()).await?;
        record(&tx, clock, ids, "ROTATE_DATA_KEY", json!({ "keys": rows.len() + 1 })).await?;
        rows.push(row);
    }
    tx.commit().await?;
    let keys = numbered(&rows)?;
    let (number, newest) = *keys.last().ok_or_else(|| Error::internal("there is no key to seal with"))?;
    let sealer = Sealer::new(opened(&keys, master)?).map_err(Error::internal)?;
    Ok(DataRotation { number, goes_on, ready_at: newest.created_at + LEAD + SLACK, sealer })
}

/// Whether there is more than one living key, or a row that a retired one has sealed.
async fn is_under_way(tx: &Tx, rows: &[Model]) -> Result<bool> {
    let Some((newest, _)) = numbered(rows)?.last().copied() else { return Ok(false) };
    let living = rows.iter().filter(|row| row.retired_at.is_none()).count();
    Ok(living > 1 || uses_another(tx, newest).await?)
}

/// Made later than all others, whatever the clock says: keys are numbered by their age.
fn next(rows: &[Model], clock: &dyn Clock, ids: &Ids, master: Option<&SecretKey>) -> Model {
    let mut row = make(KeyPurpose::Encryption, clock, ids, master);
    let newest = rows.iter().map(|row| row.created_at).max();
    if let Some(newest) = newest.filter(|newest| row.created_at <= *newest) {
        row.created_at = newest + TimeDelta::microseconds(1);
    }
    row
}

/// What was sealed with another key: the second byte is the key's number.
fn is_stale(column: impl ColumnTrait, number: u8) -> SimpleExpr {
    let sealed_with = Func::cust("substr").args([Expr::col(column), Expr::val(2), Expr::val(1)]);
    Expr::from(sealed_with).ne(vec![number])
}

fn stale(number: u8) -> Condition {
    let columns = [owner::Column::PhoneSealed, owner::Column::IdentitySealed];
    columns.into_iter().fold(Condition::any(), |any, column| any.add(is_stale(column, number)))
}

/// A column of sealed values beside those of the owners, by the ids of its rows.
struct Beside<E: EntityTrait> {
    id: E::Column,
    sealed: E::Column,
    place: fn(Uuid) -> Place<'static>,
}

const ADDRESSES: Beside<setting::Entity> =
    Beside { id: setting::Column::PrincipalId, sealed: setting::Column::EmailSealed, place: email_of };
const SECRETS: Beside<endpoint::Entity> =
    Beside { id: endpoint::Column::Id, sealed: endpoint::Column::SecretSealed, place: webhook_secret_of };
const OLD_SECRETS: Beside<endpoint::Entity> = Beside { sealed: endpoint::Column::OldSecretSealed, ..SECRETS };

impl<E: EntityTrait> Beside<E> {
    async fn stale(&self, conn: &impl ConnectionTrait, number: u8, most: u64) -> Result<Vec<(Uuid, Vec<u8>)>> {
        let rows = E::find().select_only().columns([self.id, self.sealed]).filter(is_stale(self.sealed, number));
        Ok(rows.limit(most).into_tuple().all(conn).await?)
    }

    async fn uses_another(&self, conn: &impl ConnectionTrait, number: u8) -> Result<bool> {
        Ok(!self.stale(conn, number, 1).await?.is_empty())
    }
}

async fn uses_another(conn: &impl ConnectionTrait, number: u8) -> Result<bool> {
    let found = owner::Entity::find().select_only().column(owner::Column::Id).filter(stale(number));
    Ok(found.into_tuple::<Uuid>().one(conn).await?.is_some()
        || ADDRESSES.uses_another(conn, number).await?
        || SECRETS.uses_another(conn, number).await?
        || OLD_SECRETS.uses_another(conn, number).await?)
}

type Sealed = (Uuid, Option<Vec<u8>>, Option<Vec<u8>>);

impl DataRotation {
    /// Seals the next rows anew, at most so many, after the row where the last batch ended. Returns where this one ends and
    /// how many values it has sealed; nothing when there are no more.
    pub async fn reseal(&self, db: &Db, after: Option<Uuid>, most: u64) -> Result<Option<(Uuid, usize)>> {
        let tx = db.begin().await?;
        let columns = [owner::Column::Id, owner::Column::PhoneSealed, owner::Column::IdentitySealed];
        let rows = owner::Entity::find().select_only().columns(columns).filter(stale(self.number));
        let rows = after.into_iter().fold(rows, |rows, after| rows.filter(owner::Column::Id.gt(after)));
        let rows: Vec<Sealed> = rows.order_by_asc(owner::Column::Id).limit(most).into_tuple().all(&tx).await?;
        let Some((last, ..)) = rows.last() else { return self.reseal_others(tx, after, most).await };
        let (last, mut count) = (*last, 0);
        for (id, phone, identity) in rows {
            let fields = [
                (owner::Column::PhoneSealed, phone, phone_of(id)),
                (owner::Column::IdentitySealed, identity, identity_of(id)),
            ];
            for (column, sealed, place) in fields {
                let Some(old) = sealed.filter(|sealed| self.sealer.is_stale(sealed)) else { continue };
                count += self.replace(&tx, column, old, place).await?;
            }
        }
        tx.commit().await?;
        Ok(Some((last, count)))
    }

    /// Seals the next of the other values anew, which have their turn when there are no owners left.
    async fn reseal_others(&self, tx: Tx, after: Option<Uuid>, most: u64) -> Result<Option<(Uuid, usize)>> {
        let mut found = self.reseal_beside(&tx, &ADDRESSES, most).await?;
        for secrets in [&SECRETS, &OLD_SECRETS] {
            if found.is_none() {
                found = self.reseal_beside(&tx, secrets, most).await?;
            }
        }
        tx.commit().await?;
        // What was sealed anew is found no more: the place among the owners stays where it is.
        Ok(found.map(|count| (after.unwrap_or(Uuid::nil()), count)))
    }

    /// Says how many values it has sealed; nothing when there were none to seal.
    async fn reseal_beside<E: EntityTrait>(&self, tx: &Tx, beside: &Beside<E>, most: u64) -> Result<Option<usize>> {
        let rows = beside.stale(tx, self.number, most).await?;
        let mut count = 0;
        for (id, old) in &rows {
            let place = (beside.place)(*id);
            let plain = self.sealer.open(old, place).map_err(Error::internal)?;
            let anew = Expr::value(self.sealer.seal(&plain, place));
            let row = E::update_many().col_expr(beside.sealed, anew).filter(beside.id.eq(*id));
            let replaced = row.filter(beside.sealed.eq(old.clone())).exec(tx).await?.rows_affected;
            count += usize::try_from(replaced).unwrap_or(usize::MAX);
        }
        Ok((!rows.is_empty()).then_some(count))
    }

    /// Puts a value sealed anew in its place, unless somebody has written another there.
    async fn replace(&self, tx: &Tx, column: owner::Column, old: Vec<u8>, place: Place<'_>) -> Result<usize> {
        let plain = self.sealer.open(&old, place).map_err(Error::internal)?;
        let anew = Expr::value(self.sealer.seal(&plain, place));
        let row = owner::Entity::update_many().col_expr(column, anew).filter(owner::Column::Id.eq(place.row));
        let replaced = row.filter(column.eq(old)).exec(tx).await?.rows_affected;
        Ok(usize::try_from(replaced).unwrap_or(usize::MAX))
    }

    /// Retires the old keys; false while a row uses one of them.
    pub async fn finish(&self, db: &Db, clock: &dyn Clock, ids: &Ids) -> Result<bool> {
        let tx = db.begin().await?;
        lock(&tx).await?;
        if uses_another(&tx, self.number).await? {
            return Ok(false);
        }
        let rows = Entity::find().filter(Column::Purpose.eq(KeyPurpose::Encryption)).all(&tx).await?;
        let old =
            numbered(&rows)?.into_iter().filter(|(number, row)| *number < self.number && row.retired_at.is_none());
        let old: Vec<Uuid> = old.map(|(_, row)| row.id).collect();
        let retire = Entity::update_many().col_expr(Column::RetiredAt, Expr::value(clock.now()));
        retire.filter(Column::Id.is_in(old.iter().copied())).exec(&tx).await?;
        record(&tx, clock, ids, "RETIRE_DATA_KEYS", json!({ "keys": old.len() })).await?;
        tx.commit().await?;
        Ok(true)
    }
}
