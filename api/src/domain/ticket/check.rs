//! What the content of a ticket command must be, whatever the ticket's status.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::Urgency;

use crate::domain::invalid::{Invalid, Message, Problem};
use crate::domain::text;

use super::Window;

/// Characters that a reason, outcome, note or resolution may have.
const LONGEST_TEXT: usize = 2000;
const LONGEST_WINDOW: TimeDelta = TimeDelta::hours(12);
const FURTHEST_WINDOW: TimeDelta = TimeDelta::days(60);
const RATINGS: std::ops::RangeInclusive<i32> = 1..=5;

pub(super) fn required_text(field: &'static str, typed: &str) -> Result<String, Invalid> {
    text::required(field, typed, LONGEST_TEXT)
}

pub(super) fn optional_text(field: &'static str, typed: &Option<String>) -> Result<Option<String>, Invalid> {
    text::optional(field, typed.as_deref(), LONGEST_TEXT)
}

pub(super) fn reason(typed: &str) -> Result<String, Invalid> {
    required_text("reason", typed)
}

pub(super) fn note(typed: &Option<String>) -> Result<Option<String>, Invalid> {
    optional_text("note", typed)
}

pub(super) fn rating(rating: Option<i32>) -> Result<Option<i32>, Invalid> {
    match rating {
        Some(rating) if !RATINGS.contains(&rating) => {
            Err(Invalid::new("rating", Problem::OutOfRange, Message::MustBeFromTo { least: 1.into(), most: 5.into() }))
        }
        within => Ok(within),
    }
}

pub(super) fn cost_cents(cost: Option<i64>) -> Result<Option<i64>, Invalid> {
    match cost {
        Some(cost) if cost < 0 => Err(Invalid::new("costCents", Problem::OutOfRange, Message::MustNotBeNegative)),
        within => Ok(within),
    }
}

/// An appointment has a window, and nothing else has one.
pub(super) fn appointment(
    urgency: Urgency,
    given: Option<Window>,
    now: DateTime<Utc>,
) -> Result<Option<Window>, Invalid> {
    match (urgency, given) {
        (Urgency::Appointment, None) => Err(Invalid::required("appointment")),
        (Urgency::Appointment, Some(given)) => window(given, now).map(Some),
        (_, None) => Ok(None),
        (_, Some(_)) => Err(Invalid::new("appointment", Problem::Invalid, Message::MustBeOfAppointment)),
    }
}

pub(super) fn window(window: Window, now: DateTime<Utc>) -> Result<Window, Invalid> {
    let starts = |problem, message| Err(Invalid::new("appointment.startsAt", problem, message));
    let ends = |problem, message| Err(Invalid::new("appointment.endsAt", problem, message));
    if window.ends_at <= window.starts_at {
        return ends(Problem::Invalid, Message::MustBeAfterStart);
    }
    if window.starts_at < now {
        return starts(Problem::InThePast, Message::MustNotBePast);
    }
    if window.ends_at - window.starts_at > LONGEST_WINDOW {
        return ends(Problem::OutOfRange, Message::MustBeWithinHoursOfStart { hours: 12.into() });
    }
    if window.starts_at - now > FURTHEST_WINDOW {
        return starts(Problem::OutOfRange, Message::MustBeWithinDays);
    }
    Ok(window)
}
