//! When an activity may be planned, registered for, changed and closed, and who gets a seat.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{ActivityKind, Department, OwnerStage, RegistrationStatus};

use super::invalid::{Invalid, Message, Problem};

/// Until a project gives its customer club a name of its own.
pub const CLUB_NAME: &str = "安居会";

/// The most seats.
pub const MOST_SEATS: i32 = 10_000;

/// The longest an activity lasts.
const LONGEST: TimeDelta = TimeDelta::days(31);

/// How long a lecture is open to those whom it is for before everybody else, unless its makers say otherwise.
const HEAD_START: TimeDelta = TimeDelta::days(3);

/// How long before the start those who registered are reminded.
pub const REMINDED_BEFORE: TimeDelta = TimeDelta::hours(24);

/// Whether an activity may take place from one instant to another.
pub fn check_time(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Invalid> {
    if starts_at <= now {
        return Err(Invalid::new("startsAt", Problem::InThePast, Message::MustLieAhead));
    }
    if ends_at <= starts_at || ends_at - starts_at > LONGEST {
        return Err(Invalid::new("endsAt", Problem::OutOfRange, Message::MustFollowWithinDays));
    }
    Ok(())
}

/// Whether so many seats may be offered.
pub fn check_capacity(capacity: i32) -> Result<(), Invalid> {
    if (1..=MOST_SEATS).contains(&capacity) {
        Ok(())
    } else {
        Err(Invalid::new(
            "capacity",
            Problem::OutOfRange,
            Message::MustBeFrom { least: 1.into(), most: MOST_SEATS.into() },
        ))
    }
}

/// When a lecture that is published at one instant and starts at another opens to everybody: after the head start, and
/// half way to the lecture at the latest, so that nobody is left without a chance. Other activities know no head start.
pub fn open_to_all_at(
    kind: ActivityKind,
    published_at: DateTime<Utc>,
    starts_at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let half_way = (starts_at - published_at) / 2;
    (kind == ActivityKind::Lecture).then(|| published_at + HEAD_START.min(half_way))
}

/// Whether a customer may register now. Until `priority_until` only those may who took their home over and do not renovate
/// yet.
pub fn check_registration(
    stage: OwnerStage,
    (starts_at, priority_until): (DateTime<Utc>, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> Result<(), Invalid> {
    if now >= starts_at {
        return Err(Invalid::new("activityId", Problem::TooLate, Message::HasBegunRegistrationClosed));
    }
    match priority_until {
        Some(until) if now < until && stage != OwnerStage::HandedOver => {
            let message = Message::IsOpenToOthersUntil { until: format!("{until:?}") };
            Err(Invalid::new("activityId", Problem::TooEarly, message))
        }
        _ => Ok(()),
    }
}

/// What the next to register gets.
pub fn seat(capacity: i32, taken: u64) -> RegistrationStatus {
    if free(capacity, taken) > 0 { RegistrationStatus::Registered } else { RegistrationStatus::Waitlisted }
}

/// How many seats are free.
pub fn free(capacity: i32, taken: u64) -> u64 {
    u64::try_from(capacity).unwrap_or(0).saturating_sub(taken)
}

/// The department that answers what a visitor said, until somebody names another.
pub fn answering_department(kind: ActivityKind) -> Department {
    match kind {
        ActivityKind::OpenDay => Department::ProjectManagement,
        ActivityKind::ClubEvent | ActivityKind::Lecture => Department::CustomerService,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("in range") + TimeDelta::hours(hour)
    }

    #[test]
    fn an_activity_lies_ahead_and_ends_after_its_start() {
        assert_eq!(check_time(at(1), at(2), at(0)), Ok(()));
        for (starts, ends, problem) in [
            (0, 2, Problem::InThePast),
            (-1, 2, Problem::InThePast),
            (2, 2, Problem::OutOfRange),
            (2, 1, Problem::OutOfRange),
            (1, 1 + 31 * 24 + 1, Problem::OutOfRange),
        ] {
            assert_eq!(check_time(at(starts), at(ends), at(0)).unwrap_err().problem, problem, "{starts} {ends}");
        }
        assert!(check_capacity(0).is_err() && check_capacity(10_001).is_err());
        assert!(check_capacity(1).is_ok() && check_capacity(10_000).is_ok());
    }

    #[test]
    fn a_lecture_opens_first_to_those_who_are_about_to_renovate() {
        assert_eq!(open_to_all_at(ActivityKind::Lecture, at(0), at(240)), Some(at(72)));
        assert_eq!(open_to_all_at(ActivityKind::Lecture, at(0), at(48)), Some(at(24)));
        assert_eq!(open_to_all_at(ActivityKind::OpenDay, at(0), at(48)), None);
        let times = (at(48), Some(at(24)));
        assert_eq!(check_registration(OwnerStage::HandedOver, times, at(0)), Ok(()));
        for stage in OwnerStage::ALL.iter().filter(|stage| **stage != OwnerStage::HandedOver) {
            let refused = check_registration(*stage, times, at(23)).unwrap_err();
            assert_eq!(refused.problem, Problem::TooEarly, "{stage:?}");
            assert_eq!(check_registration(*stage, times, at(24)), Ok(()), "{stage:?}");
            assert_eq!(check_registration(*stage, (at(48), None), at(0)), Ok(()), "{stage:?}");
        }
    }

    #[test]
    fn registration_ends_with_the_start() {
        let late = check_registration(OwnerStage::HandedOver, (at(1), None), at(1)).unwrap_err();
        assert_eq!(late.problem, Problem::TooLate);
    }

    proptest! {
        #[test]
        fn seats_are_given_until_they_are_gone(capacity in 1..100_i32, calls in 0..300_u64) {
            let mut taken = 0;
            for _ in 0..calls {
                taken += u64::from(seat(capacity, taken) == RegistrationStatus::Registered);
            }
            prop_assert_eq!(taken, calls.min(capacity.unsigned_abs().into()));
            prop_assert_eq!(free(capacity, taken), u64::from(capacity.unsigned_abs()) - taken);
        }

        #[test]
        fn everybody_has_a_chance_before_the_lecture(lead in 1..10_000_i64) {
            let opens = open_to_all_at(ActivityKind::Lecture, at(0), at(lead)).expect("a lecture");
            prop_assert!(opens > at(0) && opens < at(lead));
        }
    }
}
