//! Which language a client asks for: in the header of a request, or in what a socket begins with.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use serde_json::{Map, Value};

use crate::language::{DEFAULT, Language, accepted};

/// What Accept-Language asks for; none when there is none, or nothing in it that we speak.
pub(super) fn from_headers(headers: &HeaderMap) -> Option<Language> {
    accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?)
}

/// The same from the payload of a socket's `connection_init`: browsers let a page set no headers on a socket.
pub(super) fn from_init(payload: &Map<String, Value>) -> Option<Language> {
    let names = ["acceptLanguage", "accept-language", "Accept-Language"];
    accepted(names.iter().find_map(|name| payload.get(*name)?.as_str())?)
}

/// The language of an answer to somebody who is not known.
pub(super) fn spoken(request: &HttpRequest) -> Language {
    from_headers(request.headers()).unwrap_or(DEFAULT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_socket_may_ask_for_its_language_as_it_begins() {
        let read = |value: Value| from_init(value.as_object().unwrap());
        assert_eq!(read(json!({ "acceptLanguage": "en-GB, en;q=0.9" })), Some(Language::En));
        assert_eq!(read(json!({ "Accept-Language": "zh" })), Some(Language::Zh));
        assert_eq!(read(json!({ "acceptLanguage": 1, "authorization": "Bearer x" })), None);
        assert_eq!(read(json!({})), None);
    }
}
