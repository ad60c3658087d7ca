//! The same crowd on the bare transport, which sends the same text to as many: what the product's part in a message costs is
//! what it takes more.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{Barrier, Semaphore},
};

use crate::harness::{
    Client,
    process::{PROGRAM, ServerProcess},
    socket::{Heard, Socket},
    until,
};

use super::OPENING;

/// The program, built as the server is; none where examples were not built.
fn program() -> Option<PathBuf> {
    let own = std::env::current_exe().unwrap();
    let server = std::env::var_os(PROGRAM).map(PathBuf::from);
    let folder = server.as_deref().or(own.parent()).and_then(Path::parent)?;
    let program = folder.join("examples/bare_sockets");
    program.is_file().then_some(program)
}

/// One device: it subscribes, waits for the others, and hears what all are sent. Its socket stays open.
async fn device(client: Client, doors: Arc<Semaphore>, ready: Arc<Barrier>) -> (Heard, Socket) {
    let mut socket = {
        let _door = doors.acquire().await.unwrap();
        let mut socket = Socket::connect(&client).await;
        socket.subscribe("", json!({})).await;
        // What is said on a socket is heard in its order.
        socket.send(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "pong" })));
        socket
    };
    ready.wait().await;
    (socket.hear().await, socket)
}

/// How many microseconds of the processors a message takes that so many are sent.
pub async fn each(size: usize, message: &Value) -> Option<f64> {
    let server = ServerProcess::start_other(&program()?);
    let address = server.url.trim_start_matches("http://").to_owned();
    until("it listens", async || TcpStream::connect(&address).await.ok()).await;
    let client = Client::new(&server.url, None);
    let (doors, ready) = (Arc::new(Semaphore::new(OPENING)), Arc::new(Barrier::new(size + 1)));
    let devices: Vec<_> =
        (0..size).map(|_| tokio::spawn(device(client.clone(), Arc::clone(&doors), Arc::clone(&ready)))).collect();
    let mut speaker = Socket::connect(&client).await;
    ready.wait().await;
    let used = server.cpu();
    speaker.send(message.clone()).await;
    let mut sockets = Vec::new();
    for device in devices {
        let (heard, socket) = device.await.unwrap();
        assert_eq!(heard, Heard::Message(message.clone()));
        sockets.push(socket);
    }
    Some(server.cpu().saturating_sub(used).as_secs_f64() * 1e6 / size as f64)
}
