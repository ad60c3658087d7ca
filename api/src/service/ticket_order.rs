//! A command for a ticket as whoever gives it says it: once, or again with the same key.

use chrono::{DateTime, Utc};
use entity::vocab::TicketAction;
use uuid::Uuid;

use super::idempotent::Repeatable;
use crate::domain::ticket::Command;

/// A command for a ticket.
#[derive(Clone, Debug)]
pub struct Order {
    pub ticket_id: Uuid,
    /// The version that the caller saw; none acts on whatever is there.
    pub expected_version: Option<i32>,
    pub idempotency_key: Option<String>,
    pub command: Command,
    /// For what was done while a device was offline.
    pub offline: Option<Offline>,
}

/// What a device says of something that it could not send at once.
#[derive(Clone, Debug)]
pub struct Offline {
    /// When it was done, by its clock. It is written down, and decides nothing.
    pub made_at: DateTime<Utc>,
    /// The key of an earlier action: the version in which that one left the ticket is what the caller saw.
    pub follows: Option<String>,
}

impl Order {
    pub(super) fn call(&self) -> Repeatable<'_> {
        Repeatable { key: self.idempotency_key.as_deref(), operation: self.operation() }
    }

    /// What a repetition has in common with the first call.
    pub(super) fn request(&self) -> String {
        format!("{} {:?}", self.ticket_id, self.command)
    }

    /// The mutation that takes this command by itself.
    pub(super) fn operation(&self) -> &'static str {
        match self.command.action() {
            TicketAction::Accept => "acceptTicket",
            TicketAction::Assign => "assignTicket",
            TicketAction::Start => "startTicket",
            TicketAction::Hold => "holdTicket",
            TicketAction::Resume => "resumeTicket",
            TicketAction::Resolve => "resolveTicket",
            TicketAction::Confirm => "confirmTicket",
            TicketAction::Reject => "rejectResolution",
            TicketAction::RecordFollowUp => "recordFollowUp",
            TicketAction::Escalate => "escalateTicket",
            TicketAction::Cancel => "cancelTicket",
            TicketAction::Reopen => "reopenTicket",
            TicketAction::Triage => "triageTicket",
            TicketAction::Reschedule => "rescheduleTicket",
            TicketAction::Create
            | TicketAction::ReturnToQueue
            | TicketAction::Collect
            | TicketAction::RespondBreached
            | TicketAction::ArriveBreached
            | TicketAction::ResolveBreached => "system",
        }
    }
}
