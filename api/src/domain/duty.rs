//! Who is sent first when it burns, and which shifts make sense.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{Department, Role};
use uuid::Uuid;

use super::invalid::{Invalid, Message, Problem};

/// Roles that take tickets.
pub const WORKS_ON_SITE: [Role; 4] = [Role::Technician, Role::Ambassador, Role::ServiceAgent, Role::Manager];

/// Who can answer for a building: those of the property company and customer service who take tickets.
pub fn answers_for_buildings(role: Role, department: Department) -> bool {
    WORKS_ON_SITE.contains(&role) && matches!(department, Department::PropertyCompany | Department::CustomerService)
}

/// Nobody is on call for longer.
const LONGEST_SHIFT: TimeDelta = TimeDelta::hours(36);
const FURTHEST_SHIFT: TimeDelta = TimeDelta::days(366);

/// Somebody who is on duty and may be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub staff_id: Uuid,
    pub tickets_in_hand: usize,
}

/// Who is sent: whoever has the least in hand, and of several the first.
pub fn first_to_go(candidates: &[Candidate]) -> Option<Uuid> {
    candidates.iter().min_by_key(|candidate| candidate.tickets_in_hand).map(|candidate| candidate.staff_id)
}

/// A shift ends after it begins and is not over yet.
pub fn check_shift(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Invalid> {
    let ends = |problem, message| Err(Invalid::new("endsAt", problem, message));
    if ends_at <= starts_at {
        return ends(Problem::Invalid, Message::MustBeAfterStart);
    }
    if ends_at <= now {
        return ends(Problem::InThePast, Message::MustLieAhead);
    }
    if ends_at - starts_at > LONGEST_SHIFT {
        return ends(Problem::OutOfRange, Message::MustBeWithinHoursOfStart { hours: 36.into() });
    }
    if starts_at - now > FURTHEST_SHIFT {
        return Err(Invalid::new("startsAt", Problem::OutOfRange, Message::MustBeWithinAYear));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: u128, tickets_in_hand: usize) -> Candidate {
        Candidate { staff_id: Uuid::from_u128(id), tickets_in_hand }
    }

    #[test]
    fn the_least_busy_goes_and_of_equals_the_first() {
        assert_eq!(first_to_go(&[]), None);
        for (candidates, goes) in [
            (vec![candidate(1, 2)], 1),
            (vec![candidate(1, 2), candidate(2, 1)], 2),
            (vec![candidate(2, 1), candidate(1, 1)], 2),
        ] {
            assert_eq!(first_to_go(&candidates), Some(Uuid::from_u128(goes)));
        }
    }

    #[test]
    fn a_shift_has_bounds() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-11-23T01:00:00Z");
        for (starts, ends, wrong) in [
            ("2026-11-23T00:00:00Z", "2026-11-23T08:00:00Z", None),
            ("2026-11-23T08:00:00Z", "2026-11-24T20:00:00Z", None),
            ("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", Some(("endsAt", Problem::Invalid))),
            ("2026-11-22T08:00:00Z", "2026-11-23T01:00:00Z", Some(("endsAt", Problem::InThePast))),
            ("2026-11-23T08:00:00Z", "2026-11-24T20:00:01Z", Some(("endsAt", Problem::OutOfRange))),
            ("2027-11-25T08:00:00Z", "2027-11-25T20:00:00Z", Some(("startsAt", Problem::OutOfRange))),
        ] {
            let found = check_shift(at(starts), at(ends), now).err().map(|invalid| (invalid.field, invalid.problem));
            assert_eq!(found, wrong, "{starts} to {ends}");
        }
    }
}
