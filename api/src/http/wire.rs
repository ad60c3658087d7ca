//! Messages in and out of a socket: frames put together, and buffers that are given back when nothing is under way.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_http::ws::{CloseReason, Codec, Frame, Item, Message, ProtocolError};
use actix_web::rt::net::TcpStream;
use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio_util::codec::{Framed, FramedParts};

/// What most messages of clients fit into. For longer ones the buffer grows, and shrinks again.
const READ: usize = 512;

/// Something that a client sent.
#[derive(Debug)]
pub(super) enum Heard {
    Text(String),
    Binary,
    Ping(Bytes),
    Pong,
    Close,
}

/// A message in several frames, as far as it has come.
struct Begun {
    is_text: bool,
    bytes: Vec<u8>,
}

/// A connection that is written to piece by piece. What is sent is one piece: to say that it is a list of one costs the
/// system a fifth of what the sending costs.
struct Whole(TcpStream);

impl AsyncRead for Whole {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl AsyncWrite for Whole {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, piece: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, piece)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

pub(super) struct Wire {
    frames: Framed<Whole, Codec>,
    begun: Option<Begun>,
    limit: usize,
}

impl Wire {
    /// `first` is what was read of the stream before. No message may be longer than `limit`.
    pub(super) fn new(stream: TcpStream, first: &[u8], limit: usize) -> Self {
        let codec = Codec::new().max_size(limit);
        let mut parts = FramedParts::new::<Message>(Whole(stream), codec);
        parts.read_buf = BytesMut::with_capacity(READ.max(first.len()));
        parts.read_buf.extend_from_slice(first);
        parts.write_buf = BytesMut::new();
        Self { frames: Framed::from_parts(parts), begun: None, limit }
    }

    /// The next message; none when the connection has ended. It may be dropped while it waits.
    pub(super) async fn hear(&mut self) -> Option<Result<Heard, ProtocolError>> {
        loop {
            let frame = self.frames.next().await?;
            self.shrink();
            let heard = frame.and_then(|frame| self.complete(frame));
            if let Some(heard) = heard.transpose() {
                return Some(heard);
            }
        }
    }

    /// None as long as there is more of it to come.
    fn complete(&mut self, frame: Frame) -> Result<Option<Heard>, ProtocolError> {
        let (part, is_last) = match frame {
            Frame::Text(bytes) => return text(bytes.to_vec()).map(Some),
            Frame::Binary(_) => return Ok(Some(Heard::Binary)),
            Frame::Ping(bytes) => return Ok(Some(Heard::Ping(bytes))),
            Frame::Pong(_) => return Ok(Some(Heard::Pong)),
            Frame::Close(_) => return Ok(Some(Heard::Close)),
            Frame::Continuation(Item::FirstText(part)) => {
                self.begun = Some(Begun { is_text: true, bytes: Vec::new() });
                (part, false)
            }
            Frame::Continuation(Item::FirstBinary(part)) => {
                self.begun = Some(Begun { is_text: false, bytes: Vec::new() });
                (part, false)
            }
            Frame::Continuation(Item::Continue(part)) => (part, false),
            Frame::Continuation(Item::Last(part)) => (part, true),
        };
        // The codec takes no further part of what was not begun.
        let mut begun = self.begun.take().ok_or(ProtocolError::ContinuationNotStarted)?;
        if begun.bytes.len() + part.len() > self.limit {
            return Err(ProtocolError::Overflow);
        }
        begun.bytes.extend_from_slice(&part);
        match (is_last, begun.is_text) {
            (true, true) => text(begun.bytes).map(Some),
            (true, false) => Ok(Some(Heard::Binary)),
            (false, _) => {
                self.begun = Some(begun);
                Ok(None)
            }
        }
    }

    /// Resolves when the connection has taken it.
    pub(super) async fn text(&mut self, text: String) -> Result<(), ProtocolError> {
        self.send(Message::Text(text.into())).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), ProtocolError> {
        self.send(Message::Ping(Bytes::new())).await
    }

    pub(super) async fn pong(&mut self, bytes: Bytes) -> Result<(), ProtocolError> {
        self.send(Message::Pong(bytes)).await
    }

    pub(super) async fn close(&mut self, reason: CloseReason) -> Result<(), ProtocolError> {
        self.send(Message::Close(Some(reason))).await
    }

    async fn send(&mut self, message: Message) -> Result<(), ProtocolError> {
        self.frames.send(message).await?;
        // What was sent is with the system; a socket that waits holds nothing.
        *self.frames.write_buffer_mut() = BytesMut::new();
        Ok(())
    }

    /// Reads on without looking, until the other side has closed.
    pub(super) async fn drain(&mut self) -> io::Result<()> {
        let mut unread = [0; 256];
        while self.frames.get_mut().read(&mut unread).await? > 0 {}
        Ok(())
    }

    fn shrink(&mut self) {
        let buffer = self.frames.read_buffer_mut();
        if buffer.is_empty() && buffer.capacity() > READ {
            *buffer = BytesMut::with_capacity(READ);
        }
    }
}

fn text(bytes: Vec<u8>) -> Result<Heard, ProtocolError> {
    let text = String::from_utf8(bytes);
    text.map(Heard::Text).map_err(|error| ProtocolError::Io(io::Error::new(io::ErrorKind::InvalidData, error)))
}
