//! GraphQL over HTTP: POST and GET on one path. Event streams are handed to `sse`; who asks for a socket never comes here but
//! to `upgrade`. What a document means is the backend's; what is JSON, acceptable and in time is decided here.

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::accept::{Accepted, Media, negotiate};
use super::answer::Answer;
use super::compress::compress;
use super::{HttpState, address, body, credentials, languages, params, request_id, running, sse};
use crate::graphql::backend::{Backend, Denied, GraphqlRequest};
use crate::language::{DEFAULT, Language};

const MAX_QUERY_STRING: usize = 64 * 1024;

/// The one handler of the path, for every method.
pub(super) async fn handle<B: Backend>(
    request: HttpRequest,
    payload: Payload,
    state: Data<HttpState<B>>,
) -> HttpResponse {
    let headers = request.headers();
    let request_id = request_id::from_headers(headers).unwrap_or_else(|| (state.request_ids)());
    let mut exchange = Exchange {
        request: &request,
        state: &state,
        request_id: &request_id,
        started: Instant::now(),
        operation: "unknown",
        language: languages::from_headers(headers),
    };
    let mut response = exchange.answer(payload).await;
    if let Ok(value) = request_id.parse() {
        response.headers_mut().insert(request_id::X_REQUEST_ID, value);
    }
    let vary = header::HeaderValue::from_static("Accept, Accept-Language");
    response.headers_mut().append(header::VARY, vary);
    compress(&request, response)
}

struct Exchange<'a, B> {
    request: &'a HttpRequest,
    state: &'a HttpState<B>,
    request_id: &'a str,
    started: Instant,
    operation: &'static str,
    /// What the client asked for, until it is known what the viewer chose.
    language: Option<Language>,
}

/// An answer that is not a matter of GraphQL: its status is fixed.
type Refusal = (StatusCode, Denied);

impl<B: Backend> Exchange<'_, B> {
    async fn answer(&mut self, mut payload: Payload) -> HttpResponse {
        let headers = self.request.headers().get_all(header::ACCEPT);
        let accepted = negotiate(headers.filter_map(|value| value.to_str().ok()));
        let Some(accepted) = accepted else {
            body::drain(&mut payload).await;
            let message = "Acceptable here: application/graphql-response+json, application/json, text/event-stream.";
            let refusal = (StatusCode::NOT_ACCEPTABLE, Denied::new("NOT_ACCEPTABLE", message));
            return self.refuse(refusal, Media::Json);
        };
        let request = match self.read(payload).await {
            Ok(request) => request,
            Err(refusal) => return self.refuse(refusal, accepted.document()),
        };
        self.run(request, accepted).await
    }

    async fn read(&self, mut payload: Payload) -> Result<GraphqlRequest, Refusal> {
        match *self.request.method() {
            Method::GET => {
                let text = self.request.query_string();
                if text.len() > MAX_QUERY_STRING {
                    let denied = Denied::new("BODY_TOO_LARGE", "The query string is too long.");
                    return Err((StatusCode::URI_TOO_LONG, denied));
                }
                params::from_query_string(text).map_err(bad_request)
            }
            Method::POST => {
                if let Err(refusal) = body::check_headers(self.request) {
                    body::drain(&mut payload).await;
                    return Err(refusal);
                }
                let config = &self.state.config;
                let body = body::read(payload, config.body_limit, config.body_timeout).await?;
                params::from_body(&body).map_err(bad_request)
            }
            _ => {
                let denied = Denied::new("METHOD_NOT_ALLOWED", "Use POST, or GET for queries.");
                Err((StatusCode::METHOD_NOT_ALLOWED, denied))
            }
        }
    }

    async fn run(&mut self, mut request: GraphqlRequest, accepted: Accepted) -> HttpResponse {
        let document = accepted.document();
        request.address = address::of(self.request, &self.state.config.trusted_proxies);
        request.is_viewer_fresh = true;
        let Some(_admitted) = self.state.admit_request() else {
            return self.finish(Answer::busy(), document);
        };
        let deadline = Instant::now() + self.state.config.request_timeout;
        let viewer = match timeout_at(deadline, self.viewer()).await {
            Ok(Ok(viewer)) => viewer,
            Ok(Err(denied)) => return self.finish(Answer::from(denied), document),
            Err(_) => return self.finish(Answer::busy(), document),
        };
        let backend = &self.state.backend;
        self.language = backend.language(&viewer).or(self.language);
        request.language = self.language;
        let prepared = match backend.prepare(&viewer, request) {
            Ok(prepared) => prepared,
            Err(response) if accepted.best == Media::EventStream => {
                // An event stream that can't start is refused with a status, or clients would connect to it again.
                let answer = self.noted(Answer::not_run(response));
                let status = answer.status(Media::GraphqlResponse);
                return answer.with_status(status, Media::Json);
            }
            Err(response) => return self.finish(Answer::not_run(response), document),
        };
        let operation = backend.operation_type(&prepared);
        self.operation = running::label(operation);
        if operation == OperationType::Mutation && *self.request.method() == Method::GET {
            let denied = Denied::new("METHOD_NOT_ALLOWED", "Send mutations by POST.");
            return self.refuse((StatusCode::METHOD_NOT_ALLOWED, denied), document);
        }
        let stream = accepted.best == Media::EventStream;
        if stream || (operation == OperationType::Subscription && accepted.event_stream) {
            return sse::respond(self.state, viewer, prepared, (self.request_id, self.speaks()));
        }
        if operation == OperationType::Subscription {
            let message = "A subscription needs a WebSocket or \"Accept: text/event-stream\".";
            let denied = Denied::new("NOT_ACCEPTABLE", message);
            return self.refuse((StatusCode::NOT_ACCEPTABLE, denied), document);
        }
        let answer = running::execute(self.state, &viewer, prepared, (self.request_id, self.speaks()), deadline).await;
        self.finish(answer, document)
    }

    fn speaks(&self) -> Language {
        self.language.unwrap_or(DEFAULT)
    }

    async fn viewer(&self) -> Result<B::Viewer, Denied> {
        let token = credentials::from_headers(self.request.headers())?;
        let span = tracing::info_span!("authenticate", request_id = self.request_id);
        self.state.backend.authenticate(token.as_deref()).instrument(span).await
    }

    fn finish(&self, answer: Answer, media: Media) -> HttpResponse {
        self.noted(answer).into_response(media)
    }

    fn noted(&self, answer: Answer) -> Answer {
        let answer = answer.finished(self.request_id, self.speaks());
        let state = self.state;
        state.record(&answer, self.operation, self.started, self.request_id);
        answer
    }

    fn refuse(&self, (status, denied): Refusal, media: Media) -> HttpResponse {
        let answer = self.noted(Answer::from(denied));
        let mut response = answer.with_status(status, media);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let is_get = *self.request.method() == Method::GET;
            let allow = if is_get { "POST" } else { "GET, POST" };
            let value = header::HeaderValue::from_static(allow);
            response.headers_mut().insert(header::ALLOW, value);
        }
        if status == StatusCode::REQUEST_TIMEOUT {
            response.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
        }
        response
    }
}

fn bad_request(message: String) -> Refusal {
    (StatusCode::BAD_REQUEST, Denied::new("BAD_REQUEST", message))
}
