//! Answers in fewer bytes, for clients that say they can read them: phones pay for each byte, and lists repeat themselves.
//! Whole answers only: event streams and sockets send small things at once.

use std::io::Write;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;

/// What fits into one packet arrives no sooner when it is smaller.
const PAYS_FROM: usize = 1400;

/// The quick levels: the next ones take several times as long for a tenth less.
const ZSTD_LEVEL: i32 = 1;
const BROTLI_LEVEL: u32 = 3;
const GZIP_LEVEL: u32 = 4;

/// What is offered, the best first.
const OFFERED: [ContentEncoding; 3] = [ContentEncoding::Zstd, ContentEncoding::Brotli, ContentEncoding::Gzip];

/// The answer, compressed where it pays and the client can read it.
pub(super) fn compress(request: &HttpRequest, response: HttpResponse) -> HttpResponse {
    let (head, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(body) if body.len() >= PAYS_FROM => body,
        Ok(body) => return head.set_body(BoxBody::new(body)),
        Err(body) => return head.set_body(body),
    };
    let encoding = negotiate(request);
    let compressed = encoding.and_then(|encoding| Some((encoding, encode(encoding, &body)?)));
    let mut response = match compressed {
        Some((encoding, smaller)) => {
            let mut response = head.set_body(BoxBody::new(smaller));
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding.to_header_value());
            response
        }
        None => head.set_body(BoxBody::new(body)),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

/// The best of those that the client prefers to none; none for one that says nothing.
fn negotiate(request: &HttpRequest) -> Option<ContentEncoding> {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        return None;
    }
    let accepted = AcceptEncoding::parse(request).ok()?;
    OFFERED.into_iter().find(|encoding| {
        let (wanted, identity) = (Encoding::Known(*encoding), Encoding::identity());
        accepted.negotiate([&wanted, &identity].into_iter()) == Some(wanted)
    })
}

/// The compressed text; none should that fail, which writing to memory does not.
fn encode(encoding: ContentEncoding, body: &[u8]) -> Option<Vec<u8>> {
    match encoding {
        ContentEncoding::Zstd => zstd::bulk::compress(body, ZSTD_LEVEL).ok(),
        ContentEncoding::Brotli => {
            let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_LEVEL, 18);
            writer.write_all(body).ok()?;
            Some(writer.into_inner())
        }
        _ => {
            let mut writer = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
            writer.write_all(body).ok()?;
            writer.finish().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use actix_web::body::BodySize;
    use actix_web::test::TestRequest;
    use actix_web::web::Bytes;
    use futures_util::stream;

    use super::*;

    fn answer(accepted: Option<&str>, response: HttpResponse) -> (Option<String>, bool, BoxBody) {
        let mut request = TestRequest::default();
        if let Some(accepted) = accepted {
            request = request.insert_header((header::ACCEPT_ENCODING, accepted));
        }
        let response = compress(&request.to_http_request(), response);
        let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (encoding, varies) = (text(header::CONTENT_ENCODING), text(header::VARY).is_some());
        (encoding, varies, response.into_body())
    }

    fn decode(encoding: Option<&str>, body: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        match encoding {
            Some("zstd") => text = zstd::stream::decode_all(body).unwrap(),
            Some("br") => drop(brotli::Decompressor::new(body, 4096).read_to_end(&mut text).unwrap()),
            Some("gzip") => drop(flate2::read::GzDecoder::new(body).read_to_end(&mut text).unwrap()),
            _ => text = body.to_vec(),
        }
        text
    }

    #[test]
    fn a_client_gets_what_it_can_read_and_what_it_reads_is_the_answer() {
        let text = "{\"status\":\"IN_PROGRESS\"},".repeat(400);
        let table = [
            (None, None),
            (Some(""), None),
            (Some("identity"), None),
            (Some("compress"), None),
            (Some("gzip"), Some("gzip")),
            (Some("gzip, deflate"), Some("gzip")),
            (Some("gzip, deflate, br"), Some("br")),
            (Some("gzip, deflate, br, zstd"), Some("zstd")),
            (Some("zstd;q=0, br;q=0.5"), Some("br")),
            (Some("zstd;q=0.1, identity"), None),
            (Some("nonsense;q=x"), None),
        ];
        for (accepted, expected) in table {
            let (encoding, varies, body) = answer(accepted, HttpResponse::Ok().body(text.clone()));
            assert_eq!(encoding.as_deref(), expected, "{accepted:?}");
            let body = body.try_into_bytes().unwrap_or_default();
            assert_eq!(decode(expected, &body), text.as_bytes(), "{accepted:?}");
            assert!(varies, "caches must know");
            assert_eq!(body.len() < text.len() / 10, expected.is_some(), "{accepted:?}: {} bytes", body.len());
        }
    }

    #[test]
    fn what_is_small_and_what_flows_stays_as_it_is() {
        let (encoding, varies, body) = answer(Some("zstd"), HttpResponse::Ok().body("a".repeat(PAYS_FROM - 1)));
        assert_eq!((encoding, varies, body.size()), (None, false, BodySize::Sized(PAYS_FROM as u64 - 1)));
        let events = stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![b'a'; 10_000]))]);
        let (encoding, varies, body) = answer(Some("zstd"), HttpResponse::Ok().streaming(events));
        assert_eq!((encoding, varies, body.size()), (None, false, BodySize::Stream));
    }
}
