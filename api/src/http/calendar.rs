//! Schedules for calendar programs: `GET /calendar/{secret}.ics`. The secret in the address is all there is: programs that
//! read calendars can't sign in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ETag, EntityTag, Header, IfNoneMatch},
    web::{Data, Path},
};

use super::{HttpState, admission::slow_down};
use crate::{auth::secret::token_hash, error::Error, graphql::engine::Engine, service::calendar_feed};

/// A program asks again each time, so that a link that was ended shows nothing from that moment on, and is told that it has
/// the present schedule already when it has.
const ASK_AGAIN: &str = "private, no-cache";

/// What a schedule costs its address, in pictures.
const COST: u64 = 5;

pub(super) async fn schedule(state: Data<HttpState<Engine>>, request: HttpRequest, name: Path<String>) -> HttpResponse {
    if let Err(too_much) = state.charge(&request, COST) {
        return slow_down(too_much, &request);
    }
    let Some(secret) = name.strip_suffix(".ics") else { return nothing() };
    match state.in_turn(calendar_feed::read(state.backend.services(), secret)).await {
        Ok(Some(file)) => answer(&request, file),
        Ok(None) => nothing(),
        Err(Error::Busy) => HttpResponse::ServiceUnavailable().insert_header((header::RETRY_AFTER, "2")).finish(),
        Err(error) => {
            tracing::error!(?error, "a calendar could not be served");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn answer(request: &HttpRequest, file: String) -> HttpResponse {
    let tag = EntityTag::new_strong(token_hash(&file)[..32].to_owned());
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(ETag(tag)).insert_header((header::CACHE_CONTROL, ASK_AGAIN));
    if is_known {
        return response.finish();
    }
    response
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"anju.ics\""))
        .body(file)
}

/// What never was and what was ended look the same.
fn nothing() -> HttpResponse {
    HttpResponse::NotFound().finish()
}
