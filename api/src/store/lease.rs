//! Leases: which server does what only one at a time is to do. What they are for is the jobs' affair.

use chrono::{DateTime, Utc};
use entity::lease::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Condition, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{domain::span::latest_end, error::Result};

/// Takes a lease that is free, over or the holder's own, in one statement: of two who want it at once, one has it. One
/// that ends later than a lease could that was taken by now is of a clock that ran ahead, and as good as over: its holder
/// takes it again, if it is alive.
pub async fn take(conn: &impl ConnectionTrait, lease: Model, now: DateTime<Utc>) -> Result<bool> {
    let holder = lease.holder;
    let latest_end = latest_end(lease.expires_at - now, now);
    let may_have_it = Condition::any()
        .add(Expr::col((Entity, Column::Holder)).eq(holder))
        .add(Expr::col((Entity, Column::ExpiresAt)).lte(now))
        .add(Expr::col((Entity, Column::ExpiresAt)).gt(latest_end));
    let mut unless_held = OnConflict::column(Column::Name);
    unless_held.update_columns([Column::Holder, Column::ExpiresAt]).action_cond_where(may_have_it);
    let taken = Entity::insert(lease.into_active_model().reset_all())
        .on_conflict(unless_held)
        .exec_without_returning(conn)
        .await?;
    Ok(taken == 1)
}

/// Gives a lease back before its time, so that the next server need not wait for its end.
pub async fn give_back(conn: &impl ConnectionTrait, name: &str, holder: Uuid) -> Result<()> {
    let own = Condition::all().add(Column::Name.eq(name)).add(Column::Holder.eq(holder));
    Entity::delete_many().filter(own).exec(conn).await?;
    Ok(())
}
