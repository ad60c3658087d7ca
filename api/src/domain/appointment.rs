//! A visit by appointment: its steps, and how long customers waited (T2.2).

use chrono::{DateTime, Utc};
use entity::vocab::AppointmentStatus;

/// What can be done with a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitStep {
    /// The customer has arrived.
    CheckIn,
    /// Somebody attends to the customer.
    Start,
    End,
    Cancel,
    /// The customer did not come.
    MarkNoShow,
}

impl VisitStep {
    pub const ALL: [VisitStep; 5] = [Self::CheckIn, Self::Start, Self::End, Self::Cancel, Self::MarkNoShow];
}

/// Where a step leads; `None` where there is no such step. Who has waited too long may go without being served.
pub fn step(status: AppointmentStatus, step: VisitStep) -> Option<AppointmentStatus> {
    use AppointmentStatus as S;
    match (status, step) {
        (S::Booked, VisitStep::CheckIn) => Some(S::CheckedIn),
        (S::CheckedIn, VisitStep::Start) => Some(S::InService),
        (S::InService, VisitStep::End) => Some(S::Done),
        (S::Booked | S::CheckedIn, VisitStep::Cancel) => Some(S::Cancelled),
        (S::Booked, VisitStep::MarkNoShow) => Some(S::NoShow),
        _ => None,
    }
}

/// How long customers waited, in whole seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits(Vec<i64>);

impl Waits {
    /// From pairs of check-in and start.
    pub fn of(visits: impl IntoIterator<Item = (DateTime<Utc>, DateTime<Utc>)>) -> Self {
        let seconds = visits.into_iter().map(|(arrived, started)| (started - arrived).num_seconds().max(0));
        let mut waits: Vec<i64> = seconds.collect();
        waits.sort_unstable();
        Self(waits)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The arithmetic mean, rounded to the nearest second; none of nothing.
    pub fn mean(&self) -> Option<i64> {
        let count = i64::try_from(self.0.len()).ok().filter(|count| *count > 0)?;
        Some((self.0.iter().sum::<i64>() + count / 2) / count)
    }

    /// By nearest rank: the shortest wait that at least so many of a hundred did not exceed. Always a wait that was.
    pub fn percentile(&self, percent: usize) -> Option<i64> {
        let rank = (self.0.len() * percent.min(100)).div_ceil(100).max(1);
        self.0.get(rank - 1).copied()
    }

    pub fn longest(&self) -> Option<i64> {
        self.0.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn waits(seconds: &[i64]) -> Waits {
        let arrived = DateTime::<Utc>::UNIX_EPOCH;
        Waits::of(seconds.iter().map(|wait| (arrived, arrived + TimeDelta::seconds(*wait))))
    }

    #[test]
    fn a_visit_goes_its_way_and_no_other() {
        use AppointmentStatus as S;
        let legal = [
            (S::Booked, VisitStep::CheckIn, S::CheckedIn),
            (S::CheckedIn, VisitStep::Start, S::InService),
            (S::InService, VisitStep::End, S::Done),
            (S::Booked, VisitStep::Cancel, S::Cancelled),
            (S::CheckedIn, VisitStep::Cancel, S::Cancelled),
            (S::Booked, VisitStep::MarkNoShow, S::NoShow),
        ];
        for status in S::ALL {
            for way in VisitStep::ALL {
                let expected = legal.iter().find(|(from, by, _)| from == status && *by == way).map(|(_, _, to)| *to);
                assert_eq!(step(*status, way), expected, "{status:?} {way:?}");
            }
        }
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let hundred: Vec<i64> = (1..=100).rev().collect();
        let ten = [600, 0, 60, 120, 180, 240, 300, 360, 420, 480];
        for (seconds, mean, p50, p90, longest) in [
            (&hundred[..], 51, 50, 90, 100),
            (&ten[..], 276, 240, 480, 600),
            (&[7][..], 7, 7, 7, 7),
            (&[1, 2][..], 2, 1, 2, 2),
            (&[10, 20, 30][..], 20, 20, 30, 30),
        ] {
            let waits = waits(seconds);
            let found = (waits.mean(), waits.percentile(50), waits.percentile(90), waits.longest());
            assert_eq!(found, (Some(mean), Some(p50), Some(p90), Some(longest)), "{seconds:?}");
        }
    }

    #[test]
    fn of_nothing_there_is_no_figure() {
        let none = waits(&[]);
        assert_eq!((none.count(), none.mean(), none.percentile(50), none.longest()), (0, None, None, None));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_negative_wait() {
        assert_eq!(waits(&[-5]).longest(), Some(0));
    }

    proptest! {
        #[test]
        fn percentiles_ascend_and_are_waits_that_were(seconds in proptest::collection::vec(0_i64..100_000, 1..60)) {
            let waits = waits(&seconds);
            let all: Vec<i64> = (0..=100).map(|percent| waits.percentile(percent).unwrap()).collect();
            prop_assert!(all.is_sorted());
            prop_assert!(all.iter().all(|wait| seconds.contains(wait)));
            prop_assert_eq!(all[100], *seconds.iter().max().unwrap());
            for percent in [50_usize, 90] {
                let within = seconds.iter().filter(|wait| **wait <= all[percent]).count();
                prop_assert!(within * 100 >= seconds.len() * percent);
            }
        }
    }
}
