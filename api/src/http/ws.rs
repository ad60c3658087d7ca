//! A socket that speaks graphql-transport-ws: frames in and out, timers, and the operations that run on it. What a message
//! means is `ws_protocol`'s; here is when it is sent, and what happens to a client that does not take it.

use std::net::IpAddr;
use std::time::Duration;

use actix_http::ws::{CloseCode, CloseReason, ProtocolError};
use actix_web::dev::RequestHead;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, FuturesUnordered};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_stream::StreamMap;

use super::admission::Admitted;
use super::answer::Answer;
use super::running::{self, Interrupted, Said};
use super::session::Session;
use super::wire::{Heard, Wire};
use super::ws_protocol::{Close, Machine, Reaction};
use super::{HttpState, address, credentials, languages};
use crate::graphql::backend::{Backend, Denied, GraphqlRequest};
use crate::language::{DEFAULT, Language};

/// How long a closed peer may take to say goodbye.
const GOODBYE_TIME: Duration = Duration::from_secs(2);

/// Why a socket stops.
enum End {
    /// The client said goodbye, or its connection broke.
    Gone,
    Close(Close),
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// What ends or interrupts a socket that waits.
enum Interruption {
    Shutdown,
    /// The viewer may no longer listen.
    Over,
    Timer,
}

/// One step of an operation: an answer, or none when it has completed.
type Step = Option<Said>;

pub(super) struct Socket<B: Backend> {
    state: HttpState<B>,
    machine: Machine,
    operations: StreamMap<String, BoxStream<'static, Step>>,
    /// What the upgrade request brought, used when `connection_init` brings nothing.
    credentials: Result<Option<String>, Denied>,
    address: Option<IpAddr>,
    /// What the client asked for, until it is known what the viewer chose.
    language: Option<Language>,
    session: Option<Session<B>>,
    /// Each is looked at only when it is its turn: there are many turns in which none of them is.
    interruptions: FuturesUnordered<BoxFuture<'static, Interruption>>,
    wire: Wire,
    clock: Clock,
    _place: Admitted,
}

struct Clock {
    opened: Instant,
    heard: Instant,
    pinged: Instant,
}

impl Clock {
    fn start() -> Self {
        let now = Instant::now();
        Self { opened: now, heard: now, pinged: now }
    }
}

impl<B: Backend> Socket<B> {
    pub(super) fn new(head: &RequestHead, wire: Wire, place: Admitted, state: HttpState<B>) -> Self {
        Self {
            machine: Machine::new(state.config.streams_per_connection),
            operations: StreamMap::new(),
            credentials: credentials::from_headers(head.headers()),
            address: address::of_head(head, &state.config.trusted_proxies),
            language: languages::from_headers(head.headers()),
            session: None,
            interruptions: FuturesUnordered::new(),
            wire,
            clock: Clock::start(),
            _place: place,
            state,
        }
    }

    /// Speaks with the client to the end.
    pub(super) async fn live(mut self, known_subprotocol: bool) {
        let end = if known_subprotocol { self.serve().await } else { End::Close(Close::unknown_subprotocol()) };
        // What the operations hold is freed first: the goodbye may take a while.
        self.operations.clear();
        self.session = None;
        self.interruptions.clear();
        if let End::Close(close) = end {
            tracing::debug!(code = close.code, reason = close.reason, "socket closed");
            Box::pin(self.goodbye(close)).await;
        }
    }

    async fn serve(&mut self) -> End {
        let shutdown = self.state.shutdown.clone().cancelled_owned();
        self.interruptions.push(shutdown.map(|()| Interruption::Shutdown).boxed());
        self.set_timer();
        loop {
            if let Err(end) = self.turn().await {
                return end;
            }
        }
    }

    /// Waits for one thing to happen and deals with it, to the point where the client has taken what came of it. Nothing
    /// else is read or made meanwhile: that is all the back pressure there is. What seldom happens has its place made when it
    /// does: a socket that waits is kept small.
    async fn turn(&mut self) -> Result<(), End> {
        tokio::select! {
            Some(interruption) = self.interruptions.next() => match interruption {
                Interruption::Shutdown => Err(going_away()),
                Interruption::Over => Err(Close::forbidden().into()),
                Interruption::Timer => self.timer().await,
            },
            heard = self.wire.hear() => Box::pin(self.message(heard)).await,
            Some((id, step)) = self.operations.next() => self.step(&id, step).await,
        }
    }

    /// Sets the timer anew. What it is for is only ever put off meanwhile.
    fn set_timer(&self) {
        let timer = sleep_until(self.next_timer());
        self.interruptions.push(timer.map(|()| Interruption::Timer).boxed());
    }

    fn next_timer(&self) -> Instant {
        let config = &self.state.config;
        let mut wake = self.clock.pinged + config.ping_interval;
        wake = wake.min(self.clock.heard + config.silence_timeout);
        if !self.machine.is_acknowledged() {
            wake = wake.min(self.clock.opened + config.init_timeout);
        }
        wake
    }

    async fn timer(&mut self) -> Result<(), End> {
        let config = self.state.config.clone();
        let now = Instant::now();
        if !self.machine.is_acknowledged() && now >= self.clock.opened + config.init_timeout {
            return Err(Close::init_timeout().into());
        }
        if now >= self.clock.heard + config.silence_timeout {
            return Err(Close::new(1001, "Nothing heard from the client").into());
        }
        let is_ping_due = now >= self.clock.pinged + config.ping_interval;
        if is_ping_due {
            self.clock.pinged = now;
        }
        self.set_timer();
        if is_ping_due { taken(&self.state, self.wire.ping()).await } else { Ok(()) }
    }

    async fn message(&mut self, heard: Option<Result<Heard, ProtocolError>>) -> Result<(), End> {
        self.clock.heard = Instant::now();
        match heard {
            Some(Ok(Heard::Text(text))) => {
                let reaction = self.machine.receive(&text);
                self.react(reaction).await
            }
            Some(Ok(Heard::Ping(bytes))) => taken(&self.state, self.wire.pong(bytes)).await,
            Some(Ok(Heard::Pong)) => Ok(()),
            Some(Ok(Heard::Binary)) => Err(Close::new(4400, "Invalid message received: not text").into()),
            Some(Ok(Heard::Close)) => Err(Close::new(1000, "").into()),
            Some(Err(error)) => Err(broken(&error)),
            None => Err(End::Gone),
        }
    }

    async fn react(&mut self, reaction: Reaction) -> Result<(), End> {
        match reaction {
            Reaction::Nothing => Ok(()),
            Reaction::Reply(text) => self.send(text).await,
            Reaction::Authenticate(credentials, language) => {
                self.language = language.or(self.language);
                self.authenticate(credentials).await
            }
            Reaction::Start { id, request } => self.start(id, request).await,
            Reaction::Stop { id } => {
                self.operations.remove(&id);
                Ok(())
            }
            Reaction::Close(close) => Err(close.into()),
        }
    }

    async fn authenticate(&mut self, in_payload: Result<Option<String>, Denied>) -> Result<(), End> {
        let on_upgrade = std::mem::replace(&mut self.credentials, Ok(None));
        let token = match in_payload {
            Ok(Some(token)) => Ok(Some(token)),
            Ok(None) => on_upgrade,
            Err(denied) => Err(denied),
        };
        let token = token.map_err(|_| Close::forbidden())?;
        let deadline = self.clock.opened + self.state.config.init_timeout;
        let backend = self.state.backend.clone();
        let asked = timeout_at(deadline, backend.authenticate(token.as_deref())).await;
        let viewer = match asked {
            Err(_) => return Err(come_back()),
            // A backend that can't tell now is no verdict on the token.
            Ok(Err(denied)) if denied.code != "UNAUTHENTICATED" => {
                return Err(come_back());
            }
            Ok(Err(_)) => return Err(Close::forbidden().into()),
            Ok(Ok(viewer)) => viewer,
        };
        self.language = backend.language(&viewer).or(self.language);
        let session = Session::new(backend, viewer);
        if session.is_expired() {
            return Err(Close::forbidden().into());
        }
        let over = session.over(self.state.config.expiry_check);
        self.interruptions.push(over.map(|()| Interruption::Over).boxed());
        self.session = Some(session);
        self.machine.speak(self.language.unwrap_or(DEFAULT));
        let acknowledgement = self.machine.acknowledge();
        self.send(acknowledgement).await
    }

    async fn start(&mut self, id: String, mut request: GraphqlRequest) -> Result<(), End> {
        let Some(session) = &self.session else {
            return Err(Close::new(4401, "Unauthorized").into());
        };
        let viewer = session.viewer();
        if session.is_expired() {
            return Err(Close::forbidden().into());
        }
        let request_id = (self.state.request_ids)();
        request.address = self.address;
        request.language = self.language;
        let language = self.language.unwrap_or(DEFAULT);
        match self.state.backend.prepare(viewer, request) {
            Ok(prepared) => {
                let state = self.state.clone();
                let answers = running::answers(state, viewer.clone(), prepared, (request_id, language));
                let end = stream::once(async { None });
                let steps = answers.map(Some).chain(end);
                self.operations.insert(id, steps.boxed());
                Ok(())
            }
            Err(response) => {
                let answer = Answer::not_run(response).finished(&request_id, language);
                self.state.record(&answer, "unknown", Instant::now(), &request_id);
                let message = self.machine.refuse(&id, &answer.errors());
                self.send_some(message).await
            }
        }
    }

    async fn step(&mut self, id: &str, step: Step) -> Result<(), End> {
        if let Some(session) = &self.session
            && session.is_expired()
        {
            return Err(Close::forbidden().into());
        }
        let message = match step {
            Some(Ok(answer)) => self.machine.next(id, &answer),
            Some(Err(Interrupted)) => return Err(come_back()),
            None => {
                self.operations.remove(id);
                self.machine.complete(id)
            }
        };
        self.send_some(message).await
    }

    async fn send_some(&mut self, message: Option<String>) -> Result<(), End> {
        match message {
            Some(message) => self.send(message).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, message: String) -> Result<(), End> {
        taken(&self.state, self.wire.text(message)).await
    }

    /// Says why it ends, and reads on for a moment without looking, so that the close is not lost to what the client still
    /// had under way.
    async fn goodbye(&mut self, close: Close) {
        let reason = CloseReason { code: CloseCode::from(close.code), description: Some(close.reason) };
        let parting = async {
            if self.wire.close(reason).await.is_ok() {
                // Whether the client was polite makes no difference.
                let _ = self.wire.drain().await;
            }
        };
        let _ = timeout(GOODBYE_TIME, parting).await;
    }
}

/// Waits until the client has taken what it is sent, as long as it may take.
async fn taken<B>(state: &HttpState<B>, sending: impl Future<Output = Result<(), ProtocolError>>) -> Result<(), End> {
    tokio::select! {
        // Most often it takes it at once, and nothing else has to be looked at.
        biased;
        taken = timeout(state.config.stall_timeout, sending) => match taken {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(come_back()),
        },
        () = state.shutdown.cancelled() => Err(going_away()),
    }
}

fn going_away() -> End {
    Close::new(1001, "The server is going away").into()
}

/// Clients connect again after this code.
fn come_back() -> End {
    Close::new(1013, "Try again later: resume from your last cursor").into()
}

fn broken(error: &ProtocolError) -> End {
    match error {
        ProtocolError::Overflow => Close::new(1009, "Message too big").into(),
        ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Close::new(1007, "Text must be UTF-8").into()
        }
        ProtocolError::Io(_) => End::Gone,
        _ => Close::new(1002, "Protocol error").into(),
    }
}
