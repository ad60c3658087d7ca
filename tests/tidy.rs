//! The house rules that the compiler does not know, read from the sources: which floor may import what, where time and
//! chance come from, how long files and functions are. Exceptions are listed with their reason and may only shrink: one
//! that is not needed any more fails the test.

mod rules;
pub mod source;

use source::{Source, functions, imports};

/// Files in which a rule does not hold, each with the reason.
type Exceptions = &'static [(&'static str, &'static str)];

const MOST_LINES: usize = 400;
const MOST_LINES_OF_A_FUNCTION: usize = 60;

/// `file function`, with the reason.
const LONG_FUNCTIONS: Exceptions = &[
    ("api/src/domain/ledger/column.rs names", "a table of the headers that ledgers use"),
    ("migration/src/m20261123_000003_ticket.rs tickets", "one line a column"),
];

/// Fails with every violation that no exception covers, and with every exception that covers none.
fn judge(rule: &str, violations: Vec<String>, exceptions: Exceptions) {
    let is_excepted = |violation: &String| exceptions.iter().any(|(excepted, _)| violation == excepted);
    let unexcused: Vec<_> = violations.iter().filter(|violation| !is_excepted(violation)).collect();
    assert!(unexcused.is_empty(), "{rule}: {unexcused:#?}");
    let unneeded: Vec<_> =
        exceptions.iter().filter(|(excepted, _)| !violations.iter().any(|it| it == excepted)).collect();
    assert!(unneeded.is_empty(), "{rule}: these exceptions are not needed any more: {unneeded:#?}");
}

#[test]
fn the_sources_are_found() {
    let all = source::all();
    for package in ["api/src/", "entity/src/", "migration/src/", "tests/"] {
        assert!(all.iter().any(|source| source.path.starts_with(package)), "{package}");
    }
    let tests = all.iter().filter(|source| source.is_test).count();
    assert!(tests > 20 && all.len() > tests + 100, "{tests} of {} files are tests", all.len());
}

#[test]
fn every_file_says_what_lives_in_it() {
    let silent = source::all().into_iter().filter(|source| !source.text.starts_with("//! "));
    judge("a file begins with //!", silent.map(|source| source.path).collect(), &[]);
}

#[test]
fn files_have_at_most_400_lines() {
    let long = source::all().into_iter().filter(|source| source.text.lines().count() > MOST_LINES);
    judge("a file has at most 400 lines", long.map(|source| source.path).collect(), &[]);
}

#[test]
fn functions_have_at_most_60_lines() {
    let mut long = Vec::new();
    for source in source::all() {
        for (name, lines) in functions(&source.text) {
            if lines > MOST_LINES_OF_A_FUNCTION {
                long.push(format!("{} {name}", source.path));
            }
        }
    }
    judge("a function has at most 60 lines", long, LONG_FUNCTIONS);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not hold them.
    let signs = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["todo", "!("], ["unimplemented", "!("], ["#[ign", "ore"]];
    let mut left = Vec::new();
    for source in source::all() {
        for sign in signs.map(|parts| parts.concat()) {
            if source.text.contains(&sign) {
                left.push(format!("{} {sign}", source.path));
            }
        }
    }
    judge("nothing is left for later", left, &[]);
}

#[test]
fn only_tests_unwrap() {
    let unwrapping = source::product().into_iter().filter(|source| source.code.contains(".unwrap()"));
    judge("only tests unwrap", unwrapping.map(|source| source.path).collect(), &[]);
}

#[test]
fn foreign_crates_stay_in_their_rooms() {
    for rule in rules::ROOMS {
        let strays = |source: &Source| {
            let here = rule.rooms.iter().any(|room| source.path.starts_with(room));
            !here && rule.signs.iter().any(|sign| source.code.contains(sign))
        };
        let found = source::product().into_iter().filter(strays).map(|source| source.path).collect();
        judge(rule.says, found, rule.exceptions);
    }
}

#[test]
fn floors_import_only_what_lies_below() {
    let mut upward = Vec::new();
    for source in source::product() {
        let Some(inner) = source.path.strip_prefix("api/src/") else { continue };
        let floor = inner.split('/').next().unwrap().trim_end_matches(".rs");
        let Some((_, below)) = rules::FLOORS.iter().find(|(name, _)| *name == floor) else {
            assert!(rules::WIRING.contains(&floor), "the floor {floor} has no row in the table");
            continue;
        };
        if rules::WIRING.contains(&inner) {
            continue;
        }
        for import in imports(&source.code, "crate") {
            if import != floor && !below.contains(&import.as_str()) {
                upward.push(format!("{} {import}", source.path));
            }
        }
    }
    judge("imports run one way", upward, rules::UPWARD);
}

#[test]
fn the_domain_is_pure() {
    let mut impure = Vec::new();
    for source in source::product().into_iter().filter(|source| source.path.starts_with("api/src/domain/")) {
        for line in source.code.lines().filter(|line| line.starts_with("use ") || line.starts_with("pub use ")) {
            let first = line.trim_start_matches("pub ").trim_start_matches("use ");
            let is_a_type = first.starts_with(char::is_uppercase);
            let is_allowed = rules::DOMAIN_MAY_USE.iter().any(|name| first.starts_with(name));
            if !is_allowed && !is_a_type && !source.declares(first) {
                impure.push(format!("{}: {line}", source.path));
            }
        }
        if source.code.contains("async fn") || source.code.contains(".await") {
            impure.push(format!("{} is async", source.path));
        }
    }
    judge("the domain is pure", impure, &[]);
}
