//! Ownership day by day: the cases that a ledger seldom brings about.

use super::*;

const UNIT: Uuid = Uuid::from_u128(1);
const WIFE: Uuid = Uuid::from_u128(11);
const HUSBAND: Uuid = Uuid::from_u128(12);
const BUYER: Uuid = Uuid::from_u128(13);

fn on(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

fn held(owner_id: Uuid, started_on: &str, ended_on: Option<&str>) -> ownership::Model {
    let id = Uuid::from_u128(owner_id.as_u128() + 100);
    ownership::Model {
        id,
        unit_id: UNIT,
        owner_id,
        position: 0,
        started_on: on(started_on),
        ended_on: ended_on.map(on),
    }
}

/// What is new, what is changed, and who left.
fn plan(held: &[ownership::Model], owners: &[Uuid], begin: Option<&str>) -> (Edits<ownership::Model>, Vec<Uuid>) {
    let mut edits = Edits::default();
    let days = Days { begin: begin.map(on), today: on("2026-11-23") };
    let left = ownerships(&mut edits, held, UNIT, owners, days, || Uuid::from_u128(99));
    (edits, left)
}

#[test]
fn what_is_known_changes_nothing() {
    let couple =
        [held(WIFE, "2024-03-05", None), ownership::Model { position: 1, ..held(HUSBAND, "2024-03-05", None) }];
    for begin in [None, Some("2024-03-05")] {
        let (edits, left) = plan(&couple, &[WIFE, HUSBAND], begin);
        assert!(edits.new.is_empty() && edits.changed.is_empty() && left.is_empty());
    }
}

#[test]
fn a_buyer_begins_on_the_day_of_signing_only_when_that_is_later() {
    for (begin, expected) in [
        (Some("2026-08-01"), "2026-08-01"),
        (Some("2024-03-05"), "2026-11-23"),
        (Some("2020-01-01"), "2026-11-23"),
        (None, "2026-11-23"),
    ] {
        let (edits, left) = plan(&[held(WIFE, "2024-03-05", None)], &[BUYER], begin);
        assert_eq!(left, [WIFE]);
        assert_eq!((edits.new[0].owner_id, edits.new[0].started_on), (BUYER, on(expected)));
        assert_eq!(edits.changed[0].ended_on, Some(on(expected)));
    }
}

#[test]
fn nobody_leaves_before_they_came() {
    let (edits, _) = plan(&[held(WIFE, "2027-01-01", None)], &[BUYER], None);
    assert_eq!(edits.changed[0].ended_on, Some(on("2027-01-01")));
}

#[test]
fn one_of_two_leaves() {
    let couple = [held(WIFE, "2024-03-05", None), held(HUSBAND, "2024-03-05", None)];
    let (edits, left) = plan(&couple, &[WIFE], Some("2024-03-05"));
    assert_eq!(left, [HUSBAND]);
    assert!(edits.new.is_empty());
    assert_eq!((edits.changed.len(), edits.changed[0].owner_id), (1, HUSBAND));
}

#[test]
fn the_beginning_is_corrected_only_while_nobody_joined_or_left() {
    let (edits, _) = plan(&[held(WIFE, "2024-03-05", None)], &[WIFE], Some("2024-04-05"));
    assert_eq!(edits.changed[0].started_on, on("2024-04-05"));
    let sold = [held(WIFE, "2024-03-05", Some("2026-08-01")), held(BUYER, "2026-08-01", None)];
    assert!(plan(&sold, &[BUYER], Some("2024-04-05")).0.changed.is_empty());
    let joined =
        [held(WIFE, "2024-03-05", None), ownership::Model { position: 1, ..held(HUSBAND, "2026-08-01", None) }];
    assert!(plan(&joined, &[WIFE, HUSBAND], Some("2024-04-05")).0.changed.is_empty());
}

#[test]
fn one_who_left_today_and_is_back_today_never_left() {
    let back = held(WIFE, "2026-11-23", Some("2026-11-23"));
    let (edits, left) = plan(&[back.clone(), held(BUYER, "2026-11-23", None)], &[WIFE], None);
    assert_eq!(left, [BUYER]);
    assert!(edits.new.is_empty());
    assert!(edits.changed.contains(&ownership::Model { ended_on: None, ..back }));
}
