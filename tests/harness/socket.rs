//! Clients of the live transports: graphql-transport-ws on a socket, graphql-sse on an event stream. They keep the
//! protocols and know nothing of tickets.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::Client;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What comes out of a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Message(Value),
    /// The end, with the close frame's code; none when the connection just broke.
    Closed(Option<u16>),
}

/// A socket that speaks graphql-transport-ws.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    operations: u32,
}

impl Socket {
    /// A socket on which nothing was said yet. `window` narrows what the network holds for this client.
    pub async fn open(client: &Client, window: Option<u32>) -> Self {
        let authority = client.url.strip_prefix("http://").unwrap();
        let address: SocketAddr = authority.parse().unwrap();
        let network = TcpSocket::new_v4().unwrap();
        if let Some(window) = window {
            network.set_recv_buffer_size(window).unwrap();
        }
        let mut request = format!("ws://{authority}/graphql").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let opening = async {
            let connection = network.connect(address).await.unwrap();
            client_async(request, connection).await.unwrap().0
        };
        let stream = timeout(PATIENCE, opening).await.expect("the socket opens in time");
        Self { stream, operations: 0 }
    }

    /// A socket that was let in with the client's token.
    pub async fn connect(client: &Client) -> Self {
        Self::open(client, None).await.let_in(client).await
    }

    /// The same for a client behind a narrow network.
    pub async fn connect_narrow(client: &Client) -> Self {
        Self::open(client, Some(4096)).await.let_in(client).await
    }

    async fn let_in(mut self, client: &Client) -> Self {
        self.init(client.token.as_deref()).await;
        assert_eq!(self.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        self
    }

    /// Says who one is.
    pub async fn init(&mut self, token: Option<&str>) {
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        self.send(json!({ "type": "connection_init", "payload": payload })).await;
    }

    pub async fn send(&mut self, message: Value) {
        self.stream.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Starts an operation; its id.
    pub async fn subscribe(&mut self, query: &str, variables: Value) -> String {
        self.operations += 1;
        let id = self.operations.to_string();
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
        id
    }

    /// The next thing that comes, apart from pings.
    pub async fn hear(&mut self) -> Heard {
        timeout(PATIENCE, self.hear_at_last()).await.expect("something comes in time")
    }

    async fn hear_at_last(&mut self) -> Heard {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Heard::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Heard::Closed(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        match self.hear().await {
            Heard::Message(message) => message,
            Heard::Closed(code) => panic!("the socket was closed with {code:?}"),
        }
    }

    /// The first error of a subscription that must be refused.
    pub async fn refusal(&mut self) -> Value {
        let message = self.message().await;
        let errors = if message["type"] == "error" { &message["payload"] } else { &message["payload"]["errors"] };
        let error = errors.get(0).unwrap_or_else(|| panic!("not refused: {message:#}"));
        error.clone()
    }

    /// The code with which the server ends the socket; nothing else may come before.
    pub async fn close_code(&mut self) -> Option<u16> {
        match self.hear().await {
            Heard::Closed(code) => code,
            Heard::Message(message) => panic!("a message instead of a close: {message:#}"),
        }
    }

    /// Breaks the connection as a lost network does: without a goodbye.
    pub fn cut(self) {
        drop(self.stream);
    }
}

/// A subscription that comes as an event stream.
pub struct EventStream {
    response: reqwest::Response,
    unread: String,
}

/// One event of an event stream.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamEvent {
    pub name: String,
    pub data: Value,
}

impl EventStream {
    /// Asks for a subscription by POST. A refusal is the plain response.
    pub async fn open(client: &Client, query: &str, variables: Value) -> Result<Self, reqwest::Response> {
        let body = json!({ "query": query, "variables": variables });
        let request = client.request(reqwest::Method::POST, "/graphql").json(&body);
        let response = request.header("accept", "text/event-stream").send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap();
        if kind.starts_with("text/event-stream") { Ok(Self { response, unread: String::new() }) } else { Err(response) }
    }

    /// The same where the server may be gone or busy.
    pub async fn attempt(client: &Client, query: &str, variables: Value) -> Option<Self> {
        let body = json!({ "query": query, "variables": variables });
        let request = client.request(reqwest::Method::POST, "/graphql").json(&body);
        let response = request.header("accept", "text/event-stream").send().await.ok()?;
        let kind = response.headers().get("content-type")?.to_str().ok()?;
        kind.starts_with("text/event-stream").then(|| Self { response, unread: String::new() })
    }

    /// The next event; `None` at the end of the stream.
    pub async fn event(&mut self) -> Option<StreamEvent> {
        timeout(PATIENCE, self.event_at_last()).await.expect("something comes in time")
    }

    /// The same however long it takes: for whoever may have nothing to hear.
    pub async fn event_at_last(&mut self) -> Option<StreamEvent> {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (read_event(block), rest.to_owned());
                self.unread = rest;
                // Anything else is a comment, which keeps the connection alive.
                if event.is_some() {
                    return event;
                }
            }
            // A connection that breaks ends the stream, as for a browser.
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The data of the next answer, which must be without errors.
    pub async fn next(&mut self) -> Value {
        let event = self.event().await.expect("the stream goes on");
        assert_eq!(event.name, "next", "{event:?}");
        assert!(event.data.get("errors").is_none(), "{:#}", event.data);
        event.data["data"].clone()
    }
}

fn read_event(block: &str) -> Option<StreamEvent> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
    let name = field("event:")?.to_owned();
    let data = field("data:").filter(|data| !data.is_empty());
    Some(StreamEvent { name, data: data.map_or(Value::Null, |data| serde_json::from_str(data).unwrap()) })
}
