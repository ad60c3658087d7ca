//! What operators' systems are told: when a message that was not taken is tried again, and when its endpoint is given up.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::EventKind;

use super::backoff::doubling;

/// How long a message is tried before its endpoint is given up.
pub const PATIENCE: TimeDelta = TimeDelta::days(3);

const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(15);
/// Also the longest pause that an endpoint may ask for.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(6);

/// When a message that was not taken at its latest attempt is tried again; none to give up. The last attempt comes when the
/// patience is over, not before. An endpoint may ask for a longer pause, within bounds.
pub fn next_attempt(
    (first_at, attempts): (DateTime<Utc>, i32),
    now: DateTime<Utc>,
    asked: Option<TimeDelta>,
    chance: u16,
) -> Option<DateTime<Utc>> {
    let end = first_at + PATIENCE;
    if now >= end {
        return None;
    }
    let own = doubling(FIRST_PAUSE, LONGEST_PAUSE, attempts, chance);
    let pause = asked.map_or(own, |asked| asked.clamp(own, LONGEST_PAUSE.max(own)));
    Some((now + pause).min(end))
}

/// What a `Retry-After` asks for: a number of seconds, or an instant.
pub fn retry_after(text: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = text.trim();
    let span = match text.parse::<u32>() {
        Ok(seconds) => TimeDelta::seconds(i64::from(seconds)),
        Err(_) => DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now,
    };
    (span > TimeDelta::zero()).then_some(span)
}

/// The type that a message says.
pub fn type_of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::TicketEvent => "ticket.event",
        EventKind::SurveySubmitted => "survey.submitted",
        EventKind::HandoverCompleted => "handover.completed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_message_is_tried_for_three_days_and_at_their_end_once_more() {
        for chance in [0, u16::MAX] {
            let first = at("2026-11-23T01:00:00Z");
            let (mut now, mut attempts) = (first, 1);
            let mut pauses = Vec::new();
            while let Some(next) = next_attempt((first, attempts), now, None, chance) {
                assert!(next > now && next <= first + PATIENCE, "attempt {attempts}");
                pauses.push(next - now);
                (now, attempts) = (next, attempts + 1);
            }
            assert_eq!(now, first + PATIENCE, "{attempts} attempts");
            assert!((20..40).contains(&attempts), "{attempts} attempts");
            pauses.pop();
            assert!(pauses.is_sorted() && *pauses.last().unwrap() <= LONGEST_PAUSE, "{pauses:?}");
        }
    }

    #[test]
    fn an_endpoint_may_ask_for_a_longer_pause_within_bounds() {
        let first = at("2026-11-23T01:00:00Z");
        let table = [(None, 15), (Some(1), 15), (Some(60), 60), (Some(21_600), 21_600), (Some(999_999), 21_600)];
        for (asked, expected) in table {
            let next = next_attempt((first, 1), first, asked.map(TimeDelta::seconds), u16::MAX);
            assert_eq!(next, Some(first + TimeDelta::seconds(expected)), "{asked:?}");
        }
        let nearly = first + PATIENCE - TimeDelta::seconds(1);
        assert_eq!(next_attempt((first, 20), nearly, Some(TimeDelta::hours(3)), 0), Some(first + PATIENCE));
        assert_eq!(next_attempt((first, 20), first + PATIENCE, Some(TimeDelta::hours(3)), 0), None);
    }

    #[test]
    fn what_an_endpoint_asks_for_is_read_in_both_ways() {
        let now = at("2026-11-23T01:00:00Z");
        let table = [
            ("120", Some(120)),
            (" 5 ", Some(5)),
            ("0", None),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("99999999999", None),
            ("Mon, 23 Nov 2026 01:02:00 GMT", Some(120)),
            ("Mon, 23 Nov 2026 00:59:00 GMT", None),
        ];
        for (text, expected) in table {
            assert_eq!(retry_after(text, now), expected.map(TimeDelta::seconds), "{text}");
        }
    }
}
