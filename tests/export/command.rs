//! `anju export`: what whoever keeps the database writes without an account is what others download, and is whole or not there.

use std::{fs, path::Path, process::Stdio, time::Duration};

use anju::{
    commands,
    config::{Cli, Command, ExportArgs},
    graphql::id::Kind,
    service::export::Subject,
    start::StartError,
};
use clap::Parser;
use entity::{ticket, vocab::SurveyKind};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use tokio::process::Child;

use super::{download_in, file};
use crate::{
    both,
    harness::{
        Engine, TestApp,
        dialect::Dialect,
        postgres,
        process::{ARGUMENTS, PROGRAM, peak_memory_of},
        until, until_within,
    },
    survey,
};

const PATIENCE: Duration = Duration::from_secs(120);

fn parsed(app: &TestApp, table: &str, file: &Path, more: &[&str]) -> ExportArgs {
    let words = ["anju", "export", table, file.to_str().unwrap(), "--database-url", &app.database.url];
    match Cli::parse_from(words.iter().chain(more)).command {
        Command::Export(args) => args,
        other => panic!("{other:?}"),
    }
}

/// Runs the command at the time of the test.
async fn export(app: &TestApp, table: &str, file: &Path, more: &[&str]) -> Result<(), StartError> {
    commands::write_export(&app.services, &parsed(app, table, file, more)).await
}

async fn refusal(app: &TestApp, file: &Path, more: &[&str]) -> String {
    export(app, "tickets", file, more).await.unwrap_err().to_string()
}

/// What stands in a folder.
fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// Something in every table, in two projects.
async fn live(app: &mut TestApp) {
    for (who, room) in [("zhang", "YT-101"), ("zhao", "HP-101")] {
        app.report_as(who, json!({ "unitId": Kind::Unit.encode(app.world.unit(room)), "title": "=漏水, \"急\"" }))
            .await
            .ticket();
    }
    survey::home(app, "buyer 1", ("YT", "ambassador.a"), "2026-11-20", None).await;
    survey::home(app, "buyer 2", ("HP", "ambassador.b"), "2026-11-20", None).await;
    survey::at(app, survey::opening()).await;
    survey::rate(app, "buyer 2", SurveyKind::Sales, 2).await;
    let masked = "UPDATE owners SET identity_masked = '3***************1X' WHERE name = 'zhang'";
    app.database.execute(masked).await;
}

both! {
    async fn the_command_writes_what_the_supervisor_of_all_downloads(app) {
        let mut app = app;
        live(&mut app).await;
        let supervisor = app.staff("supervisor").await;
        let folder = tempfile::tempdir().unwrap();
        let project = Kind::Project.encode(app.world.id("project:YT"));
        for subject in Subject::ALL {
            let name = subject.name();
            let path = folder.path().join(format!("{name}.csv"));
            for (option, language) in [("zh", "zh-CN"), ("en", "en")] {
                export(&app, name, &path, &["--language", option]).await.unwrap();
                let whole = download_in(&supervisor, &format!("{name}.csv"), language).await;
                assert!(whole.lines().len() > 1, "{name} is empty");
                assert_eq!(fs::read(&path).unwrap(), whole.bytes, "{name} in {language}");
                export(&app, name, &path, &["--language", option, "--project", "yt"]).await.unwrap();
                let part = download_in(&supervisor, &format!("{name}.csv?project={project}"), language).await;
                assert!(part.bytes.len() < whole.bytes.len(), "{name} of one project");
                assert_eq!(fs::read(&path).unwrap(), part.bytes, "{name} of a project in {language}");
            }
        }
        let ledger = fs::read_to_string(folder.path().join("owner-ledger.csv")).unwrap();
        assert!(ledger.contains("3***************1X") && !ledger.contains("19100000001"), "numbers are masked: {ledger}");
        let entries = app.staff("auditor").await.run(
            "{ auditEntries(filter: { action: \"EXPORT\" }, first: 100) { nodes { actor { __typename } } } }", json!({}),
        ).await;
        let nodes = entries["auditEntries"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.iter().filter(|node| node["actor"].is_null()).count(), 4 * Subject::ALL.len());
    }

    async fn a_workbook_by_its_name_holds_the_rows_that_are_downloaded(app) {
        let mut app = app;
        live(&mut app).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("工单.XLSX");
        export(&app, "tickets", &path, &["--language", "en"]).await.unwrap();
        let downloaded = download_in(&app.staff("supervisor").await, "tickets.xlsx", "en").await;
        let rows = |bytes: Vec<u8>| {
            let mut rows = Vec::new();
            file::xlsx(std::io::Cursor::new(bytes), 42, |row| rows.push(row));
            rows
        };
        let written = rows(fs::read(&path).unwrap());
        assert_eq!(written.len(), 2);
        assert_eq!(written, rows(downloaded.bytes));
        let other = folder.path().join("tickets.txt");
        export(&app, "tickets", &other, &["--format", "csv", "--language", "en"]).await.unwrap();
        assert_eq!(file::csv(&fs::read(&other).unwrap()).count(), 3);
    }

    async fn what_can_not_be_done_is_told_with_what_to_do_and_leaves_nothing(app) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tickets.csv");
        let unknown = "there is no project with the code XX; --project takes one of ";
        let told = refusal(&app, &path, &["--project", "XX"]).await;
        assert!(told.starts_with(unknown) && told.contains("YT (安居·云庭)") && told.contains("HP ("), "{told}");
        let told = refusal(&app, &folder.path().join("tickets"), &[]).await;
        assert!(told.contains("a name that ends in .csv or .xlsx, or by --format csv"), "{told}");
        let told = refusal(&app, folder.path(), &["--format", "csv"]).await;
        assert!(told.ends_with("is a folder; name the file in it"), "{told}");
        let told = refusal(&app, &folder.path().join("no/tickets.csv"), &[]).await;
        assert!(told.contains("no/tickets.csv can't be written: "), "{told}");
        let told = refusal(&app, &path, &["--from-month", "2026-01"]).await;
        assert!(told.contains("narrow figures alone"), "{told}");
        assert_eq!(names(folder.path()), [""; 0]);
    }

    async fn a_table_that_breaks_off_leaves_the_file_that_was_there(app) {
        let ticket = app.report(json!({})).await;
        let (_, id) = anju::graphql::id::decode(ticket["id"].as_str().unwrap()).unwrap();
        let sql = Dialect(app.database.engine);
        let (near, far) = (sql.uuid(app.world.unit("YT-101")), sql.uuid(app.world.unit("HP-101")));
        let columns = [
            ("id", sql.id(6, "n")),
            ("number", "'N' || n".to_owned()),
            ("unit_id", format!("CASE WHEN n > 200 THEN {far} ELSE {near} END")),
        ];
        app.database.execute(&sql.copy(ticket::Entity, &format!("id = {}", sql.uuid(id)), 1..=300, &columns)).await;
        app.database.execute("UPDATE projects SET time_zone = 'nowhere' WHERE code = 'HP'").await;
        let folder = tempfile::tempdir().unwrap();
        for name in ["tickets.csv", "tickets.xlsx"] {
            let path = folder.path().join(name);
            fs::write(&path, "yesterday's").unwrap();
            let told = export(&app, "tickets", &path, &[]).await.unwrap_err().to_string();
            assert!(told.ends_with(&format!("{name} was not written: run it again")), "{told}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "yesterday's");
        }
        assert_eq!(names(folder.path()).len(), 2, "{:?}", names(folder.path()));
    }
}

/// `anju` as a program.
fn begin(arguments: &[&str]) -> Child {
    let mut command = match std::env::var_os(PROGRAM) {
        Some(program) => {
            let mut command = tokio::process::Command::new(program);
            command.args(&arguments[1..]);
            command
        }
        None => {
            let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "process::server_process", "--nocapture", "--test-threads=1"]);
            command
        }
    };
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANJU_")) {
        command.env_remove(name);
    }
    command.env(ARGUMENTS, arguments.join("\n")).stdin(Stdio::null()).kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Its exit code, what it printed, and what it said.
async fn end(program: Child) -> (Option<i32>, Vec<u8>, String) {
    let output = program.wait_with_output().await.unwrap();
    (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Exports tickets into a file by the program; the most memory that it was seen to have.
pub async fn tickets_of_all(url: &str, file: &Path) -> u64 {
    let arguments = ["anju", "export", "tickets", file.to_str().unwrap(), "--database-url", url, "--language", "en"];
    let mut program = begin(&arguments);
    let (id, mut most) = (program.id().unwrap(), 0);
    let ended = until_within(PATIENCE, "the table is whole", async || {
        most = most.max(peak_memory_of(id).unwrap_or(0));
        program.try_wait().unwrap()
    });
    assert!(ended.await.success());
    most
}

async fn program(arguments: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    end(begin(arguments)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_told_to_stop_leaves_nothing() {
    if !postgres::is_there() {
        return;
    }
    let app = TestApp::new(Engine::Postgres).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tickets.csv");
    let held = app.database.connect().await;
    let held = held.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let url = app.database.url.as_str();
    let program = begin(&["anju", "export", "tickets", path.to_str().unwrap(), "--database-url", url]);
    until("it has begun", async || (names(folder.path()).len() == 1).then_some(())).await;
    postgres::until_waited_for(&app, "audit_entries").await;
    let told = tokio::process::Command::new("kill").args(["-TERM", &program.id().unwrap().to_string()]).status().await;
    assert!(told.unwrap().success());
    let (code, _, said) = end(program).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("stopped before the table was whole"), "{said}");
    assert_eq!(names(folder.path()), [""; 0]);
    held.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_prints_a_table_or_says_why_not() {
    let app = TestApp::new(Engine::Sqlite).await;
    let url = app.database.url.as_str();
    let (code, printed, said) =
        program(&["anju", "export", "owner-ledger", "-", "--format", "csv", "--database-url", url]).await;
    assert_eq!(code, Some(0), "{said}");
    let head = "\u{FEFF}项目名称,楼栋,单元,房号,建筑面积,业主姓名,";
    assert!(String::from_utf8_lossy(&printed).contains(head), "{}", String::from_utf8_lossy(&printed));
    let (code, printed, said) = program(&["anju", "export", "tickets", "-", "--database-url", url]).await;
    assert_eq!(code, Some(1), "{}", String::from_utf8_lossy(&printed));
    assert!(said.contains("anju: say which kind of file it is"), "{said}");
    let nowhere = "sqlite:///nowhere/anju.db";
    let (code, _, said) = program(&["anju", "export", "tickets", "a.csv", "--database-url", nowhere]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no database at sqlite:///nowhere/anju.db; check --database-url"), "{said}");
}
