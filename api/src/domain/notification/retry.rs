//! When something that did not go out is tried again.

use chrono::TimeDelta;

/// After so many attempts it is given up.
pub const MOST_ATTEMPTS: i32 = 12;

const FIRST_PAUSE: i64 = 30;
const LONGEST_PAUSE: i64 = 4 * 60 * 60;

/// How long to wait after so many attempts, at least as long as the other side wants, within bounds; none to give up. Each pause is twice the one before, a day in all, and begins
/// anywhere in its second half: `chance`, of which any value will do, keeps a thousand that failed together from coming
/// back together.
pub fn pause(attempts: i32, chance: u16, wanted: TimeDelta) -> Option<TimeDelta> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0);
    let whole = FIRST_PAUSE.saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST_PAUSE) * 1000;
    let half = whole / 2;
    let own = TimeDelta::milliseconds(half + half * i64::from(chance) / i64::from(u16::MAX));
    Some(own.max(wanted.min(TimeDelta::seconds(LONGEST_PAUSE))))
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
