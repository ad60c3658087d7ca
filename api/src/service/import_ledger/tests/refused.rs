//! Ledgers that are refused, wholly or in part, and imports that must not write.

use super::*;
use crate::{domain::ledger::Problem, import::ReadError};

const GOOD: &str = "云庭,1#,,101,89,张三,,13800000001,A-1,2024-03-05,,GJ001,";
const BAD: &str = "云庭,1#,,102,89,李四,,1380000,A-2,2024-03-05,,GJ001,";

fn problems(imported: &Imported) -> Vec<(u32, &str, Problem)> {
    imported.report.bad_rows.iter().map(|bad| (bad.row, bad.column.as_str(), bad.problem)).collect()
}

#[tokio::test]
async fn one_bad_row_refuses_the_ledger_unless_bad_rows_are_to_be_skipped() {
    let fixture = Fixture::new().await;
    let empty = fixture.dump().await;
    let refused = fixture.run(fixture.ledger(&[GOOD, BAD]), Options::default()).await;
    assert_eq!(problems(&refused), [(3, "手机号", Problem::BadPhone)]);
    assert_eq!((refused.report.good_rows, refused.report.units), (1, 1));
    assert_eq!(refused.changes, None);
    assert_eq!(fixture.dump().await, empty);

    let skipped = fixture.run(fixture.ledger(&[GOOD, BAD]), Options { skip_bad_rows: true, dry_run: false }).await;
    assert_eq!(skipped.report, refused.report);
    assert_eq!(skipped.changes.unwrap().of(Table::Units).new, 1);
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_writes_nothing() {
    let fixture = Fixture::new().await;
    let empty = fixture.dump().await;
    let options = Options { dry_run: true, skip_bad_rows: true };
    let dry = fixture.run(fixture.ledger(&[GOOD, BAD]), options).await;
    assert_eq!(dry.changes, None);
    assert_eq!(fixture.dump().await, empty);
    let wet = fixture.run(fixture.ledger(&[GOOD, BAD]), Options { skip_bad_rows: true, dry_run: false }).await;
    assert_eq!(wet.report, dry.report);
}

#[tokio::test]
async fn staff_numbers_are_matched_whatever_their_case_and_only_to_active_ambassadors() {
    let fixture = Fixture::new().await;
    let known = fixture.add_staff("gj001", "he", Role::Ambassador, true).await;
    fixture.add_staff("WX001", "wei", Role::Technician, true).await;
    fixture.add_staff("GJ009", "left", Role::Ambassador, false).await;
    fixture.add_staff("X-1", "gj002", Role::ServiceAgent, true).await;
    let row = |room: u32, number: &str| format!("云庭,1#,,{room},,业主{room},,13800000{room},,2024-03-05,,{number},");
    let rows = [row(101, "GJ001"), row(102, "WX001"), row(103, "gj009"), row(104, "GJ002")];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let imported = fixture.run(fixture.ledger(&rows), Options { skip_bad_rows: true, dry_run: false }).await;
    let bad = Problem::UnknownAmbassador;
    assert_eq!(problems(&imported), [(3, "管家工号", bad), (4, "管家工号", bad)]);
    assert_eq!((imported.report.data_rows, imported.report.good_rows, imported.report.units), (4, 2, 2));

    let assignments = fixture.all::<ambassador_assignment::Entity>().await;
    assert!(assignments.iter().any(|row| row.staff_id == known));
    let staff = fixture.all::<staff::Entity>().await;
    assert_eq!(staff.len(), 5);
    let new = staff.iter().find(|staff| staff.number == "GJ002").unwrap();
    assert_eq!(new.login, "gj002-2", "somebody else signs in as gj002");
    assert_eq!(fixture.all::<staff_project::Entity>().await.len(), 2);
}

#[tokio::test]
async fn a_contract_number_of_another_unit_is_not_taken_from_it() {
    let fixture = Fixture::new().await;
    fixture.import(&[GOOD]).await;
    let before = fixture.dump().await;
    let other = "云庭,1#,,102,89,李四,,13800000002,a-1,2024-03-05,,,";
    let refused = fixture.run(fixture.ledger(&[other]), Options::default()).await;
    assert_eq!(problems(&refused), [(2, "合同号", Problem::DupContract)]);
    let said = crate::language::say(&refused.report.bad_rows[0].message, crate::language::Language::Zh);
    assert_eq!(said, "该合同编号已属于房屋 1号楼-101：一份合同只对应一套房屋");
    assert_eq!(fixture.dump().await, before);
}

#[tokio::test]
async fn a_file_that_changes_under_way_changes_nothing_in_the_company() {
    let fixture = Fixture::new().await;
    let empty = fixture.dump().await;
    let path = fixture.ledger(&[GOOD]);
    let ledger = import::open(&path).unwrap();
    let meddle = |progress: Progress| {
        if progress.step == Step::Checking {
            let other = GOOD.replace("张三", "王五").replace(",101,", ",102,");
            fixture.ledger(&[GOOD, &other]);
        }
    };
    let error = import_ledger(&fixture.tools, ledger, Options::default(), meddle).await.unwrap_err();
    assert!(matches!(error, ImportError::Changed), "{error:?}");
    assert_eq!(fixture.dump().await, empty);
}

#[tokio::test]
async fn a_file_that_ends_in_the_middle_changes_nothing_in_the_company() {
    let fixture = Fixture::new().await;
    let empty = fixture.dump().await;
    let ledger = import::open(&fixture.ledger(&[GOOD, "云庭,1#,,102,\"89"])).unwrap();
    let error = import_ledger(&fixture.tools, ledger, Options::default(), |_| {}).await.unwrap_err();
    assert!(matches!(error, ImportError::Read(ReadError::OpenQuote { row: 3, .. })), "{error:?}");
    assert_eq!(fixture.dump().await, empty);
}
