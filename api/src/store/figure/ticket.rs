//! Tickets of the month: due, confirmed or created in it.

use chrono::{DateTime, Utc};
use entity::{
    ticket::{Column, Entity},
    vocab::{Department, FigureKey, TicketKind, Triage, Urgency},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Items, Span, home::Ambassadors};
use crate::{
    domain::figure::{
        is_of_tickets,
        ticket::{TicketFacts, judge},
    },
    error::Result,
};

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    let keys: Vec<FigureKey> = keys.iter().copied().filter(|key| is_of_tickets(*key)).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let tickets = facts(conn, span).await?;
    let ambassadors = Ambassadors::of(conn, span).await?;
    let period = span.period();
    let mut items = Vec::new();
    for key in keys {
        for ticket in &tickets {
            if let Some(judgement) = judge(key, ticket, period, span.now) {
                let ambassador = ambassadors.at(ticket.unit_id, judgement.at);
                items.push((key, ticket.item(judgement, ambassador)));
            }
        }
    }
    Ok(items)
}

/// The columns that figures look at; texts stay where they are.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    unit_id: Uuid,
    kind: TicketKind,
    urgency: Urgency,
    responsible_department: Option<Department>,
    assignee_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    confirmed_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    arrive_due_at: Option<DateTime<Utc>>,
    resolve_due_at: DateTime<Utc>,
    held_since: Option<DateTime<Utc>>,
    rework_count: i32,
    triage: Option<Triage>,
    satisfied: Option<bool>,
}

const COLUMNS: [Column; 20] = [
    Column::Id,
    Column::ProjectId,
    Column::UnitId,
    Column::Kind,
    Column::Urgency,
    Column::ResponsibleDepartment,
    Column::AssigneeId,
    Column::CreatedAt,
    Column::AcceptedAt,
    Column::StartedAt,
    Column::ResolvedAt,
    Column::ConfirmedAt,
    Column::ClosedAt,
    Column::CancelledAt,
    Column::ArriveDueAt,
    Column::ResolveDueAt,
    Column::HeldSince,
    Column::ReworkCount,
    Column::Triage,
    Column::Satisfied,
];

async fn facts(conn: &impl ConnectionTrait, span: &Span) -> Result<Vec<TicketFacts>> {
    let period = span.period();
    // The project in each of the ways, so that each finds its rows by an index of its own.
    let within = |column: Column| {
        Condition::all()
            .add(Column::ProjectId.is_in(span.projects.clone()))
            .add(column.gte(period.from))
            .add(column.lt(period.to))
    };
    let rows = Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(
            Condition::any()
                .add(within(Column::ResolveDueAt))
                .add(within(Column::ArriveDueAt))
                .add(within(Column::ConfirmedAt))
                .add(within(Column::CreatedAt)),
        )
        .into_model::<Row>()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(TicketFacts::from).collect())
}

impl From<Row> for TicketFacts {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            project_id: row.project_id,
            unit_id: row.unit_id,
            kind: row.kind,
            urgency: row.urgency,
            department: row.responsible_department,
            assignee_id: row.assignee_id,
            created_at: row.created_at,
            accepted_at: row.accepted_at,
            started_at: row.started_at,
            resolved_at: row.resolved_at,
            confirmed_at: row.confirmed_at,
            closed_at: row.closed_at,
            cancelled_at: row.cancelled_at,
            arrive_due_at: row.arrive_due_at,
            resolve_due_at: row.resolve_due_at,
            held_since: row.held_since,
            rework_count: row.rework_count,
            triage: row.triage,
            satisfied: row.satisfied,
        }
    }
}
