//! How a mutation answers: the object, or what is wrong with the call. Rights and faults of ours are no user errors.

use async_graphql::SimpleObject;

use super::enums::UserErrorCode;
use crate::error::{Error, Fault, Result};

/// One thing that is wrong with a mutation's input, or with the moment it came in. Nothing was changed.
#[derive(SimpleObject, Clone, Debug)]
pub struct UserError {
    /// For programs.
    code: UserErrorCode,
    /// The input field it is about, in camelCase with dots into nested inputs, such as `appointment.endsAt`. Null when it is about the call as a whole.
    field: Option<String>,
    /// For developers, in English; show a text of your own to people.
    message: String,
}

impl From<Fault> for UserError {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code.into(), field: fault.field, message: fault.message }
    }
}

/// Splits an outcome into the object and the user errors; everything else stays an error.
pub fn settle<T>(outcome: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(object) => Ok((Some(object), Vec::new())),
        Err(Error::Invalid(faults)) => Ok((None, faults.into_iter().map(UserError::from).collect())),
        Err(error) => Err(error),
    }
}

/// Declares payloads of one object and the user errors.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $object:ty })+) => {$(
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$field_doc])*
            $field: Option<$object>,
            /// What is wrong with the call; empty when it was carried out.
            user_errors: Vec<$crate::graphql::user_error::UserError>,
        }

        impl $name {
            /// The payload of an outcome.
            pub fn of<T: Into<$object>>(outcome: $crate::error::Result<T>) -> $crate::error::Result<Self> {
                let (object, user_errors) = $crate::graphql::user_error::settle(outcome)?;
                Ok(Self { $field: object.map(Into::into), user_errors })
            }
        }
    )+};
}

pub(crate) use payloads;
