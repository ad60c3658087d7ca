//! Requests for a socket. They leave the way of other requests before the application: the connection itself is handed over,
//! without the buffers and queues that requests need and a socket that mostly waits does not. With them ten thousand sockets
//! held half as much again of memory for nothing.

use actix_codec::Framed;
use actix_http::body::{BodySize, BoxBody, MessageBody};
use actix_http::{Request, h1, ws::handshake};
use actix_web::dev::{RequestHead, Response};
use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::{ResponseError, rt::net::TcpStream};
use bytes::Bytes;
use futures_util::SinkExt;

use super::accept::Media;
use super::admission::{Admitted, no_socket_left};
use super::answer::Answer;
use super::nowhere::no_such_address;
use super::wire::Wire;
use super::ws::Socket;
use super::ws_protocol::SUBPROTOCOL;
use super::{HttpState, languages, security, trace};
use crate::error::Message;
use crate::graphql::backend::{Backend, Denied};
use crate::language::DEFAULT;

/// Where sockets are opened.
const PATH: &str = "/graphql";

/// A connection that is no longer the HTTP server's.
pub(super) type Connection = Framed<TcpStream, h1::Codec>;

/// Opens a socket and lives with it to its end, or says why not.
pub(super) async fn answer<B: Backend>(request: Request, mut connection: Connection, state: HttpState<B>) {
    let route = if request.path() == PATH { PATH } else { "unknown" };
    let span = trace::of_head(request.head(), route, &state.config.trusted_proxies);
    let (response, admitted) = match welcome(request.head(), &state) {
        Ok((response, admitted)) => (response, Some(admitted)),
        Err(mut refused) => {
            refused.head_mut().set_connection_type(ConnectionType::Close);
            security::dress(refused.headers_mut(), request.head().headers(), &state.config.allowed_origins);
            (refused, None)
        }
    };
    trace::end(&span, response.status());
    drop(span);
    // Whoever is gone before the answer needs none.
    if send(&mut connection, response).await.is_err() {
        return;
    }
    let Some(admitted) = admitted else {
        let _ = connection.close().await;
        return;
    };
    let wire = {
        // The connection's own buffers end here.
        let parts = connection.into_parts();
        Wire::new(parts.io, &parts.read_buf, state.config.frame_limit)
    };
    let socket = Socket::new(request.head(), wire, admitted, state);
    let is_known = speaks(request.head());
    drop(request);
    socket.live(is_known).await;
}

/// The answer that opens a socket, with the place that it takes; or the refusal.
fn welcome<B: Backend>(
    head: &RequestHead,
    state: &HttpState<B>,
) -> Result<(Response<BoxBody>, Admitted), Response<BoxBody>> {
    let language = languages::from_headers(head.headers()).unwrap_or(DEFAULT);
    let refused = |answer: Answer, status| answer.finished("", language).with_status(status, Media::Json).into();
    if head.uri.path() != PATH {
        return Err(refused(no_such_address(), StatusCode::NOT_FOUND));
    }
    if head.method != Method::GET {
        let denied = Denied::new("METHOD_NOT_ALLOWED", "A socket is opened by GET.");
        return Err(refused(Answer::from(denied), StatusCode::METHOD_NOT_ALLOWED));
    }
    if !security::may_open_socket(head.headers(), &state.config.allowed_origins) {
        let denied = Answer::refused("FORBIDDEN", Message::NoPagesOfThisOrigin);
        return Err(refused(denied, StatusCode::FORBIDDEN));
    }
    let Some(admitted) = state.admit_socket("websocket") else {
        return Err(no_socket_left(language).into());
    };
    let mut response = handshake(head).map_err(|error| Response::from(error.error_response()))?;
    let protocol = if speaks(head) { Some(HeaderValue::from_static(SUBPROTOCOL)) } else { first_offered(head) };
    if let Some(protocol) = protocol {
        // A client whose offer is left unanswered breaks off before it can read the close code.
        response.insert_header((SEC_WEBSOCKET_PROTOCOL, protocol));
    }
    Ok((response.finish().map_into_boxed_body(), admitted))
}

/// What the client offers to speak.
fn offers(head: &RequestHead) -> impl Iterator<Item = &str> {
    let lines = head.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

fn speaks(head: &RequestHead) -> bool {
    offers(head).any(|offer| offer == SUBPROTOCOL)
}

fn first_offered(head: &RequestHead) -> Option<HeaderValue> {
    HeaderValue::from_str(offers(head).next()?).ok()
}

async fn send(connection: &mut Connection, response: Response<BoxBody>) -> std::io::Result<()> {
    let (head, body) = response.into_parts();
    if head.status() == StatusCode::SWITCHING_PROTOCOLS {
        return connection.send((head, BodySize::None).into()).await;
    }
    let bytes = body.try_into_bytes().unwrap_or_else(|_| Bytes::new());
    connection.feed((head, BodySize::Sized(bytes.len() as u64)).into()).await?;
    connection.feed(h1::Message::Chunk(Some(bytes))).await?;
    connection.send(h1::Message::Chunk(None)).await
}
