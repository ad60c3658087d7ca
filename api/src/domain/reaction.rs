//! How soon somebody was there when it was urgent: counts, and the spread of the times that it took.

use chrono::{DateTime, Utc};

/// One urgent ticket whose deadline of arrival has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// When its clock began: the report, or the last reopening.
    pub begun_at: DateTime<Utc>,
    /// When somebody arrived; none when nobody has yet.
    pub started_at: Option<DateTime<Utc>>,
    pub due_at: DateTime<Utc>,
}

/// What a set of urgent tickets says together. Times are whole seconds, and none where nobody has arrived at all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reaction {
    pub due: usize,
    pub in_time: usize,
    pub mean_seconds: Option<i64>,
    pub median_seconds: Option<i64>,
    pub p90_seconds: Option<i64>,
    pub longest_seconds: Option<i64>,
}

impl Reaction {
    /// The share in percent that was in time; none when nothing was due.
    pub fn rate(&self) -> Option<f64> {
        percentage(self.in_time, self.due)
    }
}

/// A share in percent; none of nothing is no number.
pub fn percentage(part: usize, whole: usize) -> Option<f64> {
    // Counts of tickets are far below what a double can hold exactly.
    #[allow(clippy::cast_precision_loss)]
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

/// Sums urgent tickets up.
pub fn measure(cases: &[Case]) -> Reaction {
    let in_time = cases.iter().filter(|case| case.started_at.is_some_and(|at| at <= case.due_at)).count();
    let mut seconds: Vec<i64> =
        cases.iter().filter_map(|case| case.started_at.map(|at| (at - case.begun_at).num_seconds().max(0))).collect();
    seconds.sort_unstable();
    let mean = i64::try_from(seconds.len()).ok().filter(|count| *count > 0);
    Reaction {
        due: cases.len(),
        in_time,
        mean_seconds: mean.map(|count| seconds.iter().sum::<i64>() / count),
        median_seconds: at_rank(&seconds, 50),
        p90_seconds: at_rank(&seconds, 90),
        longest_seconds: seconds.last().copied(),
    }
}

/// The smallest value that at least so many percent do not exceed (nearest rank).
fn at_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn case(took: Option<i64>) -> Case {
        let begun_at: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let after = |seconds| begun_at + TimeDelta::seconds(seconds);
        Case { begun_at, started_at: took.map(after), due_at: after(1800) }
    }

    fn measured(took: &[Option<i64>]) -> Reaction {
        measure(&took.iter().map(|took| case(*took)).collect::<Vec<_>>())
    }

    #[test]
    fn nothing_due_is_no_number() {
        assert_eq!(measured(&[]), Reaction::default());
        assert_eq!(measured(&[]).rate(), None);
    }

    #[test]
    fn the_deadline_itself_is_in_time_and_nobody_there_is_not() {
        let found = measured(&[Some(1800), Some(1801), None, Some(600)]);
        assert_eq!((found.due, found.in_time, found.rate()), (4, 2, Some(50.0)));
        assert_eq!(found.mean_seconds, Some(1400));
        assert_eq!(
            (found.median_seconds, found.p90_seconds, found.longest_seconds),
            (Some(1800), Some(1801), Some(1801))
        );
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let tens: Vec<_> = (1..=10).map(|n| Some(n * 10)).collect();
        let found = measured(&tens);
        assert_eq!((found.median_seconds, found.p90_seconds, found.longest_seconds), (Some(50), Some(90), Some(100)));
        assert_eq!(measured(&[Some(7)]).median_seconds, Some(7));
    }

    proptest! {
        #[test]
        fn no_share_is_above_the_whole_and_the_order_does_not_matter(took in prop::collection::vec(prop::option::of(0i64..9000), 0..40)) {
            let found = measured(&took);
            prop_assert!(found.in_time <= found.due);
            prop_assert!(found.rate().is_none_or(|rate| (0.0..=100.0).contains(&rate)));
            prop_assert!(found.median_seconds <= found.p90_seconds && found.p90_seconds <= found.longest_seconds);
            let mut turned = took;
            turned.reverse();
            prop_assert_eq!(measured(&turned), found);
        }
    }
}
