//! What a row of another system becomes here: a ticket as it stands, and the log of how it came there.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use entity::{
    ticket, ticket_event,
    vocab::{PrincipalKind, TicketAction, TicketStatus},
};
use serde_json::json;
use uuid::Uuid;

use super::company::Project;
use crate::{
    clock::Ids,
    domain::{
        deadline::{DeadlinePolicy, due_dates},
        intake::{
            Columns, Fault, Problem,
            ticket::{Column, TicketRow},
        },
        message::ImportText,
        ticket::{SystemNote, TicketState, Window},
    },
    service::ticket_rows::{self, Fixed},
};

/// A row with what it leads to.
pub(super) struct Case {
    pub row: TicketRow,
    pub project: Project,
    pub unit_id: Uuid,
    pub reporter_id: Option<Uuid>,
    pub assignee_id: Option<Uuid>,
    pub times: Instants,
}

/// When each step was taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Instants {
    pub created: DateTime<Utc>,
    accepted: Option<DateTime<Utc>>,
    started: Option<DateTime<Utc>>,
    resolved: Option<DateTime<Utc>>,
    confirmed: Option<DateTime<Utc>>,
    closed: Option<DateTime<Utc>>,
    cancelled: Option<DateTime<Utc>>,
    window: Option<Window>,
}

impl Instants {
    /// The instants that the clock on the project's wall meant. Nothing has happened yet that lies ahead.
    pub(super) fn read(row: &TicketRow, project: &Project, now: DateTime<Utc>) -> Result<Self, Fault<Column>> {
        let instant = |column: Column, time: NaiveDateTime| {
            let none = || Fault::new(column, Problem::BadTime, ImportText::RowNoSuchTime);
            Ok(project.time_zone.from_local_datetime(&time).earliest().ok_or_else(none)?.to_utc())
        };
        let past = |column: Column, time: Option<NaiveDateTime>| {
            let Some(time) = time else { return Ok(None) };
            let at = instant(column, time)?;
            if at > now {
                let message = ImportText::RowInTheFuture { column: column.usual_name().to_owned() };
                return Err(Fault::new(column, Problem::TimesOutOfOrder, message));
            }
            Ok(Some(at))
        };
        let times = &row.times;
        let window = match row.appointment {
            None => None,
            Some((from, to)) => Some(Window {
                starts_at: instant(Column::AppointmentStartsAt, from)?,
                ends_at: instant(Column::AppointmentEndsAt, to)?,
            }),
        };
        Ok(Self {
            created: past(Column::CreatedAt, Some(times.created))?.unwrap_or(now),
            accepted: past(Column::AcceptedAt, times.accepted)?,
            started: past(Column::StartedAt, times.started)?,
            resolved: past(Column::ResolvedAt, times.resolved)?,
            confirmed: past(Column::ConfirmedAt, times.confirmed)?,
            closed: past(Column::ClosedAt, times.closed)?,
            cancelled: past(Column::CancelledAt, times.cancelled)?,
            window,
        })
    }

    /// When the work was done, or given up.
    fn end(&self) -> Option<DateTime<Utc>> {
        self.resolved.or(self.confirmed).or(self.closed).or(self.cancelled)
    }
}

/// The ticket's row.
pub(super) fn ticket(
    case: &Case,
    policy: &DeadlinePolicy,
    (id, number): (Uuid, String),
    now: DateTime<Utc>,
) -> ticket::Model {
    let row = &case.row;
    let fixed = Fixed {
        id,
        number,
        project_id: case.project.id,
        unit_id: case.unit_id,
        title: row.title.clone(),
        description: row.description.clone(),
        channel: row.channel,
        reporter_owner_id: case.reporter_id,
        reporter_staff_id: None,
    };
    ticket_rows::row(fixed, state(case, policy, now), 1, now)
}

/// How the rules see it. A step that was taken was taken in time, for no deadline of ours was running then; what is still
/// awaited is due as if it had been asked for now.
fn state(case: &Case, policy: &DeadlinePolicy, now: DateTime<Utc>) -> TicketState {
    use TicketStatus as S;
    let (row, times) = (&case.row, &case.times);
    let due = due_dates(policy, now, times.window.filter(|window| window.ends_at > now));
    let is_awaited = times.started.is_none() && matches!(row.status, S::Submitted | S::Accepted | S::Assigned);
    let answered_at = times.accepted.or(times.end()).unwrap_or(now);
    TicketState {
        kind: row.kind,
        urgency: row.urgency,
        status: row.status,
        category: row.category,
        responsible_department: row.department,
        appointment: times.window,
        assignee_id: case.assignee_id,
        created_at: times.created,
        accepted_at: times.accepted,
        started_at: times.started,
        // The customer's time to answer begins when we ask.
        resolved_at: if row.status == S::Resolved { Some(now) } else { times.resolved },
        confirmed_at: times.confirmed,
        closed_at: times.closed,
        cancelled_at: times.cancelled,
        respond_due_at: if row.status == S::Submitted { due.respond } else { answered_at },
        arrive_due_at: if is_awaited { due.arrive } else { times.started },
        resolve_due_at: times.end().unwrap_or(due.resolve),
        held_since: (row.status == S::OnHold).then_some(now),
        held_seconds: 0,
        respond_breached_at: None,
        arrive_breached_at: None,
        resolve_breached_at: None,
        rework_count: 0,
        escalation_level: 0,
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

/// Who took a step, as far as it is known: of the others nobody is named.
enum Actor {
    Owner(Uuid),
    Staff(Uuid),
    Nobody,
}

/// The log of a ticket, the first step first; their places are given by the writer.
pub(super) fn events(case: &Case, ticket: &ticket::Model, ids: &Ids, now: DateTime<Utc>) -> Vec<ticket_event::Model> {
    use TicketAction as A;
    use TicketStatus as S;
    let times = &case.times;
    let worker = || case.assignee_id.map_or(Actor::Nobody, Actor::Staff);
    let assigned = case.assignee_id.filter(|_| case.row.status >= S::Assigned && case.row.status != S::Cancelled);
    let steps = [
        (A::Create, S::Submitted, Some(times.created), case.reporter_id.map_or(Actor::Nobody, Actor::Owner)),
        (A::Accept, S::Accepted, times.accepted, Actor::Nobody),
        (A::Assign, S::Assigned, assigned.map(|_| times.accepted.unwrap_or(times.created)), Actor::Nobody),
        (A::Start, S::InProgress, times.started, worker()),
        (A::Hold, S::OnHold, (case.row.status == S::OnHold).then_some(now), Actor::Nobody),
        (A::Resolve, S::Resolved, times.resolved, worker()),
        (A::Confirm, S::Confirmed, times.confirmed, Actor::Nobody),
        (A::RecordFollowUp, S::Closed, times.closed, Actor::Nobody),
        (A::Cancel, S::Cancelled, times.cancelled, Actor::Nobody),
    ];
    let mut from = None;
    let mut events = Vec::new();
    for (action, to, at, actor) in steps {
        let Some(at) = at else { continue };
        let (actor_owner_id, actor_staff_id) = match actor {
            Actor::Owner(id) => (Some(id), None),
            Actor::Staff(id) => (None, Some(id)),
            Actor::Nobody => (None, None),
        };
        let is_first = action == A::Create;
        events.push(ticket_event::Model {
            seq: 0,
            id: ids.new_id(at),
            ticket_id: ticket.id,
            project_id: ticket.project_id,
            unit_id: ticket.unit_id,
            action,
            from_status: from,
            to_status: to,
            note: is_first.then(|| SystemNote::Imported(&case.row.reference).stored().into_owned()),
            actor_kind: match (actor_owner_id, actor_staff_id) {
                (Some(_), _) => PrincipalKind::Owner,
                (_, Some(_)) => PrincipalKind::Staff,
                (None, None) => PrincipalKind::System,
            },
            actor_owner_id,
            actor_staff_id,
            details: is_first.then(|| json!({ "importedFrom": case.row.reference })),
            occurred_at: at,
            made_at: None,
        });
        from = Some(to);
    }
    events
}
