//! Work lists over tickets: calls that are due after completion, escalated cases, and how soon somebody was there.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ticket::{Column, Entity},
    ticket_event,
    vocab::{TicketAction, TicketKind, TicketStatus, Urgency},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, domain::reaction::Case, error::Result, store::list::List};

/// A project and a period; the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub project_id: Uuid,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// What every completed repair and complaint is owed.
const CALLED_BACK: [TicketKind; 2] = [TicketKind::Repair, TicketKind::Complaint];

/// Repairs and complaints that were confirmed and wait for the call, the one that waits longest first.
pub fn due(viewer: &Viewer, project_id: Option<Uuid>) -> List<Entity> {
    let waiting = Condition::all()
        .add(Column::Status.eq(TicketStatus::Confirmed))
        .add(Column::ConfirmedAt.is_not_null())
        .add(Column::Kind.is_in(CALLED_BACK))
        .add_option(project_id.map(|id| Column::ProjectId.eq(id)));
    let rows = super::find::<Entity>(viewer).filter(waiting);
    List::by_instant(rows, (Column::ConfirmedAt, Column::Id), |row| {
        (row.confirmed_at.unwrap_or(row.updated_at), row.id)
    })
}

/// How many repairs and complaints were confirmed in a period, and how many of these were followed up.
pub async fn rate(conn: &impl ConnectionTrait, viewer: &Viewer, span: Span) -> Result<(u64, u64)> {
    let confirmed = super::find::<Entity>(viewer)
        .filter(Column::ProjectId.eq(span.project_id))
        .filter(Column::Kind.is_in(CALLED_BACK))
        .filter(Column::ConfirmedAt.gte(span.from))
        .filter(Column::ConfirmedAt.lt(span.to));
    let followed_up = confirmed.clone().filter(Column::ClosedAt.is_not_null());
    Ok((confirmed.count(conn).await?, followed_up.count(conn).await?))
}

/// Open tickets that went up at least once, the earliest running deadline first.
pub fn escalated(viewer: &Viewer, project_id: Option<Uuid>) -> List<Entity> {
    let raised = Condition::all()
        .add(Column::IsOpen.eq(true))
        .add(Column::EscalationLevel.gt(0))
        .add_option(project_id.map(|id| Column::ProjectId.eq(id)));
    let rows = super::find::<Entity>(viewer).filter(raised);
    List::by_instant(rows, (Column::QueueDeadlineAt, Column::Id), |row| (row.queue_deadline_at, row.id))
}

/// Urgent tickets for which somebody had to be there within a period. Withdrawn ones do not count.
fn urgent(viewer: &Viewer, span: Span) -> Select<Entity> {
    super::find::<Entity>(viewer)
        .filter(Column::ProjectId.eq(span.project_id))
        .filter(Column::Urgency.eq(Urgency::Urgent))
        .filter(Column::Status.ne(TicketStatus::Cancelled))
        .filter(Column::ArriveDueAt.gte(span.from))
        .filter(Column::ArriveDueAt.lt(span.to))
}

/// How each of these urgent tickets was reacted to. The clock of one that was opened again began anew with that.
pub async fn reactions(conn: &impl ConnectionTrait, viewer: &Viewer, span: Span) -> Result<Vec<Case>> {
    let tickets = urgent(viewer, span).all(conn).await?;
    let ids = urgent(viewer, span).select_only().column(Column::Id).into_query();
    let reopened = ticket_event::Entity::find()
        .filter(ticket_event::Column::TicketId.in_subquery(ids))
        .filter(ticket_event::Column::Action.eq(TicketAction::Reopen))
        .order_by_asc(ticket_event::Column::Seq)
        .all(conn)
        .await?;
    let begun_anew: HashMap<Uuid, DateTime<Utc>> =
        reopened.into_iter().map(|event| (event.ticket_id, event.occurred_at)).collect();
    let case = |row: entity::ticket::Model| {
        let begun_at = begun_anew.get(&row.id).copied().unwrap_or(row.created_at);
        row.arrive_due_at.map(|due_at| Case { begun_at, started_at: row.started_at, due_at })
    };
    Ok(tickets.into_iter().filter_map(case).collect())
}
