//! Scalars that the library does not have under the name of the conventions.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    domain::figure,
    error::{Error, FaultCode, Message, Result},
    page::is_storable,
};

/// A calendar day in the project's time zone, as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, Description, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

#[Scalar(name = "Date", use_type_description, specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|date| (1..=9999).contains(&date.year()))
                .map(Self)
                .ok_or_else(|| InputValueError::custom("A Date is written YYYY-MM-DD.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A calendar month in the project's time zone, as `YYYY-MM`.
#[derive(Clone, Copy, Debug, Description, PartialEq, Eq)]
pub struct Month(pub figure::Month);

#[Scalar(name = "Month", use_type_description)]
impl ScalarType for Month {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => figure::Month::parse(text)
                .map(Self)
                .ok_or_else(|| InputValueError::custom("A Month is written YYYY-MM.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant that a client wrote, if a calendar has it: the library's own scalar takes years of any length.
pub fn instant(field: &str, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if is_storable(at) { Ok(at) } else { Err(Error::fault(FaultCode::OutOfRange, field, Message::InstantRange)) }
}

/// The same for one that may be left out.
pub fn optional_instant(field: &str, at: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>> {
    at.map(|at| instant(field, at)).transpose()
}
