//! Which tickets belong to a figure of a month, and which of them count.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{Department, FigureItemKind, FigureKey, TicketKind, Triage, Urgency};
use uuid::Uuid;

use super::{Item, Period};

/// How soon a complaint must be answered, whatever a project's own deadlines say.
const REPLY: TimeDelta = TimeDelta::hours(24);

/// A ticket as figures see it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketFacts {
    pub id: Uuid,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub kind: TicketKind,
    pub urgency: Urgency,
    pub department: Option<Department>,
    pub assignee_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub arrive_due_at: Option<DateTime<Utc>>,
    pub resolve_due_at: DateTime<Utc>,
    pub held_since: Option<DateTime<Utc>>,
    pub rework_count: i32,
    pub triage: Option<Triage>,
    pub satisfied: Option<bool>,
}

/// What a figure says of a ticket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    pub is_counted: bool,
    /// The instant for which it is judged: who answered for the household then shares in it.
    pub at: DateTime<Utc>,
}

/// Whether a ticket belongs to a figure of a period as it stands at `now`, and whether it counts.
pub fn judge(key: FigureKey, ticket: &TicketFacts, period: Period, now: DateTime<Utc>) -> Option<Judgement> {
    use FigureKey as K;
    let (at, is_counted) = match key {
        K::RepairTimeliness if ticket.kind == TicketKind::Repair => (work_due(ticket, now)?, is_in_time(ticket)),
        K::RepairQuality if ticket.kind == TicketKind::Repair => (ticket.confirmed_at?, ticket.rework_count == 0),
        K::FollowUpRate if matches!(ticket.kind, TicketKind::Repair | TicketKind::Complaint) => {
            (ticket.confirmed_at?, ticket.closed_at.is_some())
        }
        K::ComplaintHandling if is_complaint(ticket) && ticket.triage == Some(Triage::Valid) => {
            (work_due(ticket, now)?, is_resolved_in_time(ticket))
        }
        K::ComplaintReply24h if is_complaint(ticket) => (ticket.created_at, is_answered(ticket, now)?),
        K::ComplaintSignoff if is_complaint(ticket) => (ticket.confirmed_at?, ticket.satisfied?),
        K::UrgentReaction if ticket.urgency == Urgency::Urgent => (arrival_due(ticket, now)?, is_reached(ticket)),
        _ => return None,
    };
    period.holds(at).then_some(Judgement { is_counted, at })
}

impl TicketFacts {
    /// The ticket as an item of a figure.
    pub fn item(&self, judgement: Judgement, ambassador_id: Option<Uuid>) -> Item {
        Item {
            project_id: Some(self.project_id),
            department: self.department,
            staff_id: self.assignee_id,
            ambassador_id,
            ..Item::new(FigureItemKind::Ticket, self.id, judgement.is_counted)
        }
    }
}

fn is_complaint(ticket: &TicketFacts) -> bool {
    ticket.kind == TicketKind::Complaint
}

/// When the work was due, if that moment has come. While a ticket is on hold its clock stands still and nothing falls due;
/// what was withdrawn is due no more.
fn work_due(ticket: &TicketFacts, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let due = ticket.resolve_due_at;
    let stands_still = ticket.held_since.is_some_and(|since| since <= due);
    (ticket.cancelled_at.is_none() && !stands_still && due < now).then_some(due)
}

fn arrival_due(ticket: &TicketFacts, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    ticket.arrive_due_at.filter(|due| ticket.cancelled_at.is_none() && *due < now)
}

/// Where nobody was awaited, nobody could come late.
fn is_reached(ticket: &TicketFacts) -> bool {
    ticket.arrive_due_at.is_none_or(|due| ticket.started_at.is_some_and(|at| at <= due))
}

fn is_resolved_in_time(ticket: &TicketFacts) -> bool {
    ticket.resolved_at.is_some_and(|at| at <= ticket.resolve_due_at)
}

fn is_in_time(ticket: &TicketFacts) -> bool {
    is_reached(ticket) && is_resolved_in_time(ticket)
}

/// Whether a complaint was answered in time; nothing as long as it still may be, or when it was withdrawn before.
fn is_answered(ticket: &TicketFacts, now: DateTime<Utc>) -> Option<bool> {
    let until = ticket.created_at + REPLY;
    match ticket.accepted_at {
        Some(at) => Some(at <= until),
        None => (ticket.cancelled_at.unwrap_or(now) > until).then_some(false),
    }
}
