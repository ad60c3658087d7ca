//! What happened beside tickets: a log in the order of commits, and in one order with the tickets' log. Its writers hold the
//! same lock, and each row says which ticket event it came after.

use entity::company_event::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    db::Tx,
    event::{self, take_log_order},
};
use crate::error::Result;

/// Appends an event; the database gives it its number. Take no other lock after this.
pub async fn append(tx: &Tx, event: Model) -> Result<()> {
    take_log_order(tx).await?;
    let after_event = event::head(tx).await?;
    let mut row: ActiveModel = event.into_active_model().reset_all();
    row.seq = ActiveValue::NotSet;
    row.after_event = ActiveValue::Set(after_event);
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// What follows a place in this log and happened before the next ticket event: the oldest first.
pub async fn after(conn: &impl ConnectionTrait, seq: i64, last_event: i64, limit: u64) -> Result<Vec<Model>> {
    let rows = Entity::find().filter(Column::Seq.gt(seq)).filter(Column::AfterEvent.lte(last_event));
    Ok(rows.order_by_asc(Column::Seq).limit(limit).all(conn).await?)
}

#[derive(FromQueryResult)]
struct Head {
    head: Option<i64>,
}

/// The last number in the log; 0 when it is empty.
pub async fn head(conn: &impl ConnectionTrait) -> Result<i64> {
    last_where(conn, Column::Seq.gt(0)).await
}

/// The last number of what happened before a ticket event.
pub async fn last_before(conn: &impl ConnectionTrait, event: i64) -> Result<i64> {
    last_where(conn, Column::AfterEvent.lt(event)).await
}

async fn last_where(conn: &impl ConnectionTrait, condition: sea_orm::sea_query::Expr) -> Result<i64> {
    let rows = Entity::find().select_only().column_as(Column::Seq.max(), "head").filter(condition);
    Ok(rows.into_model::<Head>().one(conn).await?.and_then(|head| head.head).unwrap_or(0))
}
