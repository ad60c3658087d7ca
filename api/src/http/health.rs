//! Is the process alive, is it ready for requests, and what has it counted. Nothing here tells anything about a client.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use tokio::time::timeout;

use super::HttpState;
use crate::graphql::backend::Backend;

const PROBE_TIME: Duration = Duration::from_secs(2);

pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// Not ready while what the server stands on is gone, and from the moment it is told to stop.
pub(super) async fn ready<B: Backend>(state: Data<HttpState<B>>) -> HttpResponse {
    let stopping = state.shutdown.is_cancelled();
    let ready = !stopping && timeout(PROBE_TIME, (state.ready)()).await.unwrap_or(false);
    let mut response = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.content_type("text/plain; charset=utf-8").body(if ready { "ready\n" } else { "not ready\n" })
}

pub(super) async fn metrics<B: Backend>(state: Data<HttpState<B>>) -> HttpResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match state.metrics.render() {
        Ok(page) => HttpResponse::Ok().insert_header((header::CONTENT_TYPE, content_type)).body(page),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
