//! How a rule says that one input field is wrong. Refusals that are not about a field live with their noun.

use std::fmt;

pub use super::message::Message;

/// What is wrong with a field: the closed list that the API's codes are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The field is missing or blank.
    Required,
    /// The text has more characters than the field takes.
    TooLong,
    /// The number or span lies outside its limits.
    OutOfRange,
    /// The instant has already passed.
    InThePast,
    /// The value does not fit this field or this ticket.
    Invalid,
    /// The time for this action has run out.
    TooLate,
    /// The time for this action has not come.
    TooEarly,
}

/// One wrong input field. `field` is the name that the client typed, in camelCase, with a dot into nested inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    pub field: &'static str,
    pub problem: Problem,
    /// Goes on after the field's name; never holds the value itself, which may be personal.
    pub message: Message,
}

impl Invalid {
    pub fn new(field: &'static str, problem: Problem, message: Message) -> Self {
        Self { field, problem, message }
    }

    pub fn required(field: &'static str) -> Self {
        Self::new(field, Problem::Required, Message::MustBeGiven)
    }
}

/// For logs. People are shown a text in their language.
impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.field, self.message)
    }
}

impl std::error::Error for Invalid {}

impl From<Invalid> for Message {
    fn from(invalid: Invalid) -> Self {
        Self::AboutField { field: invalid.field.to_owned(), what: Box::new(invalid.message) }
    }
}
