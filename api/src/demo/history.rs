//! Sixty days lived through: an agenda of reports, deeds and clocks, taken in the order of time; each is done by calling
//! the use case that a person or a job would.

use std::{cmp::Reverse, collections::BinaryHeap};

use chrono::{DateTime, Days, TimeDelta, Utc, Weekday};
use entity::{
    ticket,
    vocab::{Channel, Role, TicketStatus},
};
use uuid::Uuid;

use super::{
    bank::Entry,
    cast::Cast,
    company::Company,
    days::{local_day, next, on},
    plan::Case,
    script::{Act, Deed},
};
use crate::{
    auth::viewer::Viewer,
    clock::{Clock, ManualClock},
    domain::ticket::{NewTicket, target},
    error::{Error, Result},
    jobs,
    service::{
        Services, company as staff_service,
        ticket::{self as tickets, Order, Report},
    },
    store,
};

/// How long after a deadline the job comes by.
const JOB_DELAY: TimeDelta = TimeDelta::seconds(5);

/// The technicians who are away: in the past weeks, and next week.
const WAS_AWAY: &str = "WX001";
const WILL_BE_AWAY: &str = "WX003";

/// What the agenda says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Somebody reports a case.
    Report(usize),
    /// The next deed of a case.
    Deed(usize),
    /// A deadline of a case may have passed.
    Clock(usize),
    /// A technician falls ill.
    Illness,
    /// A technician's holiday is entered.
    Holiday,
}

/// Lives through the cases until `now`.
pub(super) async fn live_through(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    cases: Vec<Case>,
    now: DateTime<Utc>,
) -> Result<()> {
    let rows = vec![None; cases.len()];
    let cast = Cast::new(company);
    let mut history =
        History { services, clock, company, cast, now, agenda: BinaryHeap::new(), entered: 0, cases, rows };
    for case in 0..history.cases.len() {
        history.enter(history.cases[case].created_at, Turn::Report(case));
    }
    let today = local_day(now);
    history.enter(on(today - Days::new(24), 7, 50), Turn::Illness);
    history.enter(on(today - Days::new(1), 17, 0), Turn::Holiday);
    while let Some(Reverse((at, _, turn))) = history.agenda.pop() {
        clock.set(at);
        history.take(turn).await?;
    }
    clock.set(now);
    jobs::check_deadlines(services).await?;
    Ok(())
}

struct History<'a> {
    services: &'a Services,
    clock: &'a ManualClock,
    company: &'a Company,
    cast: Cast<'a>,
    now: DateTime<Utc>,
    /// Time, then the order of entry.
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, usize, Turn)>>,
    entered: usize,
    cases: Vec<Case>,
    /// The ticket of each case, once it is reported.
    rows: Vec<Option<ticket::Model>>,
}

impl History<'_> {
    /// Enters something, unless it lies ahead: that is for those who try the demo.
    fn enter(&mut self, at: DateTime<Utc>, turn: Turn) {
        if at <= self.now {
            self.entered += 1;
            self.agenda.push(Reverse((at, self.entered, turn)));
        }
    }

    async fn take(&mut self, turn: Turn) -> Result<()> {
        match turn {
            Turn::Report(case) => self.report(case).await,
            Turn::Deed(case) => self.deed(case).await,
            Turn::Clock(case) => self.tick(case).await,
            Turn::Illness => self.illness().await,
            Turn::Holiday => self.holiday().await,
        }
    }

    fn row(&self, case: usize) -> Result<&ticket::Model> {
        self.rows[case].as_ref().ok_or_else(not_reported)
    }

    /// Notes how a ticket stands now and when its clock next has something to do.
    fn note(&mut self, case: usize, row: ticket::Model) {
        if let Some(at) = row.next_check_at {
            // Work that is rejected after its deadline is late at once.
            self.enter(at.max(self.clock.now()) + JOB_DELAY, Turn::Clock(case));
        }
        self.rows[case] = Some(row);
    }

    /// Enters a case's next deed, at its time or shortly if that has gone by.
    fn enter_next(&mut self, case: usize) {
        let soonest = self.clock.now() + TimeDelta::minutes(1);
        if let Some(deed) = self.cases[case].deeds.front_mut() {
            deed.at = deed.at.max(soonest);
            let at = deed.at;
            self.enter(at, Turn::Deed(case));
        }
    }

    async fn report(&mut self, case: usize) -> Result<()> {
        let Case { home, owner, channel, entry, room, window, .. } = self.cases[case];
        let household = &self.company.households[home];
        let by_owner = matches!(channel, Channel::App | Channel::Website);
        let viewer = match channel {
            Channel::App | Channel::Website => Cast::owner(owner),
            Channel::Butler => self.cast.ambassador(household).unwrap_or_else(|| self.cast.agent()),
            _ => self.cast.agent(),
        };
        let report = Report {
            unit_id: household.unit_id,
            ticket: NewTicket {
                kind: entry.kind,
                urgency: entry.urgency,
                // Whoever reports by phone leaves it to the agent to find the trade.
                category: by_owner.then_some(entry.category),
                channel,
                title: Entry::text(entry.title, room),
                description: Entry::text(entry.description, room),
                appointment: window,
                resolve_by: None,
            },
            reporter_id: (!by_owner).then_some(owner),
            attachment_ids: Vec::new(),
            idempotency_key: None,
        };
        let reported = tickets::create(self.services, &viewer, report).await?;
        self.note(case, reported);
        self.enter_next(case);
        Ok(())
    }

    async fn tick(&mut self, case: usize) -> Result<()> {
        let row = self.row(case)?;
        let id = row.id;
        if row.next_check_at.is_some_and(|at| at < self.clock.now()) && tickets::tick(self.services, id).await? {
            self.reload(case).await?;
        }
        Ok(())
    }

    async fn reload(&mut self, case: usize) -> Result<()> {
        let id = self.row(case)?.id;
        let row = store::ticket::by_id(self.services.db.reader(), &Viewer::system(), id).await?;
        self.note(case, row.ok_or_else(|| Error::internal("a ticket is gone"))?);
        Ok(())
    }

    /// Does a case's next deed, or first what it needs by now: things may have come otherwise than planned.
    async fn deed(&mut self, case: usize) -> Result<()> {
        let now = self.clock.now();
        // An entry whose deed was done or put off meanwhile.
        let Some(deed) = self.cases[case].deeds.pop_front_if(|deed| deed.at <= now) else { return Ok(()) };
        match needed(self.row(case)?.status, deed.act) {
            Needed::Nothing => self.act(case, deed.act).await?,
            Needed::First(act) => {
                self.act(case, act).await?;
                self.cases[case].deeds.push_front(Deed { at: now + TimeDelta::minutes(25), act: deed.act });
            }
            Needed::Not => {}
        }
        self.enter_next(case);
        Ok(())
    }

    async fn act(&mut self, case: usize, act: Act) -> Result<()> {
        let viewer = self.performer(case, act)?;
        let now = self.clock.now();
        let household = &self.company.households[self.cases[case].home];
        let row = self.rows[case].as_ref().ok_or_else(not_reported)?;
        let ticket_id = row.id;
        let command = match act {
            Act::Assign => self.cases[case].assignment(&self.cast, household, row.assignee_id, now)?,
            said => self.cases[case].command(said, row.triage),
        };
        let order = Order { ticket_id, expected_version: None, idempotency_key: None, command, offline: None };
        let row = tickets::act(self.services, &viewer, order).await?;
        self.note(case, row);
        Ok(())
    }

    /// Who does it.
    fn performer(&mut self, case: usize, act: Act) -> Result<Viewer> {
        let assignee = self.row(case)?.assignee_id;
        let Case { home, owner, entry, random, .. } = &mut self.cases[case];
        let household = &self.company.households[*home];
        match act {
            Act::Accept | Act::Assign | Act::FollowUp => Ok(self.cast.servant(household, entry.kind, random)),
            Act::Triage => Ok(self.cast.judge(random)),
            Act::Start | Act::Hold(_) | Act::Resume | Act::Resolve(_) => self.cast.assignee(assignee),
            Act::ConfirmAsAgent => Ok(self.cast.agent()),
            Act::ConfirmAsOwner
            | Act::Reject(_)
            | Act::Escalate(_)
            | Act::Cancel(_)
            | Act::Reopen(_)
            | Act::Reschedule(..) => Ok(Cast::owner(*owner)),
        }
    }

    /// From this morning on for three days: what the technician holds goes back to the queue and to somebody else.
    async fn illness(&mut self) -> Result<()> {
        let now = self.clock.now();
        let away = (now, now + TimeDelta::days(3));
        let member = self.record_absence(WAS_AWAY, away, "病假").await?;
        let is_held = |row: &ticket::Model| row.assignee_id == Some(member) && in_hands(row.status);
        let held: Vec<usize> =
            (0..self.rows.len()).filter(|case| self.rows[*case].as_ref().is_some_and(is_held)).collect();
        for case in held {
            self.reload(case).await?;
            let at = now + TimeDelta::minutes(self.cases[case].random.between(8..=45));
            self.cases[case].deeds.push_front(Deed { at, act: Act::Assign });
            self.enter_next(case);
        }
        Ok(())
    }

    async fn holiday(&mut self) -> Result<()> {
        let monday = next(Weekday::Mon, local_day(self.now));
        let away = (on(monday, 0, 0), on(monday + Days::new(5), 0, 0));
        self.record_absence(WILL_BE_AWAY, away, "年休假").await?;
        Ok(())
    }

    async fn record_absence(
        &mut self,
        number: &str,
        away: (DateTime<Utc>, DateTime<Utc>),
        reason: &str,
    ) -> Result<Uuid> {
        let member = self.company.by_number(number).id;
        let manager = self.company.only(Role::Manager).viewer();
        let absence = staff_service::NewAbsence {
            staff_id: member,
            starts_at: away.0,
            ends_at: away.1,
            reason: reason.to_owned(),
            substitute_id: None,
        };
        staff_service::record_absence(self.services, &manager, absence).await?;
        self.cast.is_away(member, away);
        Ok(member)
    }
}

fn not_reported() -> Error {
    Error::internal("a deed before its report")
}

fn in_hands(status: TicketStatus) -> bool {
    matches!(status, TicketStatus::Assigned | TicketStatus::InProgress | TicketStatus::OnHold)
}

/// What a deed needs in a ticket's present status.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Needed {
    Nothing,
    /// Something that was undone meanwhile.
    First(Act),
    /// Not the deed at all: somebody, or the clock, was faster.
    Not,
}

fn needed(status: TicketStatus, act: Act) -> Needed {
    use TicketStatus::{Accepted, Assigned};
    match (status, act) {
        (status, act) if target(status, act.action()).is_some() => Needed::Nothing,
        (Accepted, Act::Start | Act::Hold(_) | Act::Resume | Act::Resolve(_)) => Needed::First(Act::Assign),
        (Assigned, Act::Hold(_) | Act::Resume | Act::Resolve(_)) => Needed::First(Act::Start),
        _ => Needed::Not,
    }
}
