//! How a mutation answers: the object, or what is wrong with the call. Rights and faults of ours are no user errors.

use async_graphql::{Context, Object};

use super::{context::Ask, enums::UserErrorCode};
use crate::{
    error::{Error, Fault, Result},
    language::say,
};

/// One thing that is wrong with a mutation's input, or with the moment it came in. Nothing was changed.
#[derive(Clone, Debug)]
pub struct UserError(Fault);

impl From<Fault> for UserError {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

/// One thing that is wrong with a mutation's input, or with the moment it came in. Nothing was changed.
#[Object]
impl UserError {
    /// For programs.
    async fn code(&self) -> UserErrorCode {
        self.0.code.into()
    }

    /// The input field it is about, in camelCase with dots into nested inputs, such as `appointment.endsAt`. Null when it is about the call as a whole.
    async fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// For people, in the language of their settings, else the best of Accept-Language, else Chinese.
    async fn message(&self, ctx: &Context<'_>) -> String {
        say(&self.0.message, ctx.ask().language)
    }
}

/// Splits an outcome into the object and the user errors; everything else stays an error.
pub fn settle<T>(outcome: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(object) => Ok((Some(object), Vec::new())),
        Err(Error::Invalid(faults)) => Ok((None, faults.into_iter().map(UserError).collect())),
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
