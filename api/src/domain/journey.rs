//! Where a customer stands with each touchpoint of the service standard: what is done, due, overdue, still to come, or not
//! for them. Derived from what really happened; nobody ticks anything off.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::vocab::{InvitationStatus, OwnerStage, SurveyKind, TouchpointAnchor};

use super::{figure::month::midnight, warranty};

#[cfg(test)]
#[path = "journey_tests.rs"]
mod tests;

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
    /// Something is open, but on hold: nobody knows by when.
    pub has_held_ticket: bool,
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
            has_held_ticket: false,
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
            None if home.has_held_ticket => Progress::default(),
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
