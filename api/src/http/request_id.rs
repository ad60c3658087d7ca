//! The name under which a request is found again in the log: the client's own when it is harmless, else a new one.

use actix_web::http::header::{HeaderMap, HeaderName};

pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_LENGTH: usize = 128;

pub(super) fn from_headers(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(X_REQUEST_ID)?.to_str().ok()?;
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let fits = (1..=MAX_LENGTH).contains(&text.len()) && text.chars().all(is_harmless);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_harmless_names_are_taken_over() {
        let long = "a".repeat(129);
        for (text, taken) in [("req-1.a:b_C", true), ("", false), ("a b", false), ("a\"b", false), (&long, false)] {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_str(text).unwrap());
            assert_eq!(from_headers(&headers).is_some(), taken, "{text}");
        }
    }
}
