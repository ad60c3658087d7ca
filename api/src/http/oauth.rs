//! `POST /oauth/token` for decoration partners (RFC 6749, client credentials) and the keys that tokens are checked with.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Payload},
};
use data_encoding::BASE64;
use serde_json::json;

use super::{HttpState, address, body};
use crate::{
    graphql::engine::Engine,
    service::oauth::{Granted, Refused, client_credentials},
};

/// What a token costs its address, in pictures.
const COST: u64 = 10;

/// The largest form of the token endpoint.
const LARGEST_FORM: usize = 8 * 1024;

/// The standard asks for this beside `Cache-Control: no-store`, which every answer has.
const NOT_CACHED: (header::HeaderName, &str) = (header::PRAGMA, "no-cache");

/// The public keys of access tokens.
pub(super) async fn jwks(state: Data<HttpState<Engine>>) -> HttpResponse {
    let services = state.backend.services();
    HttpResponse::Ok()
        // Shorter than the time a new key waits before it signs, so that nobody misses it.
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(services.vault.tokens.jwks(services.now()))
}

/// What an operator's figures call it.
fn outcome(granted: &Result<Granted, Refused>) -> &'static str {
    match granted {
        Ok(_) => "ok",
        Err(Refused::InvalidClient | Refused::InvalidScope) => "refused",
        Err(Refused::SlowDown) => "throttled",
        Err(Refused::Failed(_)) => "failed",
    }
}

/// What a form says; a field that is given twice makes it unusable.
struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn has_repetition(&self) -> bool {
        self.0.iter().enumerate().any(|(index, (key, _))| self.0[..index].iter().any(|(other, _)| other == key))
    }
}

/// Gives a partner an access token for its client id and secret.
pub(super) async fn token(state: Data<HttpState<Engine>>, request: HttpRequest, mut payload: Payload) -> HttpResponse {
    if let Err(too_much) = state.charge(&request, COST) {
        body::drain(&mut payload).await;
        return slow_down("Too many requests. Wait before the next.", too_much.wait_seconds());
    }
    let body = match body::read(payload, LARGEST_FORM, state.config.body_timeout).await {
        Ok(body) => body,
        Err((status, denied)) => return refuse(status, "invalid_request", &denied.in_english()),
    };
    if request.content_type() != "application/x-www-form-urlencoded" {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "Send a form (application/x-www-form-urlencoded).");
    }
    let form = Form(form(&body));
    if form.has_repetition() {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "A field is given twice.");
    }
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only client_credentials."),
        None => return refuse(StatusCode::BAD_REQUEST, "invalid_request", "grant_type is missing."),
    }
    let (id, secret) = match client(&request, &form) {
        Ok(client) => client,
        Err(BadCredentials::Missing) => return invalid_client(),
        Err(BadCredentials::Twice) => {
            let description = "Send the secret in the header or in the form, not in both.";
            return refuse(StatusCode::BAD_REQUEST, "invalid_request", description);
        }
    };
    let from = address::of(&request, &state.config.trusted_proxies);
    let services = state.backend.services();
    let granted = state.in_turn(client_credentials(services, (&id, &secret), form.get("scope"), from)).await;
    services.metrics.sign_in("partner", outcome(&granted));
    match granted {
        Ok(granted) => HttpResponse::Ok().insert_header(NOT_CACHED).json(json!({
            "access_token": granted.access_token,
            "token_type": "Bearer",
            "expires_in": granted.expires_in.num_seconds(),
            "scope": granted.scope,
        })),
        Err(Refused::InvalidClient) => invalid_client(),
        Err(Refused::InvalidScope) => refuse(StatusCode::BAD_REQUEST, "invalid_scope", "The scope is lectures:read."),
        Err(Refused::SlowDown) => slow_down("Too many wrong secrets. Wait a quarter of an hour.", 15 * 60),
        Err(Refused::Failed(error)) => {
            tracing::error!(?error, "a partner's token could not be given");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "Try again in a moment.")
        }
    }
}

/// Whoever asks in another way is told how.
pub(super) async fn only_post() -> HttpResponse {
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "Send a POST.");
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    response
}

/// Why a request says nobody's id and secret.
enum BadCredentials {
    Missing,
    Twice,
}

/// The client's id and secret, from the header or from the form: the standard forbids both at once.
#[allow(clippy::result_large_err)]
fn client(request: &HttpRequest, form: &Form) -> Result<(String, String), BadCredentials> {
    let secret = form.get("client_secret");
    if !request.headers().contains_key(header::AUTHORIZATION) {
        let in_form = form.get("client_id").zip(secret);
        return in_form.map(|(id, secret)| (id.to_owned(), secret.to_owned())).ok_or(BadCredentials::Missing);
    }
    if secret.is_some() {
        return Err(BadCredentials::Twice);
    }
    basic_credentials(request).ok_or(BadCredentials::Missing)
}

fn invalid_client() -> HttpResponse {
    let mut response = refuse(StatusCode::UNAUTHORIZED, "invalid_client", "Client id or secret is wrong.");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Basic realm=\"anju\""));
    response
}

fn slow_down(description: &str, seconds: i64) -> HttpResponse {
    let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "slow_down", description);
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    response
}

fn refuse(status: StatusCode, error: &str, description: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, "2"));
    }
    response.insert_header(NOT_CACHED).json(json!({ "error": error, "error_description": description }))
}

fn form(body: &[u8]) -> Vec<(String, String)> {
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (form_text(&pair[..split]), form_text(pair.get(split + 1..).unwrap_or_default()))
        })
        .collect()
}

/// Plus signs are spaces, %XX are bytes; what is not UTF-8 becomes a text that matches nothing.
fn form_text(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => text.push(b' '),
            (b'%', [high, low, after @ ..]) => match hex(*high).zip(hex(*low)) {
                Some((high, low)) => {
                    text.push(high * 16 + low);
                    rest = after;
                }
                None => text.push(b'%'),
            },
            (byte, _) => text.push(*byte),
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Id and secret from an `Authorization: Basic` header, each form-encoded as the standard says.
fn basic_credentials(request: &HttpRequest) -> Option<(String, String)> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64.decode(encoded.trim().as_bytes()).ok()?;
    let split = decoded.iter().position(|byte| *byte == b':')?;
    Some((form_text(&decoded[..split]), form_text(&decoded[split + 1..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let read = Form(form("grant_type=client_credentials&client_id=a%2Bb&x=1+2&empty=&c%".as_bytes()));
        assert_eq!(read.get("grant_type"), Some("client_credentials"));
        assert_eq!(read.get("client_id"), Some("a+b"));
        assert_eq!(read.get("x"), Some("1 2"));
        assert_eq!(read.get("empty"), None);
        assert!(!read.has_repetition());
        assert!(Form(form(b"a=1&a=2")).has_repetition());
    }
}
