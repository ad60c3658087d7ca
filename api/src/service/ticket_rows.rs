//! Between the rules' picture of a ticket and its rows. Every column is named here once in each direction.

use chrono::{DateTime, TimeZone, Utc};
use entity::{
    deadline_policy, ticket, ticket_event,
    vocab::{PrincipalKind, PublicHolidays},
};
use uuid::Uuid;

use crate::{
    auth::viewer::{Principal, Viewer},
    clock::Ids,
    domain::{
        calendar::WorkingCalendar,
        deadline::{DeadlineMinutes, DeadlinePolicy},
        ticket::{Happening, TicketState, Window, is_open, next_check_at, queue_deadline},
    },
    error::{Error, Result},
};

/// When something is done: the time of the server, which decides, and what the clock of a device that was offline said.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub now: DateTime<Utc>,
    pub made_at: Option<DateTime<Utc>>,
}

impl From<DateTime<Utc>> for When {
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, made_at: None }
    }
}

/// Stands in the queue's order for "no deadline is running".
fn end_of_time() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(9999, 12, 31, 0, 0, 0).single().expect("a date of the calendar")
}

pub(super) fn state(row: &ticket::Model) -> TicketState {
    let appointment = row.appointment_starts_at.zip(row.appointment_ends_at);
    TicketState {
        kind: row.kind,
        urgency: row.urgency,
        status: row.status,
        category: row.category,
        responsible_department: row.responsible_department,
        appointment: appointment.map(|(starts_at, ends_at)| Window { starts_at, ends_at }),
        assignee_id: row.assignee_id,
        created_at: row.created_at,
        accepted_at: row.accepted_at,
        started_at: row.started_at,
        resolved_at: row.resolved_at,
        confirmed_at: row.confirmed_at,
        closed_at: row.closed_at,
        cancelled_at: row.cancelled_at,
        respond_due_at: row.respond_due_at,
        arrive_due_at: row.arrive_due_at,
        resolve_due_at: row.resolve_due_at,
        held_since: row.held_since,
        held_seconds: row.held_seconds,
        respond_breached_at: row.respond_breached_at,
        arrive_breached_at: row.arrive_breached_at,
        resolve_breached_at: row.resolve_breached_at,
        rework_count: row.rework_count,
        escalation_level: row.escalation_level,
        triage: row.triage,
        triage_reason: row.triage_reason.clone(),
        cause: row.cause.clone(),
        explanation: row.explanation.clone(),
        resolution: row.resolution.clone(),
        cost_cents: row.cost_cents,
        satisfied: row.satisfied,
        rating: row.rating,
        confirmed_channel: row.confirmed_channel,
    }
}

/// What a ticket's row holds that no rule changes.
pub(super) struct Fixed {
    pub id: Uuid,
    pub number: String,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub title: String,
    pub description: String,
    pub channel: entity::vocab::Channel,
    pub reporter_owner_id: Option<Uuid>,
    pub reporter_staff_id: Option<Uuid>,
}

impl From<&ticket::Model> for Fixed {
    fn from(row: &ticket::Model) -> Self {
        Self {
            id: row.id,
            number: row.number.clone(),
            project_id: row.project_id,
            unit_id: row.unit_id,
            title: row.title.clone(),
            description: row.description.clone(),
            channel: row.channel,
            reporter_owner_id: row.reporter_owner_id,
            reporter_staff_id: row.reporter_staff_id,
        }
    }
}

pub(super) fn row(fixed: Fixed, state: TicketState, version: i32, now: DateTime<Utc>) -> ticket::Model {
    ticket::Model {
        id: fixed.id,
        number: fixed.number,
        project_id: fixed.project_id,
        unit_id: fixed.unit_id,
        title: fixed.title,
        description: fixed.description,
        channel: fixed.channel,
        reporter_owner_id: fixed.reporter_owner_id,
        reporter_staff_id: fixed.reporter_staff_id,
        version,
        is_open: is_open(state.status),
        queue_deadline_at: queue_deadline(&state).unwrap_or_else(end_of_time),
        next_check_at: next_check_at(&state),
        kind: state.kind,
        category: state.category,
        urgency: state.urgency,
        status: state.status,
        responsible_department: state.responsible_department,
        assignee_id: state.assignee_id,
        appointment_starts_at: state.appointment.map(|window| window.starts_at),
        appointment_ends_at: state.appointment.map(|window| window.ends_at),
        respond_due_at: state.respond_due_at,
        arrive_due_at: state.arrive_due_at,
        resolve_due_at: state.resolve_due_at,
        accepted_at: state.accepted_at,
        started_at: state.started_at,
        resolved_at: state.resolved_at,
        confirmed_at: state.confirmed_at,
        closed_at: state.closed_at,
        cancelled_at: state.cancelled_at,
        held_since: state.held_since,
        held_seconds: state.held_seconds,
        respond_breached_at: state.respond_breached_at,
        arrive_breached_at: state.arrive_breached_at,
        resolve_breached_at: state.resolve_breached_at,
        rework_count: state.rework_count,
        escalation_level: state.escalation_level,
        triage: state.triage,
        triage_reason: state.triage_reason,
        cause: state.cause,
        explanation: state.explanation,
        resolution: state.resolution,
        cost_cents: state.cost_cents,
        satisfied: state.satisfied,
        rating: state.rating,
        confirmed_channel: state.confirmed_channel,
        created_at: state.created_at,
        updated_at: now,
    }
}

/// The log's rows for what happened; the database gives them their place.
pub(super) fn events(
    happenings: Vec<Happening>,
    ticket: &ticket::Model,
    viewer: &Viewer,
    ids: &Ids,
    When { now, made_at }: When,
) -> Result<Vec<ticket_event::Model>> {
    happenings
        .into_iter()
        .map(|happening| {
            let actor = if happening.by_system { Principal::System } else { viewer.principal };
            let viewer = Viewer::of(actor);
            let details = serde_json::to_value(&happening.details).map_err(Error::internal)?;
            Ok(ticket_event::Model {
                seq: 0,
                id: ids.new_id(now),
                ticket_id: ticket.id,
                project_id: ticket.project_id,
                unit_id: ticket.unit_id,
                action: happening.action,
                from_status: happening.from,
                to_status: happening.to,
                note: happening.note,
                actor_kind: match actor {
                    Principal::System => PrincipalKind::System,
                    _ => viewer.kind(),
                },
                actor_owner_id: viewer.owner_id(),
                actor_staff_id: viewer.staff_id(),
                details: (!details.is_null()).then_some(details),
                occurred_at: now,
                made_at: made_at.filter(|_| !happening.by_system),
            })
        })
        .collect()
}

pub(super) fn policy(row: deadline_policy::Model) -> Result<DeadlinePolicy> {
    let minutes = DeadlineMinutes {
        respond: row.respond_minutes,
        arrive: row.arrive_minutes,
        resolve: row.resolve_minutes,
        from_window_end: row.from_window_end,
    };
    let calendar: Option<WorkingCalendar> =
        row.calendar.map(serde_json::from_value).transpose().map_err(Error::internal)?;
    let calendar = match row.public_holidays {
        Some(PublicHolidays::China) => calendar.map(WorkingCalendar::with_holidays_of_china),
        None => calendar,
    };
    DeadlinePolicy::new(minutes, calendar).map_err(Error::internal)
}
