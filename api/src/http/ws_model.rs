//! What graphql-transport-ws demands of a server, written down a second time, and a walk of the state machine beside it. Only
//! tests compile this.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Machine, Reaction};

/// What the protocol has for a client that does not keep it. 4403, 4406 and 4408 are not the state machine's to find.
const CLOSE_CODES: [u16; 4] = [4400, 4401, 4409, 4429];

/// A close frame has 125 bytes, two of them for the code.
const LONGEST_REASON: usize = 123;

const LONGEST_ID: usize = 256;

/// Something that befalls a socket: a message from its client, or news of the operations behind it.
#[derive(Clone, Debug)]
pub(in crate::http) enum Happening {
    Message(String),
    /// The credentials were good.
    Authenticated,
    Next(String),
    Refused(String),
    Completed(String),
}

#[derive(Debug, PartialEq)]
enum Expected {
    Nothing,
    Pong(Option<Value>),
    Authenticate,
    Start(String),
    Stop(String),
    TooMany(String),
    Close(u16),
}

#[derive(PartialEq)]
enum Phase {
    Silent,
    Asked,
    Acknowledged,
}

/// The server as the protocol has it.
struct Model {
    phase: Phase,
    running: BTreeSet<String>,
    limit: usize,
}

impl Model {
    fn receive(&mut self, text: &str) -> Expected {
        let Ok(Value::Object(message)) = serde_json::from_str(text) else { return Expected::Close(4400) };
        let payload = message.get("payload").filter(|payload| !payload.is_null());
        let has_odd_payload = payload.is_some_and(|payload| !payload.is_object());
        let id = message.get("id").and_then(Value::as_str);
        let id = id.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID).map(str::to_owned);
        match (message.get("type").and_then(Value::as_str), id) {
            (Some("connection_init"), _) if self.phase != Phase::Silent => Expected::Close(4429),
            (Some("connection_init" | "ping" | "pong" | "subscribe"), _) if has_odd_payload => Expected::Close(4400),
            (Some("connection_init"), _) => {
                self.phase = Phase::Asked;
                Expected::Authenticate
            }
            (Some("ping"), _) => Expected::Pong(payload.cloned()),
            (Some("pong"), _) => Expected::Nothing,
            (Some("subscribe"), Some(id)) => match payload.and_then(Value::as_object).is_some_and(is_request) {
                true => self.subscribe(id),
                false => Expected::Close(4400),
            },
            (Some("complete"), Some(id)) if self.running.remove(&id) => Expected::Stop(id),
            (Some("complete"), Some(_)) => Expected::Nothing,
            _ => Expected::Close(4400),
        }
    }

    fn subscribe(&mut self, id: String) -> Expected {
        if self.phase != Phase::Acknowledged {
            Expected::Close(4401)
        } else if self.running.contains(&id) {
            Expected::Close(4409)
        } else if self.running.len() == self.limit {
            Expected::TooMany(id)
        } else {
            self.running.insert(id.clone());
            Expected::Start(id)
        }
    }
}

fn is_request(payload: &Map<String, Value>) -> bool {
    let given = |name: &str| payload.get(name).filter(|value| !value.is_null());
    let is_object_or_absent = |name| given(name).is_none_or(Value::is_object);
    let is_persisted = given("extensions").is_some_and(|extensions| extensions.get("persistedQuery").is_some());
    let has_document = given("query").map_or(is_persisted, Value::is_string);
    let has_name = given("operationName").is_none_or(Value::is_string);
    has_document && has_name && is_object_or_absent("variables") && is_object_or_absent("extensions")
}

/// The client as the protocol has it: it knows what it asked for and takes nothing else.
#[derive(Default)]
struct Client {
    is_acknowledged: bool,
    open: BTreeSet<String>,
}

impl Client {
    fn hear(&mut self, text: &str) {
        let message: Value = serde_json::from_str(text).expect("every message is JSON");
        let id = message["id"].as_str().unwrap_or_default();
        let kind = message["type"].as_str().unwrap_or_default();
        assert!(self.is_acknowledged || matches!(kind, "connection_ack" | "pong"), "too early: {text}");
        match kind {
            "connection_ack" => assert!(!std::mem::replace(&mut self.is_acknowledged, true), "acknowledged twice"),
            "pong" => {}
            "next" => assert!(self.open.contains(id), "nobody waits for it: {text}"),
            "complete" => assert!(self.open.remove(id), "it has ended already: {text}"),
            "error" => {
                assert!(self.open.remove(id), "it has ended already: {text}");
                assert!(message["payload"].is_array(), "no array of errors: {text}");
            }
            _ => panic!("no message of the protocol: {text}"),
        }
    }
}

/// Leads the state machine through what happens; panics where it does anything that the protocol does not have.
pub(in crate::http) fn walk(limit: usize, happenings: impl IntoIterator<Item = Happening>) {
    let mut machine = Machine::new(limit);
    let mut model = Model { phase: Phase::Silent, running: BTreeSet::new(), limit };
    let mut client = Client::default();
    for happening in happenings {
        let sent = match happening {
            Happening::Message(text) => match receive(&mut machine, &mut model, &mut client, &text) {
                Some(sent) => sent,
                None => return,
            },
            Happening::Authenticated if model.phase == Phase::Asked => {
                model.phase = Phase::Acknowledged;
                Some(machine.acknowledge())
            }
            Happening::Authenticated => None,
            Happening::Next(id) => heard_of(machine.next(&id, &1), model.running.contains(&id)),
            Happening::Refused(id) => heard_of(machine.refuse(&id, &[1]), model.running.remove(&id)),
            Happening::Completed(id) => heard_of(machine.complete(&id), model.running.remove(&id)),
        };
        if let Some(sent) = sent {
            client.hear(&sent);
        }
        assert_eq!(machine.is_acknowledged(), model.phase == Phase::Acknowledged);
        assert!(machine.operations.len() <= limit);
        assert!(model.running.iter().all(|id| machine.operations.contains(id)));
        assert_eq!(machine.operations.len(), model.running.len());
    }
}

/// A client hears of an operation exactly while it runs.
fn heard_of(sent: Option<String>, is_running: bool) -> Option<String> {
    assert_eq!(sent.is_some(), is_running, "{sent:?}");
    sent
}

/// What is sent in answer to a message; nothing at all once the socket is closed.
fn receive(machine: &mut Machine, model: &mut Model, client: &mut Client, text: &str) -> Option<Option<String>> {
    let expected = model.receive(text);
    if let Expected::Start(id) | Expected::TooMany(id) = &expected {
        client.open.insert(id.clone());
    }
    match (expected, machine.receive(text)) {
        (Expected::Nothing, Reaction::Nothing) | (Expected::Authenticate, Reaction::Authenticate(..)) => Some(None),
        (Expected::Pong(payload), Reaction::Reply(pong)) => {
            let pong_as_json: Value = serde_json::from_str(&pong).expect("every message is JSON");
            assert_eq!(pong_as_json.get("payload"), payload.as_ref());
            Some(Some(pong))
        }
        (Expected::TooMany(_), Reaction::Reply(error)) => Some(Some(error)),
        (Expected::Start(id), Reaction::Start { id: started, .. }) if id == started => Some(None),
        (Expected::Stop(id), Reaction::Stop { id: stopped }) if id == stopped => {
            client.open.remove(&id);
            Some(None)
        }
        (Expected::Close(code), Reaction::Close(close)) => {
            assert_eq!(close.code, code, "{text}");
            assert!(CLOSE_CODES.contains(&code), "{code}");
            assert!(close.reason.len() <= LONGEST_REASON, "no frame holds {:?}", close.reason);
            None
        }
        (expected, reaction) => panic!("{text}: {expected:?} was due, not {reaction:?}"),
    }
}
