//! An operation that is running: the same stream of answers whether it is a query, a mutation or a subscription, and whether
//! a socket or an event stream carries it.

use std::panic::AssertUnwindSafe;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::HttpState;
use super::answer::{Answer, BUSY};
use crate::error::Message;
use crate::graphql::backend::{Backend, Pushed};
use crate::graphql::error::coded;
use crate::language::Language;

/// What an operation says next.
pub(super) type Said = Result<Answer, Interrupted>;

/// A subscription can't go on at the moment. An answer with a hole in it would carry the client past what it has not
/// seen; so none is sent, and the client comes back and resumes from its last cursor.
pub(super) struct Interrupted;

/// Runs a query or a mutation within the time a request has. A panic below is an error of this one operation.
pub(super) async fn execute<B: Backend>(
    state: &HttpState<B>,
    viewer: &B::Viewer,
    prepared: B::Prepared,
    (request_id, language): (&str, Language),
    deadline: Instant,
) -> Answer {
    let running = state.backend.execute(viewer, prepared, request_id);
    let running = AssertUnwindSafe(running).catch_unwind();
    let response = match timeout_at(deadline, running).await {
        Ok(response) => response.unwrap_or_else(|_| panicked()),
        Err(_) => Response::from_errors(vec![coded(BUSY, Message::TookTooLong)]),
    };
    Answer::Executed(response).finished(request_id, language)
}

/// The answers of any operation, made only as fast as they are taken. Dropping the stream ends the operation.
pub(super) fn answers<B: Backend>(
    state: HttpState<B>,
    viewer: B::Viewer,
    prepared: B::Prepared,
    (request_id, language): (String, Language),
) -> BoxStream<'static, Said> {
    let started = Instant::now();
    let open = state.metrics.stream();
    let operation = state.backend.operation_type(&prepared);
    if operation != OperationType::Subscription {
        let once = async move {
            let _open = open;
            let deadline = started + state.config.request_timeout;
            let answer = match state.admit_request() {
                Some(_admitted) => execute(&state, &viewer, prepared, (&request_id, language), deadline).await,
                None => Answer::busy().finished(&request_id, language),
            };
            state.record(&answer, label(operation), started, &request_id);
            Ok(answer)
        };
        return stream::once(once).boxed();
    }
    state.record_stream(started);
    let responses = state.backend.subscribe(&viewer, prepared);
    AssertUnwindSafe(responses)
        .catch_unwind()
        .map(move |pushed| {
            let _open = &open;
            let answer = match pushed {
                Ok(Pushed::Written(written)) => return Ok(Answer::Written(written)),
                Ok(Pushed::Response(response)) => Answer::Executed(*response),
                Err(_) => Answer::Executed(panicked()),
            };
            let answer = answer.finished(&request_id, language);
            if answer.is_busy() {
                state.metrics.refused(BUSY);
                return Err(Interrupted);
            }
            Ok(answer)
        })
        .boxed()
}

pub(super) fn label(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// An error without a code is logged and hidden on its way out.
fn panicked() -> Response {
    Response::from_errors(vec![ServerError::new("a resolver panicked", None)])
}
