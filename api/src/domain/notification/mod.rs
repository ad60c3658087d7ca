//! What people are told, and whom a ticket's event concerns. In which words is the room of languages'.

pub mod email;
mod party;
pub mod preference;
pub mod quiet;
pub mod retry;

use entity::vocab::NotificationKind;
use serde::{Deserialize, Serialize};

use super::message::Written;

pub use party::{Party, told};

/// What the templates are filled with. What belongs to one kind only is left out of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Arguments {
    /// A ticket's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The headline of a bulletin or survey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The same, when the house wrote it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// A home's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// A day and time as they are where the project stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Ticket,
    Bulletin,
    Survey,
    Handover,
}

/// What the subject of a notification of this kind is.
pub fn subject(kind: NotificationKind) -> Subject {
    use NotificationKind as K;
    match kind {
        K::TicketReported
        | K::TicketAccepted
        | K::TicketAssigned
        | K::TicketDispatched
        | K::TicketStarted
        | K::TicketOnHold
        | K::TicketResolved
        | K::TicketConfirmed
        | K::TicketRejected
        | K::TicketClosed
        | K::TicketEscalated
        | K::TicketCancelled
        | K::TicketReopened
        | K::TicketRescheduled
        | K::TicketReturned
        | K::TicketOverdue => Subject::Ticket,
        K::BulletinPublished | K::MilestoneReached | K::WarrantyEnding => Subject::Bulletin,
        K::SurveyInvited => Subject::Survey,
        K::HandoverBooked | K::HandoverRescheduled | K::HandoverCancelled => Subject::Handover,
    }
}
