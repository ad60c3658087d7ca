//! That every row of the service standard is shown by a test that carries its name, on both databases.

use std::{env, process::Command};

/// The touchpoints of a home's life, and the services that are always there.
const ROWS: &[&str] = &[
    "T1.1", "T1.2", "T1.3", "T1.4", "T2.1", "T2.2", "T3.1", "T3.2", "T3.3", "T4.1", "T5.1", "T5.2", "T5.3", "T5.4",
    "T5.5", "T5.6", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14",
];

/// The names of all tests of this binary.
pub fn names() -> Vec<String> {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// Whether a test of this row runs on this database: `surveys::t3_1_each_customer_gets_one::on_sqlite`.
fn shows(name: &str, row: &str, database: &str) -> bool {
    let prefix = format!("{}_", row.to_lowercase().replace('.', "_"));
    let mut parts = name.rsplit("::");
    parts.next() == Some(database) && parts.next().is_some_and(|test| test.starts_with(&prefix))
}

#[test]
fn every_row_of_the_standard_has_a_test_on_both_databases() {
    let names = names();
    let mut missing = Vec::new();
    for row in ROWS {
        for database in ["on_sqlite", "on_postgres"] {
            if !names.iter().any(|name| shows(name, row, database)) {
                missing.push(format!("{row} {database}"));
            }
        }
    }
    assert!(missing.is_empty(), "no test carries the name of {missing:?}");
}
