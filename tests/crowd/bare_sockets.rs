//! The bare transport: a server of WebSockets that knows nobody, asks nothing, and sends what one says to all who listen. What
//! a message costs the product is measured beside what it costs here.
//!
//! It is told where to listen. `connection_init`, `subscribe` and `ping` are answered as graphql-transport-ws has it; all else
//! goes to all who have subscribed.

// What does not go as expected ends the measurement.
#![allow(clippy::unwrap_used)]

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async_with_config,
    tungstenite::{
        Error, Message, Utf8Bytes,
        handshake::server::{ErrorResponse, Request, Response},
        protocol::WebSocketConfig,
    },
};

/// As small as is of use here.
const BUFFER: usize = 4096;

#[tokio::main(worker_threads = 2)]
async fn main() {
    let address = std::env::args().nth(1).expect("it is told where to listen");
    let listener = TcpListener::bind(address).await.unwrap();
    let texts = watch::Sender::<Utf8Bytes>::default();
    while let Ok((connection, _)) = listener.accept().await {
        let texts = texts.clone();
        // However a socket ends, the others go on.
        tokio::spawn(async move { drop(serve(connection, texts).await) });
    }
}

async fn serve(connection: TcpStream, texts: watch::Sender<Utf8Bytes>) -> Result<(), Error> {
    connection.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
    let mut socket = accept_hdr_async_with_config(connection, agree, Some(config)).await?;
    while let Some(message) = socket.next().await {
        let Message::Text(said) = message? else { continue };
        if said.contains(r#""type":"connection_init""#) {
            socket.send(Message::text(r#"{"type":"connection_ack"}"#)).await?;
        } else if said.contains(r#""type":"subscribe""#) {
            return listen(socket, texts.subscribe()).await;
        } else {
            texts.send_replace(said);
        }
    }
    Ok(())
}

async fn listen(mut socket: WebSocketStream<TcpStream>, mut texts: watch::Receiver<Utf8Bytes>) -> Result<(), Error> {
    loop {
        let message = tokio::select! {
            message = socket.next() => match message.transpose()? {
                Some(Message::Text(_)) => Message::text(r#"{"type":"pong"}"#),
                Some(_) => continue,
                None => return Ok(()),
            },
            changed = texts.changed() => match changed {
                Ok(()) => Message::Text(texts.borrow_and_update().clone()),
                Err(_) => return Ok(()),
            },
        };
        socket.send(message).await?;
    }
}

/// To whatever protocol is asked for.
// The library says what this returns.
#[allow(clippy::result_large_err)]
fn agree(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    if let Some(protocol) = request.headers().get("sec-websocket-protocol") {
        response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
    }
    Ok(response)
}
