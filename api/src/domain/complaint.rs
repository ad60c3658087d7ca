//! What is learned from complaints (S4): when one is ready for its analysis, and how many there were of which kind. Every
//! complaint that was not withdrawn counts once, in the month of its report where its project stands.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use entity::vocab::{Department, RootCause, TicketKind, TicketStatus, Triage};

use super::invalid::{Invalid, Message, Problem};

/// The longest period that statistics are asked for, in months.
pub const MOST_MONTHS: u32 = 36;

/// The statuses in which a complaint is ready for its analysis: what was done is known.
pub const ANALYSED_IN: [TicketStatus; 3] = [TicketStatus::Resolved, TicketStatus::Confirmed, TicketStatus::Closed];

/// Whether a ticket may be analysed now.
pub fn check_ready(kind: TicketKind, status: TicketStatus) -> Result<(), Invalid> {
    let refuse = |problem, message| Err(Invalid::new("ticketId", problem, message));
    if kind != TicketKind::Complaint {
        return refuse(Problem::Invalid, Message::MustBeOfAComplaint);
    }
    if status == TicketStatus::Cancelled {
        return refuse(Problem::Invalid, Message::IsAWithdrawnComplaint);
    }
    if ANALYSED_IN.contains(&status) { Ok(()) } else { refuse(Problem::TooEarly, Message::IsAnUnresolvedComplaint) }
}

/// A period of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: NaiveDate,
    /// The last day; it belongs to the period.
    pub last: NaiveDate,
}

impl Days {
    /// A period of at most three years.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Result<Self, Invalid> {
        let days = Self { first, last };
        let longest = first.checked_add_months(Months::new(MOST_MONTHS));
        if last < first || longest.is_none_or(|end| last >= end) {
            let message = Message::MustBeWithinThreeYears;
            return Err(Invalid::new("filter.to", Problem::OutOfRange, message));
        }
        Ok(days)
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The first day of each month that the period touches.
    fn months(self) -> impl Iterator<Item = NaiveDate> {
        let first = month_of(self.first);
        std::iter::successors(Some(first), |month| month.checked_add_months(Months::new(1)))
            .take_while(move |month| *month <= self.last)
    }
}

/// The first day of a day's month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// What the statistics know of one complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The day of the report where the project stands.
    pub reported_on: NaiveDate,
    pub triage: Option<Triage>,
    pub analysis: Option<(RootCause, Department)>,
}

/// How many complaints, and of them how many were found valid or invalid and how many are analysed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: u32,
    pub valid: u32,
    pub invalid: u32,
    pub analysed: u32,
}

impl Counts {
    fn add(&mut self, fact: &Fact) {
        self.total += 1;
        self.valid += u32::from(fact.triage == Some(Triage::Valid));
        self.invalid += u32::from(fact.triage == Some(Triage::Invalid));
        self.analysed += u32::from(fact.analysis.is_some());
    }
}

/// Complaints by what they have in common. The groups of causes and departments hold the analysed ones, the months all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub all: Counts,
    /// The commonest first.
    pub by_root_cause: Vec<(RootCause, Counts)>,
    /// The commonest first.
    pub by_department: Vec<(Department, Counts)>,
    /// Every month of the period, the first first.
    pub by_month: Vec<(NaiveDate, Counts)>,
}

/// Counts complaints of a period.
pub fn statistics(days: Days, facts: impl IntoIterator<Item = Fact>) -> Statistics {
    let mut all = Counts::default();
    let (mut causes, mut departments) = (BTreeMap::new(), BTreeMap::new());
    let mut months: BTreeMap<NaiveDate, Counts> = days.months().map(|month| (month, Counts::default())).collect();
    for fact in facts.into_iter().filter(|fact| days.contains(fact.reported_on)) {
        all.add(&fact);
        months.entry(month_of(fact.reported_on)).or_default().add(&fact);
        if let Some((cause, department)) = fact.analysis {
            causes.entry(cause).or_insert_with(Counts::default).add(&fact);
            departments.entry(department).or_insert_with(Counts::default).add(&fact);
        }
    }
    Statistics {
        all,
        by_root_cause: commonest_first(causes),
        by_department: commonest_first(departments),
        by_month: months.into_iter().collect(),
    }
}

fn commonest_first<K: Ord>(groups: BTreeMap<K, Counts>) -> Vec<(K, Counts)> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.total));
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn s4_a_complaint_is_analysed_when_it_is_known_what_was_done() {
        for status in TicketStatus::ALL {
            let ready = check_ready(TicketKind::Complaint, *status).map_err(|invalid| invalid.problem);
            let expected = match status {
                TicketStatus::Resolved | TicketStatus::Confirmed | TicketStatus::Closed => Ok(()),
                TicketStatus::Cancelled => Err(Problem::Invalid),
                _ => Err(Problem::TooEarly),
            };
            assert_eq!(ready, expected, "{status:?}");
            for kind in TicketKind::ALL.iter().filter(|kind| **kind != TicketKind::Complaint) {
                assert!(check_ready(*kind, *status).is_err(), "{kind:?} {status:?}");
            }
        }
    }

    #[test]
    fn a_period_ends_after_it_begins_and_within_three_years() {
        for (first, last, is_good) in [
            ("2026-01-01", "2026-01-01", true),
            ("2026-01-02", "2026-01-01", false),
            ("2024-02-29", "2027-02-27", true),
            ("2024-01-01", "2026-12-31", true),
            ("2024-01-01", "2027-01-01", false),
        ] {
            assert_eq!(Days::new(day(first), day(last)).is_ok(), is_good, "{first} to {last}");
        }
    }

    #[test]
    fn s4_months_without_a_complaint_are_there_and_empty() {
        let days = Days::new(day("2025-12-15"), day("2026-02-01")).expect("a period");
        let months: Vec<_> = statistics(days, []).by_month.into_iter().map(|(month, _)| month.to_string()).collect();
        assert_eq!(months, ["2025-12-01", "2026-01-01", "2026-02-01"]);
    }

    fn facts() -> impl Strategy<Value = Vec<Fact>> {
        let analysis = proptest::option::of((0..RootCause::ALL.len(), 0..Department::ALL.len()));
        let triage = proptest::option::of(any::<bool>());
        proptest::collection::vec((0..500_u64, triage, analysis), 0..60).prop_map(|facts| {
            let fact = |(after, valid, analysis): (u64, Option<bool>, Option<(usize, usize)>)| Fact {
                reported_on: day("2025-11-20") + chrono::Days::new(after),
                triage: valid.map(|valid| if valid { Triage::Valid } else { Triage::Invalid }),
                analysis: analysis.map(|(cause, department)| (RootCause::ALL[cause], Department::ALL[department])),
            };
            facts.into_iter().map(fact).collect()
        })
    }

    proptest! {
        #[test]
        fn s4_the_groups_add_up_to_what_they_are_groups_of(facts in facts()) {
            let days = Days::new(day("2026-01-01"), day("2026-12-31")).expect("a year");
            let inside = facts.iter().filter(|fact| days.contains(fact.reported_on)).count();
            let counted = statistics(days, facts);
            let total = |groups: &mut dyn Iterator<Item = Counts>| groups.map(|counts| counts.total).sum::<u32>();
            prop_assert_eq!(counted.all.total as usize, inside);
            prop_assert!(counted.all.valid + counted.all.invalid <= counted.all.total);
            prop_assert_eq!(total(&mut counted.by_month.iter().map(|(_, counts)| *counts)), counted.all.total);
            prop_assert_eq!(total(&mut counted.by_root_cause.iter().map(|(_, it)| *it)), counted.all.analysed);
            prop_assert_eq!(total(&mut counted.by_department.iter().map(|(_, it)| *it)), counted.all.analysed);
            prop_assert!(counted.by_root_cause.is_sorted_by(|(_, one), (_, next)| one.total >= next.total));
        }
    }
}
