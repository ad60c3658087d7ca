//! What a step hands back: the new state, and the events to append in this order.

use chrono::{DateTime, Utc};
use entity::vocab::{
    Channel, DeadlineKind, Department, TicketAction, TicketCategory, TicketKind, TicketStatus, Triage, Urgency,
};
use serde::Serialize;
use uuid::Uuid;

use super::{TicketState, Window};

/// The outcome of a command that was not refused, or of time alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub state: TicketState,
    pub events: Vec<Happening>,
}

/// One event of a ticket's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    pub action: TicketAction,
    /// Absent for the creation.
    pub from: Option<TicketStatus>,
    pub to: TicketStatus,
    pub note: Option<String>,
    /// The rules brought it about, whoever's command they were judging.
    pub by_system: bool,
    pub details: Details,
}

/// What an event says beyond its note, as it is stored in the log: an object in camelCase, or null.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Details {
    None,
    Create {
        kind: TicketKind,
        urgency: Urgency,
        channel: Channel,
        appointment: Option<Window>,
    },
    Accept {
        category: TicketCategory,
        urgency: Urgency,
        responsible_department: Department,
        appointment: Option<Window>,
        arrive_due_at: Option<DateTime<Utc>>,
        resolve_due_at: DateTime<Utc>,
    },
    Assign {
        assignee_id: Uuid,
        previous_assignee_id: Option<Uuid>,
        /// Where it moved to, when this ended a hold.
        #[serde(skip_serializing_if = "Option::is_none")]
        resolve_due_at: Option<DateTime<Utc>>,
    },
    Resume {
        held_seconds: i64,
        resolve_due_at: DateTime<Utc>,
    },
    Resolve {
        cost_cents: Option<i64>,
        cause: Option<String>,
        explanation: Option<String>,
        responsible_department: Option<Department>,
    },
    Confirm {
        satisfied: Option<bool>,
        rating: Option<i32>,
        channel: Option<Channel>,
    },
    Reject {
        rework_count: i32,
    },
    Escalate {
        level: i32,
        because: EscalationCause,
    },
    Reopen {
        arrive_due_at: Option<DateTime<Utc>>,
        resolve_due_at: DateTime<Utc>,
    },
    Triage {
        verdict: Triage,
    },
    Reschedule {
        appointment: Window,
        previous: Option<Window>,
        arrive_due_at: Option<DateTime<Utc>>,
        resolve_due_at: DateTime<Utc>,
    },
    ReturnToQueue {
        previous_assignee_id: Option<Uuid>,
        /// Where it moved to, when this ended a hold.
        #[serde(skip_serializing_if = "Option::is_none")]
        resolve_due_at: Option<DateTime<Utc>>,
    },
    Collect {
        batch_id: Uuid,
        previous_kind: TicketKind,
        resolve_due_at: DateTime<Utc>,
    },
    Breach {
        deadline: DeadlineKind,
        due_at: DateTime<Utc>,
    },
}

/// Why a ticket went one level up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EscalationCause {
    /// Somebody asked for it.
    Request,
    /// A deadline was missed.
    Breach,
    /// The owner rejected the work again and again.
    Rework,
}

impl Step {
    /// A step in which nothing has happened yet.
    pub(super) fn begin(state: &TicketState) -> Self {
        Self { state: state.clone(), events: Vec::new() }
    }

    /// Moves the ticket and writes the event of it.
    pub(super) fn record(&mut self, action: TicketAction, to: TicketStatus, happened: Happened, by_system: bool) {
        let from = Some(self.state.status);
        self.state.status = to;
        let Happened { note, details } = happened;
        self.events.push(Happening { action, from, to, note, by_system, details });
    }

    /// One level up, by the rules themselves.
    pub(super) fn escalate(&mut self, because: EscalationCause) {
        self.state.escalation_level += 1;
        let details = Details::Escalate { level: self.state.escalation_level, because };
        self.record(TicketAction::Escalate, self.state.status, details.into(), true);
    }
}

/// The part of an event that an action's effect knows.
pub(super) struct Happened {
    pub(super) note: Option<String>,
    pub(super) details: Details,
}

impl Happened {
    pub(super) fn noted(note: impl Into<Option<String>>, details: Details) -> Self {
        Self { note: note.into(), details }
    }
}

impl From<Details> for Happened {
    fn from(details: Details) -> Self {
        Self::noted(None, details)
    }
}
