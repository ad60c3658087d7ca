//! A socket that speaks graphql-transport-ws: frames in and out, timers, and the operations that run on it. What a message
//! means is `ws_protocol`'s; here is when it is sent, and what happens to a client that does not take it.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse, rt};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_stream::StreamMap;

use super::accept::Media;
use super::admission::no_socket_left;
use super::answer::Answer;
use super::languages::spoken;
use super::running::{self, Interrupted, Said};
use super::session::Session;
use super::ws_gate::Gate;
use super::ws_protocol::{Close, Machine, Reaction, SUBPROTOCOL};
use super::{HttpState, address, credentials, languages, security};
use crate::error::Message;
use crate::graphql::backend::{Backend, Denied, GraphqlRequest};
use crate::language::{DEFAULT, Language};

/// How long a closed peer may take to say goodbye.
const GOODBYE_TIME: Duration = Duration::from_secs(2);

/// Answers the upgrade and lets the socket run on its own.
pub(super) fn open<B: Backend>(request: &HttpRequest, payload: Payload, state: &HttpState<B>) -> HttpResponse {
    if !security::may_open_socket(request.headers(), &state.config.allowed_origins) {
        let answer = Answer::refused("FORBIDDEN", Message::NoPagesOfThisOrigin).finished("", spoken(request));
        return answer.with_status(StatusCode::FORBIDDEN, Media::Json);
    }
    let Some(admitted) = state.admit_socket("websocket") else {
        return no_socket_left(spoken(request));
    };
    let handled = actix_ws::handle_with_protocols(request, payload, &[SUBPROTOCOL]);
    let (response, session, messages) = match handled {
        Ok(parts) => parts,
        Err(error) => return error.error_response(),
    };
    let known = response.headers().contains_key(SEC_WEBSOCKET_PROTOCOL);
    let (mut response, gate) = Gate::guard(response, session, admitted);
    if !known && let Some(offered) = first_offered(request) {
        // A client whose offer is left unanswered breaks off before it can read the close code.
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, offered);
    }
    let limit = state.config.frame_limit;
    let messages = messages.max_frame_size(limit).aggregate_continuations();
    let socket = Socket {
        machine: Machine::new(state.config.streams_per_connection),
        operations: StreamMap::new(),
        credentials: credentials::from_headers(request.headers()),
        address: address::of(request, &state.config.trusted_proxies),
        language: languages::from_headers(request.headers()),
        viewer: None,
        messages: messages.max_continuation_size(limit),
        gate,
        clock: Clock::start(),
        state: state.clone(),
    };
    rt::spawn(socket.live(known));
    response
}

fn first_offered(request: &HttpRequest) -> Option<HeaderValue> {
    let offer = request.headers().get(SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    HeaderValue::from_str(offer.split(',').next()?.trim()).ok()
}

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

/// One step of an operation: an answer, or none when it has completed.
type Step = Option<Said>;

struct Socket<B: Backend> {
    state: HttpState<B>,
    machine: Machine,
    operations: StreamMap<String, BoxStream<'static, Step>>,
    /// What the upgrade request brought, used when `connection_init` brings nothing.
    credentials: Result<Option<String>, Denied>,
    address: Option<IpAddr>,
    /// What the client asked for, until it is known what the viewer chose.
    language: Option<Language>,
    viewer: Option<(B::Viewer, Session<B>)>,
    messages: AggregatedMessageStream,
    gate: Gate,
    clock: Clock,
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
    async fn live(mut self, known_subprotocol: bool) {
        let end = if known_subprotocol { self.serve().await } else { End::Close(Close::unknown_subprotocol()) };
        // What the operations hold is freed first: the goodbye may take a while.
        self.operations.clear();
        self.viewer = None;
        if let End::Close(close) = end {
            tracing::debug!(code = close.code, reason = close.reason, "socket closed");
            self.gate.close(CloseReason { code: CloseCode::from(close.code), description: Some(close.reason) });
            self.goodbye().await;
        }
    }

    async fn serve(&mut self) -> End {
        loop {
            if let Err(end) = self.turn().await {
                return end;
            }
        }
    }

    /// Waits for one thing to happen and deals with it, to the point where the client has taken what came of it. Nothing
    /// else is read or made meanwhile: that is all the back pressure there is.
    async fn turn(&mut self) -> Result<(), End> {
        let wake = self.next_timer();
        let shutdown = self.state.shutdown.clone();
        let over = async {
            match &mut self.viewer {
                Some((_, session)) => session.over().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => Err(going_away()),
            () = over => Err(Close::forbidden().into()),
            () = sleep_until(wake) => self.timer().await,
            message = self.messages.recv() => self.message(message).await,
            Some((id, step)) = self.operations.next() => self.step(&id, step).await,
        }
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
        if now >= self.clock.pinged + config.ping_interval {
            self.clock.pinged = now;
            self.room().await?;
            return self.gate.ping(&[]).await.map_err(|_| End::Gone);
        }
        Ok(())
    }

    async fn message(&mut self, message: Option<Result<AggregatedMessage, ProtocolError>>) -> Result<(), End> {
        self.clock.heard = Instant::now();
        match message {
            Some(Ok(AggregatedMessage::Text(text))) => {
                let reaction = self.machine.receive(&text);
                self.react(reaction).await
            }
            Some(Ok(AggregatedMessage::Ping(bytes))) => {
                self.room().await?;
                self.gate.pong(&bytes).await.map_err(|_| End::Gone)
            }
            Some(Ok(AggregatedMessage::Pong(_))) => Ok(()),
            Some(Ok(AggregatedMessage::Binary(_))) => {
                Err(Close::new(4400, "Invalid message received: not text").into())
            }
            Some(Ok(AggregatedMessage::Close(_))) => Err(Close::new(1000, "").into()),
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
        let check = self.state.config.expiry_check;
        let session = Session::new(backend, viewer.clone(), check);
        if session.is_expired() {
            return Err(Close::forbidden().into());
        }
        self.language = self.state.backend.language(&viewer).or(self.language);
        self.viewer = Some((viewer, session));
        self.machine.speak(self.language.unwrap_or(DEFAULT));
        let acknowledgement = self.machine.acknowledge();
        self.send(acknowledgement).await
    }

    async fn start(&mut self, id: String, mut request: GraphqlRequest) -> Result<(), End> {
        let Some((viewer, session)) = &self.viewer else {
            return Err(Close::new(4401, "Unauthorized").into());
        };
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
        if let Some((_, session)) = &self.viewer
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
        self.room().await?;
        self.gate.text(message).await.map_err(|_| End::Gone)
    }

    /// Waits until the client has taken the last message, as long as it may take.
    async fn room(&mut self) -> Result<(), End> {
        let shutdown = self.state.shutdown.clone();
        let stall = self.state.config.stall_timeout;
        tokio::select! {
            () = shutdown.cancelled() => Err(going_away()),
            taken = timeout(stall, self.gate.room()) => match taken {
                Ok(()) => Ok(()),
                Err(_) => Err(come_back()),
            },
        }
    }

    /// Reads on for a moment without looking, so that the close is not lost to what the client still had under way.
    async fn goodbye(&mut self) {
        let read = async {
            while let Some(message) = self.messages.recv().await {
                match message {
                    Ok(AggregatedMessage::Close(_)) => return,
                    Ok(_) => {}
                    // A broken frame makes the next ones look broken too; there is nothing to hurry for.
                    Err(_) => rt::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        // Whether the client was polite makes no difference.
        let _ = timeout(GOODBYE_TIME, read).await;
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
        ProtocolError::Io(error) if error.to_string().contains("continuation size") => {
            Close::new(1009, "Message too big").into()
        }
        ProtocolError::Io(_) => End::Gone,
        _ => Close::new(1002, "Protocol error").into(),
    }
}
