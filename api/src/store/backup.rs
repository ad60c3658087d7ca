//! Copies of an embedded database, and what can be said of a database before something is put into it.

use std::path::{Path, PathBuf};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement, sqlx::sqlite::SqliteConnectOptions,
};

use super::db::Db;
use crate::error::{Error, Result};

/// Only a database of ours has this table: the migrator's own.
pub const MARK: &str = "seaql_migrations";

/// The file of an embedded database.
pub fn file_of(url: &str) -> Option<PathBuf> {
    let options: SqliteConnectOptions = url.parse().ok()?;
    Some(options.get_filename().to_owned())
}

/// Writes a consistent copy of an embedded database, whatever others do to it meanwhile. The file must be empty.
pub async fn copy_to(db: &Db, file: &Path) -> Result<()> {
    let file = file.to_str().ok_or_else(|| Error::internal("the file's name is not in UTF-8"))?;
    let statement = Statement::from_sql_and_values(db.reader().get_database_backend(), "VACUUM INTO ?", [file.into()]);
    db.reader().execute_raw(statement).await?;
    Ok(())
}

/// What is wrong with a copy, if anything: it is read from end to end, and never written to.
pub async fn fault_of_copy(file: &Path) -> Option<String> {
    match read_copy(file).await {
        Ok(fault) => fault,
        Err(error) => Some(error.to_string()),
    }
}

async fn read_copy(file: &Path) -> Result<Option<String>, DbErr> {
    let mut options = ConnectOptions::new("sqlite://copy");
    let file = file.to_owned();
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&file).read_only(true).create_if_missing(false));
    let connection = Database::connect(options).await?;
    let fault = check(&connection).await;
    connection.close().await?;
    fault
}

async fn check(connection: &DatabaseConnection) -> Result<Option<String>, DbErr> {
    let said: Vec<String> = texts(connection, "PRAGMA integrity_check").await?;
    if said != ["ok"] {
        return Ok(Some(said.join("; ")));
    }
    let dangling = texts(connection, "SELECT \"table\" FROM pragma_foreign_key_check").await?;
    if let Some(table) = dangling.first() {
        return Ok(Some(format!("rows of {table} point to rows that are not there")));
    }
    let is_ours = texts(connection, &format!("SELECT name FROM sqlite_master WHERE name = '{MARK}'")).await?;
    Ok(is_ours.is_empty().then(|| "it is not a database of Anju's".to_owned()))
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

const TABLES_ON_SQLITE: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

/// Tables of whoever made the database. Those that an extension brought with it are none of these.
const TABLES_ON_POSTGRES: &str = "
    SELECT relation.relname::text FROM pg_class relation JOIN pg_namespace room ON room.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p') AND room.nspname <> 'information_schema' AND room.nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = relation.oid AND d.deptype = 'e')";

/// Whether nobody has made a table yet.
pub async fn is_blank(db: &Db) -> Result<bool> {
    let sql = if db.is_postgres() { TABLES_ON_POSTGRES } else { TABLES_ON_SQLITE };
    Ok(texts(db.reader(), sql).await?.is_empty())
}

/// Tells the database's planner what is in the tables, which a restore does not.
pub async fn analyse(db: &Db) -> Result<()> {
    db.writer().execute_unprepared("ANALYZE").await?;
    Ok(())
}
