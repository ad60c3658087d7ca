//! Requests that lead nowhere: to a path that is none, or to one by a method that means nothing there. They are told so as
//! everybody else is whose request can't be served.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Resource, Route};

use super::accept::Media;
use super::answer::Answer;
use super::languages::spoken;
use super::{HttpState, request_id};
use crate::error::Message;
use crate::graphql::backend::Backend;

/// The answer at every path that is none.
pub(super) async fn nowhere<B: Backend>(state: Data<HttpState<B>>, request: HttpRequest) -> HttpResponse {
    refuse(&state, &request, StatusCode::NOT_FOUND, no_such_address())
}

pub(super) fn no_such_address() -> Answer {
    Answer::refused("NOT_FOUND", Message::NoSuchAddress)
}

/// A path that is there for one method.
pub(super) fn only<B: Backend>(method: &'static str, path: &str, route: Route) -> Resource {
    let another = move |state: Data<HttpState<B>>, request: HttpRequest| async move {
        let answer = Answer::refused("METHOD_NOT_ALLOWED", Message::AnotherMethod { method: method.to_owned() });
        let mut response = refuse(&state, &request, StatusCode::METHOD_NOT_ALLOWED, answer);
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(method));
        response
    };
    web::resource(path).route(route).default_service(web::to(another))
}

fn refuse<B>(state: &HttpState<B>, request: &HttpRequest, status: StatusCode, answer: Answer) -> HttpResponse {
    let request_id = request_id::from_headers(request.headers()).unwrap_or_else(|| (state.request_ids)());
    let mut response = answer.finished(&request_id, spoken(request)).with_status(status, Media::Json);
    if let Ok(value) = request_id.parse() {
        response.headers_mut().insert(request_id::X_REQUEST_ID, value);
    }
    response
}
