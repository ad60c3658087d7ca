//! Apple's push service: HTTP/2, with TLS or without.

use std::io;

use h2::{
    RecvStream,
    server::{self, SendResponse},
};
use http::{HeaderMap, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    authority::{Secure, Shown},
    outside::{Handed, Mood, Outside},
};

pub async fn push_service() -> Outside {
    Outside::listen(|outside, stream| Box::pin(async move { serve(outside, stream).await })).await
}

/// The same over TLS, showing this certificate.
pub async fn secure_push_service(shown: Shown) -> Outside {
    let secure = Secure::showing(shown, &["h2"]);
    Outside::listen(move |outside, stream| {
        let secure = secure.clone();
        Box::pin(async move { serve(outside, secure.accept(stream).await?).await })
    })
    .await
}

async fn serve(outside: Outside, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut connection = server::handshake(stream).await.map_err(io::Error::other)?;
    while let Some(request) = connection.accept().await {
        let (request, answer) = request.map_err(io::Error::other)?;
        // The connection has to be driven on while a request is heard.
        tokio::spawn(hear(outside.clone(), request, answer));
    }
    Ok(())
}

async fn hear(outside: Outside, request: Request<RecvStream>, mut answer: SendResponse<bytes::Bytes>) {
    let (head, mut body) = request.into_parts();
    let mut bytes = Vec::new();
    while let Some(part) = body.data().await {
        let part = part.unwrap();
        body.flow_control().release_capacity(part.len()).unwrap();
        bytes.extend_from_slice(&part);
    }
    let head = format!("{} {}\r\n{}", head.method, head.uri.path(), lines(&head.headers));
    let body = String::from_utf8_lossy(&bytes).into_owned();
    let (status, reason) = match outside.mood() {
        Mood::Takes => (200, ""),
        Mood::KnowsNobody => (400, r#"{"reason":"BadDeviceToken"}"#),
        Mood::IsTired => (429, r#"{"reason":"TooManyRequests"}"#),
        other => panic!("Apple is never {other:?}"),
    };
    if status == 200 {
        outside.take(Handed { head, body, bytes });
    }
    let response = Response::builder().status(status);
    let response = if status == 429 { response.header("retry-after", "600") } else { response };
    let mut sending = answer.send_response(response.body(()).unwrap(), reason.is_empty()).unwrap();
    if !reason.is_empty() {
        sending.send_data(reason.into(), true).unwrap();
    }
}

fn lines(headers: &HeaderMap) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap())).collect()
}
