//! The only wiring: services, engine, transports, relay and jobs become one running server.

use std::{net::TcpListener, sync::Arc};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::random_bytes,
    events,
    graphql::{engine::Engine, schema::SchemaOptions},
    http::{self, Admission, HttpConfig, HttpState},
    jobs,
    metrics::Metrics,
    service::Services,
};

/// A server and what runs beside it.
pub struct App {
    pub services: Services,
    pub state: HttpState<Engine>,
    background: Vec<JoinHandle<()>>,
}

impl App {
    /// Puts the parts together. Nothing runs yet.
    pub fn new(services: Services, config: HttpConfig, options: SchemaOptions) -> Self {
        let engine = Engine::new(services.clone(), options);
        let db = services.db.clone();
        let state = HttpState {
            backend: engine,
            admission: Admission::new(&config),
            config: Arc::new(config),
            metrics: Arc::new(Metrics::default()),
            ready: Arc::new(move || {
                let db = db.clone();
                Box::pin(async move { db.ping().await })
            }),
            request_ids: Arc::new(|| data_encoding::HEXLOWER.encode(&random_bytes::<8>())),
            shutdown: CancellationToken::new(),
            routes: Some(http::routes()),
        };
        Self { services, state, background: Vec::new() }
    }

    /// Starts the relay, which wakes subscribers.
    pub fn start_relay(&mut self) {
        self.background.push(tokio::spawn(events::run_relay(self.services.db.clone(), self.services.hub.clone())));
    }

    /// Starts the jobs.
    pub fn start_jobs(&mut self) {
        self.background.push(tokio::spawn(jobs::run(self.services.clone())));
    }

    /// Serves until the shutdown token is cancelled, then lets running requests end.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let outcome = http::serve(self.state, listener).await;
        for task in &self.background {
            task.abort();
        }
        for task in self.background {
            // An aborted task has nothing more to say.
            let _ = task.await;
        }
        self.services.db.close().await;
        outcome
    }
}
