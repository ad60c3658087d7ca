//! graphql-sse in its distinct connections mode: one operation is one response, whose events are `next` and at last
//! `complete`. For networks that break WebSockets.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::HttpState;
use super::accept::Media;
use super::admission::{Admitted, no_socket_left};
use super::answer::Answer;
use super::running::{self, Interrupted, Said};
use super::session::Session;
use crate::error::Message;
use crate::graphql::backend::Backend;
use crate::language::Language;

const COMMENT: &[u8] = b":\n\n";
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";

pub(super) fn respond<B: Backend>(
    state: &HttpState<B>,
    viewer: B::Viewer,
    prepared: B::Prepared,
    (request_id, language): (&str, Language),
) -> HttpResponse {
    let Some(admitted) = state.admit_socket("sse") else {
        return no_socket_left(language);
    };
    let config = &state.config;
    let first = Instant::now() + config.sse_heartbeat;
    let mut heartbeat = interval_at(first, config.sse_heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let session = Session::new(state.backend.clone(), viewer.clone());
    let over = session.over(config.expiry_check);
    let answers = running::answers(state.clone(), viewer, prepared, (request_id.to_owned(), language));
    let shutdown = state.shutdown.clone();
    let feed = Feed { phase: Phase::Opening, session, over, answers, heartbeat, language, shutdown, _place: admitted };
    let events = stream::unfold(feed, |mut feed| async {
        let chunk = feed.next().await?;
        Some((Ok::<_, Infallible>(chunk), feed))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, Media::EventStream.content_type()))
        .insert_header((header::CACHE_CONTROL, "no-store, no-transform"))
        // A proxy that gathers the response first would hold every event back.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events)
}

enum Phase {
    Opening,
    Running,
    Completing,
    Ended,
}

/// The connection asks for the next piece only when it has room, so nothing queues here.
struct Feed<B: Backend> {
    phase: Phase,
    session: Session<B>,
    over: BoxFuture<'static, ()>,
    answers: BoxStream<'static, Said>,
    heartbeat: Interval,
    language: Language,
    shutdown: CancellationToken,
    _place: Admitted,
}

impl<B: Backend> Feed<B> {
    async fn next(&mut self) -> Option<Bytes> {
        match self.phase {
            // Some browsers report a stream as open only when a first byte is there.
            Phase::Opening => {
                self.phase = Phase::Running;
                Some(Bytes::from_static(COMMENT))
            }
            Phase::Running => self.event().await,
            Phase::Completing => {
                self.phase = Phase::Ended;
                Some(Bytes::from_static(COMPLETE))
            }
            Phase::Ended => None,
        }
    }

    async fn event(&mut self) -> Option<Bytes> {
        if self.session.is_expired() {
            return Some(self.over());
        }
        tokio::select! {
            biased;
            // Without a `complete` the client knows that there is more to come, and connects again.
            () = self.shutdown.cancelled() => None,
            () = &mut self.over => Some(self.over()),
            said = self.answers.next() => match said {
                Some(_) if self.session.is_expired() => Some(self.over()),
                Some(Ok(answer)) => Some(next(&answer)),
                Some(Err(Interrupted)) => {
                    self.phase = Phase::Ended;
                    None
                }
                None => Some(self.complete()),
            },
            _ = self.heartbeat.tick() => Some(Bytes::from_static(COMMENT)),
        }
    }

    fn over(&mut self) -> Bytes {
        self.phase = Phase::Completing;
        self.answers = stream::empty().boxed();
        next(&Answer::refused("UNAUTHENTICATED", Message::SessionHasEnded).finished("", self.language))
    }

    fn complete(&mut self) -> Bytes {
        self.phase = Phase::Ended;
        Bytes::from_static(COMPLETE)
    }
}

fn next(answer: &Answer) -> Bytes {
    let mut event = b"event: next\ndata: ".to_vec();
    // Compact JSON has no line breaks of its own, so one data line holds it.
    serde_json::to_writer(&mut event, answer).expect("an answer holds only strings as keys");
    event.extend_from_slice(b"\n\n");
    event.into()
}
