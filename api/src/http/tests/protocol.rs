//! The state machine of a socket against what clients send, in any order.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const SUBSCRIBE: &str = r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#;

fn acknowledged() -> Machine {
    let mut machine = Machine::new(10);
    let init = machine.receive(r#"{"type":"connection_init"}"#);
    assert_eq!(init, Reaction::Authenticate(Ok(None)));
    assert_eq!(machine.acknowledge(), r#"{"type":"connection_ack"}"#);
    machine
}

fn closed(machine: &mut Machine, text: &str) -> u16 {
    match machine.receive(text) {
        Reaction::Close(close) => close.code,
        other => panic!("{text} gave {other:?}"),
    }
}

#[test]
fn invalid_messages_close_with_4400() {
    for text in [
        "",
        "nonsense",
        "1",
        "[]",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":"unknown"}"#,
        r#"{"type":"next","id":"1"}"#,
        r#"{"type":"ping","payload":1}"#,
        r#"{"type":"connection_init","payload":"x"}"#,
        r#"{"type":"subscribe"}"#,
        r#"{"type":"subscribe","id":"1"}"#,
        r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
        r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
        r#"{"type":"subscribe","id":"1","payload":{}}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
        r#"{"type":"complete"}"#,
    ] {
        assert_eq!(closed(&mut Machine::new(10), text), 4400, "{text}");
    }
}

#[test]
fn the_order_of_messages_is_kept() {
    assert_eq!(closed(&mut Machine::new(10), SUBSCRIBE), 4401);
    let mut twice = Machine::new(10);
    twice.receive(r#"{"type":"connection_init"}"#);
    assert_eq!(closed(&mut twice, SUBSCRIBE), 4401);
    assert_eq!(closed(&mut twice, r#"{"type":"connection_init"}"#), 4429);
    assert_eq!(closed(&mut acknowledged(), r#"{"type":"connection_init"}"#), 4429);
    let mut machine = acknowledged();
    assert!(matches!(machine.receive(SUBSCRIBE), Reaction::Start { .. }));
    assert_eq!(closed(&mut machine, SUBSCRIBE), 4409);
}

#[test]
fn a_ping_is_answered_at_any_time() {
    for mut machine in [Machine::new(10), acknowledged()] {
        let plain = machine.receive(r#"{"type":"ping"}"#);
        assert_eq!(plain, Reaction::Reply(r#"{"type":"pong"}"#.to_owned()));
        let loaded = machine.receive(r#"{"type":"ping","payload":{"a":1}}"#);
        assert_eq!(loaded, Reaction::Reply(r#"{"type":"pong","payload":{"a":1}}"#.to_owned()));
        assert_eq!(machine.receive(r#"{"type":"pong"}"#), Reaction::Nothing);
    }
}

#[test]
fn an_operation_runs_until_it_completes_or_is_stopped() {
    let mut machine = acknowledged();
    machine.receive(SUBSCRIBE);
    let next = machine.next("1", &json!({"data": 1}));
    assert_eq!(next.unwrap(), r#"{"id":"1","type":"next","payload":{"data":1}}"#);
    assert_eq!(machine.complete("1").unwrap(), r#"{"id":"1","type":"complete"}"#);
    assert_eq!(machine.complete("1"), None);
    assert_eq!(machine.next("1", &1), None);
    machine.receive(SUBSCRIBE);
    let stop = machine.receive(r#"{"id":"1","type":"complete"}"#);
    assert_eq!(stop, Reaction::Stop { id: "1".to_owned() });
    assert_eq!(machine.receive(r#"{"id":"1","type":"complete"}"#), Reaction::Nothing);
    assert_eq!(machine.next("1", &1), None);
    assert_eq!(machine.complete("1"), None);
}

#[test]
fn a_refusal_is_one_error_with_an_array() {
    let mut machine = acknowledged();
    machine.receive(SUBSCRIBE);
    let refused = machine.refuse("1", &[1]).unwrap();
    assert_eq!(refused, r#"{"id":"1","type":"error","payload":[1]}"#);
    assert_eq!(machine.complete("1"), None);
    assert!(matches!(machine.receive(SUBSCRIBE), Reaction::Start { .. }));
}

#[test]
fn the_eleventh_operation_is_refused_and_the_socket_lives_on() {
    let mut machine = acknowledged();
    let subscribe = |id| format!(r#"{{"id":"{id}","type":"subscribe","payload":{{"query":"{{a}}"}}}}"#);
    for id in 0..10 {
        assert!(matches!(machine.receive(&subscribe(id)), Reaction::Start { .. }));
    }
    let Reaction::Reply(refusal) = machine.receive(&subscribe(10)) else {
        panic!("the eleventh ran");
    };
    let refusal: Value = serde_json::from_str(&refusal).unwrap();
    assert_eq!(refusal["type"], "error");
    assert_eq!(refusal["payload"][0]["extensions"]["code"], "TOO_MANY_STREAMS");
    machine.complete("3");
    assert!(matches!(machine.receive(&subscribe(10)), Reaction::Start { .. }));
}

#[test]
fn the_reason_of_a_close_fits_its_frame() {
    for id in ["x".repeat(256), "\u{697c}".repeat(85)] {
        let mut machine = acknowledged();
        let subscribe = json!({"id": id, "type": "subscribe", "payload": {"query": "{a}"}}).to_string();
        machine.receive(&subscribe);
        let Reaction::Close(close) = machine.receive(&subscribe) else { panic!("it ran twice") };
        assert_eq!(close.code, 4409);
        assert!(close.reason.len() <= 123 && close.reason.starts_with("Subscriber for "), "{}", close.reason);
    }
}

/// What may happen to a socket: a message from the client, or something from the operations.
#[derive(Clone, Debug)]
enum Happening {
    Message(String),
    Authenticated,
    Next(String),
    Refused(String),
    Completed(String),
}

fn happening() -> impl Strategy<Value = Happening> {
    let id = prop::sample::select(vec!["1", "2", "3", "", "ü"]);
    let value = prop_oneof![
        Just("null"),
        Just("1"),
        Just("[]"),
        Just("{}"),
        Just(r#"{"query":"{a}"}"#),
        Just(r#"{"query":null}"#),
        Just(r#"{"authorization":"Bearer x"}"#)
    ];
    let kind =
        prop::sample::select(vec!["connection_init", "subscribe", "subscribe", "complete", "ping", "pong", "next", ""]);
    prop_oneof![
        6 => (id.clone(), kind, value).prop_map(|(id, kind, value)| Happening::Message(
            format!(r#"{{"id":{},"type":"{kind}","payload":{value}}}"#, json!(id)))),
        1 => ".{0,20}".prop_map(Happening::Message),
        2 => Just(Happening::Authenticated),
        2 => id.clone().prop_map(|id| Happening::Next(id.to_owned())),
        1 => id.clone().prop_map(|id| Happening::Refused(id.to_owned())),
        2 => id.prop_map(|id| Happening::Completed(id.to_owned())),
    ]
}

proptest! {
    /// An operation that started ends at most once, is heard of only in between, and never more than ten run.
    #[test]
    fn any_sequence_keeps_the_protocol(happenings in prop::collection::vec(happening(), 0..80)) {
        let mut machine = Machine::new(2);
        let mut running: HashSet<String> = HashSet::new();
        let mut ends: HashMap<String, usize> = HashMap::new();
        let mut starts: HashMap<String, usize> = HashMap::new();
        for happening in happenings {
            let sent = match happening {
                Happening::Message(text) => match machine.receive(&text) {
                    Reaction::Close(_) => break,
                    Reaction::Start { id, .. } => {
                        prop_assert!(machine.is_acknowledged());
                        prop_assert!(running.insert(id.clone()));
                        prop_assert!(running.len() <= 2);
                        *starts.entry(id).or_default() += 1;
                        None
                    }
                    Reaction::Stop { id } => {
                        prop_assert!(running.remove(&id));
                        None
                    }
                    Reaction::Reply(text) => Some(text),
                    Reaction::Nothing | Reaction::Authenticate(_) => None,
                },
                Happening::Authenticated if machine.state == State::Initialising => Some(machine.acknowledge()),
                Happening::Authenticated => None,
                Happening::Next(id) => {
                    let sent = machine.next(&id, &1);
                    prop_assert_eq!(sent.is_some(), running.contains(&id));
                    sent
                }
                Happening::Refused(id) | Happening::Completed(id) => {
                    let sent = machine.complete(&id);
                    prop_assert_eq!(sent.is_some(), running.remove(&id));
                    if sent.is_some() {
                        *ends.entry(id).or_default() += 1;
                    }
                    sent
                }
            };
            if let Some(text) = sent {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
            }
        }
        for (id, count) in ends {
            prop_assert!(count <= starts[&id]);
        }
    }
}
