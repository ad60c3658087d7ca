//! Notifications: a numbered log like the tickets' events, of which each person sees their own part.

pub mod news;
pub mod outbox;
pub mod party;
pub mod reach;
pub mod receipt;
pub mod setting;

use chrono::{DateTime, Utc};
use entity::{
    notification::{ActiveModel, Column, Entity, Model},
    ticket_event,
    vocab::{NotificationKind, PrincipalKind},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{CommonTableExpression, Expr, InsertStatement, OnConflict, Query, UnionType},
};
use uuid::Uuid;

use super::{
    columns_and_values,
    db::Tx,
    event::{self, take_log_order},
    list::List,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::notification::{Subject, subject},
    error::{Error, Result},
};

/// How many are written in one statement.
const CHUNK: usize = 500;

/// The same when each row asks who sees it: SQLite takes no more than five hundred parts.
const SEEN_CHUNK: usize = 100;

/// Which notifications a list is about; what is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct NotificationFilter {
    pub unread: Option<bool>,
    pub kinds: Vec<NotificationKind>,
}

/// Appends notifications, except those that were made before; the database gives each its number. Take no other lock
/// after this.
pub async fn append(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    take_log_order(tx).await?;
    for chunk in rows.chunks(CHUNK) {
        Entity::insert_many(chunk.iter().map(unnumbered)).on_conflict(once()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The row without its number, which the database gives.
fn unnumbered(row: &Model) -> ActiveModel {
    let mut row: ActiveModel = row.clone().into_active_model().reset_all();
    row.seq = ActiveValue::NotSet;
    row
}

/// Nobody is told the same twice.
fn once() -> OnConflict {
    OnConflict::column(Column::MessageKey).do_nothing().to_owned()
}

/// Appends a ticket's events, and what is told of them to those who see the ticket as it stands now: each row comes with
/// whom it is for. One event with what is told of it, as most steps have, is one statement on PostgreSQL: its rows come from
/// the event's, so they are numbered only when the log's order is held.
pub async fn append_with(
    tx: &Tx,
    ticket_id: Uuid,
    mut events: Vec<ticket_event::Model>,
    told: Vec<(Principal, Model)>,
) -> Result<()> {
    let are_few = events.len() == 1 && (1..=SEEN_CHUNK).contains(&told.len());
    if are_few
        && tx.get_database_backend() == DbBackend::Postgres
        && let Some(event) = events.pop()
    {
        let event = event::in_order(event)?.returning_col(ticket_event::Column::Seq).to_owned();
        let event = CommonTableExpression::new().query(event).table_name(APPENDED).to_owned();
        tx.execute(&seen(ticket_id, &told, Some(APPENDED))?.with(Query::with().cte(event).to_owned())).await?;
        return Ok(());
    }
    event::append(tx, events).await?;
    for chunk in told.chunks(SEEN_CHUNK) {
        tx.execute(&seen(ticket_id, chunk, None)?).await?;
    }
    Ok(())
}

/// What a statement calls the event that it appends.
const APPENDED: &str = "appended";

/// Inserts those rows whose people see the ticket, each for every row of what it comes from.
fn seen(ticket_id: Uuid, rows: &[(Principal, Model)], from: Option<&'static str>) -> Result<InsertStatement> {
    let mut columns = Vec::new();
    let mut parts = rows.iter().map(|(principal, row)| {
        let (names, values) = columns_and_values(Entity, &unnumbered(row));
        columns = names;
        let mut part = Query::select();
        part.exprs(values).and_where(party::sees(*principal, ticket_id));
        if let Some(from) = from {
            part.from(from);
        }
        part
    });
    let mut all = parts.next().ok_or_else(|| Error::internal("nobody is told"))?;
    all.unions(parts.map(|part| (UnionType::All, part)));
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(columns).on_conflict(once());
    insert.select_from(all).map_err(Error::internal)?;
    Ok(insert)
}

/// The viewer's notifications, the newest first.
pub fn list(viewer: &Viewer, filter: &NotificationFilter) -> List<Entity> {
    let mut select = super::find::<Entity>(viewer);
    if let Some(unread) = filter.unread {
        let read_at = Column::ReadAt;
        select = select.filter(if unread { read_at.is_null() } else { read_at.is_not_null() });
    }
    if !filter.kinds.is_empty() {
        select = select.filter(Column::Kind.is_in(filter.kinds.iter().copied()));
    }
    List::by_seq(select, Column::Seq, |row| row.seq).newest_first()
}

/// How many of the viewer's notifications are unread.
pub async fn unread(conn: &impl ConnectionTrait, viewer: &Viewer) -> Result<u64> {
    Ok(super::find::<Entity>(viewer).filter(Column::ReadAt.is_null()).count(conn).await?)
}

/// What follows a place in the log, as far as the viewer may see it: the oldest first.
pub async fn after(conn: &impl ConnectionTrait, viewer: &Viewer, seq: i64, limit: u64) -> Result<Vec<Model>> {
    let rows = super::find::<Entity>(viewer).filter(Column::Seq.gt(seq));
    Ok(rows.order_by_asc(Column::Seq).limit(limit).all(conn).await?)
}

/// Who was told something, and of which bulletin if it was one.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub seq: i64,
    pub recipient_kind: PrincipalKind,
    pub recipient_id: Uuid,
    pub bulletin_id: Option<Uuid>,
}

/// Who was told what follows a place in the log, for everybody: for the relay only.
pub async fn relay_after(conn: &impl ConnectionTrait, seq: i64, limit: u64) -> Result<Vec<Told>> {
    let columns = [Column::Seq, Column::RecipientKind, Column::RecipientId, Column::Kind, Column::SubjectId];
    let rows = Entity::find().select_only().columns(columns).filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq);
    let rows: Vec<(i64, PrincipalKind, Uuid, NotificationKind, Uuid)> =
        rows.limit(limit).into_tuple().all(conn).await?;
    let told = |(seq, recipient_kind, recipient_id, kind, subject_id)| {
        let bulletin_id = (subject(kind) == Subject::Bulletin).then_some(subject_id);
        Told { seq, recipient_kind, recipient_id, bulletin_id }
    };
    Ok(rows.into_iter().map(told).collect())
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

/// Which of the viewer's notifications are meant.
#[derive(Clone, Debug)]
pub enum Which {
    These(Vec<Uuid>),
    /// Everything up to a place in the log.
    Through(i64),
}

/// Notes that the viewer has read notifications; the first time counts.
pub async fn mark_read(conn: &impl ConnectionTrait, viewer: &Viewer, which: &Which, now: DateTime<Utc>) -> Result<()> {
    let which = match which {
        Which::These(ids) => Column::Id.is_in(ids.iter().copied()),
        Which::Through(seq) => Column::Seq.lte(*seq),
    };
    // Whose they are is enough: what one sees no more may be read, and is still not seen.
    let own = Condition::all().add(Column::RecipientId.eq(viewer.id())).add(Column::RecipientKind.eq(viewer.kind()));
    // Two devices that mark the same take the rows in one order, or each would wait for the other's.
    let in_order = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(own)
        .filter(which)
        .filter(Column::ReadAt.is_null())
        .order_by_asc(Column::Seq)
        .lock_exclusive();
    Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(Column::Id.in_subquery(in_order.into_query()))
        .filter(Column::ReadAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// What was told before an instant. The last row stays: it says where the log ends.
pub(super) fn worn_out(before: DateTime<Utc>) -> Select<Entity> {
    let end = Entity::find().select_only().column_as(Column::Seq.max(), "end").into_query();
    Entity::find().filter(Column::CreatedAt.lt(before)).filter(Column::Seq.not_in_subquery(end))
}

/// Forgets some of what was told before an instant, with what became of its messages. Returns how many that were.
pub async fn forget_before(tx: &Tx, before: DateTime<Utc>, most: u64) -> Result<u64> {
    let oldest = worn_out(before).select_only().column(Column::Id).order_by_asc(Column::CreatedAt).limit(most);
    let ids: Vec<Uuid> = oldest.into_tuple().all(tx).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let these = || Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
    outbox::forget_of(tx, these().select_only().column(Column::Id).into_query()).await?;
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(tx).await?.rows_affected)
}

/// Deletes what a person was told, with what was on its way to them, and how they wanted to be told.
pub async fn forget(conn: &impl ConnectionTrait, recipient_id: Uuid) -> Result<()> {
    outbox::forget(conn, recipient_id).await?;
    setting::forget(conn, recipient_id).await?;
    Entity::delete_many().filter(Column::RecipientId.eq(recipient_id)).exec(conn).await?;
    Ok(())
}
