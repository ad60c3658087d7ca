//! Reading a request's body within bounds of size and time. What is over the bound is read and thrown away for a moment, so
//! that a client still sending gets to see why it was refused.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::accept;
use crate::graphql::backend::Denied;

const DRAIN_BYTES: usize = 16 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(2);

pub(super) type BodyError = (StatusCode, Denied);

/// Refuses what is not plain JSON in UTF-8, before a byte of it is read.
pub(super) fn check_headers(request: &HttpRequest) -> Result<(), BodyError> {
    let text = |name| {
        let value = request.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap_or("?"))
    };
    let encoding = text(header::CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
        return Err(unsupported("Compressed bodies are not read."));
    }
    if !accept::is_json(text(header::CONTENT_TYPE)) {
        return Err(unsupported("The body must be application/json in UTF-8."));
    }
    Ok(())
}

/// The whole body, at most `limit` bytes of it, read within `time`.
pub(super) async fn read(mut payload: Payload, limit: usize, time: Duration) -> Result<Bytes, BodyError> {
    let deadline = Instant::now() + time;
    let mut body = BytesMut::new();
    loop {
        let chunk = match timeout_at(deadline, payload.next()).await {
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(_))) => return Err(bad("The body broke off.")),
            Err(_) => return Err(late()),
        };
        if body.len() + chunk.len() > limit {
            drop(body);
            drain(&mut payload).await;
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
}

/// Throws away what the client is still sending, for a while.
pub(super) async fn drain(payload: &mut Payload) {
    let deadline = Instant::now() + DRAIN_TIME;
    let mut drained = 0;
    while drained < DRAIN_BYTES {
        match timeout_at(deadline, payload.next()).await {
            Ok(Some(Ok(chunk))) => drained += chunk.len(),
            _ => return,
        }
    }
}

fn unsupported(message: &str) -> BodyError {
    let denied = Denied::new("UNSUPPORTED_MEDIA_TYPE", message);
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, denied)
}

fn too_large(limit: usize) -> BodyError {
    let message = format!("The body is larger than {limit} bytes.");
    (StatusCode::PAYLOAD_TOO_LARGE, Denied::new("BODY_TOO_LARGE", message))
}

fn late() -> BodyError {
    let denied = Denied::new("REQUEST_TIMEOUT", "The body did not arrive in time.");
    (StatusCode::REQUEST_TIMEOUT, denied)
}

fn bad(message: &str) -> BodyError {
    (StatusCode::BAD_REQUEST, Denied::new("BAD_REQUEST", message))
}
