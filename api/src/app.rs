//! The only wiring: services, engine, transports, relay and jobs become one running server.

use std::{net::TcpListener, sync::Arc};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::random_bytes,
    events::{self, Bus},
    graphql::{engine::Engine, schema::SchemaOptions},
    http::{self, Admission, HttpConfig, HttpState},
    jobs::{self, Lease},
    service::{Services, keys},
    store::replica,
};

/// A server and what runs beside it.
pub struct App {
    pub services: Services,
    pub state: HttpState<Engine>,
    background: Vec<JoinHandle<()>>,
    jobs: Option<Lease>,
}

impl App {
    /// Puts the parts together. Nothing runs yet.
    pub fn new(services: Services, config: HttpConfig, options: SchemaOptions) -> Self {
        let engine = Engine::guarded(services.clone(), options, config.guard.clone());
        let db = services.db.clone();
        let state = HttpState {
            backend: engine,
            admission: Admission::new(&config),
            config: Arc::new(config),
            metrics: Arc::clone(&services.metrics),
            ready: Arc::new(move || {
                let db = db.clone();
                Box::pin(async move { db.ping().await })
            }),
            request_ids: Arc::new(|| data_encoding::HEXLOWER.encode(&random_bytes::<8>())),
            shutdown: CancellationToken::new(),
            routes: Some(http::routes()),
        };
        Self { services, state, background: Vec::new(), jobs: None }
    }

    /// Starts the relay, which wakes subscribers.
    pub fn start_relay(&mut self) {
        self.background.push(tokio::spawn(events::run_relay(self.services.db.clone(), self.services.hub.clone())));
    }

    /// Starts the jobs, which run when no other server over this database runs them.
    pub fn start_jobs(&mut self) {
        let lease = Lease::new(self.services.clone());
        self.background.push(tokio::spawn(jobs::run(self.services.clone(), lease.clone())));
        self.jobs = Some(lease);
    }

    /// Joins the bus that carries wakes between servers.
    pub fn start_bus(&mut self, bus: Bus) {
        self.background.push(tokio::spawn(bus.run(self.services.hub.clone())));
    }

    /// Starts looking how far the replica is, where there is one.
    pub fn start_replica_watch(&mut self) {
        self.background.push(tokio::spawn(replica::watch(self.services.db.clone())));
    }

    /// Starts looking for keys that were changed while the server runs.
    pub fn start_key_watch(&mut self) {
        self.background.push(tokio::spawn(keys::watch(self.services.clone())));
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
        if let Some(jobs) = self.jobs {
            jobs.give_back().await;
        }
        self.services.db.close().await;
        outcome
    }
}
