//! The way out of a socket, one message wide. actix-ws queues up to 32 messages for a client that does not read; behind this gate
//! the next message is made only when the connection has room for it.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_ws::{CloseReason, Closed, Session};
use bytes::Bytes;
use futures_util::FutureExt;

use super::admission::Admitted;

/// Shared by the socket's task and the body of its response, which run on the same thread.
#[derive(Default)]
struct Room {
    free: Cell<bool>,
    waiting: RefCell<Option<Waker>>,
}

impl Room {
    fn give(&self) {
        self.free.set(true);
        if let Some(waker) = self.waiting.borrow_mut().take() {
            waker.wake();
        }
    }
}

pub(super) struct Gate {
    session: Option<Session>,
    room: Rc<Room>,
}

impl Gate {
    /// Puts the gate between the session and the connection. `place` is held as long as the connection is.
    pub(super) fn guard(response: HttpResponse, session: Session, place: Admitted) -> (HttpResponse, Self) {
        let room = Rc::new(Room::default());
        let body_room = room.clone();
        let response = response.map_body(|_, body| {
            let room = body_room;
            BoxBody::new(GatedBody { body, room, _place: place })
        });
        let session = Some(session);
        (response, Self { session, room })
    }

    /// Resolves when everything sent so far is with the connection and it asks for more, or when it is gone.
    pub(super) async fn room(&self) {
        poll_fn(|context| {
            if self.room.free.get() {
                return Poll::Ready(());
            }
            *self.room.waiting.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    pub(super) async fn text(&mut self, text: String) -> Result<(), Closed> {
        self.open()?.text(text).await
    }

    pub(super) async fn ping(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        self.open()?.ping(bytes).await
    }

    pub(super) async fn pong(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        self.open()?.pong(bytes).await
    }

    /// Leaves the close frame behind what was sent before. Never waits: the queue has room for it.
    pub(super) fn close(&mut self, reason: CloseReason) {
        if let Some(session) = self.session.take() {
            // A connection that is gone needs no goodbye.
            let _ = session.close(Some(reason)).now_or_never();
        }
    }

    fn open(&mut self) -> Result<&mut Session, Closed> {
        self.room.free.set(false);
        self.session.as_mut().ok_or(Closed)
    }
}

/// The response's body, which notes when the connection has taken all of it and wants more.
struct GatedBody {
    body: BoxBody,
    room: Rc<Room>,
    _place: Admitted,
}

impl MessageBody for GatedBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        if polled.is_pending() {
            self.room.give();
        }
        polled
    }
}

impl Drop for GatedBody {
    fn drop(&mut self) {
        self.room.give();
    }
}
