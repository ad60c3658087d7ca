//! The state machine of a socket against what clients send, in any order.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::model::Happening;
use super::*;

const SUBSCRIBE: &str = r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#;

fn acknowledged() -> Machine {
    let mut machine = Machine::new(10);
    let init = machine.receive(r#"{"type":"connection_init"}"#);
    assert_eq!(init, Reaction::Authenticate(Ok(None), None));
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

/// A message of any kind with parts that fit it or don't.
fn message() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        6 => prop::sample::select(vec![json!("1"), json!("2"), json!("3"), json!("4"), json!("\u{fc}\n")]),
        1 => prop::sample::select(vec![json!(""), json!(1), json!(null), json!("x".repeat(256)), json!("x".repeat(257)), json!("\u{697c}".repeat(85))]),
    ];
    let payload = prop_oneof![
        5 => Just(json!({"query": "{a}"})),
        1 => prop::sample::select(vec![
            json!(null), json!(1), json!([]), json!({}), json!({"query": null}), json!({"query": 1}),
            json!({"query": "{a}", "variables": null, "operationName": null}), json!({"query": "{a}", "variables": [1]}),
            json!({"query": "{a}", "operationName": {}}), json!({"query": "{a}", "extensions": 1}),
            json!({"extensions": {"persistedQuery": {}}}), json!({"authorization": "Bearer x"}), json!({"authorization": 1}),
        ]),
    ];
    let kind = prop_oneof![
        8 => Just("subscribe"),
        4 => Just("complete"),
        2 => prop::sample::select(vec!["ping", "pong"]),
        1 => prop::sample::select(vec!["connection_init", "connection_ack", "next", "error", ""]),
    ];
    (id, kind, payload).prop_map(|(id, kind, payload)| match kind {
        "ping" | "pong" if payload == 1 => json!({"type": kind}).to_string(),
        kind => json!({"id": id, "type": kind, "payload": payload}).to_string(),
    })
}

fn happening() -> impl Strategy<Value = Happening> {
    let id = || prop::sample::select(vec!["1", "2", "3", "4", "", "\u{fc}\n"]).prop_map(str::to_owned);
    prop_oneof![
        24 => message().prop_map(Happening::Message),
        1 => ".{0,20}".prop_map(Happening::Message),
        1 => Just(Happening::Message(r#"{"type":"connection_init"}"#.to_owned())),
        2 => Just(Happening::Authenticated),
        8 => id().prop_map(Happening::Next),
        3 => id().prop_map(Happening::Refused),
        6 => id().prop_map(Happening::Completed),
    ]
}

/// How far the socket has come when the rest begins.
fn opening() -> impl Strategy<Value = Vec<Happening>> {
    let init = || Happening::Message(r#"{"type":"connection_init","payload":{}}"#.to_owned());
    prop_oneof![
        1 => Just(vec![]),
        1 => Just(vec![init()]),
        6 => Just(vec![init(), Happening::Authenticated]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_keeps_the_protocol(
        opening in opening(), happenings in prop::collection::vec(happening(), 0..60), limit in 1usize..4,
    ) {
        model::walk(limit, opening.into_iter().chain(happenings));
    }
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
