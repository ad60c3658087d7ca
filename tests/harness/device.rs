//! A device that follows tickets as the apps do: it keeps the last cursor it saw and resumes there. And the log as a
//! client reads it in pages, to compare with.

use serde_json::{Value, json};

use super::{
    Client, TestApp,
    documents::Documents,
    socket::{Heard, Socket},
    until,
};

/// The owner app's subscription.
pub fn owner_document() -> String {
    Documents::owner().operation("TicketStatusChanged")
}

/// The butler app's subscription.
pub fn butler_document() -> String {
    Documents::butler().operation("QueueChanged")
}

/// The cursor before the first event.
pub fn start_of_log() -> String {
    anju::page::Cursor::Seq(0).encode()
}

/// A device with a place in the stream.
pub struct Device {
    client: Client,
    document: String,
    ticket_id: Option<String>,
    socket: Option<Socket>,
    pub cursor: Option<String>,
    /// Every change it was sent.
    pub seen: Vec<Value>,
}

impl Device {
    pub fn new(client: &Client, document: String) -> Self {
        let client = client.clone();
        Self { client, document, ticket_id: None, socket: None, cursor: None, seen: Vec::new() }
    }

    /// Only this ticket.
    pub fn of_ticket(self, ticket_id: &str) -> Self {
        Self { ticket_id: Some(ticket_id.to_owned()), ..self }
    }

    /// As if it had seen everything up to here.
    pub fn after(self, cursor: &str) -> Self {
        Self { cursor: Some(cursor.to_owned()), ..self }
    }

    /// Goes on at another server, or with another token.
    pub fn use_client(&mut self, client: &Client) {
        self.client = client.clone();
    }

    /// Opens a socket and subscribes after the last cursor.
    pub async fn connect(&mut self) {
        let mut socket = Socket::connect(&self.client).await;
        let mut variables = json!({ "after": self.cursor });
        if let Some(ticket_id) = &self.ticket_id {
            variables["ticketId"] = json!(ticket_id);
        }
        socket.subscribe(&self.document, variables).await;
        self.socket = Some(socket);
    }

    /// Connects to a server, and waits until it listens for this device: what happens next is live.
    pub async fn listen(&mut self, app: &TestApp) {
        let before = app.services.hub.subscribers();
        self.connect().await;
        until("the subscription runs", async || (app.services.hub.subscribers() > before).then_some(())).await;
    }

    /// Loses the network.
    pub fn cut(&mut self) {
        self.socket.take().expect("it is connected").cut();
    }

    /// The next change, or the code with which the socket ended.
    pub async fn hear(&mut self) -> Result<Value, Option<u16>> {
        match self.socket.as_mut().expect("it is connected").hear().await {
            Heard::Closed(code) => {
                self.socket = None;
                Err(code)
            }
            Heard::Message(message) => {
                assert_eq!(message["type"], "next", "{message:#}");
                assert!(message["payload"].get("errors").is_none(), "{message:#}");
                let change = message["payload"]["data"]["ticketStatusChanged"].clone();
                self.cursor = Some(change["cursor"].as_str().unwrap().to_owned());
                self.seen.push(change.clone());
                Ok(change)
            }
        }
    }

    /// The next change.
    pub async fn see(&mut self) -> Value {
        self.hear().await.unwrap_or_else(|code| panic!("the socket was closed with {code:?}"))
    }

    /// So many changes.
    pub async fn see_many(&mut self, count: usize) {
        for _ in 0..count {
            self.see().await;
        }
    }

    /// Everything up to an action.
    pub async fn see_until(&mut self, action: &str) {
        while self.see().await["event"]["action"] != action {}
    }

    /// The actions it saw, in the order in which it saw them.
    pub fn actions(&self) -> Vec<&str> {
        self.seen.iter().map(|change| change["event"]["action"].as_str().unwrap()).collect()
    }

    /// The events it saw, by id, in the order in which it saw them.
    pub fn event_ids(&self) -> Vec<String> {
        ids(self.seen.iter().map(|change| &change["event"]))
    }
}

/// The ids of objects.
pub fn ids<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    objects.into_iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

/// Everything the log holds for a client after a cursor, read by the owner app's document in pages of this size.
pub async fn read_log(client: &Client, after: Option<&str>, page: i32) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), after.map(str::to_owned));
    loop {
        let data = client.owner_app("MissedTicketEvents", json!({ "after": after, "first": page })).await;
        let connection = &data["ticketEvents"];
        for edge in connection["edges"].as_array().unwrap() {
            assert_eq!(edge["cursor"], edge["node"]["cursor"]);
            events.push(edge["node"].clone());
        }
        if let Some(end) = connection["pageInfo"]["endCursor"].as_str() {
            after = Some(end.to_owned());
        }
        if connection["pageInfo"]["hasNextPage"] != json!(true) {
            return events;
        }
    }
}
