//! A database per test: on SQLite a copy of one that was migrated once, on PostgreSQL one that an earlier test gave
//! back, emptied to what the migrations put into it. Making a new one there takes longer than most tests.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database as Connector};
use tokio::sync::OnceCell;

use super::postgres;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database of one test's own.
#[derive(Clone)]
pub struct Database {
    pub engine: Engine,
    pub url: String,
    /// Removed when the last server over it is gone.
    _folder: Option<Arc<tempfile::TempDir>>,
    lease: Option<Arc<Lease>>,
}

/// A PostgreSQL database that goes back to the others when the last server over it is gone.
struct Lease {
    name: String,
    is_spoiled: AtomicBool,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.is_spoiled.load(Ordering::Relaxed) {
            GIVEN_BACK.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.name));
        }
    }
}

/// The databases that tests are done with.
static GIVEN_BACK: Mutex<Vec<String>> = Mutex::new(Vec::new());

static NUMBER: AtomicU32 = AtomicU32::new(0);
static SQLITE_TEMPLATE: OnceCell<(tempfile::TempDir, PathBuf)> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<()> = OnceCell::const_new();

impl Database {
    /// A migrated, empty database.
    pub async fn create(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite().await,
            Engine::Postgres => Self::postgres().await,
        }
    }

    /// A database without tables.
    pub async fn blank(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}", folder.path().join("blank.db").display());
                Self { engine, url, _folder: Some(Arc::new(folder)), lease: None }
            }
            Engine::Postgres => {
                let name = next_name();
                postgres::admin(&format!("CREATE DATABASE {name}")).await;
                Self { engine, url: postgres::url(&name), _folder: None, lease: None }
            }
        }
    }

    /// One that somebody else made and removes.
    pub fn at(engine: Engine, url: String) -> Self {
        Self { engine, url, _folder: None, lease: None }
    }

    async fn sqlite() -> Self {
        let (_, template) = SQLITE_TEMPLATE
            .get_or_init(|| async {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("template.db");
                let db = Connector::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
                Migrator::up(&db, None).await.unwrap();
                db.close().await.unwrap();
                (folder, path)
            })
            .await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        std::fs::copy(template, &path).unwrap();
        let url = format!("sqlite://{}", path.display());
        Self { engine: Engine::Sqlite, url, _folder: Some(Arc::new(folder)), lease: None }
    }

    async fn postgres() -> Self {
        POSTGRES_TEMPLATE
            .get_or_init(|| async {
                postgres::admin("CREATE DATABASE template_anju").await;
                let db = Connector::connect(postgres::url("template_anju")).await.unwrap();
                Migrator::up(&db, None).await.unwrap();
                db.execute_unprepared(KEEP_SEEDS).await.unwrap();
                db.close().await.unwrap();
            })
            .await;
        let given_back = GIVEN_BACK.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let name = match given_back {
            Some(name) => empty(name).await,
            None => copy().await,
        };
        let url = postgres::url(&name);
        let lease = Some(Arc::new(Lease { name, is_spoiled: AtomicBool::new(false) }));
        Self { engine: Engine::Postgres, url, _folder: None, lease }
    }

    /// No other test gets this database: this one does what emptying does not undo.
    fn spoil(&self) {
        if let Some(lease) = &self.lease {
            lease.is_spoiled.store(true, Ordering::Relaxed);
        }
    }

    /// A connection of the test's own, beside the server's.
    pub async fn connect(&self) -> sea_orm::DatabaseConnection {
        self.spoil();
        Connector::connect(&self.url).await.unwrap()
    }

    /// Runs a statement beside the server.
    pub async fn execute(&self, sql: &str) {
        let connection = self.connect().await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// Remembers what the migrations put in, in a schema of its own.
const KEEP_SEEDS: &str = "
    CREATE SCHEMA seeds;
    DO $$ DECLARE name text; is_filled boolean; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO is_filled;
            IF is_filled THEN EXECUTE format('CREATE TABLE seeds.%I AS SELECT * FROM public.%I', name, name); END IF;
        END LOOP;
    END $$;";

/// Ends whoever is still connected and leaves what the migrations put in. Triggers and foreign keys stand aside.
const EMPTY: &str = "
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET session_replication_role = replica;
    DO $$ DECLARE name text; BEGIN
        -- Most tables have never held a row.
        FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND relname <> 'seaql_migrations' AND pg_relation_size(oid) > 0 LOOP
            EXECUTE format('DELETE FROM public.%I', name);
        END LOOP;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'seeds' LOOP
            EXECUTE format('INSERT INTO public.%I SELECT * FROM seeds.%I', name, name);
        END LOOP;
        FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
            EXECUTE format('ALTER SEQUENCE public.%I RESTART', name);
        END LOOP;
    END $$;";

async fn copy() -> String {
    let name = next_name();
    postgres::admin(&format!("CREATE DATABASE {name} TEMPLATE template_anju")).await;
    name
}

async fn empty(name: String) -> String {
    let mut options = ConnectOptions::new(postgres::url(&name));
    options.max_connections(1).sqlx_logging(false);
    let connection = Connector::connect(options).await.unwrap();
    connection.execute_unprepared(EMPTY).await.unwrap();
    connection.close().await.unwrap();
    name
}

fn next_name() -> String {
    format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
