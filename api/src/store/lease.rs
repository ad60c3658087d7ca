//! Leases: which server does what only one at a time is to do. What they are for is the jobs' affair.

use chrono::{DateTime, Utc};
use entity::lease::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Condition, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::error::Result;

/// Takes a lease that is free, over or the holder's own, in one statement: of two who want it at once, one has it.
pub async fn take(conn: &impl ConnectionTrait, lease: Model, now: DateTime<Utc>) -> Result<bool> {
    let holder = lease.holder;
    let may_have_it = Condition::any()
        .add(Expr::col((Entity, Column::Holder)).eq(holder))
        .add(Expr::col((Entity, Column::ExpiresAt)).lte(now));
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
