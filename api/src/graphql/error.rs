//! The one place where an error of ours becomes one of GraphQL's. Internal causes go to the log and nowhere else.

use async_graphql::ErrorExtensions;

use crate::error::{Error, Fault};

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated(message) => coded("UNAUTHENTICATED", message),
            Error::Forbidden(message) => coded("FORBIDDEN", message),
            Error::NotFound(message) => coded("NOT_FOUND", message),
            Error::Busy => coded("BUSY", "The service is busy. Try again in a moment."),
            Error::Invalid(faults) => bad_input(faults),
            Error::Internal(cause) => {
                tracing::error!(%cause, "internal error");
                coded("INTERNAL", "Something went wrong on our side. Give the request id when you report it.")
            }
        }
    }
}

fn coded(code: &'static str, message: &str) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

fn bad_input(faults: Vec<Fault>) -> async_graphql::Error {
    let Some(fault) = faults.into_iter().next() else { return coded("BAD_USER_INPUT", "The arguments do not fit.") };
    async_graphql::Error::new(fault.message).extend_with(|_, extensions| {
        extensions.set("code", "BAD_USER_INPUT");
        if let Some(field) = fault.field.clone() {
            extensions.set("field", field);
        }
    })
}
