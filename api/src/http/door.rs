//! What the doors beside GraphQL have in common: who asks, and how an error is told.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use serde_json::json;

use super::{HttpState, credentials::from_headers, languages::spoken, request_id};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Message, Result},
    graphql::{backend::Backend, engine::Engine},
    language::say,
};

/// Who asks at a door beside GraphQL: somebody, by a token in the header.
pub(super) async fn viewer(state: &HttpState<Engine>, request: &HttpRequest) -> Result<Viewer> {
    let signed_out = || Error::Unauthenticated(Message::TokenMissing);
    let token = from_headers(request.headers()).map_err(|_| signed_out())?;
    let token = token.ok_or_else(signed_out)?;
    state.backend.authenticate(Some(&token)).await.map_err(|denied| match denied.code {
        "BUSY" => Error::Busy,
        "INTERNAL" => Error::internal("a token could not be checked"),
        _ => signed_out(),
    })
}

/// An error as JSON, with the same codes as in GraphQL.
pub(super) fn refuse(state: &HttpState<Engine>, request: &HttpRequest, error: Error) -> HttpResponse {
    let request_id = request_id::from_headers(request.headers()).unwrap_or_else(|| (state.request_ids)());
    let (status, code) = match &error {
        Error::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "FORBIDDEN"),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "BAD_USER_INPUT"),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "BUSY"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
    };
    let language = spoken(request);
    let message = match &error {
        Error::Unauthenticated(message) | Error::Forbidden(message) | Error::NotFound(message) => {
            say(message, language)
        }
        Error::Invalid(faults) => {
            faults.iter().map(|fault| say(&fault.message, language)).collect::<Vec<_>>().join(" ")
        }
        Error::Busy => say(&Message::Busy, language),
        Error::Internal(cause) => {
            tracing::error!(request_id, %cause, "a request beside GraphQL could not be served");
            say(&Message::WentWrong, language)
        }
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((request_id::X_REQUEST_ID, request_id.as_str()));
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, "2"));
    }
    let mut extensions = json!({ "code": code });
    if code == "INTERNAL" {
        extensions["requestId"] = json!(request_id);
    }
    response.json(json!({ "errors": [{ "message": message, "extensions": extensions }] }))
}
