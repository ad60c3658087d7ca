//! Ticket events: appended in the order of commits, read by ticket and as one log.
//!
//! The order: writers take a lock before their first event gets its number and hold it to the end of their
//! transaction, so numbers and commits have the same order and a reader at number n has missed nothing below n.
//! On PostgreSQL that is an advisory lock, on SQLite the one writer. It is always the last lock a writer takes.

use std::collections::HashMap;

use entity::ticket_event::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, Iterable, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Statement,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, WindowStatement},
};
use uuid::Uuid;

use super::db::Tx;
use crate::{
    auth::{scope::on_tickets, viewer::Viewer},
    error::Result,
    page::{Cursor, Page, Slice, bad_cursor},
};

/// The advisory lock that orders writers of the log on PostgreSQL.
const LOG_LOCK: i64 = 0x0041_4e4a_554c_4f47;

/// Waits until this transaction is the only one that may number events.
pub async fn take_log_order(tx: &Tx) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({LOG_LOCK})");
        tx.execute_unprepared(&lock).await?;
    }
    Ok(())
}

/// Appends events; the database gives each its number. Returns them as stored.
pub async fn append(tx: &Tx, events: Vec<Model>) -> Result<Vec<Model>> {
    if events.is_empty() {
        return Ok(events);
    }
    take_log_order(tx).await?;
    let mut stored = Vec::with_capacity(events.len());
    for event in events {
        use sea_orm::{ActiveModelTrait, IntoActiveModel};
        let mut row: ActiveModel = event.into_active_model().reset_all();
        row.seq = ActiveValue::NotSet;
        stored.push(Entity::insert(row).exec_with_returning(tx).await?);
    }
    Ok(stored)
}

/// What follows a place in the log, as far as the viewer may see it: the oldest first.
pub async fn after(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    seq: i64,
    ticket_id: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>> {
    let mut select = super::find::<Entity>(viewer).filter(Column::Seq.gt(seq));
    if let Some(ticket_id) = ticket_id {
        select = select.filter(Column::TicketId.eq(ticket_id));
    }
    Ok(select.order_by_asc(Column::Seq).limit(limit).all(conn).await?)
}

/// What follows a place in the log for everybody: for the relay only.
pub async fn relay_after(conn: &impl ConnectionTrait, seq: i64, limit: u64) -> Result<Vec<Model>> {
    after(conn, &Viewer::system(), seq, None, limit).await
}

#[derive(FromQueryResult)]
struct Head {
    head: Option<i64>,
}

/// The last number in the log; 0 when it is empty.
pub async fn head(conn: &impl ConnectionTrait) -> Result<i64> {
    let head = Entity::find().select_only().column_as(Column::Seq.max(), "head").into_model::<Head>().one(conn).await?;
    Ok(head.and_then(|head| head.head).unwrap_or(0))
}

/// A page of the log.
pub async fn page(conn: &impl ConnectionTrait, viewer: &Viewer, page: &Page) -> Result<Slice<Model>> {
    let mut select = super::find::<Entity>(viewer);
    if let Some(seq) = position("after", page.after)? {
        select = select.filter(Column::Seq.gt(seq));
    }
    if let Some(seq) = position("before", page.before)? {
        select = select.filter(Column::Seq.lt(seq));
    }
    let select = if page.backward { select.order_by_desc(Column::Seq) } else { select.order_by_asc(Column::Seq) };
    Ok(page.cut(select.limit(page.fetch()).all(conn).await?))
}

fn position(field: &str, cursor: Option<Cursor>) -> Result<Option<i64>> {
    match cursor {
        None => Ok(None),
        Some(Cursor::Seq(seq)) => Ok(Some(seq)),
        Some(_) => Err(bad_cursor(field)),
    }
}

/// The same page of each ticket's own events, in one statement.
pub async fn pages_of_tickets(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    tickets: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Slice<Model>>> {
    let rows = ranked(conn, viewer, tickets, page).await?;
    let mut by_ticket: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in rows {
        by_ticket.entry(row.ticket_id).or_default().push(row);
    }
    Ok(by_ticket.into_iter().map(|(ticket, rows)| (ticket, page.cut(rows))).collect())
}

/// The first rows of each ticket in reading direction, one more than the page shows.
async fn ranked(conn: &impl ConnectionTrait, viewer: &Viewer, tickets: &[Uuid], page: &Page) -> Result<Vec<Model>> {
    let direction = if page.backward { Order::Desc } else { Order::Asc };
    let mut inner = Entity::find().filter(on_tickets(viewer, Column::TicketId, tickets));
    if let Some(seq) = position("after", page.after)? {
        inner = inner.filter(Column::Seq.gt(seq));
    }
    if let Some(seq) = position("before", page.before)? {
        inner = inner.filter(Column::Seq.lt(seq));
    }
    let mut inner = inner.into_query();
    let place = WindowStatement::partition_by(Column::TicketId).order_by(Column::Seq, direction.clone()).to_owned();
    inner.expr_window_as(Expr::cust("ROW_NUMBER()"), place, "place");

    let ranked = Alias::new("ranked");
    let mut outer = Query::select();
    for column in Column::iter() {
        outer.expr_as(column.select_as(Expr::col((ranked.clone(), column))), sea_orm::IdenStatic::as_str(&column));
    }
    let limit = i64::from(page.limit) + 1;
    outer
        .from_subquery(inner, ranked.clone())
        .and_where(Expr::col((ranked.clone(), "place")).lte(limit))
        .order_by((ranked, Column::Seq), direction);
    let statement: Statement = conn.get_database_backend().build(&outer);
    Ok(Model::find_by_statement(statement).all(conn).await?)
}

/// Whether a member of staff started or resolved a ticket before.
pub async fn has_worked(conn: &impl ConnectionTrait, staff_id: Uuid, ticket_id: Uuid) -> Result<bool> {
    use entity::vocab::TicketAction::{Resolve, Start};
    use sea_orm::PaginatorTrait;
    let worked = Entity::find()
        .filter(Column::TicketId.eq(ticket_id))
        .filter(Column::ActorStaffId.eq(staff_id))
        .filter(Column::Action.is_in([Start, Resolve]));
    Ok(worked.count(conn).await? > 0)
}
