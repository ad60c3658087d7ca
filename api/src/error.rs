//! The one error type of every floor, and which of its variants to use where.
//!
//! `Invalid` is data: a mutation answers it as `userErrors`, a query as a top-level error that names the argument.
//! The other variants are always top-level errors with a code. `Internal` keeps its cause for the log; no foreign
//! error's text ever reaches a client. What is said is a code too: it becomes a text where the reader's language is
//! known. The type has no `Display` on purpose: it can't be sent by accident.

use std::{error::Error as StdError, sync::Arc};

use sea_orm::{DbErr, RuntimeErr, SqlxError};
use serde::{Deserialize, Serialize};

pub use crate::domain::message::Message;
use crate::domain::{
    invalid::{Invalid, Problem},
    ticket::Refusal,
};

/// The closed list of codes in `userErrors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FaultCode {
    Required,
    TooLong,
    OutOfRange,
    InThePast,
    Invalid,
    NotFound,
    Conflict,
    IllegalTransition,
    TooEarly,
    TooLate,
    Throttled,
    WrongCredentials,
    Expired,
    KeyReused,
    NotAvailable,
    Incomplete,
    Skipped,
    Forbidden,
    Busy,
    Internal,
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub code: FaultCode,
    /// The input field in camelCase, with dots into nested inputs; none when it is about the call as a whole.
    pub field: Option<String>,
    pub message: Message,
}

impl Fault {
    pub fn new(code: FaultCode, field: &str, message: Message) -> Self {
        Self { code, field: Some(field.to_owned()), message }
    }
}

/// What can go wrong.
#[derive(Clone, Debug)]
pub enum Error {
    /// Nobody is signed in, or the token is not good any more.
    Unauthenticated(Message),
    /// The thing is visible, but this principal may not do that.
    Forbidden(Message),
    /// It does not exist, or does not exist for this principal.
    NotFound(Message),
    /// The input or the state of things does not allow it; nothing was changed.
    Invalid(Vec<Fault>),
    /// Try again later.
    Busy,
    /// A fault of ours: logged with the request id, told to nobody.
    Internal(Arc<dyn StdError + Send + Sync>),
}

/// The result of every fallible function of the service and the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn fault(code: FaultCode, field: &str, message: Message) -> Self {
        Self::Invalid(vec![Fault::new(code, field, message)])
    }

    /// An id in an input that leads to nothing this principal may see.
    pub fn unknown(field: &str) -> Self {
        Self::fault(FaultCode::NotFound, field, Message::Unknown)
    }

    pub fn conflict() -> Self {
        Self::fault(FaultCode::Conflict, "expectedVersion", Message::ChangedMeanwhile)
    }

    /// Something was not tried, as what came before it was not carried out.
    pub fn skipped() -> Self {
        Self::Invalid(vec![Fault { code: FaultCode::Skipped, field: None, message: Message::ActionBeforeNotDone }])
    }

    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into().into())
    }

    /// Whether the same call may fare otherwise when it is sent again.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Busy | Self::Internal(_))
    }

    /// What is wrong with one of several things that a call asks for, while the others are answered.
    pub fn into_faults(self) -> Vec<Fault> {
        let whole = |code, message| vec![Fault { code, field: None, message }];
        match self {
            Self::Invalid(faults) => faults,
            Self::Unauthenticated(message) | Self::Forbidden(message) => whole(FaultCode::Forbidden, message),
            Self::NotFound(message) => whole(FaultCode::NotFound, message),
            Self::Busy => whole(FaultCode::Busy, Message::SendAgainWithSameKey),
            Self::Internal(_) => whole(FaultCode::Internal, Message::WentWrong),
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let passes = match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => is_passing(cause),
            _ => false,
        };
        if !passes {
            return Self::internal(error);
        }
        tracing::warn!(%error, "the database can't do it at the moment");
        Self::Busy
    }
}

/// Lock waits, deadlocks, a full disk, a lost connection and a database that starts, stops or changes its place pass
/// without a change to this program.
fn is_passing(cause: &SqlxError) -> bool {
    match cause {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed => true,
        SqlxError::Database(refusal) => refusal.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

/// PostgreSQL's codes have five letters, of which the first two are the class; SQLite's are numbers below 65536 with
/// the kind of failure in the low byte, and never five digits long.
fn is_passing_code(code: &str) -> bool {
    const READ_ONLY: &str = "25006";
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    const SILENT_TRANSACTION_UNDONE: &str = "25P03";
    const NO_SUCH_DATABASE: &str = "3D000";
    const SQLITE_BUSY_LOCKED_FULL: [u32; 3] = [5, 6, 13];
    if code.len() == 5 {
        return ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
            || [READ_ONLY, SILENT_TRANSACTION_UNDONE, LOCK_NOT_AVAILABLE, NO_SUCH_DATABASE].contains(&code);
    }
    code.parse().is_ok_and(|code: u32| SQLITE_BUSY_LOCKED_FULL.contains(&(code & 0xff)))
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![refusal.into()])
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(vec![invalid.into()])
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(invalid) => invalid.into(),
            Refusal::IllegalTransition { action, status } => Self {
                code: FaultCode::IllegalTransition,
                field: None,
                message: Message::NotPossibleIn { action: action.into(), status: status.into() },
            },
        }
    }
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        let code = match invalid.problem {
            Problem::Required => FaultCode::Required,
            Problem::TooLong => FaultCode::TooLong,
            Problem::OutOfRange => FaultCode::OutOfRange,
            Problem::InThePast => FaultCode::InThePast,
            Problem::Invalid => FaultCode::Invalid,
            Problem::TooLate => FaultCode::TooLate,
            Problem::TooEarly => FaultCode::TooEarly,
        };
        Self { code, field: Some(invalid.field.to_owned()), message: invalid.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for code in [
            "57P01", "57014", "08006", "40P01", "40001", "53100", "53300", "55P03", "25006", "25P03", "3D000", "5",
            "517", "6", "13",
        ] {
            assert!(is_passing_code(code), "{code}");
        }
        for code in ["23505", "42P01", "42703", "22P02", "1", "2067", "787", "1555", ""] {
            assert!(!is_passing_code(code), "{code}");
        }
        assert!(is_passing(&SqlxError::Io(std::io::ErrorKind::ConnectionReset.into())));
        assert!(!is_passing(&SqlxError::RowNotFound));
    }
}
