//! What every test stands on: a company in a fresh database, a server in front of it, and clients that speak as a role.

pub mod activities;
pub mod apple;
pub mod authority;
pub mod browser;
pub mod client;
pub mod cluster;
pub mod company;
pub mod crew;
pub mod database;
pub mod device;
pub mod dialect;
pub mod dice;
pub mod documents;
pub mod homes;
pub mod huawei;
pub mod ledger;
pub mod mutation;
pub mod nats;
pub mod outside;
pub mod past;
pub mod postgres;
pub mod process;
pub mod queue;
pub mod snapshot;
pub mod socket;
pub mod tickets;
pub mod tls_mail;
pub mod upkeep;
pub mod work;
pub mod world;

use std::{net::TcpListener, sync::Arc, time::Duration};

use anju::{
    app::App,
    auth::delivery::MemoryDelivery,
    channel::{
        address::AllowedNets,
        outbound::{Bounds, Outbound},
    },
    clock::{Clock, Ids, ManualClock},
    events::Bus,
    graphql::schema::SchemaOptions,
    http::HttpConfig,
    media::blob::BlobStore,
    service::Services,
    start::Parts,
    store::{
        db::{Db, PoolOptions},
        vault::{Vault, VaultOptions},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

pub use client::Client;
pub use database::{Database, Engine};
pub use world::World;

/// When every test begins: a Monday morning in Shanghai.
pub fn start_of_test() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

/// How many connections a server has when nothing else is said: enough to get in each other's way, and quickly opened.
pub const CONNECTIONS: u32 = 3;

/// One server over one database, with a small company in it.
pub struct TestApp {
    pub services: Services,
    pub clock: Arc<ManualClock>,
    pub delivery: Arc<MemoryDelivery>,
    pub world: World,
    pub database: Database,
    /// `http://127.0.0.1:port`
    pub url: String,
    shutdown: CancellationToken,
}

/// What a test may want different from a usual server.
#[derive(Clone, Default)]
pub struct TestOptions {
    pub production: bool,
    pub http: Option<HttpConfig>,
    /// Nothing wakes subscribers: for counting statements, of which the relay sends some at any time.
    pub without_relay: bool,
    /// The bus between this server and others.
    pub nats_url: Option<String>,
    /// How many database connections the server has at most; [`CONNECTIONS`] when nothing is said.
    pub connections: Option<u32>,
}

impl TestApp {
    /// A server over a fresh database with a company in it.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, TestOptions::default()).await
    }

    pub async fn with(engine: Engine, options: TestOptions) -> Self {
        let database = Database::create(engine).await;
        let clock = Arc::new(ManualClock::new(start_of_test()));
        let mut app = Self::over(database, clock, options).await;
        app.world = World::build(&app.services).await;
        app
    }

    /// A server over a database in which nobody has put a company.
    pub async fn empty(database: Database) -> Self {
        Self::over(database, Arc::new(ManualClock::new(start_of_test())), TestOptions::default()).await
    }

    /// Another server over a database that is there already.
    pub async fn over(database: Database, clock: Arc<ManualClock>, options: TestOptions) -> Self {
        let max_connections = options.connections.unwrap_or(CONNECTIONS);
        let db = Db::connect(&database.url, PoolOptions { max_connections, ..PoolOptions::default() }).await.unwrap();
        let delivery = Arc::new(MemoryDelivery::default());
        let services = services(db, Arc::clone(&clock), Arc::clone(&delivery)).await;
        let http = options.http.unwrap_or_else(|| HttpConfig { workers: 1, ..HttpConfig::default() });
        let mut app = App::new(services.clone(), http, SchemaOptions { production: options.production });
        if !options.without_relay {
            app.start_relay();
            app.start_key_watch();
        }
        if let Some(url) = options.nats_url {
            app.start_bus(Bus::connect(&[url]).await.unwrap());
        }
        let shutdown = app.state.shutdown.clone();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { app.serve(listener).await.unwrap() });
        Self { services, clock, delivery, world: World::default(), database, url, shutdown }
    }

    /// A second server over the same database and clock.
    pub async fn another(&self) -> Self {
        self.another_with(TestOptions::default()).await
    }

    pub async fn another_with(&self, options: TestOptions) -> Self {
        let mut app = Self::over(self.database.clone(), Arc::clone(&self.clock), options).await;
        app.world = self.world.clone();
        app
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.url, None)
    }

    /// Signed in as an owner of the company, by name.
    pub async fn owner(&self, name: &str) -> Client {
        let owner = self.world.owner(name);
        Client::new(&self.url, Some(self.token(entity::vocab::PrincipalKind::Owner, owner).await))
    }

    /// Signed in as an owner who has no name in the company.
    pub async fn owner_by_id(&self, id: uuid::Uuid) -> Client {
        Client::new(&self.url, Some(self.token(entity::vocab::PrincipalKind::Owner, id).await))
    }

    /// Signed in as an owner whom the world does not know, by global id.
    pub async fn newcomer(&self, owner_id: &str) -> Client {
        let owner = tickets::raw_id(&serde_json::json!(owner_id));
        Client::new(&self.url, Some(self.token(entity::vocab::PrincipalKind::Owner, owner).await))
    }

    /// Signed in as a member of staff, by login.
    pub async fn staff(&self, login: &str) -> Client {
        let staff = self.world.staff(login);
        Client::new(&self.url, Some(self.token(entity::vocab::PrincipalKind::Staff, staff).await))
    }

    /// Signed in as a partner, by client id.
    pub async fn partner(&self, client_id: &str) -> Client {
        let granted = anju::service::oauth::grant(&self.services, self.world.partner(client_id)).await.unwrap();
        Client::new(&self.url, Some(granted.access_token))
    }

    async fn token(&self, kind: entity::vocab::PrincipalKind, id: uuid::Uuid) -> String {
        let conn = self.services.db.writer();
        anju::service::session::open(&self.services, conn, kind, id, Some("test")).await.unwrap().access_token
    }

    /// Lets time pass, and the jobs do what it brings. Tokens of more than 15 minutes ago are over: sign in again.
    pub async fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.run_jobs().await;
    }

    pub async fn run_jobs(&self) {
        anju::jobs::run_once(&self.services).await.unwrap();
    }

    /// How many SQL statements were sent while `work` ran.
    pub async fn statements<T>(&self, work: impl Future<Output = T>) -> (T, u64) {
        let before = self.services.db.statements();
        let outcome = work.await;
        (outcome, self.services.db.statements() - before)
    }

    /// Tells the server to stop.
    pub fn stop(&self) {
        self.shutdown.cancel();
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

async fn services(db: Db, clock: Arc<ManualClock>, delivery: Arc<MemoryDelivery>) -> Services {
    let ids = Arc::new(Ids::new());
    let options = VaultOptions { master: None, issuer: "anju", audience: "anju-api" };
    let vault = Vault::open(&db, &*clock, &ids, options).await.unwrap();
    let clock: Arc<dyn Clock> = clock;
    let services = Parts { db, clock, ids, vault, delivery, blobs: BlobStore::in_memory() }.assemble();
    Services { outbound: outbound(&["127.0.0.0/8"]), ..services }
}

/// The way to addresses that people enter: of tests, those of this machine, which may be quick.
pub fn outbound(nets: &[&str]) -> Outbound {
    let nets = AllowedNets::new(nets.iter().map(|net| net.parse().unwrap()).collect());
    Outbound::new(nets, Bounds { whole: Duration::from_secs(5), ..Bounds::default() })
}

/// Waits for a state, with a deadline, never for a moment.
pub async fn until<T>(what: &str, check: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(Duration::from_secs(20), what, check).await
}

/// The same for what takes longer than most things.
pub async fn until_within<T>(patience: Duration, what: &str, mut check: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        if let Some(found) = check().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Declares tests that run on both databases: `both! { async fn name(app) { … } }`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn run($app: $crate::harness::TestApp) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                run($crate::harness::TestApp::new($crate::harness::Engine::Sqlite).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if $crate::harness::postgres::is_there() {
                    run($crate::harness::TestApp::new($crate::harness::Engine::Postgres).await).await;
                }
            }
        }
    )+};
}
