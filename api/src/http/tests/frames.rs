//! What a socket makes of single frames, and what is answered to whoever asks for a socket and gets none.

use futures_util::SinkExt;
use reqwest::{Method, header};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::socket::{Client, is_page_without_sockets, open};
use super::*;

const FIRST: OpCode = OpCode::Data(Data::Text);
const MORE: OpCode = OpCode::Data(Data::Continue);

/// Sends these frames as they are; the last ends the message.
async fn send(client: &mut Client, frames: &[(OpCode, &[u8])]) {
    for (number, (code, bytes)) in frames.iter().enumerate() {
        let frame = Frame::message(bytes.to_vec(), *code, number + 1 == frames.len());
        client.0.send(Message::Frame(frame)).await.unwrap();
    }
}

#[actix_web::test]
async fn a_message_may_come_in_parts_with_others_of_the_protocol_between() {
    let server = Server::start();
    let mut client = open(&server).await;
    let (first, second) = r#"{"type":"ping","payload":{"字":1}}"#.as_bytes().split_at(29);
    assert!(std::str::from_utf8(first).is_err(), "a letter is cut in two");
    for _ in 0..2 {
        client.0.send(Message::Frame(Frame::message(first.to_vec(), FIRST, false))).await.unwrap();
        client.0.send(Message::Ping(vec![7].into())).await.unwrap();
        client.0.send(Message::Frame(Frame::message(Vec::new(), MORE, false))).await.unwrap();
        client.0.send(Message::Frame(Frame::message(second.to_vec(), MORE, true))).await.unwrap();
        let answers = [client.frame().await.unwrap().unwrap(), client.frame().await.unwrap().unwrap()];
        assert_eq!(answers[0], Message::Pong(vec![7].into()));
        assert_eq!(answers[1].to_text().unwrap(), r#"{"type":"pong","payload":{"字":1}}"#);
    }
}

#[actix_web::test]
async fn frames_that_make_no_message_close_with_their_codes() {
    let server = Server::start();
    let long = vec![b' '; 40 * 1024];
    for (frames, expected) in [
        (vec![(FIRST, &long[..]), (MORE, &long[..])], 1009),
        (vec![(FIRST, &long[..]), (MORE, &long[..]), (MORE, &b"{}"[..])], 1009),
        (vec![(FIRST, &b"{\"type\":"[..]), (MORE, &[0xe5, 0xad][..])], 1007),
        (vec![(OpCode::Data(Data::Binary), &b"{"[..]), (MORE, &b"}"[..])], 4400),
        (vec![(MORE, &b"{}"[..])], 1002),
        (vec![(FIRST, &b"{"[..]), (FIRST, &b"}"[..])], 1002),
    ] {
        let mut client = open(&server).await;
        send(&mut client, &frames).await;
        assert_eq!(client.close_code().await, expected);
    }
    until("all sockets are freed", || is_page_without_sockets(&server)).await;
}

#[actix_web::test]
async fn whoever_asks_for_a_socket_and_gets_none_is_told_why_like_others() {
    let server = Server::start_with(|config| config.max_sockets = 0);
    let ask = |method: Method, path: &str, key: &'static str| {
        let request = reqwest::Client::new().request(method, server.url(path));
        let request = request.header(header::CONNECTION, "Upgrade").header(header::UPGRADE, "websocket");
        let request = request.header(header::SEC_WEBSOCKET_VERSION, "13").header(header::SEC_WEBSOCKET_KEY, key);
        request.header(header::ORIGIN, "https://app.example").send()
    };
    const KEY: &str = "x3JJHMbDL1EzLkh9GBhXDw==";
    for (method, path, expected) in
        [(Method::GET, "/", 404), (Method::POST, "/graphql", 405), (Method::GET, "/graphql", 503)]
    {
        let response = ask(method, path, KEY).await.unwrap();
        assert_eq!(response.status(), expected);
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["access-control-allow-origin"], "https://app.example");
        assert_eq!(headers.contains_key("retry-after"), expected == 503);
    }
    let server = Server::start();
    let request = reqwest::Client::new().get(server.url("/graphql"));
    let request = request.header(header::CONNECTION, "Upgrade").header(header::UPGRADE, "websocket");
    assert_eq!(request.send().await.unwrap().status(), 400, "a socket without a key");
    until("no place stays taken", || is_page_without_sockets(&server)).await;
}
