//! When something that did not go out is tried again.

use chrono::TimeDelta;

use crate::domain::backoff::doubling;

/// After so many attempts it is given up.
pub const MOST_ATTEMPTS: i32 = 12;

const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(30);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(4);

/// How long to wait after so many attempts, a day in all; none to give up.
pub fn pause(attempts: i32, chance: u16) -> Option<TimeDelta> {
    (attempts < MOST_ATTEMPTS).then(|| doubling(FIRST_PAUSE, LONGEST_PAUSE, attempts, chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound_and_end() {
        let longest: Vec<i64> =
            (1..MOST_ATTEMPTS).map(|attempts| pause(attempts, u16::MAX).unwrap().num_seconds()).collect();
        assert_eq!(longest, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 14400, 14400]);
        assert_eq!((pause(MOST_ATTEMPTS, 0), pause(i32::MAX, 0)), (None, None));
        for attempts in 1..MOST_ATTEMPTS {
            assert_eq!(pause(attempts, 0).unwrap() * 2, pause(attempts, u16::MAX).unwrap());
            assert!(pause(attempts, 20_000) > pause(attempts, 10_000));
        }
    }
}
