//! Ticket events: appended in the order of commits, read by ticket and as one log.
//!
//! The order: writers take a lock before their first event gets its number and hold it to the end of their
//! transaction, so numbers and commits have the same order and a reader at number n has missed nothing below n.
//! On PostgreSQL that is an advisory lock, on SQLite the one writer. It is always the last lock a writer takes.

use std::{
    cmp::{max, min},
    collections::{HashMap, HashSet},
};

use entity::{
    ticket_event::{ActiveModel, Column, Entity, Model},
    vocab::PrincipalKind,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Statement,
    sea_query::{Alias, Expr, ExprTrait, InsertStatement, Order, Query, WindowStatement},
};
use uuid::Uuid;

use super::{columns_and_values, db::Tx, sight::padded};
use crate::{
    auth::{
        scope::{ASKED, Scoped, on_tickets, part_of_log, short_part_of_log},
        viewer::{Principal, Viewer},
    },
    error::{Error, Result},
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

/// Appends events; the database gives each its number.
pub async fn append(tx: &Tx, events: Vec<Model>) -> Result<()> {
    let mut has_order = tx.get_database_backend() != DbBackend::Postgres;
    for event in events {
        if has_order {
            Entity::insert(unnumbered(event)).exec_without_returning(tx).await?;
        } else {
            tx.execute(&in_order(event)?).await?;
            has_order = true;
        }
    }
    Ok(())
}

/// The row without its number, which the database gives.
fn unnumbered(event: Model) -> ActiveModel {
    let mut row: ActiveModel = event.into_active_model().reset_all();
    row.seq = ActiveValue::NotSet;
    row
}

/// Takes the log's order on PostgreSQL and inserts an event in one statement: the row comes from the lock, so its number is
/// given only when the lock is held.
pub(super) fn in_order(event: Model) -> Result<InsertStatement> {
    let (columns, values) = columns_and_values(Entity, &unnumbered(event));
    let order = Query::select().expr(Expr::cust(format!("pg_advisory_xact_lock({LOG_LOCK})"))).take();
    let ordered = Query::select().exprs(values).from_subquery(order, Alias::new("ordered")).take();
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(columns);
    insert.select_from(ordered).map_err(Error::internal)?;
    Ok(insert)
}

/// How much of the log is asked first, in numbers: what is next to where a reader stands. Most find all that they ask for
/// there, by way of the few tickets that these events are of. To ask the whole way is to go through all of the viewer's.
pub const NEAR: i64 = 2_000;

/// What lies between two places in the log, neither of them included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    above: i64,
    below: i64,
}

impl Part {
    fn rows(self) -> Condition {
        Condition::all().add(Column::Seq.gt(self.above)).add(Column::Seq.lt(self.below))
    }

    /// What is read first, and what is left when the log, which ends at `head`, goes on beyond that. The head must have
    /// been read before: what lies below it is complete, so that nothing is passed over that commits between two reads.
    fn split(self, head: i64, backward: bool) -> (Self, Option<Self>) {
        if backward {
            let from = min(self.below, head.saturating_add(1));
            let above = max(self.above, from.saturating_sub(1 + NEAR));
            let rest = Self { below: above.saturating_add(1), ..self };
            (Self { above, ..self }, (above > self.above).then_some(rest))
        } else {
            let last = self.above.saturating_add(NEAR);
            let below = min(self.below, last.saturating_add(1));
            let rest = Self { above: last, ..self };
            (Self { below, ..self }, (below < self.below && head > last).then_some(rest))
        }
    }
}

/// What of a part of the log the viewer may see, in reading direction.
async fn read(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    part: Part,
    (backward, limit): (bool, u64),
) -> Result<Vec<Model>> {
    let whole = |part: Part| super::find::<Entity>(viewer).filter(part.rows());
    if Entity::scope(viewer).is_empty() {
        return Ok(ordered(whole(part), backward).limit(limit).all(conn).await?);
    }
    let (near, rest) = part.split(head(conn).await?, backward);
    let mut rows =
        ordered(Entity::find().filter(part_of_log(viewer, near.rows())), backward).limit(limit).all(conn).await?;
    let missing = limit.saturating_sub(rows.len() as u64);
    if let Some(rest) = rest
        && missing > 0
    {
        rows.extend(ordered(whole(rest), backward).limit(missing).all(conn).await?);
    }
    Ok(rows)
}

fn ordered(select: Select<Entity>, backward: bool) -> Select<Entity> {
    if backward { select.order_by_desc(Column::Seq) } else { select.order_by_asc(Column::Seq) }
}

/// What follows a place in the log, as far as the viewer may see it: the oldest first.
pub async fn after(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    seq: i64,
    ticket_id: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>> {
    let part = Part { above: seq, below: i64::MAX };
    let Some(ticket_id) = ticket_id else { return read(conn, viewer, part, (false, limit)).await };
    let of_ticket = Entity::find().filter(on_tickets(viewer, Column::TicketId, &[ticket_id])).filter(part.rows());
    Ok(ordered(of_ticket, false).limit(limit).all(conn).await?)
}

/// The numbers between a place in the log and another, this one included, whose events the viewer may see.
pub async fn visible(conn: &impl ConnectionTrait, viewer: &Viewer, seq: i64, end: i64) -> Result<HashSet<i64>> {
    let part = Part { above: seq, below: end.saturating_add(1) };
    let numbers = Entity::find().filter(short_part_of_log(viewer, part.rows())).select_only().column(Column::Seq);
    Ok(numbers.into_tuple::<i64>().all(conn).await?.into_iter().collect())
}

/// The same for each of these people, who are all of the kind that `each` stands for: one statement asks for all of them.
pub async fn visible_to_each(
    conn: &impl ConnectionTrait,
    (each, people): (Principal, &[Uuid]),
    seq: i64,
    end: i64,
) -> Result<HashMap<Uuid, HashSet<i64>>> {
    let part = Part { above: seq, below: end.saturating_add(1) };
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Query::select()
        .expr(Expr::col(ASKED))
        .column((Entity, Column::Seq))
        .from_values(padded(people), ASKED.0)
        .inner_join(Entity, part_of_log(&Viewer::of(each), part.rows()))
        .take();
    let mut visible: HashMap<Uuid, HashSet<i64>> = HashMap::new();
    for row in conn.query_all(&rows).await? {
        visible.entry(row.try_get_by_index(0)?).or_default().insert(row.try_get_by_index(1)?);
    }
    Ok(visible)
}

/// What follows a place in the log for everybody: for the relay only.
pub async fn relay_after(conn: &impl ConnectionTrait, seq: i64, limit: u64) -> Result<Vec<Model>> {
    after(conn, &Viewer::system(), seq, None, limit).await
}

/// The events of these tickets between a place in the log and another, this one included: for subscribers who were
/// shown that they may see the tickets. None when there are more than the limit.
pub async fn of_tickets_between(
    conn: &impl ConnectionTrait,
    tickets: &[Uuid],
    (seq, end): (i64, i64),
    limit: u64,
) -> Result<Option<Vec<Model>>> {
    let part = Part { above: seq, below: end.saturating_add(1) };
    let rows = Entity::find().filter(Column::TicketId.is_in(tickets.iter().copied())).filter(part.rows());
    let events = ordered(rows, false).limit(limit.saturating_add(1)).all(conn).await?;
    Ok((events.len() as u64 <= limit).then_some(events))
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
    // What came from another system lies before the beginning of the log.
    let above = max(position("after", page.after)?.unwrap_or(0), 0);
    let below = position("before", page.before)?.unwrap_or(i64::MAX);
    Ok(page.cut(read(conn, viewer, Part { above, below }, (page.backward, page.fetch())).await?))
}

/// The number that a cursor of a log says.
pub(super) fn position(field: &str, cursor: Option<Cursor>) -> Result<Option<i64>> {
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

/// The first number of the log; what came from another system has lower ones.
pub const FIRST: i64 = 1;

/// Whether the house itself says what is noted with an event: what it did, and what it brought in from another system.
pub fn is_noted_by_house(event: &Model) -> bool {
    event.actor_kind == PrincipalKind::System || event.seq < FIRST
}

/// The same, asked of the database.
pub fn noted_by_house() -> Expr {
    Column::ActorKind.eq(PrincipalKind::System).or(Column::Seq.lt(FIRST))
}
