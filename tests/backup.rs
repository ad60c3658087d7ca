//! Backups: what is restored is what was there, to the last row, and a server runs over it.

use std::{path::Path, sync::Arc};

use anju::{
    commands,
    config::{Cli, Command},
    start::StartError,
};
use clap::Parser;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;

use crate::{
    both,
    harness::{
        Database, Engine, TestApp, TestOptions,
        documents::Documents,
        homes::{call, done},
    },
};

/// Runs `anju backup` or `anju restore` as it is typed.
async fn anju(what: &str, url: &str, file: &Path) -> Result<(), StartError> {
    let cli = Cli::parse_from(["anju", what, "--database-url", url, file.to_str().unwrap()]);
    let done = match cli.command {
        Command::Backup(args) => commands::backup(args).await,
        Command::Restore(args) => commands::restore(args).await,
        _ => panic!("it is another command"),
    };
    done.map(drop)
}

async fn texts(conn: &DatabaseConnection, sql: String) -> Vec<String> {
    let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// How the database itself writes a row of a table.
async fn row_of(conn: &DatabaseConnection, engine: Engine, table: &str) -> String {
    match engine {
        Engine::Postgres => format!("\"{table}\"::text"),
        Engine::Sqlite => {
            let columns = texts(conn, format!("SELECT name FROM pragma_table_info('{table}')")).await;
            columns.iter().map(|column| format!("quote(\"{column}\")")).collect::<Vec<_>>().join(" || ',' || ")
        }
    }
}

/// Every row of every table, and every trigger.
async fn everything(database: &Database) -> Vec<String> {
    let conn = database.connect().await;
    let (tables, triggers) = match database.engine {
        Engine::Postgres => (
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
            "SELECT DISTINCT trigger_name::text FROM information_schema.triggers WHERE trigger_schema = 'public'",
        ),
        Engine::Sqlite => (
            "SELECT name FROM sqlite_master WHERE type = 'table'",
            "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        ),
    };
    let mut found = texts(&conn, triggers.to_owned()).await;
    for table in texts(&conn, tables.to_owned()).await {
        let row = row_of(&conn, database.engine, &table).await;
        let rows = texts(&conn, format!("SELECT {row} FROM \"{table}\"")).await;
        found.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    conn.close().await.unwrap();
    found.sort_unstable();
    found
}

/// Something of every kind in the database: a ticket with its event, an audited look, a session.
async fn live(app: &TestApp) {
    let unit_id = anju::graphql::id::Kind::Unit.encode(app.world.unit("YT-101"));
    let input = json!({ "unitId": unit_id, "kind": "REPAIR", "title": "水管漏水" });
    app.owner("zhang").await.done(Documents::owner(), "CreateTicket", input).await;
    assert_eq!(reveal(app).await["phone"], "19100000001");
}

/// A look at a full number, which only the database's own keys can open.
async fn reveal(app: &TestApp) -> serde_json::Value {
    let owner = anju::graphql::id::Kind::Owner.encode(app.world.owner("zhang"));
    let input = json!({ "ownerId": owner, "reason": "回访" });
    done(call(&app.staff("ambassador.a").await, "revealPhone", "phone", input).await)
}

both! {
    async fn a_restored_database_has_every_row_and_serves(app) {
        live(&app).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anju.backup");
        anju("backup", &app.database.url, &file).await.unwrap();
        let before = everything(&app.database).await;
        assert!(before.iter().any(|row| row.contains("水管漏水")) && before.len() > 100, "{} rows", before.len());

        let blank = Database::blank(app.database.engine).await;
        anju("restore", &blank.url, &file).await.unwrap();
        let after = everything(&blank).await;
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(one, other);
        }
        assert_eq!(before.len(), after.len());

        let mut restored = TestApp::over(blank, Arc::clone(&app.clock), TestOptions::default()).await;
        restored.world = app.world.clone();
        let mine = restored.owner("zhang").await.owner_app("MyTickets", json!({ "first": 1 })).await;
        assert_eq!(mine["tickets"]["totalCount"], 1);
        live(&restored).await;
    }

    async fn nothing_that_is_there_is_written_over(app) {
        live(&app).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anju.backup");
        anju("backup", &app.database.url, &file).await.unwrap();
        let (rows, bytes) = (everything(&app.database).await, std::fs::read(&file).unwrap());
        let refused = anju("backup", &app.database.url, &file).await.unwrap_err().to_string();
        assert!(refused.contains("is there already"), "{refused}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
        let refused = anju("restore", &app.database.url, &file).await.unwrap_err().to_string();
        assert!(refused.contains("the database is not empty") && refused.contains("Restore into a new one"), "{refused}");
        assert_eq!(everything(&app.database).await, rows);
    }

    async fn a_damaged_backup_is_refused_and_changes_nothing(app) {
        live(&app).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anju.backup");
        anju("backup", &app.database.url, &file).await.unwrap();
        let whole = std::fs::read(&file).unwrap();
        let mut scratched = whole.clone();
        let middle = whole.len() / 2;
        scratched[middle..middle + 4096].fill(0xa5);
        let foreign = b"not a backup at all".repeat(1000);
        for damaged in [&whole[..whole.len() / 2], &scratched[..], &foreign[..]] {
            std::fs::write(&file, damaged).unwrap();
            let blank = Database::blank(app.database.engine).await;
            anju("restore", &blank.url, &file).await.unwrap_err();
            assert_eq!(everything(&blank).await, Vec::<String>::new());
        }
    }

    async fn only_its_owner_may_read_a_backup_and_half_of_one_is_never_left(app) {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anju.backup");
        let names = || std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect::<Vec<_>>();
        let nowhere = app.database.url.replace("test", "nowhere");
        anju("backup", &nowhere, &file).await.unwrap_err();
        assert!(names().is_empty(), "{:?}", names());
        anju("backup", &app.database.url, &file).await.unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(), ["anju.backup"]);
    }
}
