//! Why a ticket was not changed.

use entity::vocab::{TicketAction, TicketStatus};

use crate::domain::invalid::Invalid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The state machine has no such row.
    IllegalTransition { action: TicketAction, status: TicketStatus },
    /// The row exists, and the input or the moment does not fit it.
    Invalid(Invalid),
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}
