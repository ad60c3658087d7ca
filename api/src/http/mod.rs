//! The transports: GraphQL over HTTP, graphql-transport-ws, graphql-sse, health and figures. They carry requests to a
//! [`Backend`] and answers back, within bounds of size, number and time. No rule of the business is here.

mod accept;
mod address;
mod admission;
mod answer;
mod body;
mod calendar;
mod compress;
mod credentials;
mod door;
mod exports;
mod files;
mod graphiql;
mod graphql;
mod health;
mod languages;
mod multipart;
mod nowhere;
mod oauth;
mod params;
mod request_id;
mod routes;
mod running;
mod security;
mod server;
mod session;
mod sse;
mod trace;
mod upgrade;
mod wire;
mod ws;
mod ws_protocol;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Data, ServiceConfig};
use futures_util::future::BoxFuture;
use ipnet::IpNet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::graphql::error::code_of;
use crate::metrics::Metrics;
use answer::Answer;
use nowhere::only;

pub use crate::graphql::backend::{Backend, Denied, GraphqlRequest, Pushed};
pub use crate::graphql::guard::Guard;
pub use admission::Admission;
pub use graphiql::{Admit, Explorer};
pub use routes::routes;
pub use server::serve;

/// Some thirty for each database connection of a usual server: as many as are answered before a phone gives up.
pub const MAX_IN_FLIGHT: u32 = 512;

pub const MAX_SOCKETS: u32 = 20_000;

/// The bounds of the transports. The defaults are those of production.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Sites whose pages may read answers and open sockets, as `https://host[:port]`.
    pub allowed_origins: Vec<String>,
    /// The company's own proxies, which say in `X-Forwarded-For` for whom they ask.
    pub trusted_proxies: Vec<IpNet>,
    pub guard: Guard,
    /// Serves the explorer page at `/`, where there is one.
    pub explorer: Option<Explorer>,
    pub workers: usize,
    pub body_limit: usize,
    pub header_timeout: Duration,
    pub body_timeout: Duration,
    /// By when a request that has arrived is answered, whatever the database does: a phone's user does not wait longer.
    pub request_timeout: Duration,
    /// How many requests are in work at once; more are refused until one is done.
    pub max_in_flight: u32,
    /// How many sockets and event streams are open at once.
    pub max_sockets: u32,
    /// How long a socket may stay without `connection_init`.
    pub init_timeout: Duration,
    pub ping_interval: Duration,
    /// A peer that sends nothing for so long, not even a pong, is gone.
    pub silence_timeout: Duration,
    /// A client that takes nothing for so long is closed.
    pub stall_timeout: Duration,
    pub sse_heartbeat: Duration,
    /// How often a connection compares its token's end with the backend's clock, at least.
    pub expiry_check: Duration,
    pub streams_per_connection: usize,
    pub frame_limit: usize,
    /// How long requests may still run after the server was told to stop.
    pub drain_timeout: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            guard: Guard::default(),
            explorer: None,
            workers: 2,
            body_limit: 64 * 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(20),
            request_timeout: Duration::from_secs(10),
            max_in_flight: MAX_IN_FLIGHT,
            max_sockets: MAX_SOCKETS,
            init_timeout: Duration::from_secs(10),
            ping_interval: Duration::from_secs(25),
            silence_timeout: Duration::from_secs(60),
            stall_timeout: Duration::from_secs(15),
            sse_heartbeat: Duration::from_secs(12),
            expiry_check: Duration::from_secs(15),
            streams_per_connection: 10,
            frame_limit: 64 * 1024,
            drain_timeout: Duration::from_secs(9),
        }
    }
}

/// Answers whether what the server stands on is there.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// Further routes of the same server.
pub type Routes = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

/// What every connection shares. Cheap to clone.
#[derive(Clone)]
pub struct HttpState<B> {
    pub backend: B,
    pub config: Arc<HttpConfig>,
    pub metrics: Arc<Metrics>,
    pub admission: Admission,
    pub ready: Probe,
    /// Makes a name for a request that brought none.
    pub request_ids: Arc<dyn Fn() -> String + Send + Sync>,
    /// Cancelled once, when the server is to stop.
    pub shutdown: CancellationToken,
    pub routes: Option<Routes>,
}

impl<B> HttpState<B> {
    /// Counts and logs one answer. Neither names the client or what it asked for.
    fn record(&self, answer: &Answer, operation: &'static str, started: Instant, request_id: &str) {
        let seconds = started.elapsed().as_secs_f64();
        let outcome = answer.outcome();
        self.metrics.request(operation, outcome, seconds);
        for error in answer.errors() {
            self.metrics.refused(code_of(error).unwrap_or("NONE"));
        }
        let code = answer.errors().first().and_then(code_of).unwrap_or("");
        tracing::info!(request_id, operation, outcome, code, seconds, "graphql");
    }

    /// Counts a stream that has begun; how long it then lives is no measure of work.
    fn record_stream(&self, started: Instant) {
        let seconds = started.elapsed().as_secs_f64();
        self.metrics.request("subscription", "ok", seconds);
    }
}

/// The routes of this room. The state is shared by all workers.
pub fn configure<B: Backend>(services: &mut ServiceConfig, state: HttpState<B>) {
    services.app_data(Data::from(state.config.clone()));
    services
        .route("/graphql", web::route().to(graphql::handle::<B>))
        .service(only::<B>("GET", "/livez", web::get().to(health::live)))
        .service(only::<B>("GET", "/readyz", web::get().to(health::ready::<B>)))
        .service(only::<B>("GET", "/metrics", web::get().to(health::metrics::<B>)));
    if state.config.explorer.is_some() {
        services.service(only::<B>("GET", "/", web::get().to(graphiql::page)));
        services.service(only::<B>("POST", "/explorer/token", web::post().to(graphiql::token)));
    }
    if let Some(routes) = &state.routes {
        routes(services);
    }
    services.default_service(web::to(nowhere::nowhere::<B>));
    services.app_data(Data::new(state));
}
