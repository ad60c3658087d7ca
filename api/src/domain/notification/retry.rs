//! When something that did not go out is tried again.

use chrono::TimeDelta;

/// After so many attempts it is given up.
pub const MOST_ATTEMPTS: i32 = 12;

const FIRST_PAUSE: i64 = 30;
const LONGEST_PAUSE: i64 = 4 * 60 * 60;

/// How long to wait after so many attempts; none to give up. Each pause is twice the one before, a day in all, and begins
/// anywhere in its second half: `chance`, of which any value will do, keeps a thousand that failed together from coming
/// back together.
pub fn pause(attempts: i32, chance: u16) -> Option<TimeDelta> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0);
    let whole = FIRST_PAUSE.saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST_PAUSE) * 1000;
    let half = whole / 2;
    Some(TimeDelta::milliseconds(half + half * i64::from(chance) / i64::from(u16::MAX)))
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
