//! A database that a later version has brought further: this version goes on over it. One that lacks something of this
//! version's is refused, whatever else it has.

use anju::{
    config::DatabaseArgs,
    start::{StartError, open_database},
    store::db::PoolOptions,
};
use sea_orm::ConnectionTrait;

use super::tables;
use crate::harness::{Database, Engine, postgres};

const LATER: &str = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 1)";
const LAST_OF_OURS: &str = "DELETE FROM seaql_migrations WHERE version =
    (SELECT max(version) FROM seaql_migrations WHERE version < 'm2999')";

/// Opens it as a server does, with `--migrate` or without, does this in it, and closes it.
async fn open(database: &Database, migrate: bool, then: Option<&str>) -> Result<usize, StartError> {
    let args = DatabaseArgs { database_url: database.url.clone(), max_connections: 2 };
    let db = open_database(&args, PoolOptions::default(), migrate).await?;
    if let Some(sql) = then {
        db.writer().execute_unprepared(sql).await.unwrap();
    }
    let tables = tables(&db).await.len();
    db.close().await;
    Ok(tables)
}

async fn a_later_version_was_here(engine: Engine) {
    let database = Database::blank(engine).await;
    assert!(open(&database, false, None).await.is_err(), "nothing is there yet");
    let tables = open(&database, true, Some(LATER)).await.unwrap();
    for migrate in [true, false] {
        assert_eq!(open(&database, migrate, None).await.unwrap(), tables);
    }
    open(&database, false, Some(LAST_OF_OURS)).await.unwrap();
    for migrate in [true, false] {
        let refused = open(&database, migrate, None).await.unwrap_err().to_string();
        assert!(refused.contains("m29991231_000001_later"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_server_goes_on_over_a_newer_database_on_sqlite() {
    a_later_version_was_here(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_server_goes_on_over_a_newer_database_on_postgres() {
    if postgres::is_there() {
        a_later_version_was_here(Engine::Postgres).await;
    }
}
