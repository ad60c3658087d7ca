//! Why a ticket was not changed.

use std::fmt;

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

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalTransition { action, status } => {
                write!(f, "{action:?} is not possible in {status:?}")
            }
            Self::Invalid(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}
