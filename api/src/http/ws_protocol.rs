//! graphql-transport-ws as a state machine: messages in, reactions out. Pure: no socket, no clock, no GraphQL. Each message has
//! at most one reaction, so what a client sends can never pile up here.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::{credentials, languages, params};
use crate::error::Message;
use crate::graphql::backend::{Denied, GraphqlRequest};
use crate::language::{DEFAULT, Language};

pub(super) const SUBPROTOCOL: &str = "graphql-transport-ws";

/// Longer ids than any client makes, and short enough to keep ten of them.
const MAX_ID: usize = 256;

/// What a close frame has room for beside its code, in bytes.
const MAX_REASON: usize = 123;

/// Why a socket is closed. Clients come back after 4403, 1001 and 1013, and give up after the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Close {
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(MAX_REASON));
        Self { code, reason }
    }

    fn invalid(what: &str) -> Self {
        Self::new(4400, format!("Invalid message received: {what}"))
    }

    pub(super) fn forbidden() -> Self {
        Self::new(4403, "Forbidden")
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn unknown_subprotocol() -> Self {
        Self::new(4406, "Subprotocol not acceptable")
    }
}

/// What the socket has to do about a message.
#[derive(Debug, PartialEq)]
pub(super) enum Reaction {
    Nothing,
    Reply(String),
    /// The outcome comes back by [`Machine::acknowledge`] or a close with 4403.
    /// With it comes the language that the client asks for.
    Authenticate(Result<Option<String>, Denied>, Option<Language>),
    /// The operation's answers come back by [`Machine::next`], its end by [`Machine::refuse`] or [`Machine::complete`].
    Start {
        id: String,
        request: GraphqlRequest,
    },
    Stop {
        id: String,
    },
    Close(Close),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Opened,
    Initialising,
    Acknowledged,
}

#[derive(Debug)]
pub(super) struct Machine {
    state: State,
    operations: HashSet<String>,
    limit: usize,
    language: Language,
}

impl Machine {
    /// `limit` bounds the operations that run at once.
    pub(super) fn new(limit: usize) -> Self {
        Self { state: State::Opened, operations: HashSet::new(), limit, language: DEFAULT }
    }

    /// From now on the client is written to in this language.
    pub(super) fn speak(&mut self, language: Language) {
        self.language = language;
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.state == State::Acknowledged
    }

    pub(super) fn receive(&mut self, text: &str) -> Reaction {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
            return Reaction::Close(Close::invalid("not a JSON object"));
        };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Reaction::Close(Close::invalid("no type"));
        };
        let outcome = match kind.as_str() {
            "connection_init" => self.init(message),
            "ping" => payload(&mut message).map(|payload| Reaction::Reply(pong(payload))),
            "pong" => payload(&mut message).map(|_| Reaction::Nothing),
            "subscribe" => self.subscribe(message),
            "complete" => self.stop(message),
            _ => Err(Close::invalid("unknown type")),
        };
        outcome.unwrap_or_else(Reaction::Close)
    }

    fn init(&mut self, mut message: Map<String, Value>) -> Result<Reaction, Close> {
        if self.state != State::Opened {
            return Err(Close::new(4429, "Too many initialisation requests"));
        }
        let payload = payload(&mut message)?.unwrap_or_default();
        self.state = State::Initialising;
        Ok(Reaction::Authenticate(credentials::from_init(&payload), languages::from_init(&payload)))
    }

    /// The client's credentials were good.
    pub(super) fn acknowledge(&mut self) -> String {
        self.state = State::Acknowledged;
        r#"{"type":"connection_ack"}"#.to_owned()
    }

    fn subscribe(&mut self, mut message: Map<String, Value>) -> Result<Reaction, Close> {
        let id = id(&mut message)?;
        let Some(parameters) = payload(&mut message)? else {
            return Err(Close::invalid("subscribe without a payload"));
        };
        let request = params::from_map(parameters).map_err(|problem| Close::invalid(&problem))?;
        if self.state != State::Acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        if self.operations.contains(&id) {
            return Err(Close::new(4409, format!("Subscriber for {id} already exists")));
        }
        if self.operations.len() >= self.limit {
            let message = Message::TooManyStreams { most: self.limit.into() };
            let refused = Answer::refused("TOO_MANY_STREAMS", message).finished("", self.language);
            let errors = refused.errors();
            return Ok(Reaction::Reply(tagged(&id, "error", &errors)));
        }
        self.operations.insert(id.clone());
        Ok(Reaction::Start { id, request })
    }

    fn stop(&mut self, mut message: Map<String, Value>) -> Result<Reaction, Close> {
        let id = id(&mut message)?;
        // The operation may have ended while the message was on its way.
        if !self.operations.remove(&id) {
            return Ok(Reaction::Nothing);
        }
        Ok(Reaction::Stop { id })
    }

    /// One answer of an operation; nothing when the client has stopped it.
    pub(super) fn next(&self, id: &str, answer: &impl Serialize) -> Option<String> {
        self.operations.contains(id).then(|| tagged(id, "next", answer))
    }

    /// The operation never ran. It needs no `complete`.
    pub(super) fn refuse(&mut self, id: &str, errors: &impl Serialize) -> Option<String> {
        self.operations.remove(id).then(|| tagged(id, "error", errors))
    }

    /// The operation has no more answers.
    pub(super) fn complete(&mut self, id: &str) -> Option<String> {
        #[derive(Serialize)]
        struct Message<'a> {
            id: &'a str,
            r#type: &'a str,
        }
        let r#type = "complete";
        self.operations.remove(id).then(|| json(&Message { id, r#type }))
    }
}

/// Absent and null are the same; anything but an object is invalid.
fn payload(message: &mut Map<String, Value>) -> Result<Option<Map<String, Value>>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Close::invalid("payload is not an object")),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=MAX_ID).contains(&id.len()) => Ok(id),
        _ => Err(Close::invalid("no id")),
    }
}

fn pong(payload: Option<Map<String, Value>>) -> String {
    #[derive(Serialize)]
    struct Pong {
        r#type: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    }
    let r#type = "pong";
    json(&Pong { r#type, payload })
}

fn tagged(id: &str, r#type: &str, payload: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Message<'a, P> {
        id: &'a str,
        r#type: &'a str,
        payload: &'a P,
    }
    json(&Message { id, r#type, payload })
}

fn json(message: &impl Serialize) -> String {
    serde_json::to_string(message).expect("a message holds only strings as keys")
}

#[cfg(test)]
#[path = "ws_model.rs"]
pub(super) mod model;

#[cfg(test)]
#[path = "tests/protocol.rs"]
mod tests;
