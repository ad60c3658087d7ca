//! Tickets: lists in their orders, look-up, counting, and the guarded write.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ticket::{Column, Entity, Model},
    ticket_number,
    vocab::{Department, TicketCategory, TicketKind, TicketStatus, Urgency},
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    error::Result,
    page::{Cursor, Page, Slice, bad_cursor},
};

/// Which tickets a list is about; what is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TicketFilter {
    pub open: Option<bool>,
    pub overdue: Option<bool>,
    pub escalated: Option<bool>,
    pub statuses: Vec<TicketStatus>,
    pub kinds: Vec<TicketKind>,
    pub urgencies: Vec<Urgency>,
    pub categories: Vec<TicketCategory>,
    pub responsible_department: Option<Department>,
    pub project_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub assignee_id: Option<Uuid>,
    /// In this rectification batch.
    pub batch_id: Option<Uuid>,
    pub created_from: Option<DateTime<Utc>>,
    pub created_to: Option<DateTime<Utc>>,
    /// Part of the number or the title.
    pub search: Option<String>,
}

/// The orders that have an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketOrder {
    CreatedAtDesc,
    CreatedAtAsc,
    /// The earliest running deadline first; tickets without one last.
    DeadlineAsc,
}

fn select(viewer: &Viewer, filter: &TicketFilter, now: DateTime<Utc>) -> Select<Entity> {
    super::find_of::<Entity>(viewer, condition(filter, now))
}

/// What a filter asks of a ticket.
pub(super) fn condition(filter: &TicketFilter, now: DateTime<Utc>) -> Condition {
    let mut all =
        Condition::all()
            // A word of the statement and no value: as a value PostgreSQL can't know how few are open, and would plan each
            // time anew, which takes as long as the queue itself.
            .add_option(filter.open.map(|open| Expr::col((Entity, Column::IsOpen)).eq(Expr::Constant(open.into()))))
            .add_option(filter.overdue.map(|overdue| {
                if overdue { Column::QueueDeadlineAt.lt(now) } else { Column::QueueDeadlineAt.gte(now) }
            }))
            .add_option(
                filter.escalated.map(|escalated| {
                    if escalated { Column::EscalationLevel.gt(0) } else { Column::EscalationLevel.eq(0) }
                }),
            )
            .add_option(filter.responsible_department.map(|department| Column::ResponsibleDepartment.eq(department)))
            .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
            .add_option(filter.unit_id.map(|id| Column::UnitId.eq(id)))
            .add_option(filter.assignee_id.map(|id| Column::AssigneeId.eq(id)))
            .add_option(filter.batch_id.map(|id| Column::Id.in_subquery(super::rectification::ticket_ids(id))))
            .add_option(filter.created_from.map(|at| Column::CreatedAt.gte(at)))
            .add_option(filter.created_to.map(|at| Column::CreatedAt.lt(at)));
    if !filter.statuses.is_empty() {
        all = all.add(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    if !filter.kinds.is_empty() {
        all = all.add(Column::Kind.is_in(filter.kinds.iter().copied()));
    }
    if !filter.urgencies.is_empty() {
        all = all.add(Column::Urgency.is_in(filter.urgencies.iter().copied()));
    }
    if !filter.categories.is_empty() {
        all = all.add(Column::Category.is_in(filter.categories.iter().copied()));
    }
    if let Some(text) = &filter.search {
        all = all.add(
            Condition::any()
                .add(super::contains((Entity, Column::Number), text))
                .add(super::contains((Entity, Column::Title), text)),
        );
    }
    all
}

/// A page of the tickets that exist for the viewer.
pub async fn list(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    filter: &TicketFilter,
    order: TicketOrder,
    page: &Page,
    now: DateTime<Utc>,
) -> Result<Slice<Model>> {
    let rows = in_order(select(viewer, filter, now), order, page)?;
    Ok(page.cut(rows.all(conn).await?))
}

/// The rows of a page and the one after them, in reading direction.
pub(super) fn in_order(rows: Select<Entity>, order: TicketOrder, page: &Page) -> Result<Select<Entity>> {
    match order {
        TicketOrder::CreatedAtDesc => super::keyset(rows, Column::Id, page, true),
        TicketOrder::CreatedAtAsc => super::keyset(rows, Column::Id, page, false),
        TicketOrder::DeadlineAsc => by_deadline(rows, page),
    }
}

fn by_deadline(rows: Select<Entity>, page: &Page) -> Result<Select<Entity>> {
    let mut rows = rows;
    for (field, cursor, is_after) in [("after", page.after, true), ("before", page.before, false)] {
        match cursor {
            None => {}
            Some(Cursor::Instant(at, id)) => rows = rows.filter(beyond(at, id, is_after)),
            Some(_) => return Err(bad_cursor(field)),
        }
    }
    let rows = if page.backward {
        rows.order_by_desc(Column::QueueDeadlineAt).order_by_desc(Column::Id)
    } else {
        rows.order_by_asc(Column::QueueDeadlineAt).order_by_asc(Column::Id)
    };
    Ok(rows.limit(page.fetch()))
}

/// Strictly after (or before) a place in the order of deadlines.
fn beyond(at: DateTime<Utc>, id: Uuid, after: bool) -> Condition {
    let (deadline, tie) = if after {
        (Column::QueueDeadlineAt.gt(at), Column::Id.gt(id))
    } else {
        (Column::QueueDeadlineAt.lt(at), Column::Id.lt(id))
    };
    Condition::any().add(deadline).add(Column::QueueDeadlineAt.eq(at).and(tie))
}

/// The cursor of a ticket in an order.
pub fn cursor(ticket: &Model, order: TicketOrder) -> Cursor {
    match order {
        TicketOrder::CreatedAtDesc | TicketOrder::CreatedAtAsc => Cursor::Id(ticket.id),
        TicketOrder::DeadlineAsc => Cursor::Instant(ticket.queue_deadline_at, ticket.id),
    }
}

pub async fn count(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    filter: &TicketFilter,
    now: DateTime<Utc>,
) -> Result<u64> {
    // Of the ids alone: what else a row holds need not be planned for, nor read.
    Ok(select(viewer, filter, now).select_only().column(Column::Id).count(conn).await?)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The last ticket before this one, of the same unit and category, that is still open and was made since `since`.
/// Where no category was chosen, the kind says what it is about.
pub async fn similar_open(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ticket: &Model,
    since: DateTime<Utc>,
) -> Result<Option<Model>> {
    let same_matter = match ticket.category {
        Some(category) => Condition::all().add(Column::Category.eq(category)),
        None => Condition::all().add(Column::Category.is_null()).add(Column::Kind.eq(ticket.kind)),
    };
    let earlier = Condition::all()
        .add(Column::UnitId.eq(ticket.unit_id))
        .add(Column::Id.lt(ticket.id))
        .add(Column::IsOpen.eq(true))
        .add(Column::CreatedAt.gte(since))
        .add(same_matter);
    let found = super::find_of::<Entity>(viewer, earlier).order_by_desc(Column::Id).one(conn).await?;
    Ok(found)
}

#[derive(FromQueryResult)]
struct UnitCount {
    unit_id: Uuid,
    tickets: i64,
}

/// How many open tickets each of these units has, as far as the viewer sees them.
pub async fn open_by_unit(conn: &impl ConnectionTrait, viewer: &Viewer, units: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let open = Condition::all().add(Column::UnitId.is_in(units.iter().copied())).add(Column::IsOpen.eq(true));
    let counts = super::find_of::<Entity>(viewer, open)
        .select_only()
        .column(Column::UnitId)
        .column_as(Column::Id.count(), "tickets")
        .group_by(Column::UnitId)
        .into_model::<UnitCount>()
        .all(conn)
        .await?;
    Ok(counts.into_iter().map(|count| (count.unit_id, count.tickets)).collect())
}

/// Takes the next running number of a project's day. Two who ask at once get two numbers.
pub async fn next_number(conn: &impl ConnectionTrait, project_id: Uuid, day: NaiveDate) -> Result<i32> {
    next_numbers(conn, project_id, day, 1).await
}

/// Takes the next so many running numbers of a project's day; the last of them.
pub async fn next_numbers(conn: &impl ConnectionTrait, project_id: Uuid, day: NaiveDate, count: i32) -> Result<i32> {
    use ticket_number::{ActiveModel, Column, Entity};
    let one_more = Expr::col((Entity, Column::LastNumber)).add(count);
    let row = ActiveModel {
        project_id: ActiveValue::Set(project_id),
        day: ActiveValue::Set(day),
        last_number: ActiveValue::Set(count),
    };
    let on_conflict =
        OnConflict::columns([Column::ProjectId, Column::Day]).value(Column::LastNumber, one_more).to_owned();
    Ok(Entity::insert(row).on_conflict(on_conflict).exec_with_returning(conn).await?.last_number)
}

pub async fn insert(conn: &impl ConnectionTrait, ticket: Model) -> Result<()> {
    super::insert(Entity, conn, ticket).await
}

/// Writes a ticket back if nobody else has since `version`; says whether it did.
pub async fn update(conn: &impl ConnectionTrait, ticket: Model, version: i32) -> Result<bool> {
    super::write_back_if(Entity, conn, ticket, Column::Version.eq(version)).await
}

/// The tickets whose clock has something to do before `now`, the most urgent first.
pub async fn due_for_check(conn: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Result<Vec<Model>> {
    Ok(to_check(now).order_by_asc(Column::NextCheckAt).limit(limit).all(conn).await?)
}

pub(super) fn to_check(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Column::NextCheckAt.lt(now))
}

/// The unfinished tickets in somebody's hands.
pub(super) fn in_hands() -> Select<Entity> {
    use TicketStatus::{Assigned, InProgress, OnHold};
    Entity::find().filter(Column::AssigneeId.is_not_null()).filter(Column::Status.is_in([Assigned, InProgress, OnHold]))
}

/// The unfinished tickets in the hands of these members of staff.
pub async fn in_hands_of(conn: &impl ConnectionTrait, staff: &[Uuid]) -> Result<Vec<Model>> {
    let held =
        in_hands().filter(Column::AssigneeId.is_in(staff.iter().copied())).order_by_asc(Column::Id).all(conn).await?;
    Ok(held)
}

/// The visible tickets with these ids.
pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |ticket| ticket.id).await
}
