//! The deeds of one ticket in time, from its report to its end. Who does them, and whether they are still legal when
//! their hour comes, is decided when they are done.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::vocab::{DeadlineKind, TicketAction, TicketKind, TicketStatus, Urgency};

use super::{
    days::{Hours, local_day, on},
    fate::{Ending, Fate},
    phrases,
    random::Random,
};
use crate::domain::ticket::{Window, target};

/// One thing that somebody does, and when.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub at: DateTime<Utc>,
    pub act: Act,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Act {
    Accept,
    Triage,
    Assign,
    Start,
    Hold(&'static str),
    Resume,
    /// With the report's own resolution, or with what was done when it was done again.
    Resolve(Option<&'static str>),
    ConfirmAsOwner,
    ConfirmAsAgent,
    Reject(&'static str),
    FollowUp,
    Escalate(&'static str),
    Cancel(&'static str),
    Reopen(&'static str),
    Reschedule(Window, &'static str),
}

impl Act {
    pub fn action(self) -> TicketAction {
        match self {
            Self::Accept => TicketAction::Accept,
            Self::Triage => TicketAction::Triage,
            Self::Assign => TicketAction::Assign,
            Self::Start => TicketAction::Start,
            Self::Hold(_) => TicketAction::Hold,
            Self::Resume => TicketAction::Resume,
            Self::Resolve(_) => TicketAction::Resolve,
            Self::ConfirmAsOwner | Self::ConfirmAsAgent => TicketAction::Confirm,
            Self::Reject(_) => TicketAction::Reject,
            Self::FollowUp => TicketAction::RecordFollowUp,
            Self::Escalate(_) => TicketAction::Escalate,
            Self::Cancel(_) => TicketAction::Cancel,
            Self::Reopen(_) => TicketAction::Reopen,
            Self::Reschedule(..) => TicketAction::Reschedule,
        }
    }
}

type Minutes = RangeInclusive<i64>;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// How long the steps of a kind take: in time, and when they are late.
struct Pace {
    hours: Hours,
    respond: [Minutes; 2],
    assign: Minutes,
    arrive: [Minutes; 2],
    work: [Minutes; 2],
}

fn pace(kind: TicketKind, urgency: Urgency) -> Pace {
    let pace = |hours, respond, assign, arrive, work| Pace { hours, respond, assign, arrive, work };
    let office_late = 25 * HOUR..=33 * HOUR;
    match (kind, urgency) {
        (TicketKind::Repair, Urgency::Urgent) => {
            pace(Hours::Any, [2..=9, 18..=40], 1..=3, [6..=14, 35..=80], [25..=180, 26 * HOUR..=34 * HOUR])
        }
        (TicketKind::Repair, Urgency::Normal) => pace(
            Hours::Any,
            [4..=26, 35..=150],
            3..=40,
            [60..=420, 25 * HOUR..=31 * HOUR],
            [25..=160, 76 * HOUR..=110 * HOUR],
        ),
        (TicketKind::Repair, Urgency::Appointment) => {
            pace(Hours::Any, [8..=80, 130..=200], 5..=40, [3..=55, 130..=200], [30..=120, 27 * HOUR..=40 * HOUR])
        }
        (TicketKind::Complaint, _) => pace(
            Hours::Working,
            [20..=400, office_late],
            20..=120,
            [HOUR..=15 * HOUR, HOUR..=15 * HOUR],
            [4 * HOUR..=70 * HOUR, 8 * DAY..=10 * DAY],
        ),
        (TicketKind::Inquiry, _) => {
            pace(Hours::Working, [10..=240, office_late], 3..=20, [5..=90, 5..=90], [10..=240, 74 * HOUR..=96 * HOUR])
        }
        (TicketKind::Suggestion, _) => pace(
            Hours::Working,
            [30..=420, office_late],
            10..=120,
            [10..=300, 10..=300],
            [3 * HOUR..=38 * HOUR, 74 * HOUR..=120 * HOUR],
        ),
        (TicketKind::Rectification, _) => pace(
            Hours::Working,
            [30..=480, office_late],
            30..=300,
            [DAY..=4 * DAY, DAY..=4 * DAY],
            [8 * HOUR..=6 * DAY, 8 * HOUR..=6 * DAY],
        ),
    }
}

/// What a script is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    pub kind: TicketKind,
    pub urgency: Urgency,
    pub created_at: DateTime<Utc>,
    /// The window that the owner asked for.
    pub window: Option<Window>,
}

/// Two hours on one of the days after the report.
pub(super) fn window(created_at: DateTime<Utc>, random: &mut Random) -> Window {
    let day = local_day(created_at) + Days::new(1 + random.below(2) as u64);
    let starts_at = on(day, random.pick(&[9, 10, 14, 15, 19]), 0);
    Window { starts_at, ends_at: starts_at + TimeDelta::hours(2) }
}

/// Writes the deeds of a ticket.
pub(super) fn write(subject: Subject, fate: Fate, random: &mut Random) -> Vec<Deed> {
    let pace = pace(subject.kind, subject.urgency);
    let mut script = Script { subject, fate, pace, at: subject.created_at, deeds: Vec::new(), random };
    script.all();
    script.deeds
}

/// Ends a script where the ticket has this status for the last time.
pub(super) fn stop_at(deeds: &mut Vec<Deed>, status: TicketStatus) {
    let mut reached = TicketStatus::Submitted;
    let mut keep = 0;
    for (index, deed) in deeds.iter().enumerate() {
        reached = target(reached, deed.act.action()).unwrap_or(reached);
        if reached == status {
            keep = index + 1;
        }
    }
    deeds.truncate(keep);
}

struct Script<'a> {
    subject: Subject,
    fate: Fate,
    pace: Pace,
    at: DateTime<Utc>,
    deeds: Vec<Deed>,
    random: &'a mut Random,
}

impl Script<'_> {
    fn wait(&mut self, minutes: Minutes, hours: Hours) {
        let seconds = self.random.between(0..=59);
        self.at += TimeDelta::minutes(self.random.between(minutes)) + TimeDelta::seconds(seconds);
        self.at = hours.at_or_after(self.at, self.random);
    }

    fn add(&mut self, act: Act) {
        self.deeds.push(Deed { at: self.at, act });
    }

    fn is_late(&self, deadline: DeadlineKind) -> usize {
        usize::from(self.fate.late == Some(deadline))
    }

    fn is_withdrawn_when(&mut self, status: TicketStatus) -> bool {
        if self.fate.ending != Ending::Withdrawn(status) {
            return false;
        }
        self.wait(1..=12, Hours::Any);
        let reason = self.random.pick(&phrases::WITHDRAWALS);
        self.add(Act::Cancel(reason));
        true
    }

    fn all(&mut self) {
        if self.is_withdrawn_when(TicketStatus::Submitted) {
            return;
        }
        self.accept();
        if self.is_withdrawn_when(TicketStatus::Accepted) {
            return;
        }
        self.assign();
        if self.is_withdrawn_when(TicketStatus::Assigned) {
            return;
        }
        self.arrive();
        self.work();
        self.answer();
        if self.fate.is_reopened {
            self.again();
        }
    }

    fn accept(&mut self) {
        let respond = self.pace.respond[self.is_late(DeadlineKind::Respond)].clone();
        self.wait(respond, self.pace.hours);
        self.add(Act::Accept);
        if self.subject.kind == TicketKind::Complaint {
            self.wait(10..=90, Hours::Working);
            self.add(Act::Triage);
        }
        if let Some(window) = self.subject.window.filter(|_| self.fate.is_rescheduled) {
            let later = |at| at + TimeDelta::days(1);
            let window = Window { starts_at: later(window.starts_at), ends_at: later(window.ends_at) };
            self.subject.window = Some(window);
            self.wait(10..=60, Hours::Any);
            let reason = self.random.pick(&phrases::RESCHEDULES);
            self.add(Act::Reschedule(window, reason));
        }
    }

    fn assign(&mut self) {
        self.wait(self.pace.assign.clone(), self.pace.hours);
        self.add(Act::Assign);
        if self.fate.is_reassigned {
            self.wait(4..=30, self.pace.hours);
            self.add(Act::Assign);
        }
        if self.fate.is_escalated {
            self.wait(2..=12, Hours::Any);
            let reason = self.random.pick(&phrases::ESCALATIONS);
            self.add(Act::Escalate(reason));
        }
    }

    fn arrive(&mut self) {
        let arrive = self.pace.arrive[self.is_late(DeadlineKind::Arrive)].clone();
        let hours = if self.subject.urgency == Urgency::Urgent { Hours::Any } else { Hours::Working };
        match self.subject.window {
            // Arrival counts from the window, whenever the ticket was assigned.
            Some(window) => {
                self.at = self.at.max(window.starts_at);
                self.wait(arrive, Hours::Any);
            }
            None => self.wait(arrive, hours),
        }
        self.add(Act::Start);
    }

    fn work(&mut self) {
        if self.fate.is_held {
            self.wait(10..=50, Hours::Any);
            let reason = phrases::hold(self.subject.kind, self.random);
            self.add(Act::Hold(reason));
            self.wait(6 * HOUR..=60 * HOUR, Hours::Working);
            self.add(Act::Resume);
        }
        let work = self.pace.work[self.is_late(DeadlineKind::Resolve)].clone();
        let hours = if self.subject.urgency == Urgency::Urgent { Hours::Any } else { Hours::Awake };
        self.wait(work, hours);
        self.add(Act::Resolve(None));
        for _ in 0..self.fate.rejections {
            self.wait(20..=26 * HOUR, Hours::Awake);
            let reason = self.random.pick(&phrases::REJECTIONS);
            self.add(Act::Reject(reason));
            self.wait(3 * HOUR..=28 * HOUR, Hours::Working);
            let rework = self.random.pick(&phrases::REWORKS);
            self.add(Act::Resolve(Some(rework)));
        }
    }

    fn answer(&mut self) {
        match self.fate.ending {
            Ending::Owner => {
                self.wait(8..=40 * HOUR, Hours::Awake);
                self.add(Act::ConfirmAsOwner);
            }
            Ending::Agent => {
                self.wait(20 * HOUR..=50 * HOUR, Hours::Working);
                self.add(Act::ConfirmAsAgent);
            }
            Ending::Unanswered | Ending::Withdrawn(_) => self.at += TimeDelta::hours(72),
        }
        self.wait(2 * HOUR..=28 * HOUR, Hours::Working);
        self.add(Act::FollowUp);
    }

    /// A second round, some days after the first one ended.
    fn again(&mut self) {
        self.wait(DAY..=5 * DAY, Hours::Awake);
        let reason = self.random.pick(&phrases::REOPENINGS);
        self.add(Act::Reopen(reason));
        self.wait(10..=60, Hours::Working);
        self.add(Act::Assign);
        self.wait(30..=240, Hours::Working);
        self.add(Act::Start);
        self.wait(40..=300, Hours::Awake);
        let rework = self.random.pick(&phrases::REWORKS);
        self.add(Act::Resolve(Some(rework)));
        self.fate.ending = Ending::Owner;
        self.answer();
    }
}
