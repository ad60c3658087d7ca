//! Answers on their way out: every error gets a code, their number is bounded, the status fits, and the JSON is written once.
//! Text that nobody wrote for a client never reaches one.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::accept::Media;
use crate::error::Message;
use crate::graphql::backend::Denied;
use crate::graphql::error::{AboutDocument, Said, code_of, coded, put_into_words};
use crate::language::Language;

/// More errors than this help nobody.
const MAX_ERRORS: usize = 100;

/// The code of what passes by itself.
pub(super) const BUSY: &str = "BUSY";

/// Asks a client to come back: what is busy now may be idle in a second.
const RETRY_AFTER_SECONDS: u64 = 1;

/// A GraphQL answer, with the difference that async-graphql's own type does not make: a request that never ran has no data.
pub(super) enum Answer {
    Refused(Vec<ServerError>),
    Executed(Response),
    /// Without errors, and written before for several subscribers.
    Written(Arc<RawValue>),
}

impl Answer {
    pub(super) fn refused(code: &str, said: impl Into<Said>) -> Self {
        Self::Refused(vec![coded(code, said)])
    }

    /// Nothing was done; the client may come back in a moment.
    pub(super) fn busy() -> Self {
        Self::refused(BUSY, Message::Busy)
    }

    /// A backend's refusal to run a request.
    pub(super) fn not_run(response: Response) -> Self {
        Self::Refused(response.errors)
    }

    pub(super) fn errors(&self) -> &[ServerError] {
        match self {
            Answer::Refused(errors) => errors,
            Answer::Executed(response) => &response.errors,
            Answer::Written(_) => &[],
        }
    }

    /// Gives every error its code and its words, and bounds their number. `request_id` ties a hidden error to its line in
    /// the log.
    #[must_use]
    pub(super) fn finished(mut self, request_id: &str, language: Language) -> Self {
        let (errors, fallback) = match &mut self {
            Answer::Refused(errors) => (errors, "GRAPHQL_VALIDATION_FAILED"),
            Answer::Executed(response) => (&mut response.errors, "INTERNAL"),
            Answer::Written(_) => return self,
        };
        errors.truncate(MAX_ERRORS);
        for error in errors.iter_mut() {
            match code_of(error) {
                Some(_) => put_into_words(error, language),
                None => give_code(error, fallback, request_id, language),
            }
            if code_of(error) == Some("INTERNAL") {
                let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
                extensions.set("requestId", request_id);
            }
        }
        self
    }

    /// Whether something in it failed that would not have failed at another time.
    pub(super) fn is_busy(&self) -> bool {
        self.errors().iter().any(|error| code_of(error) == Some(BUSY))
    }

    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Answer::Refused(_) => "refused",
            Answer::Executed(response) if response.errors.is_empty() => "ok",
            Answer::Written(_) => "ok",
            Answer::Executed(_) => "errors",
        }
    }

    pub(super) fn status(&self, media: Media) -> StatusCode {
        let codes = || self.errors().iter().filter_map(code_of);
        let nothing = match self {
            Answer::Refused(_) => true,
            Answer::Executed(response) => holds_nothing(&response.data) && !response.errors.is_empty(),
            Answer::Written(_) => false,
        };
        if nothing && codes().all(|code| code == BUSY) {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        if !matches!(self, Answer::Refused(_)) {
            return StatusCode::OK;
        }
        if codes().any(|code| code == "RATE_LIMITED") {
            StatusCode::TOO_MANY_REQUESTS
        } else if codes().any(|code| code == "INTERNAL") {
            StatusCode::INTERNAL_SERVER_ERROR
        } else if codes().any(|code| code == "UNAUTHENTICATED") {
            StatusCode::UNAUTHORIZED
        } else if codes().any(|code| code == "FORBIDDEN") {
            StatusCode::FORBIDDEN
        } else if media == Media::GraphqlResponse {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::OK
        }
    }

    pub(super) fn into_response(self, media: Media) -> HttpResponse {
        let status = self.status(media);
        self.with_status(status, media)
    }

    pub(super) fn with_status(self, status: StatusCode, media: Media) -> HttpResponse {
        let mut builder = HttpResponse::build(status);
        match status {
            StatusCode::UNAUTHORIZED => challenge(&mut builder),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                let seconds = self.errors().first().and_then(retry_after).unwrap_or(RETRY_AFTER_SECONDS);
                builder.insert_header((header::RETRY_AFTER, seconds));
            }
            _ => {}
        }
        builder.insert_header((header::CONTENT_TYPE, media.content_type()));
        builder.body(self.to_json())
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an answer holds only strings as keys")
    }
}

impl From<Denied> for Answer {
    fn from(denied: Denied) -> Self {
        Self::refused(denied.code, denied.said)
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Refusal<'a> {
            errors: &'a [ServerError],
        }
        match self {
            Answer::Refused(errors) => Refusal { errors }.serialize(serializer),
            Answer::Executed(response) => response.serialize(serializer),
            Answer::Written(written) => written.serialize(serializer),
        }
    }
}

fn challenge(builder: &mut HttpResponseBuilder) {
    let value = "Bearer realm=\"anju\", error=\"invalid_token\"";
    builder.insert_header((header::WWW_AUTHENTICATE, value));
}

/// Whether no root field has a value.
fn holds_nothing(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
        _ => false,
    }
}

/// How many seconds the client has to wait, where the backend knows.
fn retry_after(error: &ServerError) -> Option<u64> {
    match error.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

fn set_code(error: &mut ServerError, code: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", code);
}

/// While it runs, the executor raises errors of its own only about inputs it can't read. Any other error without a code
/// came from below and was not meant for a client.
fn give_code(error: &mut ServerError, fallback: &str, request_id: &str, language: Language) {
    let about_input = ["Failed to parse \"", "Expected input type \"", "Invalid value for argument"];
    if about_input.iter().any(|start| error.message.starts_with(start)) {
        error.source = Some(Arc::new(AboutDocument));
        set_code(error, "BAD_USER_INPUT");
        return;
    }
    if fallback == "INTERNAL" {
        tracing::error!(request_id, error = %error.message, "a resolver failed without a code");
        error.source = Some(Arc::new(Message::WentWrong));
        put_into_words(error, language);
    }
    set_code(error, fallback);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(answer: Answer) -> serde_json::Value {
        serde_json::from_slice(&answer.finished("r1", Language::En).to_json()).unwrap()
    }

    #[test]
    fn a_refused_request_has_no_data_and_an_executed_one_has() {
        let refused = json(Answer::not_run(Response::from_errors(vec![ServerError::new("x", None)])));
        assert!(refused.get("data").is_none());
        assert_eq!(refused["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
        let executed = json(Answer::Executed(Response::new(Value::Null)));
        assert!(executed.get("data").is_some());
    }

    #[test]
    fn a_stray_error_is_hidden_and_a_bad_input_is_not() {
        let stray = ServerError::new("SELECT secret FROM owners", None);
        let input = ServerError::new("Failed to parse \"Int\": too large", None);
        let answer = json(Answer::Executed(Response::from_errors(vec![stray, input])));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        assert_eq!(answer["errors"][0]["extensions"]["requestId"], "r1");
        assert!(!answer.to_string().contains("SELECT"));
        assert_eq!(answer["errors"][1]["extensions"]["code"], "BAD_USER_INPUT");
    }

    #[test]
    fn at_most_a_hundred_errors_leave() {
        let errors = (0..500).map(|n| coded("TOO_DEEP", n.to_string())).collect();
        let answer = json(Answer::Executed(Response::from_errors(errors)));
        assert_eq!(answer["errors"].as_array().unwrap().len(), 100);
    }

    #[test]
    fn the_status_says_what_kind_of_answer_it_is() {
        let table = [
            (Answer::refused("TOO_DEEP", ""), Media::GraphqlResponse, 400),
            (Answer::refused("TOO_DEEP", ""), Media::Json, 200),
            (Answer::refused("UNAUTHENTICATED", ""), Media::Json, 401),
            (Answer::refused("FORBIDDEN", ""), Media::GraphqlResponse, 403),
            (Answer::busy(), Media::Json, 503),
            (Answer::refused("RATE_LIMITED", ""), Media::Json, 429),
            (Answer::refused("INTERNAL", ""), Media::Json, 500),
            (Answer::Executed(Response::from_errors(vec![coded("BUSY", "")])), Media::Json, 503),
            (Answer::Executed(Response::from_errors(vec![coded("NOT_FOUND", "")])), Media::Json, 200),
        ];
        for (answer, media, status) in table {
            assert_eq!(answer.status(media).as_u16(), status);
        }
    }
}
