//! The span of a request for a collector of traces, as a part of the trace that a proxy of ours began. It names the route
//! and never the path, which may hold a secret.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use ipnet::IpNet;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::field::Empty;
use tracing::{Instrument, Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::{HttpConfig, address};

/// Asked all the time by machines; nobody looks for them.
const QUIET: [&str; 3] = ["/livez", "/readyz", "/metrics"];

/// A middleware for the whole application.
pub(super) async fn apply(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if !tracing::span_enabled!(Level::TRACE) {
        return next.call(request).await;
    }
    let span = begin(&request);
    let response = next.call(request).instrument(span.clone()).await?;
    end(&span, response.status());
    Ok(response)
}

pub(super) fn end(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

fn begin(request: &ServiceRequest) -> Span {
    let route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned());
    if QUIET.contains(&route.as_str()) {
        return Span::none();
    }
    let config = request.app_data::<Data<HttpConfig>>();
    span(request.head(), &route, config.map_or(&[], |config| &config.trusted_proxies))
}

/// The span of a request that never comes to the application.
pub(super) fn of_head(head: &RequestHead, route: &str, trusted: &[IpNet]) -> Span {
    if tracing::span_enabled!(Level::TRACE) { span(head, route, trusted) } else { Span::none() }
}

fn span(head: &RequestHead, route: &str, trusted: &[IpNet]) -> Span {
    let method = known(&head.method);
    let span = tracing::trace_span!(
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
    );
    if address::is_proxy(head.peer_addr, trusted) {
        let begun = TraceContextPropagator::new().extract(&Headers(head.headers()));
        // It fails only for spans that nobody takes.
        let _ = span.set_parent(begun);
    }
    span
}

/// A method may be any word of a client's.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        _ => "_OTHER",
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
