//! One-time codes, and how often something was tried.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    sign_in_code::{ActiveModel, Column, Entity, Model},
    throttle,
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{domain::span::latest_end, error::Result};

pub async fn add_code(conn: &impl ConnectionTrait, code: Model) -> Result<()> {
    super::insert(Entity, conn, code).await
}

/// Takes back the codes sent to a phone so far: where the clock was set back, they may look newer than the next one.
pub async fn take_back_codes(conn: &impl ConnectionTrait, phone_hash: &str, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel { consumed_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let sent = Entity::update_many().set(row).filter(Column::PhoneHash.eq(phone_hash));
    sent.filter(Column::ConsumedAt.is_null()).exec(conn).await?;
    Ok(())
}

/// The newest code sent to a phone that was neither used nor taken back.
pub async fn newest_code(conn: &impl ConnectionTrait, phone_hash: &str) -> Result<Option<Model>> {
    let unused = Entity::find().filter(Column::PhoneHash.eq(phone_hash)).filter(Column::ConsumedAt.is_null());
    Ok(unused.order_by_desc(Column::Id).one(conn).await?)
}

/// Counts a try before the code is compared; false when all `max` are used up.
pub async fn count_try(conn: &impl ConnectionTrait, id: Uuid, max: i32) -> Result<bool> {
    let counted = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Attempts.lt(max))
        .exec(conn)
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Uses a code up; false when somebody was faster.
pub async fn consume(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel { consumed_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let used = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id))
        .filter(Column::ConsumedAt.is_null())
        .exec(conn)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Counts one more try under a key, in a window that starts with the first and may be prolonged to `longest`.
pub async fn hit(
    conn: &impl ConnectionTrait,
    key: &str,
    (window, longest): (TimeDelta, TimeDelta),
    now: DateTime<Utc>,
) -> Result<throttle::Model> {
    count(conn, (key, now + window), is_over(longest, now), Expr::col(WINDOW_ENDS_AT)).await
}

/// Counts one more under a key that from now on is remembered for so long; how many there are.
pub async fn count_for(
    conn: &impl ConnectionTrait,
    key: &str,
    remembered: TimeDelta,
    now: DateTime<Utc>,
) -> Result<i32> {
    let ends_at = now + remembered;
    Ok(count(conn, (key, ends_at), is_over(remembered, now), Expr::val(ends_at)).await?.count)
}

const COUNT: (throttle::Entity, throttle::Column) = (throttle::Entity, throttle::Column::Count);
const WINDOW_ENDS_AT: (throttle::Entity, throttle::Column) = (throttle::Entity, throttle::Column::WindowEndsAt);

/// A window that ends later than the longest that begins now is of a clock that was set back, and over.
fn is_over(longest: TimeDelta, now: DateTime<Utc>) -> Condition {
    let ends_at = || Expr::col(WINDOW_ENDS_AT);
    Condition::any().add(ends_at().lte(now)).add(ends_at().gt(latest_end(longest, now)))
}

/// Begins a window where there is none or it is over, and otherwise counts one more and lets it end at `stays`. One
/// statement: of those who come at once, each is counted.
async fn count(
    conn: &impl ConnectionTrait,
    (key, ends_at): (&str, DateTime<Utc>),
    is_over: Condition,
    stays: Expr,
) -> Result<throttle::Model> {
    use throttle::{ActiveModel, Column, Entity};
    let counted = Expr::case(is_over.clone(), 1).finally(Expr::col(COUNT).add(1));
    let ends = Expr::case(is_over, ends_at).finally(stays);
    let mut on_conflict = OnConflict::column(Column::Key);
    on_conflict.value(Column::Count, counted).value(Column::WindowEndsAt, ends);
    let row = ActiveModel {
        key: ActiveValue::Set(key.to_owned()),
        count: ActiveValue::Set(1),
        window_ends_at: ActiveValue::Set(ends_at),
    };
    Ok(Entity::insert(row).on_conflict(on_conflict).exec_with_returning(conn).await?)
}

/// Lets a window end later, or earlier.
pub async fn prolong(conn: &impl ConnectionTrait, key: &str, ends_at: DateTime<Utc>) -> Result<()> {
    let row = throttle::ActiveModel { window_ends_at: ActiveValue::Set(ends_at), ..Default::default() };
    throttle::Entity::update_many().set(row).filter(throttle::Column::Key.eq(key)).exec(conn).await?;
    Ok(())
}

/// Takes one try back under each key.
pub async fn give_back(conn: &impl ConnectionTrait, keys: &[&str]) -> Result<()> {
    use throttle::{Column, Entity};
    let keys = keys.iter().copied();
    let one_less = Entity::update_many().col_expr(Column::Count, Expr::col(Column::Count).sub(1));
    one_less.filter(Column::Key.is_in(keys)).filter(Column::Count.gt(0)).exec(conn).await?;
    Ok(())
}

/// Forgets the tries under keys, after a success.
pub async fn forget(conn: &impl ConnectionTrait, keys: &[&str]) -> Result<()> {
    let keys = keys.iter().copied();
    throttle::Entity::delete_many().filter(throttle::Column::Key.is_in(keys)).exec(conn).await?;
    Ok(())
}

/// Forgets windows that are over and codes that no one can use.
pub async fn sweep(conn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<()> {
    throttle::Entity::delete_many().filter(closed_windows(before)).exec(conn).await?;
    Entity::delete_many().filter(dead_codes(before)).exec(conn).await?;
    Ok(())
}

pub(super) fn closed_windows(before: DateTime<Utc>) -> Condition {
    Condition::all().add(throttle::Column::WindowEndsAt.lt(before))
}

pub(super) fn dead_codes(before: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::ExpiresAt.lt(before))
}
