//! Where a customer stands with each touchpoint of the service standard: what is done, due, overdue, still to come, or not
//! for them. Derived from what really happened; nobody ticks anything off.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::vocab::{InvitationStatus, OwnerStage, SurveyKind, TouchpointAnchor};

use super::{figure::month::midnight, warranty};

/// How far ahead something is called due and no longer upcoming.
const AHEAD: Days = Days::new(30);

/// Where a customer stands with a touchpoint. In the order of what matters most: of several homes the worst is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JourneyStatus {
    Overdue,
    Due,
    Upcoming,
    Done,
    NotApplicable,
}

/// What the catalogue says of a touchpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub code: String,
    pub stage: OwnerStage,
    pub due_from: Option<TouchpointAnchor>,
    pub due_after_days: i32,
}

/// Where one touchpoint stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    pub status: JourneyStatus,
    pub due_on: Option<NaiveDate>,
    pub completed_at: Option<DateTime<Utc>>,
}

/// A survey that was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survey {
    pub kind: SurveyKind,
    pub status: InvitationStatus,
    pub expires_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
}

/// A step of construction, and when the customer was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Milestone {
    pub planned_on: Option<NaiveDate>,
    pub reached_on: Option<NaiveDate>,
    pub told_at: Option<DateTime<Utc>>,
}

/// A part under warranty, and when the customer was told of its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warranty {
    pub expires_on: NaiveDate,
    pub noticed_at: Option<DateTime<Utc>>,
}

/// What happened between the company and a customer about one home, or before there was one.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    pub time_zone: Tz,
    /// Since when these books are kept: what fell due before is not known to have been missed.
    pub known_since: Option<NaiveDate>,
    pub published_at: Option<DateTime<Utc>>,
    pub first_contact_at: Option<DateTime<Utc>>,
    pub contacted_at: Option<DateTime<Utc>>,
    pub visited_at: Option<DateTime<Utc>>,
    pub club_event_at: Option<DateTime<Utc>>,
    pub open_day_at: Option<DateTime<Utc>>,
    pub lecture_at: Option<DateTime<Utc>>,
    pub signing_visit_at: Option<DateTime<Utc>>,
    pub signed_on: Option<NaiveDate>,
    pub handover_due_on: Option<NaiveDate>,
    pub handed_over_on: Option<NaiveDate>,
    pub handover_completed_at: Option<DateTime<Utc>>,
    pub ambassador_since: Option<DateTime<Utc>>,
    /// The first deadline of what is still open.
    pub ticket_due_at: Option<DateTime<Utc>>,
    /// When the last ticket was finished.
    pub ticket_done_at: Option<DateTime<Utc>>,
    pub surveys: Vec<Survey>,
    pub milestones: Vec<Milestone>,
    pub warranties: Vec<Warranty>,
}

impl Home {
    /// One of which nothing is known yet.
    pub fn new(time_zone: Tz) -> Self {
        Self {
            time_zone,
            known_since: None,
            published_at: None,
            first_contact_at: None,
            contacted_at: None,
            visited_at: None,
            club_event_at: None,
            open_day_at: None,
            lecture_at: None,
            signing_visit_at: None,
            signed_on: None,
            handover_due_on: None,
            handed_over_on: None,
            handover_completed_at: None,
            ambassador_since: None,
            ticket_due_at: None,
            ticket_done_at: None,
            surveys: Vec::new(),
            milestones: Vec::new(),
            warranties: Vec::new(),
        }
    }

    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }

    fn begin(&self, day: Option<NaiveDate>) -> Option<DateTime<Utc>> {
        day.map(|day| midnight(day, self.time_zone))
    }

    /// The day from which it is counted when something is due.
    fn anchor(&self, anchor: TouchpointAnchor) -> Option<NaiveDate> {
        match anchor {
            TouchpointAnchor::FirstContact => self.first_contact_at.map(|at| self.day(at)),
            TouchpointAnchor::Signed => self.signed_on,
            TouchpointAnchor::HandoverDue => self.handover_due_on,
            TouchpointAnchor::HandedOver => self.handed_over_on,
            TouchpointAnchor::WarrantyExpiry => self.next_notice(),
        }
    }

    /// The first day on which the customer is to be told of the end of a warranty and has not been.
    fn next_notice(&self) -> Option<NaiveDate> {
        let open = self.warranties.iter().filter(|part| part.noticed_at.is_none());
        let days = open.map(|part| warranty::notice_on(part.expires_on));
        days.filter(|day| self.known_since.is_none_or(|since| *day >= since)).min()
    }
}

/// What is known of one touchpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Progress {
    completed_at: Option<DateTime<Utc>>,
    /// A day that what happened sets, in place of the catalogue's.
    due_on: Option<NaiveDate>,
    /// It will not take place any more.
    is_over: bool,
}

impl Progress {
    fn done(completed_at: Option<DateTime<Utc>>) -> Self {
        Self { completed_at, ..Self::default() }
    }
}

/// Where a customer of a stage stands with a touchpoint, over all homes.
pub fn entry(rule: &Rule, stage: OwnerStage, homes: &[Home], now: DateTime<Utc>) -> Entry {
    let entries: Vec<Entry> = homes.iter().map(|home| of_home(rule, stage, home, now)).collect();
    let worst = entries.iter().map(|entry| entry.status).min().unwrap_or(JourneyStatus::NotApplicable);
    let like_it = || entries.iter().filter(|entry| entry.status == worst);
    Entry {
        status: worst,
        due_on: like_it().filter_map(|entry| entry.due_on).min(),
        completed_at: like_it().filter_map(|entry| entry.completed_at).max(),
    }
}

fn of_home(rule: &Rule, stage: OwnerStage, home: &Home, now: DateTime<Utc>) -> Entry {
    let progress = progress(&rule.code, home);
    let without = |status| Entry { status, due_on: None, completed_at: None };
    if progress.completed_at.is_some() {
        return Entry { completed_at: progress.completed_at, ..without(JourneyStatus::Done) };
    }
    if progress.is_over || stage == OwnerStage::Former {
        return without(JourneyStatus::NotApplicable);
    }
    let counted = rule.due_from.and_then(|anchor| later(home.anchor(anchor)?, rule.due_after_days));
    // What fell due before these books were kept may well have been done.
    let is_known = |day: &NaiveDate| home.known_since.is_none_or(|since| *day >= since);
    match progress.due_on.or(counted.filter(is_known)) {
        Some(day) => Entry { due_on: Some(day), ..without(status_of(day, home.day(now))) },
        None if counted.is_some() || stage > rule.stage => without(JourneyStatus::NotApplicable),
        None => without(JourneyStatus::Upcoming),
    }
}

fn later(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    day.checked_add_signed(chrono::TimeDelta::days(days.into()))
}

fn status_of(due_on: NaiveDate, today: NaiveDate) -> JourneyStatus {
    if due_on < today {
        JourneyStatus::Overdue
    } else if today.checked_add_days(AHEAD).is_none_or(|ahead| due_on <= ahead) {
        JourneyStatus::Due
    } else {
        JourneyStatus::Upcoming
    }
}

/// Which happening completes which touchpoint. The catalogue's texts and dates are data; this is not.
fn progress(code: &str, home: &Home) -> Progress {
    match code {
        "T1.1" => Progress::done(home.published_at),
        "T1.2" => Progress::done(home.visited_at),
        "T1.3" => Progress::done(home.contacted_at),
        "T1.4" => Progress::done(home.club_event_at),
        "T2.1" => Progress::done(home.begin(home.signed_on)),
        // Whoever has signed signs no more.
        "T2.2" => Progress { is_over: home.signed_on.is_some(), ..Progress::done(home.signing_visit_at) },
        "T3.1" => surveyed(home, &[SurveyKind::Sales]),
        "T3.2" => told_of_progress(home),
        "T3.3" => Progress { is_over: home.handed_over_on.is_some(), ..Progress::done(home.open_day_at) },
        "T4.1" => Progress::done(home.handover_completed_at.or(home.begin(home.handed_over_on))),
        "T5.1" => surveyed(home, &[SurveyKind::Handover, SurveyKind::CentralisedRectification]),
        "T5.2" => Progress::done(home.lecture_at),
        "T5.3" => Progress::done(home.ambassador_since),
        "T5.4" => match home.ticket_due_at {
            Some(due) => Progress { due_on: Some(home.day(due)), ..Progress::default() },
            None => Progress::done(home.ticket_done_at),
        },
        "T5.5" => match home.next_notice() {
            Some(_) => Progress::default(),
            None => Progress::done(home.warranties.iter().filter_map(|part| part.noticed_at).max()),
        },
        "T5.6" => surveyed(home, &[SurveyKind::Rectification]),
        _ => Progress::default(),
    }
}

/// Done when every survey that was sent was answered; one that ran out unanswered is over.
fn surveyed(home: &Home, kinds: &[SurveyKind]) -> Progress {
    let sent = || home.surveys.iter().filter(|survey| kinds.contains(&survey.kind));
    let open = sent().filter(|survey| survey.status == InvitationStatus::Open).map(|survey| survey.expires_at).min();
    match open {
        Some(expires_at) => Progress { due_on: Some(home.day(expires_at)), ..Progress::default() },
        None => Progress {
            completed_at: sent().filter_map(|survey| survey.submitted_at).max(),
            is_over: sent().next().is_some(),
            due_on: None,
        },
    }
}

/// Done when every step was reached and told of. A step reached and not told of was due on that day.
fn told_of_progress(home: &Home) -> Progress {
    let untold = home.milestones.iter().filter(|step| step.told_at.is_none());
    let first = untold.clone().filter_map(|step| step.reached_on.or(step.planned_on)).min();
    let is_all_told = untold.count() == 0;
    let last = home.milestones.iter().filter_map(|step| step.told_at).max();
    Progress {
        due_on: first,
        completed_at: last.filter(|_| is_all_told),
        is_over: first.is_none() && home.handed_over_on.is_some(),
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            status(&sales_survey(), OwnerStage::Signed, imported, "2026-11-02T00:00:00Z"),
            (NotApplicable, None)
        );
    }

    #[test]
    fn a_survey_is_done_when_answered_and_over_when_it_ran_out() {
        let sent = |status, submitted_at| Home {
            surveys: vec![Survey {
                kind: SurveyKind::Sales,
                status,
                expires_at: at("2026-10-20T00:00:00Z"),
                submitted_at,
            }],
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
        let part =
            |expires: &str, noticed: Option<&str>| Warranty { expires_on: on(expires), noticed_at: noticed.map(at) };
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
        assert_eq!(status(&rule, OwnerStage::Resident, finished, now), (Done, None));
    }
}
