//! How a ticket begins: the checks of a report, and its first state.

use chrono::{DateTime, Utc};
use entity::vocab::{Channel, TicketAction, TicketCategory, TicketKind, TicketStatus, Urgency};

use crate::domain::deadline::{DeadlinePolicy, DueDates, due_dates};
use crate::domain::invalid::{Invalid, Message, Problem};
use crate::domain::text;

use super::{Details, Happening, Refusal, Step, TicketState, Window, check};

const LONGEST_TITLE: usize = 120;
const LONGEST_DESCRIPTION: usize = 4000;

/// A report as the client typed it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTicket {
    pub kind: TicketKind,
    pub urgency: Urgency,
    pub category: Option<TicketCategory>,
    pub channel: Channel,
    pub title: String,
    /// May be empty.
    pub description: String,
    pub appointment: Option<Window>,
    /// The deadline of the batch that a rectification belongs to, instead of the policy's.
    pub resolve_by: Option<DateTime<Utc>>,
}

/// A report that was taken: the texts as they are stored, and the first step with its event.
#[derive(Clone, Debug, PartialEq)]
pub struct Created {
    pub title: String,
    pub description: String,
    pub step: Step,
}

/// The first state of a ticket reported at `now`; `policy` is the one for its kind and urgency.
pub fn create(new: &NewTicket, policy: &DeadlinePolicy, now: DateTime<Utc>) -> Result<Created, Refusal> {
    let title = text::required_line("title", &new.title, LONGEST_TITLE)?;
    let description = text::optional("description", Some(&new.description), LONGEST_DESCRIPTION)?;
    let appointment = check::appointment(new.urgency, new.appointment, now)?;
    let mut due = due_dates(policy, now, appointment);
    due.resolve = batch_deadline(new, now)?.unwrap_or(due.resolve);
    let step = Step { state: submitted(new, appointment, due, now), events: vec![creation(new, appointment)] };
    Ok(Created { title, description: description.unwrap_or_default(), step })
}

fn batch_deadline(new: &NewTicket, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Invalid> {
    match new.resolve_by {
        Some(_) if new.kind != TicketKind::Rectification => {
            Err(Invalid::new("resolveBy", Problem::Invalid, Message::MustBeOfRectification))
        }
        Some(due) if due <= now => Err(Invalid::new("resolveBy", Problem::InThePast, Message::MustNotBePast)),
        given => Ok(given),
    }
}

fn creation(new: &NewTicket, appointment: Option<Window>) -> Happening {
    let NewTicket { kind, urgency, channel, .. } = *new;
    Happening {
        action: TicketAction::Create,
        from: None,
        to: TicketStatus::Submitted,
        note: None,
        by_system: false,
        details: Details::Create { kind, urgency, channel, appointment },
    }
}

fn submitted(new: &NewTicket, appointment: Option<Window>, due: DueDates, now: DateTime<Utc>) -> TicketState {
    TicketState {
        kind: new.kind,
        urgency: new.urgency,
        status: TicketStatus::Submitted,
        category: new.category,
        responsible_department: None,
        appointment,
        assignee_id: None,
        created_at: now,
        accepted_at: None,
        started_at: None,
        resolved_at: None,
        confirmed_at: None,
        closed_at: None,
        cancelled_at: None,
        respond_due_at: due.respond,
        arrive_due_at: due.arrive,
        resolve_due_at: due.resolve,
        held_since: None,
        held_seconds: 0,
        respond_breached_at: None,
        arrive_breached_at: None,
        resolve_breached_at: None,
        rework_count: 0,
        escalation_level: 0,
        triage: None,
        triage_reason: None,
        cause: None,
        explanation: None,
        resolution: None,
        cost_cents: None,
        satisfied: None,
        rating: None,
        confirmed_channel: None,
    }
}
