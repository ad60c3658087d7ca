//! The listening server: timeouts of the connection itself, and the way it stops.

use std::any::Any;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpServer};
use socket2::SockRef;

use super::{HttpState, configure, security, trace};
use crate::graphql::backend::Backend;

const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long an answered client may take to close its side.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Serves until `state.shutdown` is cancelled, then lets running requests end and closes sockets and streams.
pub async fn serve<B: Backend>(state: HttpState<B>, listener: TcpListener) -> io::Result<()> {
    let config = state.config.clone();
    let shutdown = state.shutdown.clone();
    let unsent = config.stall_timeout * 2;
    let server = HttpServer::new(move || {
        let state = state.clone();
        let app = App::new().wrap(from_fn(security::apply)).wrap(from_fn(trace::apply));
        app.configure(move |services| configure(services, state))
    })
    .workers(config.workers)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(config.header_timeout)
    .client_disconnect_timeout(DISCONNECT_TIMEOUT)
    .shutdown_timeout(config.drain_timeout.as_secs())
    .on_connect(move |io, _| limit_unsent(io, unsent))
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let stopping = tokio::spawn(async move {
        shutdown.cancelled().await;
        handle.stop(true).await;
    });
    let result = server.await;
    stopping.abort();
    result
}

/// A client that leaves sent data in its network unread for so long is cut off by the kernel: nothing of ours runs while
/// a connection waits for room to write.
fn limit_unsent(io: &dyn Any, time: Duration) {
    let Some(stream) = io.downcast_ref::<TcpStream>() else {
        return;
    };
    #[cfg(target_os = "linux")]
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(time)) {
        tracing::debug!(%error, "a connection keeps the system's own timeout");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (SockRef::from(stream), time);
}
