//! Where a bearer token may stand, and what is no token at all. Whether a token is good is the backend's to say.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Map, Value};

use crate::error::Message;
use crate::graphql::backend::Denied;

/// The token of an `Authorization` header, without its scheme. `None` only when there is no such header: whoever sends one
/// means to be someone.
pub(super) fn from_headers(headers: &HeaderMap) -> Result<Option<String>, Denied> {
    let mut values = headers.get_all(AUTHORIZATION);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| malformed())?;
    if values.next().is_some() {
        return Err(malformed());
    }
    bearer(text).map(Some)
}

/// The token in the payload of a socket's `connection_init`.
pub(super) fn from_init(payload: &Map<String, Value>) -> Result<Option<String>, Denied> {
    for name in ["authorization", "Authorization", "accessToken"] {
        match payload.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if name == "accessToken" => return Ok(Some(text.clone())),
            Some(Value::String(text)) => return bearer(text).map(Some),
            Some(_) => return Err(malformed()),
        }
    }
    Ok(None)
}

fn bearer(text: &str) -> Result<String, Denied> {
    let (scheme, token) = text.trim().split_once(' ').ok_or_else(malformed)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(malformed());
    }
    Ok(token.to_owned())
}

fn malformed() -> Denied {
    Denied::unauthenticated(Message::TokenMalformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_header_is_a_bearer_token_or_refused() {
        assert_eq!(bearer("Bearer abc").unwrap(), "abc");
        assert_eq!(bearer("bearer  abc ").unwrap(), "abc");
        for bad in ["", "Bearer", "Bearer ", "abc", "Basic abc"] {
            assert!(bearer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_init_payload_may_name_the_token_in_three_ways_or_not_at_all() {
        let read = |value: Value| from_init(value.as_object().unwrap());
        assert_eq!(read(json!({"authorization": "Bearer a"})).unwrap().as_deref(), Some("a"));
        assert_eq!(read(json!({"Authorization": "Bearer a"})).unwrap().as_deref(), Some("a"));
        assert_eq!(read(json!({"accessToken": "a"})).unwrap().as_deref(), Some("a"));
        assert_eq!(read(json!({"accessToken": null, "other": 1})).unwrap(), None);
        assert!(read(json!({"authorization": ""})).is_err());
        assert!(read(json!({"accessToken": 1})).is_err());
    }
}
