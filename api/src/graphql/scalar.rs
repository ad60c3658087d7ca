//! Scalars that the library does not have under the name of the conventions.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

/// A calendar day in the project's time zone, as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, Description, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

#[Scalar(name = "Date", use_type_description, specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map(Self)
                .map_err(|_| InputValueError::custom("A Date is written YYYY-MM-DD.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}
