//! The explorer page for development: one file with everything in it, nothing fetched from elsewhere.

use actix_web::HttpResponse;
use actix_web::http::header;

const PAGE: &str = include_str!("graphiql.html");

/// The page carries its script and style itself and talks only to the server it came from.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
    connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(PAGE)
}
