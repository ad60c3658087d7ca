//! The one place where an error of ours becomes one of GraphQL's. Internal causes go to the log and nowhere else. What is
//! said to people goes along as a code, and is put into words by whoever sends the answer (`put_into_words`).

use std::sync::Arc;

use async_graphql::{ErrorExtensions, ServerError, Value};

use crate::{
    error::{Error, Fault, Message},
    language::{self, Language},
};

/// The codes of errors that people never see: what an app's developer did wrong. They are in English only, as is what the
/// library says of a document.
const FOR_DEVELOPERS: &[&str] = &[
    "BAD_REQUEST",
    "BODY_TOO_LARGE",
    "DOCUMENT_NOT_TRUSTED",
    "DOCUMENT_TOO_LARGE",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "INTROSPECTION_DISABLED",
    "METHOD_NOT_ALLOWED",
    "NOT_ACCEPTABLE",
    "OPERATION_NOT_FOUND",
    "PERSISTED_QUERY_HASH_MISMATCH",
    "PERSISTED_QUERY_NOT_FOUND",
    "REQUEST_TIMEOUT",
    "TOO_COMPLEX",
    "TOO_DEEP",
    "TOO_MANY_ALIASES",
    "TOO_MANY_DIRECTIVES",
    "TOO_MANY_FIELDS",
    "TOO_MANY_ROOT_FIELDS",
    "TOO_MANY_TOKENS",
    "UNSUPPORTED_MEDIA_TYPE",
];

/// What an error says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    ToPeople(Message),
    ToDevelopers(String),
}

impl From<Message> for Said {
    fn from(message: Message) -> Self {
        Self::ToPeople(message)
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::ToDevelopers(text.to_owned())
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::ToDevelopers(text)
    }
}

/// An error with its code.
pub fn coded(code: &str, said: impl Into<Said>) -> ServerError {
    let mut error = match said.into() {
        Said::ToDevelopers(text) => ServerError::new(text, None),
        Said::ToPeople(message) => {
            let mut error = ServerError::new(message.key(), None);
            error.source = Some(Arc::new(message));
            error
        }
    };
    error.extensions.get_or_insert_default().set("code", code);
    error
}

/// The code of an error; none of the library's own.
pub fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// Writes what is said to people in their language. Every error that leaves passes here: with anything but a message of
/// ours under a code for people, a program under test stops.
pub fn put_into_words(error: &mut ServerError, language: Language) {
    let text = error.source::<Message>().map(|message| language::say(message, language));
    match text {
        Some(text) => error.message = text,
        None => debug_assert!(is_for_developers(error), "this reaches people past the room of languages: {error:?}"),
    }
}

/// Goes along with what is wrong with a document or its variables.
pub struct AboutDocument;

fn is_for_developers(error: &ServerError) -> bool {
    code_of(error).is_none_or(|code| FOR_DEVELOPERS.contains(&code)) || error.source::<AboutDocument>().is_some()
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated(message) => said("UNAUTHENTICATED", message),
            Error::Forbidden(message) => said("FORBIDDEN", message),
            Error::NotFound(message) => said("NOT_FOUND", message),
            Error::Busy => said("BUSY", Message::Busy),
            Error::Invalid(faults) => bad_input(faults),
            Error::Internal(cause) => {
                tracing::error!(%cause, "internal error");
                said("INTERNAL", Message::WentWrongReport)
            }
        }
    }
}

fn said(code: &'static str, message: Message) -> async_graphql::Error {
    let mut error = async_graphql::Error::new(message.key());
    error.source = Some(Arc::new(message));
    error.extend_with(|_, extensions| extensions.set("code", code))
}

fn bad_input(faults: Vec<Fault>) -> async_graphql::Error {
    let Some(fault) = faults.into_iter().next() else { return said("BAD_USER_INPUT", Message::ArgumentsDoNotFit) };
    said("BAD_USER_INPUT", fault.message).extend_with(|_, extensions| {
        if let Some(field) = fault.field.clone() {
            extensions.set("field", field);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_people_is_said_in_their_language() {
        for (language, expected) in
            [(Language::Zh, "服务繁忙，请稍后再试。"), (Language::En, "The service is busy. Try again in a moment.")]
        {
            let mut error = async_graphql::Error::from(Error::Busy).into_server_error(Default::default());
            put_into_words(&mut error, language);
            assert_eq!((error.message.as_str(), code_of(&error)), (expected, Some("BUSY")));
        }
    }

    #[test]
    fn what_is_said_to_developers_is_left_as_it_is() {
        let mut error = coded("TOO_DEEP", "The document is too deep.");
        put_into_words(&mut error, Language::Zh);
        assert_eq!(error.message, "The document is too deep.");
    }

    #[test]
    #[should_panic(expected = "past the room of languages")]
    fn a_text_for_people_that_is_no_message_is_found() {
        put_into_words(&mut coded("FORBIDDEN", "Not for you."), Language::Zh);
    }
}
