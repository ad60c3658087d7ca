//! What comes in from another system: tickets with their history, and a roster. Nobody is told, nothing is late, and a second
//! run changes nothing.

mod roster;
mod tickets;

use std::{io::Write, path::Path};

use anju::{
    import::intake::{Report, open},
    service::{
        import_ledger::{Options, Tools},
        intake::{Imported, IntakeError, import_staff, import_tickets},
    },
};

use crate::harness::TestApp;

pub use tickets::load_closed;

const REFUSING: Options = Options { dry_run: false, skip_bad_rows: false };
const SKIPPING: Options = Options { dry_run: false, skip_bad_rows: true };
const DRY: Options = Options { dry_run: true, skip_bad_rows: false };

/// A file of lines with commas between.
fn table(lines: &[String]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(lines.join("\r\n").as_bytes()).unwrap();
    file
}

async fn load_tickets(app: &TestApp, path: &Path, options: Options) -> Result<Imported, IntakeError> {
    let path = path.to_owned();
    let tables = tokio::task::spawn_blocking(move || open(&path).unwrap()).await.unwrap();
    import_tickets(&Tools::from(&app.services), tables, options).await
}

async fn load_staff(app: &TestApp, path: &Path, options: Options) -> Imported {
    let path = path.to_owned();
    let tables = tokio::task::spawn_blocking(move || open(&path).unwrap()).await.unwrap();
    import_staff(&Tools::from(&app.services), tables, options).await.unwrap()
}

/// What is wrong, as `row column problem`.
fn faults(report: &Report) -> Vec<String> {
    report.bad_rows.iter().map(|bad| format!("{} {} {}", bad.row, bad.column, bad.problem.as_str())).collect()
}

#[test]
fn each_column_and_each_problem_is_documented() {
    use anju::domain::intake::{Columns, Problem, staff, ticket};
    let text = include_str!("../docs/tables.md");
    let columns = ticket::Column::ALL.iter().map(|column| column.usual_name());
    for name in columns.chain(staff::Column::ALL.iter().map(|column| column.usual_name())) {
        assert!(text.contains(name), "{name}");
    }
    for problem in Problem::ALL {
        assert!(text.contains(&format!("`{}`", problem.as_str())), "{problem:?}");
    }
}

/// What is made, changed and left.
fn counts(report: &Report) -> (u64, u64, u64) {
    (report.created, report.updated, report.unchanged)
}
