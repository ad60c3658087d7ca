//! What every answer carries against misuse in a browser, and who may read it from another site. Tokens travel in headers,
//! never in cookies, so credentials are never allowed across sites.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use super::HttpConfig;

const ALWAYS: &[(HeaderName, &str)] = &[
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
];

const UNLESS_SET: &[(HeaderName, &str)] = &[
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

const CORS_PREFLIGHT: &[(HeaderName, &str)] = &[
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "accept, authorization, content-type, x-request-id, apollographql-client-name, apollographql-client-version",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// A middleware for the whole application: answers preflights and sets the headers on everything else.
pub(super) async fn apply(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let config = request.app_data::<Data<HttpConfig>>().cloned();
    let listed = config.as_ref().map_or(&[][..], |config| &config.allowed_origins);
    let allowed = allowed(request.headers(), listed);
    let preflight = is_preflight(&request);
    let mut response = if preflight {
        let answer = HttpResponse::build(StatusCode::NO_CONTENT).finish();
        request.into_response(answer).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    set_headers(response.headers_mut(), allowed, preflight);
    Ok(response)
}

/// The same headers for an answer that did not come by way of the application.
pub(super) fn dress(answer: &mut HeaderMap, asked: &HeaderMap, listed: &[String]) {
    set_headers(answer, allowed(asked, listed), false);
}

/// The site that asks, where its pages may read the answer.
fn allowed(asked: &HeaderMap, listed: &[String]) -> Option<HeaderValue> {
    asked.get(header::ORIGIN).filter(|origin| is_listed(origin, listed)).cloned()
}

fn is_preflight(request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn set_headers(headers: &mut HeaderMap, allowed: Option<HeaderValue>, preflight: bool) {
    for (name, value) in ALWAYS {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SET {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), HeaderValue::from_static(value));
        }
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = allowed else {
        return;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let exposed = HeaderValue::from_static("x-request-id, retry-after");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    if preflight {
        for (name, value) in CORS_PREFLIGHT {
            headers.insert(name.clone(), HeaderValue::from_static(value));
        }
    }
}

fn is_listed(origin: &HeaderValue, listed: &[String]) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    listed.iter().any(|other| other.eq_ignore_ascii_case(origin))
}

/// Whether a socket may be opened by a page of this origin. Browsers apply no CORS to sockets, so the server does: an absent
/// origin is a phone's, the same origin is our own page's, any other must be listed.
pub(super) fn may_open_socket(headers: &HeaderMap, listed: &[String]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN);
    let Some(origin) = origins.next() else {
        return true;
    };
    if origins.next().is_some() {
        return false;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    is_same_origin(origin, host) || is_listed(origin, listed)
}

fn is_same_origin(origin: &HeaderValue, host: Option<&str>) -> bool {
    let (Ok(origin), Some(host)) = (origin.to_str(), host) else {
        return false;
    };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_opens_for_phones_for_our_own_page_and_for_listed_sites() {
        let listed = ["https://app.example".to_owned()];
        let table = [
            (None, true),
            (Some("http://api.example:8080"), true),
            (Some("https://API.example:8080"), true),
            (Some("https://app.example"), true),
            (Some("https://api.example"), false),
            (Some("https://app.example.evil.test"), false),
            (Some("https://evil.test"), false),
            (Some("null"), false),
            (Some(""), false),
        ];
        for (origin, allowed) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("api.example:8080"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(may_open_socket(&headers, &listed), allowed, "{origin:?}");
        }
    }
}
