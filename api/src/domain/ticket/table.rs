//! The state machine as a table that reads like the product's. What an action does beside moving the ticket, and what
//! its content must be, is said in `effect.rs`.

use entity::vocab::{TicketAction, TicketStatus};

use TicketStatus::{Accepted, Assigned, Cancelled, Closed, Confirmed, InProgress, OnHold, Resolved, Submitted};

/// One row: from any of these, by this action, to that.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    pub from: &'static [TicketStatus],
    pub action: TicketAction,
    pub to: To,
}

/// Where an action leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Status(TicketStatus),
    Unchanged,
}

/// Everything that is not in here is refused.
#[rustfmt::skip]
pub const TRANSITIONS: &[Transition] = &[
    row(&[Submitted],                                                           TicketAction::Accept,         To::Status(Accepted)),
    row(&[Accepted, Assigned, InProgress, OnHold],                              TicketAction::Assign,         To::Status(Assigned)),
    row(&[Assigned],                                                            TicketAction::Start,          To::Status(InProgress)),
    row(&[InProgress],                                                          TicketAction::Hold,           To::Status(OnHold)),
    row(&[OnHold],                                                              TicketAction::Resume,         To::Status(InProgress)),
    row(&[InProgress],                                                          TicketAction::Resolve,        To::Status(Resolved)),
    row(&[Resolved],                                                            TicketAction::Confirm,        To::Status(Confirmed)),
    row(&[Resolved],                                                            TicketAction::Reject,         To::Status(InProgress)),
    row(&[Confirmed],                                                           TicketAction::RecordFollowUp, To::Status(Closed)),
    row(&[Submitted, Accepted, Assigned, InProgress, OnHold, Resolved, Confirmed], TicketAction::Escalate,    To::Unchanged),
    row(&[Submitted, Accepted, Assigned],                                       TicketAction::Cancel,         To::Status(Cancelled)),
    row(&[Confirmed, Closed],                                                   TicketAction::Reopen,         To::Status(Accepted)),
    row(&[Submitted, Accepted, Assigned, InProgress, OnHold],                   TicketAction::Triage,         To::Unchanged),
    row(&[Submitted, Accepted, Assigned],                                       TicketAction::Reschedule,     To::Unchanged),
    row(&[Assigned, InProgress, OnHold],                                        TicketAction::ReturnToQueue,  To::Status(Accepted)),
    row(&[Submitted, Accepted, Assigned, InProgress, OnHold],                   TicketAction::Collect,        To::Unchanged),
];

const fn row(from: &'static [TicketStatus], action: TicketAction, to: To) -> Transition {
    Transition { from, action, to }
}

/// Where the action leads from this status; `None` when it is not legal there.
pub fn target(status: TicketStatus, action: TicketAction) -> Option<TicketStatus> {
    TRANSITIONS.iter().find(|row| row.action == action && row.from.contains(&status)).map(|row| match row.to {
        To::Status(to) => to,
        To::Unchanged => status,
    })
}

/// The actions that are legal in a status, in the order of the table.
pub fn allowed_actions(status: TicketStatus) -> impl Iterator<Item = TicketAction> {
    TRANSITIONS.iter().filter(move |row| row.from.contains(&status)).map(|row| row.action)
}
