//! The rules of rounds as tables, and what holds for every round.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

fn sound(number: usize) -> PointResult {
    let point_id = id(number);
    PointResult { point_id, is_sound: true, finding: None, opens_ticket: false, urgency: Urgency::Normal }
}

fn broken(number: usize, finding: &str) -> PointResult {
    PointResult { is_sound: false, finding: Some(finding.into()), opens_ticket: true, ..sound(number) }
}

const NAMES: [&str; 3] = ["水泵", "电梯", "消防栓"];

fn read(results: &[PointResult]) -> Result<Round, (&'static str, Problem)> {
    let points: Vec<(Uuid, &str)> = NAMES.iter().enumerate().map(|(number, name)| (id(number), *name)).collect();
    round(&points, results).map_err(|invalid| (invalid.field, invalid.problem))
}

#[test]
fn s8_what_was_checked_and_sound_is_counted() {
    let round = read(&[sound(2), broken(1, " 异响 "), sound(0)]).expect("a whole round");
    assert_eq!((round.checked, round.sound), (3, 2));
    let [finding] = round.findings.as_slice() else { panic!("one finding") };
    assert_eq!((finding.point_name.as_str(), finding.description.as_str()), ("电梯", "异响"));
    assert_eq!(finding.ticket, Some(Urgency::Normal));
}

#[test]
fn s8_a_round_speaks_of_each_point_once() {
    for (results, expected) in [
        (vec![], ("points", Problem::Required)),
        (vec![sound(0), sound(1)], ("points", Problem::Required)),
        (vec![sound(0), sound(1), sound(1), sound(2)], ("points.pointId", Problem::Invalid)),
        (vec![sound(0), sound(1), sound(2), sound(7)], ("points.pointId", Problem::Invalid)),
        (vec![sound(0), sound(1), broken(2, "  ")], ("points.finding", Problem::Required)),
        (
            vec![sound(0), sound(1), PointResult { finding: Some("x".into()), ..sound(2) }],
            ("points.finding", Problem::Invalid),
        ),
        (
            vec![sound(0), sound(1), PointResult { opens_ticket: true, ..sound(2) }],
            ("points.opensTicket", Problem::Invalid),
        ),
        (
            vec![sound(0), sound(1), PointResult { urgency: Urgency::Appointment, ..broken(2, "x") }],
            ("points.urgency", Problem::Invalid),
        ),
    ] {
        assert_eq!(read(&results), Err(expected), "{results:?}");
    }
}

#[test]
fn s8_a_round_that_is_not_whole_names_what_is_missing() {
    let points = [(id(0), "水泵"), (id(1), "电梯")];
    let missing = round(&points, &[sound(0)]).expect_err("a point is missing");
    assert_eq!(missing.message, Message::MustSayOfEachPoint { missing: "电梯".to_owned() });
}

#[test]
fn names_of_points_are_their_own_and_not_too_many() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(point_names("points", &["A"], &names(&[" B ", "C"])), Ok(names(&["B", "C"])));
    for (known, new) in [(vec!["A"], names(&["A"])), (vec![], names(&["B", " B"])), (vec![], names(&[""]))] {
        assert!(point_names("points", &known, &new).is_err(), "{known:?} {new:?}");
    }
    let many: Vec<String> = (0..=MOST_POINTS).map(|number| number.to_string()).collect();
    assert_eq!(point_names("points", &[], &many).expect_err("too many").problem, Problem::OutOfRange);
    assert!(point_names("points", &["A"], &many[..MOST_POINTS]).is_err());
    assert!(point_names("points", &[], &many[..MOST_POINTS]).is_ok());
}

#[test]
fn the_time_between_rounds_has_bounds() {
    for (days, is_good) in [(0, false), (-1, false), (1, true), (LONGEST_INTERVAL, true), (LONGEST_INTERVAL + 1, false)]
    {
        assert_eq!(interval(days).is_ok(), is_good, "{days}");
    }
}

#[test]
fn s8_the_next_round_is_counted_from_the_last() {
    for (due, every, performed, expected) in [
        ("2026-11-23", 7, "2026-11-23", "2026-11-30"),
        ("2026-11-23", 7, "2026-11-26", "2026-12-03"),
        ("2026-11-23", 1, "2026-11-23", "2026-11-24"),
        // A day early, it counts from that day.
        ("2026-11-23", 7, "2026-11-22", "2026-11-29"),
        // What reaches us late takes nothing back.
        ("2026-11-30", 7, "2026-11-20", "2026-11-30"),
    ] {
        assert_eq!(next_due(day(due), every, day(performed)), day(expected), "{due} {every} {performed}");
    }
}

#[test]
fn a_round_reaches_us_within_a_week() {
    let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().expect("an instant");
    assert_eq!(performed_at(None, now), Ok(now));
    for (ago, is_good) in [(TimeDelta::zero(), true), (LATEST_REPORT, true), (-TimeDelta::seconds(1), false)] {
        assert_eq!(performed_at(Some(now - ago), now).is_ok(), is_good, "{ago}");
    }
    assert!(performed_at(Some(now - LATEST_REPORT - TimeDelta::seconds(1)), now).is_err());
}

#[test]
fn the_longest_names_make_a_title_that_a_ticket_takes() {
    let title = ticket_title(&"计".repeat(LONGEST_PLAN_NAME), &"点".repeat(LONGEST_POINT_NAME));
    assert!(title.chars().count() <= 120);
}

proptest! {
    #[test]
    fn s8_never_more_sound_than_checked(states in proptest::collection::vec(any::<bool>(), 1..40)) {
        let names: Vec<String> = (0..states.len()).map(|number| format!("点{number}")).collect();
        let points: Vec<(Uuid, &str)> = names.iter().enumerate().map(|(number, name)| (id(number), name.as_str())).collect();
        let results: Vec<_> = states
            .iter()
            .enumerate()
            .map(|(number, is_sound)| if *is_sound { sound(number) } else { broken(number, "坏") })
            .collect();
        let round = round(&points, &results).expect("a whole round");
        prop_assert_eq!(round.checked as usize, states.len());
        prop_assert_eq!(round.sound as usize, states.iter().filter(|is_sound| **is_sound).count());
        prop_assert_eq!(round.checked - round.sound, count(round.findings.len()));
    }

    #[test]
    fn s8_a_round_never_brings_the_next_one_forward(due in 0..2000_u64, every in 1..=LONGEST_INTERVAL, performed in 0..2000_u64) {
        let start = day("2026-01-01");
        let (due, performed) = (start + Days::new(due), start + Days::new(performed));
        let next = next_due(due, every, performed);
        prop_assert!(next >= due && next > performed);
        prop_assert!(next == due || (next - performed).num_days() == i64::from(every));
    }
}
