//! A database per test, copied from one that was migrated once.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database as Connector};
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
}

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
                Self { engine, url, _folder: Some(Arc::new(folder)) }
            }
            Engine::Postgres => {
                let name = next_name();
                postgres::admin(&format!("CREATE DATABASE {name}")).await;
                Self { engine, url: postgres::url(&name), _folder: None }
            }
        }
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
        Self { engine: Engine::Sqlite, url, _folder: Some(Arc::new(folder)) }
    }

    async fn postgres() -> Self {
        POSTGRES_TEMPLATE
            .get_or_init(|| async {
                postgres::admin("CREATE DATABASE template_anju").await;
                let db = Connector::connect(postgres::url("template_anju")).await.unwrap();
                Migrator::up(&db, None).await.unwrap();
                db.close().await.unwrap();
            })
            .await;
        let name = next_name();
        postgres::admin(&format!("CREATE DATABASE {name} TEMPLATE template_anju")).await;
        Self { engine: Engine::Postgres, url: postgres::url(&name), _folder: None }
    }

    /// A connection of the test's own, beside the server's.
    pub async fn connect(&self) -> sea_orm::DatabaseConnection {
        Connector::connect(&self.url).await.unwrap()
    }

    /// Runs a statement beside the server.
    pub async fn execute(&self, sql: &str) {
        let connection = self.connect().await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }
}

fn next_name() -> String {
    format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
