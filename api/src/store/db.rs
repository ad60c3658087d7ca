//! Connections: a reader and a writer. On SQLite the writer is a single connection, so that writers wait in line
//! instead of failing on a lock; on PostgreSQL both are one pool. A query may be given a view that reads from a replica.

mod near;
mod summary;
mod tx;
mod watch;

use std::{num::NonZero, sync::Arc, time::Duration};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Connector, DatabaseConnection, DbBackend, DbErr, SqlxError,
    sqlx::{Connection, Database, PgConnection, Pool, SqliteConnection, sqlite::SqliteSynchronous},
};
use uuid::Uuid;

pub use self::{near::AtHand, tx::Tx};
use self::{
    near::Near,
    watch::{Counts, Watch},
};
use super::replica::{self, Replica, ReplicaState};
use crate::error::{Error, Result};

/// How large the pools are and how long a caller waits for a connection.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    pub statement_timeout: Duration,
    /// Slower statements are logged, without their values.
    pub slow_statement: Duration,
    /// On SQLite: a commit is on the disk before it is acknowledged. Without it, commits are quicker and the last ones may
    /// be lost when the power fails, though never half of one.
    pub survives_power_cut: bool,
}

/// How long one piece of work may wait for the database, all in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many read an embedded database at once, however small the machine: one that reads long stops no others.
const LEAST_READERS: u32 = 4;

/// Gives up on a database that does not answer. Whether what was sent to it will still be done, nobody knows.
pub async fn in_time<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(Error::Busy))
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(30),
            slow_statement: Duration::from_millis(500),
            survives_power_cut: true,
        }
    }
}

/// The database of the service.
#[derive(Clone)]
pub struct Db {
    reader: DatabaseConnection,
    /// Of the primary, where that is PostgreSQL.
    near: Option<Arc<Near>>,
    writer: DatabaseConnection,
    of_writer: Arc<Watch>,
    replica: Option<Arc<Replica>>,
    counts: Arc<Counts>,
}

/// How the connections of a pool are used at this moment.
#[derive(Clone, Copy, Debug)]
pub struct PoolUse {
    pub pool: &'static str,
    pub in_use: u32,
    pub idle: u32,
    pub max: u32,
}

impl PoolUse {
    fn of<D: Database>(name: &'static str, pool: &Pool<D>) -> Self {
        // The pool lets others take a connection that was given back just before it counts it as idle: whoever is quicker
        // takes one from a count of none, and for a moment the count is as if below zero.
        let (open, idle) = (pool.size(), u32::try_from(pool.num_idle()).unwrap_or(0));
        Self { pool: name, in_use: open.saturating_sub(idle), idle, max: pool.options().get_max_connections() }
    }
}

impl Db {
    /// Connects to `sqlite://…` or `postgres://…`.
    pub async fn connect(url: &str, options: PoolOptions) -> Result<Self, DbErr> {
        let counts = Arc::new(Counts::default());
        let of_reader = if url.starts_with("sqlite") { embedded(options) } else { options };
        let mut reader = Connector::connect(connect_options(url, of_reader)).await?;
        let watch = Watch::over(&mut reader, &counts, options.slow_statement);
        let is_postgres = reader.get_database_backend() == DbBackend::Postgres;
        let near = is_postgres.then(|| {
            let pool = reader.get_postgres_connection_pool().clone();
            Arc::new(Near::new(pool, Arc::clone(&watch)))
        });
        let (writer, of_writer) = if reader.get_database_backend() == DbBackend::Sqlite {
            let one = PoolOptions { max_connections: 1, acquire_timeout: Duration::from_secs(20), ..options };
            let mut connect = connect_options(url, one);
            // Readers begin no transactions: for them it would be one more way to another thread and back.
            connect
                .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_outside(connection))));
            let mut writer = Connector::connect(connect).await?;
            let watch = Watch::over(&mut writer, &counts, options.slow_statement);
            (writer, watch)
        } else {
            (reader.clone(), watch)
        };
        Ok(Self { reader, near, writer, of_writer, replica: None, counts })
    }

    /// Reads queries from a replica while it is no further behind than this. It need not be there yet.
    pub async fn with_replica(mut self, url: &str, options: PoolOptions, most_lag: Duration) -> Result<Self, DbErr> {
        let options = PoolOptions { acquire_timeout: Duration::from_secs(1), ..options };
        let mut pool = Connector::connect(connect_options(url, options).connect_lazy(true).to_owned()).await?;
        Watch::over(&mut pool, &self.counts, options.slow_statement);
        self.replica = Some(Arc::new(Replica::new(pool, most_lag)));
        Ok(self)
    }

    /// The same, read from the replica, for a query of somebody who has left this mark. None where the primary is to be read.
    pub fn for_query(&self, last_write: Option<i64>) -> Option<Self> {
        let replica = self.replica.as_ref().filter(|replica| replica.has_replayed(last_write))?;
        Some(Self { reader: replica.pool().clone(), near: None, ..self.clone() })
    }

    /// Remembers that a principal has written, where a replica may not have it yet.
    pub async fn has_written(&self, principal: Uuid) {
        if self.replica.is_some() {
            replica::mark(&self.writer, principal).await;
        }
    }

    pub(super) fn replica(&self) -> Option<Arc<Replica>> {
        self.replica.clone()
    }

    /// How the replica is, where there is one.
    pub fn replica_state(&self) -> Option<ReplicaState> {
        self.replica.as_ref().map(|replica| replica.state())
    }

    /// For reading outside a transaction.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// The same for a statement that every request sends and that reads one row.
    pub fn at_hand(&self) -> AtHand<'_> {
        AtHand { near: self.near.as_ref(), pool: &self.reader }
    }

    /// For single writes outside a transaction, and for migrations.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a write transaction.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx::begin(&self.writer, &self.of_writer).await?)
    }

    /// How many statements this process has sent so far.
    pub fn statements(&self) -> u64 {
        self.counts.statements()
    }

    /// How many of them were slow.
    pub fn slow_statements(&self) -> u64 {
        self.counts.slow()
    }

    /// How the pools are used.
    pub fn pools(&self) -> Vec<PoolUse> {
        if self.is_postgres() {
            let shared = PoolUse::of("shared", self.reader.get_postgres_connection_pool());
            let at_hand = self.near.as_ref().map_or(0, |near| near.idle()).min(shared.in_use);
            let shared = PoolUse { in_use: shared.in_use - at_hand, idle: shared.idle + at_hand, ..shared };
            let replica =
                self.replica.iter().map(|it| PoolUse::of("replica", it.pool().get_postgres_connection_pool()));
            return std::iter::once(shared).chain(replica).collect();
        }
        let pool = |name, connection: &DatabaseConnection| PoolUse::of(name, connection.get_sqlite_connection_pool());
        vec![pool("reader", &self.reader), pool("writer", &self.writer)]
    }

    pub fn is_postgres(&self) -> bool {
        self.reader.get_database_backend() == DbBackend::Postgres
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> bool {
        tokio::time::timeout(Duration::from_secs(2), self.reader.ping()).await.is_ok_and(|answer| answer.is_ok())
    }

    /// Closes all pools.
    pub async fn close(self) {
        let replica = self.replica.map(|replica| replica.pool().clone());
        if let Some(near) = self.near {
            near.clear();
        }
        for connection in [self.reader, self.writer].into_iter().chain(replica) {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "a database pool did not close");
            }
        }
    }
}

/// An embedded database works in this process: more connections than its cores can use only hold memory.
fn embedded(options: PoolOptions) -> PoolOptions {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let useful = u32::try_from(2 * cores).unwrap_or(u32::MAX).max(LEAST_READERS);
    PoolOptions { max_connections: options.max_connections.min(useful), ..options }
}

fn connect_options(url: &str, options: PoolOptions) -> ConnectOptions {
    let synchronous = if options.survives_power_cut { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout)
        .test_before_acquire_if_idle_for(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(synchronous)
                // In KiB, for each connection: the system keeps the file's pages as well, once for all of them.
                .pragma("cache_size", "-1024")
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(20))
        });
    if url.starts_with("postgres") {
        connect
            .statement_timeout(options.statement_timeout)
            .set_application_name("anju")
            .map_sqlx_postgres_opts(|postgres| postgres.options(SETTINGS))
            .map_sqlx_postgres_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_done(connection))));
    }
    connect
}

/// How long a connection that was given back may take to end what nobody waits for any more.
const UNFINISHED: Duration = Duration::from_secs(5);

/// Whether a connection that was given back has done what it was sent. One that hangs, in a network that swallows or at a
/// database that sleeps, would keep its place in the pool until the system gives it up, a quarter of an hour later.
async fn is_done(connection: &mut PgConnection) -> Result<bool, SqlxError> {
    match tokio::time::timeout(UNFINISHED, connection.flush()).await {
        Ok(done) => done.map(|()| true),
        // An error and not a no, after which the pool would wait for a goodbye.
        Err(_) => Err(SqlxError::Io(std::io::ErrorKind::TimedOut.into())),
    }
}

/// Whether a connection to SQLite that was given back stands outside of every transaction. A full disk makes SQLite undo
/// a transaction by itself; the driver's own rollback then finds none and fails, one is still counted, and the next would
/// begin as a part of it: acknowledged, and never committed. Such a connection is given up.
async fn is_outside(connection: &mut SqliteConnection) -> Result<bool, SqlxError> {
    // A rollback may only have been sent; this is answered after it.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// What PostgreSQL is told for each connection.
const SETTINGS: [(&str, &str); 2] = [
    // What a random read costs, in sequential ones. The default of 4 is that of a turning disk and makes it read a whole
    // table of tickets to find the two hundred of one ambassador.
    ("random_page_cost", "1.1"),
    // A transaction of a server that has vanished without a word is undone, or its locks would stop all others.
    ("idle_in_transaction_session_timeout", "10s"),
];

/// The advisory lock that makes migrating servers take turns on PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0041_4e4a_554d_4947;

/// The right to migrate, held until it is ended or its connection is lost.
pub struct MigrationTurn(Option<Tx>);

impl Db {
    /// Waits for the turn to migrate. The lock lives in a transaction of its own, on a connection beside the migrator's.
    pub async fn migration_turn(&self) -> Result<MigrationTurn, DbErr> {
        if !self.is_postgres() {
            return Ok(MigrationTurn(None));
        }
        let tx = Tx::begin(&self.writer, &self.of_writer).await?;
        // This one is idle as long as the migrations take.
        tx.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        Ok(MigrationTurn(Some(tx)))
    }
}

impl MigrationTurn {
    /// Lets the next one migrate.
    pub async fn end(self) -> Result<(), DbErr> {
        match self.0 {
            Some(tx) => tx.rollback().await,
            None => Ok(()),
        }
    }
}
