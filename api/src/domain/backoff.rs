//! How long one waits before something that failed is tried again.

use chrono::TimeDelta;

/// The pause after so many attempts: twice the one before, up to the longest. It begins anywhere in its second half: `chance`, of
/// which any value will do, keeps a thousand that failed together from coming back together.
pub fn doubling(first: TimeDelta, longest: TimeDelta, attempts: i32, chance: u16) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0);
    let whole =
        first.num_milliseconds().saturating_mul(2_i64.saturating_pow(doublings)).min(longest.num_milliseconds());
    let half = whole / 2;
    TimeDelta::milliseconds(half + half * i64::from(chance) / i64::from(u16::MAX))
}
