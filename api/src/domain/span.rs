//! Spans that began a while ago and are known by their end: codes that are good for minutes, windows in which tries are
//! counted. The clock may have been set back since they began.

use chrono::{DateTime, TimeDelta, Utc};

/// How far the clocks of two servers may lie apart.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// When a span of this length ends at the latest that has begun by now. What would end later began in what is now the
/// future, and nobody can say how long it has been running.
pub fn latest_end(length: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_signed(length + SKEW).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether a span of this length is running.
pub fn is_running(ends_at: DateTime<Utc>, length: TimeDelta, now: DateTime<Utc>) -> bool {
    now < ends_at && ends_at <= latest_end(length, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_runs_from_its_beginning_to_its_end_and_not_on_a_clock_set_back() {
        let begun: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let length = TimeDelta::minutes(5);
        let table = [
            (TimeDelta::zero(), true),
            (TimeDelta::seconds(299), true),
            (TimeDelta::seconds(300), false),
            (TimeDelta::days(1), false),
            // Another server's clock is a little behind.
            (TimeDelta::seconds(-20), true),
            (TimeDelta::seconds(-31), false),
            (TimeDelta::hours(-1), false),
        ];
        for (later, expected) in table {
            assert_eq!(is_running(begun + length, length, begun + later), expected, "{later}");
        }
        assert_eq!(latest_end(length, DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC);
    }
}
