//! One-time codes, and how often something was tried.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    sign_in_code::{ActiveModel, Column, Entity, Model},
    throttle,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict, SimpleExpr},
};
use uuid::Uuid;

use crate::{domain::span::latest_end, error::Result};

pub async fn add_code(conn: &impl ConnectionTrait, code: Model) -> Result<()> {
    Entity::insert(code.into_active_model().reset_all()).exec_without_returning(conn).await?;
    Ok(())
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
    let on_conflict = OnConflict::column(throttle::Column::Key).value(throttle::Column::Count, once_more()).to_owned();
    count(conn, (key, now + window), (longest, now), on_conflict).await
}

/// Counts one more under a key that from now on is remembered for so long; how many there are.
pub async fn count_for(
    conn: &impl ConnectionTrait,
    key: &str,
    remembered: TimeDelta,
    now: DateTime<Utc>,
) -> Result<i32> {
    let mut on_conflict = OnConflict::column(throttle::Column::Key);
    on_conflict.value(throttle::Column::Count, once_more()).update_column(throttle::Column::WindowEndsAt);
    Ok(count(conn, (key, now + remembered), (remembered, now), on_conflict).await?.count)
}

fn once_more() -> SimpleExpr {
    Expr::col((throttle::Entity, throttle::Column::Count)).add(1)
}

/// A window that ends later than the longest that begins now is of a clock that was set back, and over.
async fn count(
    conn: &impl ConnectionTrait,
    (key, ends_at): (&str, DateTime<Utc>),
    (longest, now): (TimeDelta, DateTime<Utc>),
    on_conflict: OnConflict,
) -> Result<throttle::Model> {
    use throttle::{ActiveModel, Column, Entity};
    let over =
        Condition::any().add(Column::WindowEndsAt.lte(now)).add(Column::WindowEndsAt.gt(latest_end(longest, now)));
    Entity::delete_many().filter(Column::Key.eq(key)).filter(over).exec(conn).await?;
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
