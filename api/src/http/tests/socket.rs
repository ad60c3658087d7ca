//! graphql-transport-ws over real sockets.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

pub(super) struct Client(pub(super) WebSocketStream<MaybeTlsStream<TcpStream>>);

async fn connect(server: &Server, headers: &[(&'static str, &str)]) -> Result<Client, Error> {
    let mut request = format!("ws://{}/graphql", server.address).into_client_request()?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    connect_async(request).await.map(|(socket, _)| Client(socket))
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

pub(super) async fn open(server: &Server) -> Client {
    connect(server, &[PROTOCOL]).await.unwrap()
}

/// A socket that is acknowledged, with the token if one is given.
pub(super) async fn ready(server: &Server, token: Option<&str>) -> Client {
    let mut client = open(server).await;
    let payload = token.map(|token| json!({"authorization": format!("Bearer {token}")}));
    client.send(json!({"type": "connection_init", "payload": payload})).await;
    assert_eq!(client.next().await, json!({"type": "connection_ack"}));
    client
}

impl Client {
    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({"id": id, "type": "subscribe", "payload": {"query": query}})).await;
    }

    pub(super) async fn frame(&mut self) -> Option<Result<Message, Error>> {
        timeout(Duration::from_secs(10), self.0.next()).await.expect("the server answers")
    }

    pub(super) async fn next(&mut self) -> Value {
        loop {
            match self.frame().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) async fn close_code(&mut self) -> u16 {
        loop {
            match self.frame().await.unwrap().unwrap() {
                Message::Close(Some(frame)) => return frame.code.into(),
                Message::Text(_) | Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

#[actix_web::test]
async fn operations_of_every_kind_run_on_a_socket() {
    let server = Server::start();
    let mut client = ready(&server, Some("good")).await;
    client.subscribe("s", "subscription { count(to: 2) }").await;
    for number in [1, 2] {
        assert_eq!(client.next().await, json!({"id": "s", "type": "next", "payload": {"data": {"count": number}}}));
    }
    assert_eq!(client.next().await, json!({"id": "s", "type": "complete"}));
    for (query, data) in [("{ who }", json!({"who": "good"})), ("mutation { double(number: 4) }", json!({"double": 8}))]
    {
        client.subscribe("q", query).await;
        assert_eq!(client.next().await["payload"]["data"], data);
        assert_eq!(client.next().await, json!({"id": "q", "type": "complete"}));
    }
    client.subscribe("b", "subscription { broken }").await;
    assert_eq!(client.next().await["payload"]["errors"][0]["extensions"]["code"], "NOT_FOUND");
    assert_eq!(client.next().await["type"], "complete");
}

#[actix_web::test]
async fn a_subscription_that_falters_closes_the_socket_so_that_the_client_resumes() {
    let server = Server::start();
    let mut client = ready(&server, None).await;
    client.subscribe("1", "subscription { falters }").await;
    assert_eq!(client.next().await, json!({"id": "1", "type": "next", "payload": {"data": {"falters": 1}}}));
    assert!(matches!(client.frame().await, Some(Ok(Message::Close(Some(frame)))) if u16::from(frame.code) == 1013));
}

#[actix_web::test]
async fn a_clock_that_is_set_back_gives_a_socket_no_more_time() {
    let server = Server::start();
    let mut client = ready(&server, Some("brief")).await;
    client.subscribe("1", "subscription { silence }").await;
    server.backend.turn_clock(-60);
    assert_eq!(client.close_code().await, 4403);
}

#[actix_web::test]
async fn a_request_error_is_one_error_message() {
    let server = Server::start();
    let mut client = ready(&server, None).await;
    let deep = format!("{}{}", "{ a ".repeat(20), "}".repeat(20));
    for (query, expected) in [
        ("{ hello", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ who }", "UNAUTHENTICATED"),
        (deep.as_str(), "TOO_DEEP"),
    ] {
        client.subscribe("1", query).await;
        let message = client.next().await;
        assert_eq!((&message["id"], &message["type"]), (&json!("1"), &json!("error")));
        assert_eq!(message["payload"][0]["extensions"]["code"], expected);
    }
    client.send(json!({"type": "ping"})).await;
    assert_eq!(client.next().await, json!({"type": "pong"}));
}

#[actix_web::test]
async fn protocol_errors_close_with_their_codes() {
    let server = Server::start();
    let subscribe = json!({"id": "1", "type": "subscribe", "payload": {"query": "subscription { silence }"}});
    let init = json!({"type": "connection_init"});
    for (messages, expected) in [
        (vec![subscribe.clone()], 4401),
        (vec![json!({"type": "nonsense"})], 4400),
        (vec![json!("nonsense")], 4400),
        (vec![init.clone(), init.clone()], 4429),
        (vec![init.clone(), subscribe.clone(), subscribe.clone()], 4409),
        (vec![json!({"type": "connection_init", "payload": {"authorization": "Bearer bad"}})], 4403),
        (vec![json!({"type": "connection_init", "payload": {"authorization": "good"}})], 4403),
    ] {
        let mut client = open(&server).await;
        for message in messages {
            client.send(message).await;
        }
        assert_eq!(client.close_code().await, expected);
    }
    let mut binary = open(&server).await;
    binary.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(binary.close_code().await, 4400);
    let mut large = open(&server).await;
    large.0.send(Message::text("x".repeat(70 * 1024))).await.unwrap();
    assert_eq!(large.close_code().await, 1009);
    until("all sockets are freed", || is_page_without_sockets(&server)).await;
}

#[actix_web::test]
async fn the_subprotocol_is_asked_for() {
    let server = Server::start();
    for headers in [vec![], vec![("sec-websocket-protocol", "graphql-ws, other")]] {
        let mut client = connect(&server, &headers).await.unwrap();
        assert_eq!(client.close_code().await, 4406);
    }
}

#[actix_web::test]
async fn the_token_may_come_with_the_upgrade() {
    let server = Server::start();
    let mut client = connect(&server, &[PROTOCOL, ("authorization", "Bearer good")]).await.unwrap();
    client.send(json!({"type": "connection_init"})).await;
    assert_eq!(client.next().await["type"], "connection_ack");
    client.subscribe("1", "{ who }").await;
    assert_eq!(client.next().await["payload"]["data"]["who"], "good");
    let mut client = connect(&server, &[PROTOCOL, ("authorization", "Bearer bad")]).await.unwrap();
    client.send(json!({"type": "connection_init"})).await;
    assert_eq!(client.close_code().await, 4403);
}

#[actix_web::test]
async fn pages_of_other_sites_open_no_socket() {
    let server = Server::start();
    let own = format!("http://{}", server.address);
    for good in [own.as_str(), "https://app.example"] {
        assert!(connect(&server, &[PROTOCOL, ("origin", good)]).await.is_ok(), "{good}");
    }
    match connect(&server, &[PROTOCOL, ("origin", "https://evil.test")]).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 403),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a foreign page got a socket"),
    }
}

#[actix_web::test]
async fn a_socket_without_init_is_closed_but_may_ping() {
    let server = Server::start_with(|config| config.init_timeout = Duration::from_millis(100));
    let mut client = open(&server).await;
    client.send(json!({"type": "ping", "payload": {"n": 1}})).await;
    assert_eq!(client.next().await, json!({"type": "pong", "payload": {"n": 1}}));
    assert_eq!(client.close_code().await, 4408);
}

#[actix_web::test]
async fn the_end_of_the_token_or_the_session_closes_the_socket() {
    for end in [|server: &Server| server.backend.turn_clock(16), |server: &Server| server.backend.signed_out.cancel()] {
        let server = Server::start();
        let mut client = ready(&server, Some("good")).await;
        client.subscribe("1", "subscription { silence }").await;
        until("the stream runs", || server.metrics.open_streams() == 1).await;
        end(&server);
        assert_eq!(client.close_code().await, 4403);
        until("the stream is freed", || server.metrics.open_streams() == 0).await;
    }
}

#[actix_web::test]
async fn ten_streams_run_and_a_thousand_do_not() {
    let server = Server::start();
    let mut client = ready(&server, None).await;
    for id in 0..1000 {
        client.subscribe(&id.to_string(), "subscription { silence }").await;
        if id >= 10 {
            let message = client.next().await;
            assert_eq!(message["id"], id.to_string());
            assert_eq!(message["payload"][0]["extensions"]["code"], "TOO_MANY_STREAMS");
        }
    }
    assert_eq!(server.metrics.open_streams(), 10);
    client.send(json!({"id": "3", "type": "complete"})).await;
    until("the stopped stream is freed", || server.metrics.open_streams() == 9).await;
    client.subscribe("again", "subscription { count(to: 1) }").await;
    assert_eq!(client.next().await["payload"]["data"]["count"], 1);
}

#[actix_web::test]
async fn a_silent_peer_is_dropped_and_a_listening_one_is_pinged() {
    let server = Server::start_with(|config| {
        config.ping_interval = Duration::from_millis(50);
        config.silence_timeout = Duration::from_millis(300);
    });
    let mut listening = ready(&server, None).await;
    for _ in 0..10 {
        let frame = listening.frame().await.unwrap().unwrap();
        assert!(matches!(frame, Message::Ping(_)), "{frame:?}");
    }
    // A client that is not polled sends no pongs.
    let mut silent = ready(&server, None).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(silent.close_code().await, 1001);
}

#[actix_web::test]
async fn a_client_that_does_not_read_is_closed_and_nothing_piles_up_for_it() {
    let server = Server::start_with(|config| config.stall_timeout = Duration::from_millis(500));
    let mut client = ready(&server, None).await;
    client.subscribe("1", "subscription { flood }").await;
    let made = || server.backend.made.load(Ordering::SeqCst);
    until("the stream runs", || made() > 0).await;
    until("the stream is freed", || server.metrics.open_streams() == 0).await;
    assert!(made() < 4000, "{}", made());
    let mut taken = 0;
    let code = loop {
        match client.frame().await {
            Some(Ok(Message::Text(_))) => taken += 1,
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
            Some(Ok(_)) => {}
            _ => break None,
        }
    };
    assert_eq!(code, Some(1013));
    // What was made was sent, but for the last that found no room.
    assert!(taken + 2 >= made(), "{taken} of {}", made());
}

#[actix_web::test]
async fn a_client_that_never_reads_loses_its_connection() {
    let server = Server::start_with(|config| config.stall_timeout = Duration::from_millis(300));
    let mut client = ready(&server, None).await;
    client.subscribe("1", "subscription { flood }").await;
    until("the stream is freed", || {
        server.backend.made.load(Ordering::SeqCst) > 0 && server.metrics.open_streams() == 0
    })
    .await;
    until("the connection is freed", || is_page_without_sockets(&server)).await;
    drop(client);
}

pub(super) fn is_page_without_sockets(server: &Server) -> bool {
    let page = server.metrics.render().unwrap();
    page.contains("open_connections{transport=\"websocket\"} 0")
}

#[actix_web::test]
async fn a_broken_connection_frees_its_streams() {
    let server = Server::start();
    let mut client = ready(&server, None).await;
    client.subscribe("1", "subscription { silence }").await;
    until("the stream runs", || server.metrics.open_streams() == 1).await;
    drop(client);
    until("the stream is freed", || server.metrics.open_streams() == 0).await;
}
