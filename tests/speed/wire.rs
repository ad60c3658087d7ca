//! A client of HTTP that keeps its connections and does no more than it must: what it costs is taken from the servers that
//! it asks, which share the machine with it.

use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The connections to one server that nobody uses at the moment.
pub struct Wire {
    address: SocketAddr,
    idle: Mutex<Vec<Connection>>,
}

struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// A request as it is sent, by somebody who has signed in.
pub fn post(token: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: api.example\r\nuser-agent: Anju/1.0\r\naccept: application/json\r\n\
         accept-language: zh-CN\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

impl Wire {
    pub fn to(address: SocketAddr) -> Self {
        Self { address, idle: Mutex::default() }
    }

    /// Sends a request and reads the whole answer.
    pub async fn ask(&self, request: &[u8]) -> String {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::open(self.address).await,
        };
        let answer = connection.ask(request).await;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        answer
    }
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, read: Vec::with_capacity(1 << 16) }
    }

    async fn ask(&mut self, request: &[u8]) -> String {
        self.stream.write_all(request).await.unwrap();
        self.read.clear();
        let begin = loop {
            self.read_more().await;
            let end = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
        };
        let head = std::str::from_utf8(&self.read[..begin]).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap_or_else(|| panic!("{head}")).parse().unwrap();
        let is_good = head.starts_with("HTTP/1.1 200 ");
        while self.read.len() < begin + length {
            self.read_more().await;
        }
        let body = String::from_utf8(self.read[begin..].to_vec()).unwrap();
        assert!(is_good, "{body}");
        body
    }

    async fn read_more(&mut self) {
        let read = self.stream.read_buf(&mut self.read).await.unwrap();
        assert!(read > 0, "the server has closed the connection");
    }
}
