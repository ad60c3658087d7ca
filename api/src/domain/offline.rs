//! When something was done on a device that had no network, as far as the device's clock is to be believed.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::invalid::{Invalid, Message, Problem};

/// How far ahead a device's clock may be. With one that is further off no certificate is good, and nothing arrives.
const SKEW: TimeDelta = TimeDelta::days(1);

/// How long something may wait for the network. Together with the clock's error it is not longer than keys are remembered:
/// what arrives a second time when its key is forgotten is refused.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(6);

/// When a device did something to what was made at `created_at`: not later than now, and not earlier than that.
pub fn done_at(said: DateTime<Utc>, created_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Invalid> {
    if said > now + SKEW {
        return Err(Invalid::new("madeAt", Problem::OutOfRange, Message::LiesInTheFuture));
    }
    if said < now - LONGEST_WAIT {
        let message = Message::IsTooLongAgo { days: LONGEST_WAIT.num_days().into() };
        return Err(Invalid::new("madeAt", Problem::TooLate, message));
    }
    Ok(said.min(now).max(created_at).trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::{super::stale::Stale, *};

    #[test]
    fn a_device_is_believed_between_the_making_of_the_thing_and_now() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let (now, created) = (at("2026-11-30T12:00:00Z"), at("2026-11-30T08:00:00Z"));
        let found = |text: &str| done_at(at(text), created, now).map_err(|invalid| invalid.problem);
        assert_eq!(found("2026-11-30T09:30:00.123456789Z"), Ok(at("2026-11-30T09:30:00.123456Z")));
        assert_eq!(found("2026-11-30T12:00:01Z"), Ok(now), "a clock that is a little ahead");
        assert_eq!(found("2026-12-01T12:00:00Z"), Ok(now));
        assert_eq!(found("2026-12-01T12:00:00.000001Z"), Err(Problem::OutOfRange));
        assert_eq!(found("2026-11-30T07:59:59Z"), Ok(created), "nobody works on what is not there");
        assert_eq!(found("2026-11-24T12:00:00Z"), Ok(created));
        assert_eq!(found("2026-11-24T11:59:59.999999Z"), Err(Problem::TooLate));
        assert_eq!(done_at(DateTime::<Utc>::MAX_UTC, created, now).unwrap_err().problem, Problem::OutOfRange);
        assert_eq!(done_at(DateTime::<Utc>::MIN_UTC, created, now).unwrap_err().problem, Problem::TooLate);
    }

    #[test]
    fn nothing_is_taken_whose_key_may_be_forgotten() {
        let now: DateTime<Utc> = "2026-11-30T12:00:00Z".parse().unwrap();
        assert!(now - LONGEST_WAIT - SKEW >= Stale::at(now).keys);
    }
}
