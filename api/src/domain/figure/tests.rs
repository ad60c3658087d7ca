//! The targets as the standard says them, months and their ends, and what always holds of sums, ranks and small groups.

use chrono::{DateTime, Utc};
use chrono_tz::{Africa::Cairo, Asia::Shanghai};
use entity::vocab::{Department, FigureItemKind, FigureKey, TicketKind, Triage, Urgency};
use proptest::prelude::*;
use uuid::Uuid;

use super::rank::ranked;
use super::small::{FEWEST, People, Shown, is_sum_shown, shown};
use super::ticket::{TicketFacts, judge};
use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_targets_are_the_standards() {
    use FigureKey as K;
    for (keys, measure, comparison, target) in [
        (&[K::SatisfactionIndex][..], Measure::Percent, Comparison::AtLeast, 85),
        (&[K::SafetyIncidents, K::FireIncidents, K::EquipmentIncidents], Measure::Count, Comparison::Exactly, 0),
        (
            &[K::TrainingRate, K::FilingRate, K::FileCompleteness, K::FollowUpRate, K::ComplaintHandling],
            Measure::Percent,
            Comparison::Exactly,
            100,
        ),
        (
            &[K::RepairTimeliness, K::RepairQuality, K::ComplaintSignoff, K::UrgentReaction],
            Measure::Percent,
            Comparison::AtLeast,
            95,
        ),
        (&[K::ComplaintReply24h, K::CleaningCoverage, K::GuardCoverage], Measure::Percent, Comparison::Exactly, 100),
        (
            &[K::EquipmentSound, K::BuildingSound, K::GreeneryAlive, K::RoadsSound],
            Measure::Percent,
            Comparison::AtLeast,
            98,
        ),
        (
            &[K::MilestoneCoverage, K::WarrantyNoticeCoverage, K::AmbassadorCoverage],
            Measure::Percent,
            Comparison::Exactly,
            100,
        ),
    ] {
        for key in keys {
            assert_eq!(goal(*key), Goal { measure, comparison, target }, "{key:?}");
        }
    }
}

#[test]
fn a_figure_of_nothing_is_nothing_and_no_incident_is_a_target_met() {
    let nothing = Tally::default();
    let percent = goal(FigureKey::RepairTimeliness);
    assert_eq!((nothing.value(percent), nothing.is_met(percent)), (None, None));
    let count = goal(FigureKey::FireIncidents);
    assert_eq!((nothing.value(count), nothing.is_met(count)), (Some(0.0), Some(true)));
    let one = Tally { numerator: 1, denominator: 1 };
    assert_eq!((one.value(count), one.is_met(count)), (Some(1.0), Some(false)));
}

#[test]
fn a_target_just_missed_is_not_rounded_into_one_that_is_met() {
    let tally = Tally { numerator: 94_999, denominator: 100_000 };
    let goal = goal(FigureKey::RepairTimeliness);
    assert_eq!((tally.value(goal), tally.is_met(goal)), (Some(94.99), Some(false)));
    let tally = Tally { numerator: 19, denominator: 20 };
    assert_eq!((tally.value(goal), tally.is_met(goal)), (Some(95.0), Some(true)));
}

#[test]
fn months_are_of_the_place_and_close_after_five_days_of_the_next() {
    let month = Month::parse("2026-10").unwrap();
    let period = month.period(Shanghai);
    assert_eq!((period.from, period.to), (at("2026-09-30T16:00:00Z"), at("2026-10-31T16:00:00Z")));
    assert_eq!(Month::at(at("2026-10-31T16:00:00Z"), Shanghai).to_string(), "2026-11");
    assert_eq!(month.closes_at(Shanghai), at("2026-11-05T16:00:00Z"));
    assert_eq!(Month::last_closed(at("2026-11-05T15:59:59Z"), Shanghai), month.previous());
    assert_eq!(Month::last_closed(at("2026-11-05T16:00:00Z"), Shanghai), month);
    assert_eq!(month.last().to_string(), "2026-10-31");
    // Clocks in Egypt go forward at midnight: 24 April 2026 begins at one.
    let day = "2026-04-24".parse().unwrap();
    assert_eq!(month::midnight(day, Cairo), at("2026-04-23T22:00:00Z"));
    for text in ["2026-13", "2026-1", "26-01", "+026-01", "2026-00", "0000-01", "9999-01", "2026-10-01", ""] {
        assert_eq!(Month::parse(text), None, "{text}");
    }
}

fn repair() -> TicketFacts {
    TicketFacts {
        id: Uuid::nil(),
        project_id: Uuid::nil(),
        unit_id: Uuid::nil(),
        kind: TicketKind::Repair,
        urgency: Urgency::Normal,
        department: Some(Department::PropertyCompany),
        assignee_id: None,
        created_at: at("2026-10-10T00:00:00Z"),
        accepted_at: Some(at("2026-10-10T00:10:00Z")),
        started_at: Some(at("2026-10-11T00:00:00Z")),
        resolved_at: Some(at("2026-10-13T00:00:00Z")),
        confirmed_at: None,
        closed_at: None,
        cancelled_at: None,
        arrive_due_at: Some(at("2026-10-11T00:00:00Z")),
        resolve_due_at: at("2026-10-13T00:00:00Z"),
        held_since: None,
        rework_count: 0,
        triage: None,
        satisfied: None,
    }
}

/// What a figure of October says of a ticket on a day: in and counted, in and not counted, or not in.
fn verdict(key: FigureKey, ticket: &TicketFacts, now: &str) -> Option<bool> {
    let period = Month::parse("2026-10").unwrap().period(Shanghai);
    judge(key, ticket, period, at(now)).map(|judgement| judgement.is_counted)
}

const LATER: &str = "2026-12-01T00:00:00Z";

#[test]
fn a_repair_is_in_time_when_begun_and_resolved_by_the_very_instant() {
    use FigureKey::RepairTimeliness as Key;
    let late = Some(at("2026-10-13T00:00:00.000001Z"));
    for (ticket, expected) in [
        (repair(), Some(true)),
        (TicketFacts { started_at: Some(at("2026-10-11T00:00:00.000001Z")), ..repair() }, Some(false)),
        (TicketFacts { resolved_at: late, ..repair() }, Some(false)),
        (TicketFacts { resolved_at: None, ..repair() }, Some(false)),
        (TicketFacts { started_at: None, arrive_due_at: None, ..repair() }, Some(true)),
        (TicketFacts { kind: TicketKind::Rectification, ..repair() }, None),
        (TicketFacts { cancelled_at: late, ..repair() }, None),
        // On hold since before it was due: the clock stands still. Since after: it had been missed already.
        (TicketFacts { resolved_at: None, held_since: Some(at("2026-10-12T00:00:00Z")), ..repair() }, None),
        (TicketFacts { resolved_at: None, held_since: late, ..repair() }, Some(false)),
        // The month ends in Shanghai, not in Greenwich.
        (TicketFacts { resolve_due_at: at("2026-10-31T15:59:59Z"), ..repair() }, Some(true)),
        (TicketFacts { resolve_due_at: at("2026-10-31T16:00:00Z"), ..repair() }, None),
    ] {
        assert_eq!(verdict(Key, &ticket, LATER), expected, "{ticket:?}");
    }
    assert_eq!(verdict(Key, &repair(), "2026-10-13T00:00:00Z"), None, "not due yet");
}

#[test]
fn confirmed_work_counts_in_the_month_of_its_confirmation() {
    let confirmed = TicketFacts { confirmed_at: Some(at("2026-10-14T00:00:00Z")), ..repair() };
    let closed = TicketFacts { closed_at: Some(at("2026-11-02T00:00:00Z")), ..confirmed.clone() };
    let complaint = TicketFacts { kind: TicketKind::Complaint, satisfied: Some(false), ..confirmed.clone() };
    use FigureKey as K;
    for (key, ticket, expected) in [
        (K::RepairQuality, confirmed.clone(), Some(true)),
        (K::RepairQuality, TicketFacts { rework_count: 1, ..confirmed.clone() }, Some(false)),
        (K::RepairQuality, repair(), None),
        (K::RepairQuality, complaint.clone(), None),
        (K::FollowUpRate, confirmed.clone(), Some(false)),
        (K::FollowUpRate, closed.clone(), Some(true)),
        (K::FollowUpRate, TicketFacts { kind: TicketKind::Inquiry, ..closed }, None),
        (K::ComplaintSignoff, complaint.clone(), Some(false)),
        (K::ComplaintSignoff, TicketFacts { satisfied: Some(true), ..complaint.clone() }, Some(true)),
        // Confirmed by the system: the complainant has said nothing.
        (K::ComplaintSignoff, TicketFacts { satisfied: None, ..complaint.clone() }, None),
        (K::ComplaintHandling, TicketFacts { triage: Some(Triage::Valid), ..complaint.clone() }, Some(true)),
        (K::ComplaintHandling, TicketFacts { triage: Some(Triage::Invalid), ..complaint }, None),
        (K::UrgentReaction, repair(), None),
        (K::UrgentReaction, TicketFacts { urgency: Urgency::Urgent, ..repair() }, Some(true)),
        (K::UrgentReaction, TicketFacts { urgency: Urgency::Urgent, started_at: None, ..repair() }, Some(false)),
    ] {
        assert_eq!(verdict(key, &ticket, LATER), expected, "{key:?} {ticket:?}");
    }
}

#[test]
fn a_complaint_must_be_answered_within_a_day_and_is_not_judged_before() {
    use FigureKey::ComplaintReply24h as Key;
    let complaint = TicketFacts { kind: TicketKind::Complaint, accepted_at: None, ..repair() };
    let answered = |text: &str| TicketFacts { accepted_at: Some(at(text)), ..complaint.clone() };
    let withdrawn = |text: &str| TicketFacts { cancelled_at: Some(at(text)), ..complaint.clone() };
    for (ticket, now, expected) in [
        (answered("2026-10-11T00:00:00Z"), LATER, Some(true)),
        (answered("2026-10-11T00:00:01Z"), LATER, Some(false)),
        (complaint.clone(), "2026-10-11T00:00:00Z", None),
        (complaint.clone(), "2026-10-11T00:00:01Z", Some(false)),
        (withdrawn("2026-10-10T12:00:00Z"), LATER, None),
        (withdrawn("2026-10-12T00:00:00Z"), LATER, Some(false)),
    ] {
        assert_eq!(verdict(Key, &ticket, now), expected, "{ticket:?} at {now}");
    }
}

#[test]
fn the_same_figure_has_the_same_rank_and_no_figure_has_none() {
    let tally = |numerator, denominator| Tally { numerator, denominator };
    let entries =
        vec![("d", tally(0, 0)), ("c", tally(1, 2)), ("a", tally(3, 3)), ("b", tally(5, 5)), ("e", tally(0, 1))];
    let ranks: Vec<_> =
        ranked(goal(FigureKey::RepairQuality), entries).into_iter().map(|(rank, who, _)| (rank, who)).collect();
    assert_eq!(ranks, [(Some(1), "a"), (Some(1), "b"), (Some(3), "c"), (Some(4), "e"), (None, "d")]);
}

/// Groups of so many people each, all different.
fn crowds(sizes: &[usize]) -> Vec<People> {
    let mut next = 0u128;
    let mut person = || {
        next += 1;
        Uuid::from_u128(next)
    };
    sizes.iter().map(|size| (0..*size).map(|_| person()).collect()).collect()
}

#[test]
fn a_single_small_group_takes_the_next_one_along() {
    assert_eq!(shown(&crowds(&[3, 12, 7])), Shown { whole: true, groups: vec![false, true, false] });
    assert_eq!(shown(&crowds(&[3, 2, 7])), Shown { whole: true, groups: vec![false, false, true] });
    assert_eq!(shown(&crowds(&[0, 5, 7])), Shown { whole: true, groups: vec![true, true, true] });
    // The same three people in two groups are three people.
    let three = crowds(&[3]).remove(0);
    let twice = [three.clone(), three, crowds(&[20]).remove(0).into_iter().skip(3).collect()];
    assert_eq!(shown(&twice).groups, [false, false, false]);
    assert!(!shown(&crowds(&[3])).whole);
    for (sizes, expected) in [(&[3, 20][..], false), (&[20], true), (&[3, 4, 20], true), (&[4], false), (&[], true)] {
        assert_eq!(is_sum_shown(&crowds(sizes)), expected, "{sizes:?}");
    }
}

proptest! {
    #[test]
    fn no_small_group_can_be_read_off_or_subtracted(
        groups in prop::collection::vec(prop::collection::btree_set(0u128..40, 0..20), 0..8),
    ) {
        let groups: Vec<People> =
            groups.into_iter().map(|group| group.into_iter().map(Uuid::from_u128).collect()).collect();
        let shown = shown(&groups);
        for (group, is_shown) in groups.iter().zip(&shown.groups) {
            prop_assert!(!is_shown || group.is_empty() || group.len() >= FEWEST);
        }
        let hidden: People =
            groups.iter().zip(&shown.groups).filter(|(_, it)| !**it).flat_map(|(group, _)| group).copied().collect();
        if shown.whole {
            prop_assert!(hidden.is_empty() || hidden.len() >= FEWEST);
        } else {
            prop_assert!(groups.iter().flatten().collect::<std::collections::BTreeSet<_>>().len() < FEWEST);
        }
    }

    #[test]
    fn no_numerator_is_above_its_denominator_and_parts_add_up(
        weights in prop::collection::vec((-5i64..50, -5i64..50, any::<bool>()), 0..40),
    ) {
        let items: Vec<Item> = weights.iter().zip(0u128..).map(|((numerator, denominator, ours), number)| Item {
            department: Some(if *ours { Department::Sales } else { Department::Legal }),
            ..Item::weighted(FigureItemKind::Ticket, Uuid::from_u128(number), *numerator, *denominator)
        }).collect();
        let whole = Tally::of(&items);
        prop_assert!((0..=whole.denominator).contains(&whole.numerator));
        let part = |department| {
            let cut = Cut { department: Some(department), staff_id: None };
            Tally::of(items.iter().filter(|item| cut.holds(item)))
        };
        let (one, other) = (part(Department::Sales), part(Department::Legal));
        prop_assert_eq!(one.numerator + other.numerator, whole.numerator);
        prop_assert_eq!(one.denominator + other.denominator, whole.denominator);
        prop_assert_eq!(Tally::of(&distinct([items.clone(), items].concat())), whole);
    }
}
