//! Which five hundred tickets there are: most of them lived through and over, some forty in progress at this moment,
//! and eight of the first account's, in states worth looking at.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{
    Channel, DeadlineKind,
    TicketKind::{self, Complaint, Inquiry, Rectification, Repair, Suggestion},
    TicketStatus::{self, Accepted, Assigned, Cancelled, Closed, Confirmed, InProgress, OnHold, Resolved, Submitted},
    Urgency::{self, Appointment, Normal, Urgent},
};
use uuid::Uuid;

use super::{
    bank::{self, BEFORE_HANDOVER, Entry},
    company::Company,
    days::{Hours, local_day, on},
    fate::{Ending, Fate},
    households::FIRST_HOMES,
    random::Random,
    script::{self, Deed, Subject},
};
use crate::domain::ticket::Window;

/// One ticket to be: the report, and what will be done about it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub home: usize,
    pub owner: Uuid,
    pub channel: Channel,
    pub entry: &'static Entry,
    /// Fills the `{r}` of the entry's texts.
    pub room: &'static str,
    pub created_at: DateTime<Utc>,
    pub window: Option<Window>,
    pub deeds: VecDeque<Deed>,
    pub random: Random,
}

/// How many tickets of each kind are over.
const OVER: [(TicketKind, usize); 5] =
    [(Repair, 264), (Rectification, 52), (Complaint, 50), (Inquiry, 62), (Suggestion, 27)];

/// How many days the demo looks back.
const PERIOD: i64 = 59;

/// How many of a hundred questions and complaints come from those whose homes are still being built.
const EARLY: u64 = 20;

/// A ticket as it stands at this moment.
struct Pin {
    status: TicketStatus,
    kind: TicketKind,
    urgency: Urgency,
    /// Minutes since it came to stand there.
    since: [i64; 2],
    late: Option<DeadlineKind>,
    rejections: usize,
}

const fn pin(status: TicketStatus, kind: TicketKind, urgency: Urgency, since: [i64; 2]) -> Pin {
    Pin { status, kind, urgency, since, late: None, rejections: 0 }
}

impl Pin {
    const fn late(self, deadline: DeadlineKind) -> Self {
        Self { late: Some(deadline), ..self }
    }

    const fn rejected(self, rejections: usize) -> Self {
        Self { rejections, ..self }
    }
}

/// What is open now, beside the first account's.
const OPEN: [Pin; 37] = [
    pin(Submitted, Repair, Normal, [3, 8]),
    pin(Submitted, Repair, Appointment, [14, 35]),
    pin(Submitted, Repair, Normal, [46, 58]),
    pin(Submitted, Inquiry, Normal, [25, 70]),
    pin(Submitted, Complaint, Normal, [90, 200]),
    pin(Submitted, Suggestion, Normal, [200, 420]),
    pin(Accepted, Repair, Normal, [4, 15]),
    pin(Accepted, Complaint, Normal, [20, 90]),
    pin(Accepted, Inquiry, Normal, [5, 12]),
    pin(Accepted, Rectification, Normal, [30, 200]),
    pin(Assigned, Repair, Urgent, [3, 8]),
    pin(Assigned, Repair, Normal, [20, 120]),
    pin(Assigned, Repair, Appointment, [40, 240]),
    pin(Assigned, Repair, Appointment, [60, 300]),
    pin(Assigned, Repair, Normal, [1600, 1900]),
    pin(Assigned, Complaint, Normal, [60, 500]),
    pin(Assigned, Rectification, Normal, [400, 1400]),
    pin(InProgress, Repair, Urgent, [10, 40]),
    pin(InProgress, Repair, Normal, [12, 70]),
    pin(InProgress, Repair, Normal, [20, 90]),
    pin(InProgress, Repair, Normal, [4300, 4600]),
    pin(InProgress, Repair, Normal, [60, 200]).rejected(3),
    pin(InProgress, Complaint, Normal, [600, 2600]),
    pin(InProgress, Complaint, Normal, [2000, 4000]).late(DeadlineKind::Respond),
    pin(InProgress, Rectification, Normal, [900, 4000]),
    pin(InProgress, Suggestion, Normal, [200, 1200]),
    pin(OnHold, Repair, Normal, [300, 1600]),
    pin(OnHold, Repair, Normal, [900, 2600]),
    pin(OnHold, Rectification, Normal, [1500, 4000]),
    pin(OnHold, Complaint, Normal, [500, 2000]),
    pin(Resolved, Repair, Normal, [40, 600]),
    pin(Resolved, Repair, Urgent, [200, 1500]).late(DeadlineKind::Arrive),
    pin(Resolved, Rectification, Normal, [600, 3000]),
    pin(Resolved, Complaint, Normal, [100, 2000]),
    pin(Confirmed, Repair, Normal, [60, 900]),
    pin(Confirmed, Complaint, Normal, [200, 1500]),
    pin(Confirmed, Inquiry, Normal, [100, 700]),
];

/// The first account's tickets, each about the first or the second of its homes.
const FIRST: [(usize, Pin); 8] = [
    (0, pin(Submitted, Inquiry, Normal, [12, 25])),
    (0, pin(Assigned, Repair, Appointment, [60, 200])),
    (0, pin(InProgress, Repair, Normal, [15, 60])),
    (1, pin(OnHold, Repair, Normal, [600, 1500])),
    (0, pin(Resolved, Repair, Normal, [90, 300])),
    (0, pin(Closed, Repair, Urgent, [8000, 9000])),
    (1, pin(Closed, Complaint, Normal, [20_000, 21_000])),
    (1, pin(Cancelled, Repair, Normal, [30_000, 31_000])),
];

/// Plans every ticket.
pub(super) fn cases(company: &Company, random: &mut Random, now: DateTime<Utc>) -> Vec<Case> {
    let mut planner = Planner { company, now, decks: Vec::new(), random };
    let mut cases = Vec::new();
    for (home, pin) in &FIRST {
        let home = FIRST_HOMES[*home];
        cases.push(planner.pinned(pin, Some(home)));
    }
    cases.extend(OPEN.iter().map(|pin| planner.pinned(pin, None)));
    for (kind, count) in OVER {
        cases.extend((0..count).map(|_| planner.over(kind)));
    }
    cases
}

/// Reports that are drawn one after the other, so that none comes twice before all have come once.
struct Deck {
    kind: TicketKind,
    is_early: bool,
    cards: Vec<&'static Entry>,
}

struct Planner<'a> {
    company: &'a Company,
    now: DateTime<Utc>,
    decks: Vec<Deck>,
    random: &'a mut Random,
}

impl Planner<'_> {
    fn pinned(&mut self, pin: &Pin, home: Option<usize>) -> Case {
        let entry = self.entry(pin.kind, Some(pin.urgency), false);
        let mut case = self.case(entry, home, false);
        let ending = if pin.status == Cancelled { Ending::Withdrawn(Accepted) } else { Ending::Owner };
        let (late, rejections) = (pin.late, pin.rejections);
        let fate = Fate { late, rejections, ending, is_held: pin.status == OnHold, ..Fate::PLAIN };
        let until = self.now - TimeDelta::seconds(self.random.between(60 * pin.since[0]..=60 * pin.since[1]));
        // Whoever is watching expects something new; the time of day matters less for what is reported just now.
        let hours = if matches!(pin.status, Submitted | Accepted) { Hours::Any } else { Hours::Awake };
        case.settle(fate, Some(pin.status), (until, until, TimeDelta::minutes(11)), hours);
        case
    }

    fn over(&mut self, kind: TicketKind) -> Case {
        let by_letter = matches!(kind, Complaint | Inquiry | Suggestion);
        let is_early = by_letter && self.random.chance(EARLY);
        let entry = self.entry(kind, None, is_early);
        let mut case = self.case(entry, None, is_early);
        let fate = Fate::draw(kind, entry.urgency, self.random);
        let day = local_day(self.now) - TimeDelta::days(self.random.between(1..=PERIOD));
        let hour =
            self.random.pick(&[7, 8, 8, 9, 9, 9, 10, 10, 11, 12, 13, 14, 14, 15, 16, 17, 18, 18, 19, 19, 20, 21]);
        let hour =
            if entry.urgency == Urgent { self.random.pick(&[1, 6, 8, 11, 13, 17, 19, 20, 22, 23]) } else { hour };
        let seconds = TimeDelta::seconds(self.random.between(0..=3599));
        let until = self.now - TimeDelta::minutes(20);
        case.settle(fate, None, (on(day, hour, 0) + seconds, until, TimeDelta::days(1)), Hours::Any);
        case
    }

    /// The next report of a kind, and of an urgency where that matters.
    fn entry(&mut self, kind: TicketKind, urgency: Option<Urgency>, is_early: bool) -> &'static Entry {
        let position = self.decks.iter().position(|deck| deck.kind == kind && deck.is_early == is_early);
        let position = position.unwrap_or_else(|| {
            self.decks.push(Deck { kind, is_early, cards: Vec::new() });
            self.decks.len() - 1
        });
        let fits = |card: &&'static Entry| urgency.is_none_or(|urgency| card.urgency == urgency);
        let deck = &mut self.decks[position];
        if !deck.cards.iter().any(fits) {
            let mut fresh = if is_early { early(kind) } else { bank::of_kind(kind) };
            self.random.shuffle(&mut fresh);
            deck.cards.extend(fresh);
        }
        let place = deck.cards.iter().position(fits).unwrap_or(0);
        deck.cards.remove(place)
    }

    fn case(&mut self, entry: &'static Entry, home: Option<usize>, is_early: bool) -> Case {
        let is_first_account = home.is_some();
        let home = home.unwrap_or_else(|| self.home(is_early));
        let household = &self.company.households[home];
        let owner = if is_first_account { household.owners[0] } else { self.random.pick(&household.owners) };
        let channel = match is_first_account {
            true => Channel::App,
            false => self.channel(household.ambassador.is_some()),
        };
        let room = Entry::room(self.random);
        let random = self.random.fork();
        Case { home, owner, channel, entry, room, created_at: self.now, window: None, deeds: VecDeque::new(), random }
    }

    fn home(&mut self, is_early: bool) -> usize {
        loop {
            let home = self.random.below(self.company.households.len());
            let is_handed_over = self.company.households[home].handed_over_on.is_some();
            if is_handed_over != is_early && !FIRST_HOMES.contains(&home) {
                return home;
            }
        }
    }

    fn channel(&mut self, has_ambassador: bool) -> Channel {
        let butler = if has_ambassador { 12 } else { 0 };
        self.random.weighted(&[
            (Channel::App, 46),
            (Channel::Phone, 16),
            (Channel::Wechat, 11),
            (Channel::Butler, butler),
            (Channel::WalkIn, 6),
            (Channel::Website, 4),
            (Channel::Email, 3),
            (Channel::Sms, 2),
        ])
    }
}

fn early(kind: TicketKind) -> Vec<&'static Entry> {
    BEFORE_HANDOVER.iter().filter(|entry| entry.kind == kind).collect()
}

impl Case {
    /// Finds the instant of the report from which all that is to happen has happened by `until`: `from`, or as many
    /// steps before it as it takes.
    fn settle(
        &mut self,
        fate: Fate,
        stop: Option<TicketStatus>,
        (from, until, step): (DateTime<Utc>, DateTime<Utc>, TimeDelta),
        hours: Hours,
    ) {
        let Entry { kind, urgency, .. } = *self.entry;
        let mut created_at = from;
        loop {
            let mut random = self.random.clone();
            let window = (urgency == Appointment).then(|| script::window(created_at, &mut random));
            let subject = Subject { kind, urgency, created_at, window };
            let mut deeds = script::write(subject, fate, &mut random);
            if let Some(stop) = stop {
                script::stop_at(&mut deeds, stop);
            }
            let is_past = deeds.last().map_or(created_at, |deed| deed.at) <= until;
            if is_past && hours.at_or_after(created_at, &mut random) == created_at {
                *self = Case { created_at, window, deeds: deeds.into(), random, ..self.clone() };
                return;
            }
            created_at -= step;
        }
    }
}
