//! The file in a multipart form, as a stream that is read as slowly as it is used.

use actix_web::{HttpRequest, http::header, web::Payload};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::error::{Error, FaultCode, Message, Result};

/// How many parts of a body are read ahead.
const AHEAD: usize = 2;

/// The boundary of a multipart form; `None` when the body is the file itself.
pub(super) fn boundary(request: &HttpRequest) -> Result<Option<String>> {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !value.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        return Ok(None);
    }
    let unreadable = |_| Error::fault(FaultCode::Invalid, "file", Message::NotAForm);
    multer::parse_boundary(value).map(Some).map_err(unreadable)
}

/// The first part of the form that is a file.
pub(super) fn first_file(body: Payload, boundary: String) -> impl Stream<Item = Result<Bytes, String>> {
    let form = multer::Multipart::new(sendable(body), boundary);
    let file = stream::once(find_file(form)).map_err(|error: multer::Error| error.to_string());
    file.map_ok(|(_form, field)| field.map_err(|error| error.to_string())).try_flatten()
}

/// The form is kept beside the field, which reads through it.
async fn find_file(
    mut form: multer::Multipart<'static>,
) -> Result<(multer::Multipart<'static>, multer::Field<'static>), multer::Error> {
    while let Some(field) = form.next_field().await? {
        if field.file_name().is_some() || field.name() == Some("file") {
            return Ok((form, field));
        }
    }
    Err(multer::Error::IncompleteStream)
}

/// The parser wants a stream that could change threads, which a request's body can't: a task here hands its parts on.
fn sendable(mut body: Payload) -> ReceiverStream<Result<Bytes, std::io::Error>> {
    let (parts, receiver) = mpsc::channel(AHEAD);
    actix_web::rt::spawn(async move {
        while let Some(part) = body.next().await {
            if parts.send(part.map_err(std::io::Error::other)).await.is_err() {
                return;
            }
        }
    });
    ReceiverStream::new(receiver)
}
