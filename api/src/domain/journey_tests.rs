//! Tests of the journey: each status, and what completes, delays and ends a touchpoint.

use super::*;
use JourneyStatus::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn home() -> Home {
    Home::new(chrono_tz::Asia::Shanghai)
}

fn signed() -> Home {
    Home { signed_on: Some(on("2026-09-10")), known_since: Some(on("2026-09-01")), ..home() }
}

fn rule(code: &str, stage: OwnerStage, due: Option<(TouchpointAnchor, i32)>) -> Rule {
    let (due_from, due_after_days) = due.map_or((None, 0), |(anchor, days)| (Some(anchor), days));
    Rule { code: code.to_owned(), stage, due_from, due_after_days }
}

fn sales_survey() -> Rule {
    rule("T3.1", OwnerStage::Signed, Some((TouchpointAnchor::Signed, 36)))
}

fn status(rule: &Rule, stage: OwnerStage, home: Home, now: &str) -> (JourneyStatus, Option<NaiveDate>) {
    let entry = entry(rule, stage, &[home], at(now));
    (entry.status, entry.due_on)
}

#[test]
fn what_is_due_becomes_overdue_the_day_after() {
    let due = Some(on("2026-10-16"));
    for (now, expected) in [
        ("2026-09-15T15:59:59Z", (Upcoming, due)),
        ("2026-09-15T16:00:00Z", (Due, due)),
        ("2026-10-16T15:59:59Z", (Due, due)),
        ("2026-10-16T16:00:00Z", (Overdue, due)),
    ] {
        assert_eq!(status(&sales_survey(), OwnerStage::Signed, signed(), now), expected, "{now}");
    }
}

#[test]
fn what_fell_due_before_the_books_were_kept_is_no_reproach() {
    let imported = Home { known_since: Some(on("2026-11-01")), ..signed() };
    assert_eq!(status(&sales_survey(), OwnerStage::Signed, imported, "2026-11-02T00:00:00Z"), (NotApplicable, None));
}

#[test]
fn a_survey_is_done_when_answered_and_over_when_it_ran_out() {
    let sent = |status, submitted_at| Home {
        surveys: vec![Survey { kind: SurveyKind::Sales, status, expires_at: at("2026-10-20T00:00:00Z"), submitted_at }],
        ..signed()
    };
    let now = "2026-11-23T00:00:00Z";
    let open = sent(InvitationStatus::Open, None);
    assert_eq!(status(&sales_survey(), OwnerStage::Signed, open, now), (Overdue, Some(on("2026-10-20"))));
    let answered = sent(InvitationStatus::Submitted, Some(at("2026-10-03T00:00:00Z")));
    let entry = entry(&sales_survey(), OwnerStage::Signed, &[answered], at(now));
    assert_eq!((entry.status, entry.completed_at), (Done, Some(at("2026-10-03T00:00:00Z"))));
    let expired = sent(InvitationStatus::Expired, None);
    assert_eq!(status(&sales_survey(), OwnerStage::Signed, expired, now), (NotApplicable, None));
}

#[test]
fn what_never_falls_due_is_to_come_until_its_stage_is_over() {
    let lecture = rule("T5.2", OwnerStage::HandedOver, None);
    let now = "2026-11-23T00:00:00Z";
    assert_eq!(status(&lecture, OwnerStage::Signed, signed(), now), (Upcoming, None));
    assert_eq!(status(&lecture, OwnerStage::HandedOver, signed(), now), (Upcoming, None));
    assert_eq!(status(&lecture, OwnerStage::Resident, signed(), now), (NotApplicable, None));
    let heard = Home { lecture_at: Some(at(now)), ..signed() };
    assert_eq!(status(&lecture, OwnerStage::Resident, heard, now), (Done, None));
}

#[test]
fn progress_is_told_step_by_step() {
    let news = rule("T3.2", OwnerStage::Signed, None);
    let step = |planned: &str, reached: Option<&str>, told: Option<&str>| Milestone {
        planned_on: Some(on(planned)),
        reached_on: reached.map(on),
        told_at: told.map(at),
    };
    let now = "2026-11-23T00:00:00Z";
    let first = step("2026-10-01", Some("2026-10-02"), Some("2026-10-02T08:00:00Z"));
    let with = |second| Home { milestones: vec![first, second], ..signed() };
    for (second, expected) in [
        (step("2026-12-01", None, None), (Due, Some(on("2026-12-01")))),
        (step("2026-11-01", Some("2026-11-20"), None), (Overdue, Some(on("2026-11-20")))),
        (step("2026-11-01", Some("2026-11-20"), Some("2026-11-20T08:00:00Z")), (Done, None)),
    ] {
        assert_eq!(status(&news, OwnerStage::Signed, with(second), now), expected);
    }
}

#[test]
fn a_warranty_is_due_two_months_before_its_end_and_done_when_all_were_told_of() {
    let rule = rule("T5.5", OwnerStage::Resident, Some((TouchpointAnchor::WarrantyExpiry, 0)));
    let part = |expires: &str, noticed: Option<&str>| Warranty { expires_on: on(expires), noticed_at: noticed.map(at) };
    let with = |parts: &[Warranty]| Home { warranties: parts.to_vec(), ..signed() };
    let (told, open) = (part("2026-12-31", Some("2026-10-31T01:00:00Z")), part("2027-08-31", None));
    let now = "2027-06-30T00:00:00Z";
    let stage = OwnerStage::Resident;
    assert_eq!(status(&rule, stage, with(&[told, open]), now), (Due, Some(on("2027-06-30"))));
    assert_eq!(status(&rule, stage, with(&[told]), now), (Done, None));
    assert_eq!(status(&rule, stage, with(&[]), now), (Upcoming, None));
}

#[test]
fn of_two_homes_the_worse_is_shown_and_who_left_owes_nothing() {
    let done = Home {
        surveys: vec![Survey {
            kind: SurveyKind::Sales,
            status: InvitationStatus::Submitted,
            expires_at: at("2026-10-20T00:00:00Z"),
            submitted_at: Some(at("2026-10-03T00:00:00Z")),
        }],
        ..signed()
    };
    let now = at("2026-11-23T00:00:00Z");
    let both = entry(&sales_survey(), OwnerStage::Signed, &[done.clone(), signed()], now);
    assert_eq!((both.status, both.completed_at), (Overdue, None));
    assert_eq!(entry(&sales_survey(), OwnerStage::Former, &[signed()], now).status, NotApplicable);
    assert_eq!(entry(&sales_survey(), OwnerStage::Former, &[done], now).status, Done);
}

#[test]
fn an_open_ticket_keeps_its_touchpoint_open() {
    let rule = rule("T5.4", OwnerStage::Resident, None);
    let finished = Home { ticket_done_at: Some(at("2026-11-01T00:00:00Z")), ..signed() };
    let open = Home { ticket_due_at: Some(at("2026-11-24T00:00:00Z")), ..finished.clone() };
    let now = "2026-11-23T00:00:00Z";
    assert_eq!(status(&rule, OwnerStage::Resident, open, now), (Due, Some(on("2026-11-24"))));
    let held = Home { has_held_ticket: true, ..finished.clone() };
    assert_eq!(status(&rule, OwnerStage::Resident, held, now), (Upcoming, None));
    assert_eq!(status(&rule, OwnerStage::Resident, finished, now), (Done, None));
}
