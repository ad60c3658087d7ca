//! What is said to people, as a code with what it is filled in with. In which language, and in which words, is not known
//! here: `language` makes texts of these at the edge.

use std::borrow::Cow;

use chrono::NaiveDate;
use entity::vocab::{
    ActivityStatus, ArticleStatus, Department, Dimension, HandoverStatus, HandoverStepKind, MilestoneKind, OwnerStage,
    TicketAction, TicketStatus, WarrantyPart,
};
use serde::{Deserialize, Serialize};

pub use import::{IMPORT_TEXTS, ImportText};
pub use list::{MESSAGES, Message};
pub use written::{WRITTEN, Written};

/// What becomes a text.
pub trait Said {
    /// By which the texts are found.
    fn key(&self) -> &'static str;

    /// What is filled in, by name.
    fn arguments(&self) -> Vec<(&'static str, Argument)>;
}

/// A number as it is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number(pub i64);

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        Self(number.into())
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Number {
    fn from(number: usize) -> Self {
        Self(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A value of one of the closed lists, to be called by its name in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The list as the API calls it.
    pub list: Cow<'static, str>,
    /// The value as the API writes it.
    pub value: Box<str>,
}

/// Values of one of the closed lists, one after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names(pub Vec<Name>);

/// Words as they stand somewhere, one after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub Vec<String>);

/// A day of the calendar, as it is where the project stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day(pub NaiveDate);

/// The month of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month(pub NaiveDate);

/// The same, which readers of English know by the API's own word for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code(pub Name);

/// The API's spelling of a value, from its name in Rust: `InProgress` is `IN_PROGRESS`.
fn capitals(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (at, letter) in name.chars().enumerate() {
        if at > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

macro_rules! named {
    ($($list:ident),+) => {$(
        impl From<$list> for Name {
            fn from(value: $list) -> Self {
                Self { list: stringify!($list).into(), value: capitals(&format!("{value:?}")).into() }
            }
        }

        impl From<$list> for Code {
            fn from(value: $list) -> Self {
                Self(value.into())
            }
        }
    )+};
}

named!(
    ActivityStatus,
    ArticleStatus,
    Department,
    HandoverStatus,
    HandoverStepKind,
    MilestoneKind,
    OwnerStage,
    TicketAction,
    TicketStatus,
    WarrantyPart
);

impl From<Dimension> for Name {
    fn from(value: Dimension) -> Self {
        Self { list: "SurveyDimension".into(), value: capitals(&format!("{value:?}")).into() }
    }
}

/// One thing that is filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    Number(i64),
    Text(String),
    Name(Name),
    Code(Name),
    Names(Vec<Name>),
    Words(Vec<String>),
    Day(NaiveDate),
    Month(NaiveDate),
    Message(Message),
    Written(Written),
}

impl From<&Number> for Argument {
    fn from(number: &Number) -> Self {
        Self::Number(number.0)
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&Name> for Argument {
    fn from(name: &Name) -> Self {
        Self::Name(name.clone())
    }
}

impl From<&Code> for Argument {
    fn from(code: &Code) -> Self {
        Self::Code(code.0.clone())
    }
}

impl From<&Names> for Argument {
    fn from(names: &Names) -> Self {
        Self::Names(names.0.clone())
    }
}

impl From<&Words> for Argument {
    fn from(words: &Words) -> Self {
        Self::Words(words.0.clone())
    }
}

impl From<&Day> for Argument {
    fn from(day: &Day) -> Self {
        Self::Day(day.0)
    }
}

impl From<&Month> for Argument {
    fn from(month: &Month) -> Self {
        Self::Month(month.0)
    }
}

impl From<&Box<Written>> for Argument {
    fn from(written: &Box<Written>) -> Self {
        Self::Written((**written).clone())
    }
}

impl From<&Box<Message>> for Argument {
    fn from(message: &Box<Message>) -> Self {
        Self::Message((**message).clone())
    }
}

/// Declares a list.
macro_rules! messages {
    ($said:ident, $keys:ident; $($name:ident $({ $($argument:ident: $type:ty),+ })?,)+) => {
        /// What is said. It may be stored, to be said again later: a name that was once given stays, as do its arguments'.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $said { $($name $({ $($argument: $type),+ })?),+ }

        /// Every key, and the names of what it is filled in with.
        pub const $keys: &[(&str, &[&str])] = &[$((stringify!($name), &[$($(stringify!($argument)),+)?])),+];

        impl $said {
            /// By which the texts are found.
            pub fn key(&self) -> &'static str {
                match self { $(Self::$name { .. } => stringify!($name)),+ }
            }

            /// What is filled in, by name.
            pub fn arguments(&self) -> Vec<(&'static str, $crate::domain::message::Argument)> {
                match self {
                    $(Self::$name $({ $($argument),+ })? => vec![$($((stringify!($argument), $argument.into())),+)?]),+
                }
            }
        }

        impl $crate::domain::message::Said for $said {
            fn key(&self) -> &'static str {
                $said::key(self)
            }

            fn arguments(&self) -> Vec<(&'static str, $crate::domain::message::Argument)> {
                $said::arguments(self)
            }
        }
    };
}

// After the macro, which is known from there on.
mod import;
mod list;
mod written;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelled_as_the_api_does() {
        assert_eq!(Name::from(TicketStatus::InProgress).value.as_ref(), "IN_PROGRESS");
        assert_eq!(Name::from(HandoverStepKind::MeasuredAreaReportShown).value.as_ref(), "MEASURED_AREA_REPORT_SHOWN");
        assert_eq!(Code::from(Department::Legal).0, Name { list: "Department".into(), value: "LEGAL".into() });
    }

    #[test]
    fn what_is_filled_in_keeps_its_name() {
        let said = Message::MustBeFrom { least: 1.into(), most: 5.into() };
        assert_eq!(said.key(), "MustBeFrom");
        assert_eq!(said.arguments(), [("least", Argument::Number(1)), ("most", Argument::Number(5))]);
        assert!(MESSAGES.contains(&("MustBeFrom", &["least", "most"])));
    }
}
