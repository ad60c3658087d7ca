//! What can be asked of a ticket, with the content that each action carries as the client typed it.

use chrono::{DateTime, Utc};
use entity::vocab::{Channel, Department, TicketAction, TicketCategory, Triage, Urgency};
use uuid::Uuid;

use super::{TicketState, Window};

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The first response. Without a window, one that the owner already chose stays.
    Accept {
        category: TicketCategory,
        urgency: Urgency,
        department: Department,
        appointment: Option<Window>,
        note: Option<String>,
    },
    Assign {
        assignee_id: Uuid,
        note: Option<String>,
    },
    /// The assignee arrived.
    Start {
        note: Option<String>,
    },
    Hold {
        reason: String,
    },
    Resume {
        note: Option<String>,
    },
    /// A valid complaint also needs cause, explanation and responsible department; without a department, the one
    /// named on acceptance stays.
    Resolve {
        resolution: String,
        cost_cents: Option<i64>,
        cause: Option<String>,
        explanation: Option<String>,
        department: Option<Department>,
    },
    /// The channel says how an agent asked the owner; absent when the owner answered in person.
    Confirm {
        satisfied: bool,
        rating: Option<i32>,
        channel: Option<Channel>,
        note: Option<String>,
    },
    Reject {
        reason: String,
    },
    RecordFollowUp {
        outcome: String,
    },
    Escalate {
        reason: String,
    },
    Cancel {
        reason: String,
    },
    Reopen {
        reason: String,
    },
    Triage {
        verdict: Triage,
        reason: String,
    },
    Reschedule {
        window: Window,
        reason: String,
    },
    /// The assignee became absent or left.
    ReturnToQueue {
        reason: String,
    },
    /// It joins a batch of defects for a contractor, and the batch's deadline becomes its own.
    Collect {
        batch_id: Uuid,
        resolve_by: DateTime<Utc>,
    },
    /// By the system, when a resolution was left unanswered.
    AutoConfirm,
}

impl Command {
    /// The action it is recorded as, and under which the policy table allows it.
    pub fn action(&self) -> TicketAction {
        match self {
            Self::Accept { .. } => TicketAction::Accept,
            Self::Assign { .. } => TicketAction::Assign,
            Self::Start { .. } => TicketAction::Start,
            Self::Hold { .. } => TicketAction::Hold,
            Self::Resume { .. } => TicketAction::Resume,
            Self::Resolve { .. } => TicketAction::Resolve,
            Self::Confirm { .. } | Self::AutoConfirm => TicketAction::Confirm,
            Self::Reject { .. } => TicketAction::Reject,
            Self::RecordFollowUp { .. } => TicketAction::RecordFollowUp,
            Self::Escalate { .. } => TicketAction::Escalate,
            Self::Cancel { .. } => TicketAction::Cancel,
            Self::Reopen { .. } => TicketAction::Reopen,
            Self::Triage { .. } => TicketAction::Triage,
            Self::Reschedule { .. } => TicketAction::Reschedule,
            Self::ReturnToQueue { .. } => TicketAction::ReturnToQueue,
            Self::Collect { .. } => TicketAction::Collect,
        }
    }

    /// The urgency that the ticket will have after this command: the one whose deadline policy `step` needs.
    pub fn urgency(&self, state: &TicketState) -> Urgency {
        match self {
            Self::Accept { urgency, .. } => *urgency,
            _ => state.urgency,
        }
    }
}
