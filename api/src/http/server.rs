//! The listening server: timeouts of the connection itself, and the way it stops.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_http::{HttpService, Request};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse};
use futures_util::FutureExt;
use socket2::SockRef;

use super::{HttpState, configure, security, trace, upgrade};
use crate::graphql::backend::Backend;

const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long an answered client may take to close its side.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Serves until `state.shutdown` is cancelled, then lets running requests end and closes sockets and streams.
pub async fn serve<B: Backend>(state: HttpState<B>, listener: TcpListener) -> io::Result<()> {
    let config = state.config.clone();
    let shutdown = state.shutdown.clone();
    let address = listener.local_addr()?;
    let builder =
        Server::build().workers(config.workers).shutdown_timeout(config.drain_timeout.as_secs()).disable_signals();
    let stops = builder.graceful_shutdown_signal();
    let connections = move || {
        let (stops, unsent, sockets) = (stops.clone(), config.stall_timeout * 2, state.clone());
        let stopping = move || {
            let stops = stops.clone();
            async move { stops.notified().await }
        };
        // A socket lives long; the place for it is made when there is one.
        let socket = move |(request, connection)| {
            upgrade::answer(request, connection, sockets.clone()).map(Ok::<_, Infallible>).boxed_local()
        };
        HttpService::build()
            .graceful_shutdown_signal(stopping)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(config.header_timeout)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .local_addr(address)
            .on_connect_ext(move |stream: &TcpStream, _| limit_unsent(stream, unsent))
            .upgrade(fn_service(socket))
            .finish(application(state.clone()))
            .tcp()
    };
    let server = builder.listen("anju", listener, connections)?.run();
    let handle = server.handle();
    let stopping = tokio::spawn(async move {
        shutdown.cancelled().await;
        handle.stop(true).await;
    });
    let result = server.await;
    stopping.abort();
    result
}

fn application<B: Backend>(
    state: HttpState<B>,
) -> impl ServiceFactory<
    Request,
    Config = (),
    Response = ServiceResponse<impl MessageBody>,
    Error = HttpResponse,
    InitError = (),
> {
    let app = App::new().wrap(from_fn(security::apply)).wrap(from_fn(trace::apply));
    let app = app.configure(move |services| configure(services, state));
    let app = app.into_factory().map_err(|error: actix_web::Error| error.error_response());
    map_config(app, |()| AppConfig::default())
}

/// A client that leaves sent data in its network unread for so long is cut off by the kernel: nothing of ours runs while
/// a connection waits for room to write.
fn limit_unsent(stream: &TcpStream, time: Duration) {
    #[cfg(target_os = "linux")]
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(time)) {
        tracing::debug!(%error, "a connection keeps the system's own timeout");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (SockRef::from(stream), time);
}
