//! Batches of defects for a contractor, and the reports that a warranty's batch collects.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    batch_ticket, contractor, contractor_part,
    rectification_batch::{Column, Entity, Model},
    ticket,
    vocab::{BatchKind, BatchStatus, TicketCategory, TicketKind, TicketStatus, Urgency, WarrantyPart},
    warranty_item,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::list::List;
use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    error::Result,
};

/// Which batches a list is about; what is `None` does not narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BatchFilter {
    pub project_id: Option<Uuid>,
    pub contractor_id: Option<Uuid>,
    pub kind: Option<BatchKind>,
    pub status: Option<BatchStatus>,
    pub overdue: Option<bool>,
}

/// The batches that exist for the viewer, the earliest deadline first.
pub fn list(viewer: &Viewer, filter: BatchFilter, now: DateTime<Utc>) -> List<Entity> {
    let late = Column::Status.ne(BatchStatus::Completed).and(Column::DeadlineAt.lte(now));
    let narrowed = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.contractor_id.map(|id| Column::ContractorId.eq(id)))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.overdue.map(|overdue| if overdue { late } else { late.not() }));
    let select = super::find::<Entity>(viewer).filter(narrowed);
    List::by_instant(select, (Column::DeadlineAt, Column::Id), |row| (row.deadline_at, row.id))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    super::insert(Entity, conn, row).await
}

/// The one batch that collects under the row's key: the row, unless another was faster.
pub async fn collecting(conn: &impl ConnectionTrait, row: Model) -> Result<Option<Model>> {
    let key = row.collects_key.clone();
    super::insert_new(Entity, conn, row, [Column::CollectsKey]).await?;
    Ok(Entity::find().filter(Column::CollectsKey.eq(key)).one(conn).await?)
}

/// Holds a batch so that it can't be sent before this transaction ends; says whether it still collects.
pub async fn hold_collecting(conn: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    move_on(conn, id, BatchStatus::Collecting, BatchStatus::Collecting).await
}

/// Puts a ticket into a batch; says whether it was in none.
pub async fn add_ticket(conn: &impl ConnectionTrait, row: batch_ticket::Model) -> Result<bool> {
    super::insert_new(batch_ticket::Entity, conn, row, [batch_ticket::Column::TicketId]).await
}

/// Sends a batch that collects; nothing is added to it any more. Says whether it did.
pub async fn send(conn: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let sent = Entity::update_many()
        .col_expr(Column::Status, Expr::value(BatchStatus::Sent))
        .col_expr(Column::CollectsKey, Expr::value(None::<String>))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(BatchStatus::Collecting));
    Ok(sent.exec(conn).await?.rows_affected == 1)
}

/// Completes a batch that was sent; says whether it did.
pub async fn complete(
    conn: &impl ConnectionTrait,
    id: Uuid,
    (completed_at, completed_on): (DateTime<Utc>, NaiveDate),
) -> Result<bool> {
    let completed = Entity::update_many()
        .col_expr(Column::Status, Expr::value(BatchStatus::Completed))
        .col_expr(Column::CompletedAt, Expr::value(completed_at))
        .col_expr(Column::CompletedOn, Expr::value(completed_on))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(BatchStatus::Sent));
    Ok(completed.exec(conn).await?.rows_affected == 1)
}

async fn move_on(conn: &impl ConnectionTrait, id: Uuid, from: BatchStatus, to: BatchStatus) -> Result<bool> {
    let moved = Entity::update_many()
        .col_expr(Column::Status, Expr::value(to))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(from));
    Ok(moved.exec(conn).await?.rows_affected == 1)
}

/// The tickets of a batch, as ids for use inside another statement.
pub(super) fn ticket_ids(batch_id: Uuid) -> SelectStatement {
    batch_ticket::Entity::find()
        .select_only()
        .column(batch_ticket::Column::TicketId)
        .filter(batch_ticket::Column::BatchId.eq(batch_id))
        .into_query()
}

const DONE: [TicketStatus; 4] =
    [TicketStatus::Resolved, TicketStatus::Confirmed, TicketStatus::Closed, TicketStatus::Cancelled];

/// How many tickets a batch has, and with how many of them there is something left to do, whoever asks.
pub async fn work(conn: &impl ConnectionTrait, batch_id: Uuid) -> Result<(u64, u64)> {
    let all = ticket::Entity::find().filter(ticket::Column::Id.in_subquery(ticket_ids(batch_id)));
    let left = all.clone().filter(ticket::Column::Status.is_not_in(DONE));
    Ok((all.count(conn).await?, left.count(conn).await?))
}

/// How many tickets a batch has, and how many are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromQueryResult)]
pub struct Progress {
    pub batch_id: Uuid,
    pub tickets: i64,
    pub done: i64,
}

/// The progress of each of these batches, as far as the viewer sees their tickets.
pub async fn progress(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    batches: &[Uuid],
) -> Result<HashMap<Uuid, Progress>> {
    let is_done = Expr::case(ticket::Column::Status.is_in(DONE), 1).finally(0);
    let mut select = Query::select();
    select
        .expr_as(Expr::col((batch_ticket::Entity, batch_ticket::Column::BatchId)), "batch_id")
        .expr_as(Expr::col((ticket::Entity, ticket::Column::Id)).count(), "tickets")
        .expr_as(Expr::expr(is_done).sum(), "done")
        .from(batch_ticket::Entity)
        .inner_join(
            ticket::Entity,
            Expr::col((ticket::Entity, ticket::Column::Id))
                .equals((batch_ticket::Entity, batch_ticket::Column::TicketId)),
        )
        .cond_where(ticket::Entity::scope(viewer))
        .and_where(batch_ticket::Column::BatchId.is_in(batches.iter().copied()))
        .group_by_col((batch_ticket::Entity, batch_ticket::Column::BatchId));
    let found = Progress::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?;
    Ok(found.into_iter().map(|progress| (progress.batch_id, progress)).collect())
}

/// A report that may fall into the window of a warranty, and who answers for the part.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Candidate {
    pub ticket_id: Uuid,
    pub project_id: Uuid,
    pub reported_at: DateTime<Utc>,
    pub noticed_at: Option<DateTime<Utc>>,
    pub expires_on: NaiveDate,
    pub contractor_id: Uuid,
}

/// Owners' reports after a notice that can wait for a contractor and are in no batch, after `place` in their order.
/// `parts` says which categories are about which part; warranties that ended before `since` are left out.
pub async fn candidates(
    conn: &impl ConnectionTrait,
    parts: &[(WarrantyPart, Vec<TicketCategory>)],
    since: NaiveDate,
    place: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Candidate>> {
    let mut select = reported(parts, since);
    select
        .cond_where(Condition::all().add_option(place.map(|id| ticket::Column::Id.gt(id))))
        .order_by((ticket::Entity, ticket::Column::Id), Order::Asc)
        .limit(limit);
    Ok(Candidate::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?)
}

pub(super) fn reported(parts: &[(WarrantyPart, Vec<TicketCategory>)], since: NaiveDate) -> SelectStatement {
    use ticket::Column as T;
    let mut select = Query::select();
    select
        .expr_as(Expr::col((ticket::Entity, T::Id)), "ticket_id")
        .expr_as(Expr::col((ticket::Entity, T::ProjectId)), "project_id")
        .expr_as(Expr::col((ticket::Entity, T::CreatedAt)), "reported_at")
        .expr_as(Expr::col((warranty_item::Entity, warranty_item::Column::NoticedAt)), "noticed_at")
        .expr_as(Expr::col((warranty_item::Entity, warranty_item::Column::ExpiresOn)), "expires_on")
        .expr_as(Expr::col((contractor_part::Entity, contractor_part::Column::ContractorId)), "contractor_id")
        .from(ticket::Entity);
    join_warranties(&mut select, parts, since);
    select
        .and_where(T::Kind.is_in([TicketKind::Repair, TicketKind::Rectification]))
        .and_where(T::Urgency.ne(Urgency::Urgent))
        .and_where(T::Status.is_in([TicketStatus::Submitted, TicketStatus::Accepted, TicketStatus::Assigned]))
        .and_where(T::StartedAt.is_null())
        .and_where(T::ReporterOwnerId.is_not_null())
        .and_where(batch_ticket::Column::Id.is_null());
    select
}

/// Joins each ticket with the noticed warranty of its part, the active contractor who answers for it, and its batch.
fn join_warranties(select: &mut SelectStatement, parts: &[(WarrantyPart, Vec<TicketCategory>)], since: NaiveDate) {
    use warranty_item::Column as W;
    let about = parts.iter().fold(Condition::any(), |any, (part, categories)| {
        let same = ticket::Column::Category.is_in(categories.iter().copied());
        any.add(W::Part.eq(*part).and(same))
    });
    let item = Condition::all()
        .add(Expr::col((warranty_item::Entity, W::UnitId)).equals((ticket::Entity, ticket::Column::UnitId)))
        .add(
            Expr::col((warranty_item::Entity, W::NoticedAt))
                .lte(Expr::col((ticket::Entity, ticket::Column::CreatedAt))),
        )
        .add(W::ExpiresOn.gte(since))
        .add(about);
    let part = Condition::all()
        .add(
            Expr::col((contractor_part::Entity, contractor_part::Column::ProjectId))
                .equals((ticket::Entity, ticket::Column::ProjectId)),
        )
        .add(
            Expr::col((contractor_part::Entity, contractor_part::Column::Part))
                .equals((warranty_item::Entity, W::Part)),
        );
    let active = Condition::all()
        .add(
            Expr::col((contractor::Entity, contractor::Column::Id))
                .equals((contractor_part::Entity, contractor_part::Column::ContractorId)),
        )
        .add(contractor::Column::IsActive.eq(true));
    let batch =
        Expr::col((batch_ticket::Entity, batch_ticket::Column::TicketId)).equals((ticket::Entity, ticket::Column::Id));
    select
        .inner_join(warranty_item::Entity, item)
        .inner_join(contractor_part::Entity, part)
        .inner_join(contractor::Entity, active)
        .left_join(batch_ticket::Entity, batch);
}

/// Warranties' batches that still collect and whose deadline is not after an instant, the earliest first.
pub async fn collecting_until(
    conn: &impl ConnectionTrait,
    deadline: DateTime<Utc>,
    place: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>> {
    let rows = to_send(deadline)
        .filter(Condition::all().add_option(place.map(|id| Column::Id.gt(id))))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows)
}

pub(super) fn to_send(deadline: DateTime<Utc>) -> Select<Entity> {
    Entity::find()
        .filter(Column::Status.eq(BatchStatus::Collecting))
        .filter(Column::CollectsKey.is_not_null())
        .filter(Column::DeadlineAt.lte(deadline))
}
