//! Whole ledgers: the real one, and a long one.

use std::{collections::HashSet, fmt::Write, sync::Mutex};

use entity::vocab::{ContractStatus, OwnerStage, WarrantyPart};

use super::*;

const SKIP: Options = Options { dry_run: false, skip_bad_rows: true };

#[tokio::test]
async fn the_real_ledger_is_loaded_exactly_and_a_second_run_changes_nothing() {
    let fixture = Fixture::new().await;
    let first = fixture.run(data("ledger.xlsx"), SKIP).await;
    assert_matches_expected_report(&first.report);
    assert_eq!((first.report.units, first.report.contracts), (1180, 1180));

    let projects = fixture.all::<project::Entity>().await;
    let named: HashSet<_> = projects.iter().map(|row| (row.name.as_str(), row.code.as_str())).collect();
    assert_eq!(named, HashSet::from([("安居·云庭", "YT"), ("安居·湖畔", "HP")]));
    assert_eq!(fixture.all::<building::Entity>().await.len(), 6);
    assert_eq!(fixture.all::<owner::Entity>().await.len(), 1373);
    assert_eq!(fixture.all::<contract::Entity>().await.len(), 1180);
    let units = fixture.all::<unit::Entity>().await;
    let handed_over = units.iter().filter(|unit| unit.handed_over_on.is_some()).count();
    assert_eq!(units.len(), 1180);
    assert_eq!(fixture.all::<warranty_item::Entity>().await.len(), handed_over * WarrantyPart::ALL.len());
    assert_eq!(fixture.all::<staff::Entity>().await.len(), 12);
    assert_eq!(fixture.all::<audit_entry::Entity>().await.len(), 1);

    let before = fixture.dump().await;
    fixture.clock.advance(TimeDelta::days(3));
    let second = fixture.run(data("ledger.xlsx"), SKIP).await;
    assert_eq!(second.report, first.report);
    assert!(second.changes.unwrap().is_empty());
    assert_eq!(fixture.dump().await, before);
}

fn assert_matches_expected_report(report: &Report) {
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data("ledger.expected.json")).unwrap()).unwrap();
    let found = serde_json::to_value(report.told(crate::language::Language::En)).unwrap();
    for key in ["data_rows", "good_rows", "owners"] {
        assert_eq!(found[key], expected[key], "{key}");
    }
    let bad = |row: &serde_json::Value| (row["row"].clone(), row["problem"].clone());
    let bad_rows =
        |value: &serde_json::Value| value["bad_rows"].as_array().unwrap().iter().map(bad).collect::<Vec<_>>();
    assert_eq!(bad_rows(&found), bad_rows(&expected));
}

#[tokio::test]
async fn a_row_becomes_a_home_with_everything_about_it() {
    let fixture = Fixture::new().await;
    let (first, second) = (identity(1), identity(2));
    fixture
        .import(&[
            &format!("安居·云庭,1#,一单元,0101,89.5㎡,张三/李四,{first}/{second},138 0000 0001/+8613900000002,A-1,2024年3月5日,2026.05.01,gj001,已装修"),
            &format!("安居·云庭,会所,,8,,张三,{first},13800000001,A-2,2025-01-02,,,"),
        ])
        .await;

    let unit = fixture.unit("1号楼-1-101").await;
    assert_eq!((unit.floor_area_centi, unit.handed_over_on), (Some(8950), Some(on("2026-05-01"))));
    assert_eq!(fixture.unit("会所-8").await.handed_over_on, None);
    let signed = on("2024-03-05");
    let history = fixture.history("1号楼-1-101").await;
    assert_eq!(history, [("张三".to_owned(), signed, None), ("李四".to_owned(), signed, None)]);

    let wife = fixture.owner("张三").await;
    assert_eq!((wife.stage, wife.phone_masked.as_deref()), (OwnerStage::Resident, Some("138****0001")));
    assert_eq!(fixture.phone_of(&wife), "13800000001");
    assert_eq!(wife.identity_hash, Some(fixture.tools.vault.identity_hash(&first)));
    assert_eq!(wife.identity_masked, Some(identity_number::mask(&first)));
    assert_eq!(fixture.signs_in("13900000002").await.as_deref(), Some("李四"));

    let contracts = fixture.all::<contract::Entity>().await;
    let of = |number: &str| contracts.iter().find(|contract| contract.number == number).unwrap();
    assert_eq!((of("A-1").status, of("A-1").signed_on), (ContractStatus::HandedOver, Some(signed)));
    assert_eq!((of("A-2").status, of("A-2").handed_over_on), (ContractStatus::Signed, None));
    let items = fixture.all::<warranty_item::Entity>().await;
    assert_eq!(items.len(), WarrantyPart::ALL.len());
    let wiring = items.iter().find(|item| item.part == WarrantyPart::Wiring).unwrap();
    assert_eq!((wiring.starts_on, wiring.expires_on), (on("2026-05-01"), on("2028-05-01")));
    assert_eq!((wiring.unit_id, wiring.contract_id), (unit.id, Some(of("A-1").id)));
    assert_new_ambassador_answers_for(&fixture, unit.id).await;
}

async fn assert_new_ambassador_answers_for(fixture: &Fixture, unit_id: Uuid) {
    let ambassador = fixture.all::<staff::Entity>().await.remove(0);
    assert_eq!((ambassador.number.as_str(), ambassador.login.as_str()), ("GJ001", "gj001"));
    assert_eq!((ambassador.role, ambassador.is_active), (Role::Ambassador, true));
    assert_eq!(ambassador.password_hash, None);
    let assignment = fixture.all::<ambassador_assignment::Entity>().await.remove(0);
    assert_eq!((assignment.unit_id, assignment.staff_id, assignment.ended_at), (unit_id, ambassador.id, None));
    assert_eq!(fixture.all::<staff_project::Entity>().await[0].staff_id, ambassador.id);
}

#[tokio::test]
async fn a_home_without_a_day_of_signing_is_owned_from_the_handover_or_from_today() {
    let fixture = Fixture::new().await;
    // It is 20:00 on the 23rd in Shanghai; four hours later it would be the 24th there, and still the 23rd in UTC.
    fixture.clock.advance(TimeDelta::hours(5));
    fixture.import(&["云庭,1#,,101,,张三,,13800000001,,,2026-05-01,,", "云庭,1#,,102,,李四,,13800000002,,,,,"]).await;
    assert_eq!(fixture.history("1号楼-101").await[0].1, on("2026-05-01"));
    assert_eq!(fixture.history("1号楼-102").await[0].1, on("2026-11-24"));
}

#[tokio::test]
async fn a_long_ledger_takes_few_statements() {
    const ROWS: u32 = 4_000;
    let fixture = Fixture::new().await;
    let mut text = format!("{HEADER}\n");
    for number in 0..ROWS {
        let (building, room) = (number / 1000, number % 1000);
        let id = identity(number);
        writeln!(
            text,
            "云庭,{building}#,1,{room},89.5,业主{number},{id},138{number:08},C-{number},2024-03-05,2026-05-01,GJ{:03},",
            number % 20
        )
        .unwrap();
    }
    let path = fixture.folder.path().join("long.csv");
    std::fs::write(&path, text).unwrap();

    let seen = Mutex::new(Vec::new());
    let before = fixture.tools.db.statements();
    let ledger = import::open(&path).unwrap();
    let told = |progress| seen.lock().unwrap().push(progress);
    let imported = import_ledger(&fixture.tools, ledger, Options::default(), told).await.unwrap();
    let statements = fixture.tools.db.statements() - before;
    assert_eq!((imported.report.good_rows, imported.report.owners), (4_000, 4_000));
    assert_eq!(imported.changes.unwrap().of(Table::Units).new, 4_000);
    assert!(statements < 300, "{statements} statements");

    let seen = seen.into_inner().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].step != pair[1].step || pair[0].rows < pair[1].rows));
    assert_eq!(seen.last(), Some(&Progress { step: Step::Writing, rows: 4_000, of: Some(4_000) }));

    let before = fixture.tools.db.statements();
    let again = fixture.run(path, Options::default()).await;
    assert!(again.changes.unwrap().is_empty());
    assert!(fixture.tools.db.statements() - before < 200);
}
