//! When something that did not go out is tried again.

use chrono::TimeDelta;

use crate::domain::backoff::doubling;

/// After so many attempts it is given up.
pub const MOST_ATTEMPTS: i32 = 12;

const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(30);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(4);

/// How long to wait after so many attempts, a day in all, or as long as the other side wants, within bounds; none to give up.
pub fn pause(attempts: i32, chance: u16, wanted: TimeDelta) -> Option<TimeDelta> {
    let own = || doubling(FIRST_PAUSE, LONGEST_PAUSE, attempts, chance);
    (attempts < MOST_ATTEMPTS).then(|| own().max(wanted.min(LONGEST_PAUSE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound_and_end() {
        let pause = |attempts, chance| pause(attempts, chance, TimeDelta::zero());
        let longest: Vec<i64> =
            (1..MOST_ATTEMPTS).map(|attempts| pause(attempts, u16::MAX).unwrap().num_seconds()).collect();
        assert_eq!(longest, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 14400, 14400]);
        assert_eq!((pause(MOST_ATTEMPTS, 0), pause(i32::MAX, 0)), (None, None));
        for attempts in 1..MOST_ATTEMPTS {
            assert_eq!(pause(attempts, 0).unwrap() * 2, pause(attempts, u16::MAX).unwrap());
            assert!(pause(attempts, 20_000) > pause(attempts, 10_000));
        }
    }

    #[test]
    fn the_other_side_is_given_the_time_it_wants_within_bounds() {
        let wanting = |wanted: TimeDelta| pause(1, 0, wanted).unwrap();
        assert_eq!(wanting(TimeDelta::seconds(1)), TimeDelta::seconds(15));
        assert_eq!(wanting(TimeDelta::minutes(10)), TimeDelta::minutes(10));
        assert_eq!(wanting(TimeDelta::days(9)), TimeDelta::hours(4));
        assert_eq!(pause(MOST_ATTEMPTS, 0, TimeDelta::minutes(10)), None);
    }
}
