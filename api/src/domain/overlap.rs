//! How a secret takes another's place: the new one is good at once, and the old one stays good for a while, so that whoever
//! uses it is not shut out before they have put the new one in place. Two are good at most. What a secret opens or signs, and
//! how it is kept, is not decided here.

use chrono::{DateTime, TimeDelta, Utc};

use super::message::Message;

/// For how long the old secret stays good: when nothing is said, and at most.
const USUAL_HOURS: i32 = 24;
const MOST_HOURS: i32 = 7 * 24;

/// For how long the old secret is to stay good; none of it ends the secret at once.
pub fn of_hours(hours: Option<i32>) -> Result<TimeDelta, Message> {
    let hours = hours.unwrap_or(USUAL_HOURS);
    if !(0..=MOST_HOURS).contains(&hours) {
        return Err(Message::OverlapHours { most: MOST_HOURS.into() });
    }
    Ok(TimeDelta::hours(i64::from(hours)))
}

/// What is kept of the secret whose place another takes at this moment, and until when it is good. What was kept of the one
/// before it is forgotten with that.
pub fn replaced<S>(secret: Option<S>, overlap: TimeDelta, now: DateTime<Utc>) -> (Option<S>, Option<DateTime<Utc>>) {
    secret.filter(|_| overlap > TimeDelta::zero()).map(|secret| (secret, now + overlap)).unzip()
}

/// The old secret as it is kept, or whatever belongs to it; none when it is good no more.
pub fn still_good<T>(old: Option<T>, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<T> {
    old.filter(|_| until.is_some_and(|until| now < until))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a table keeps of somebody's secrets.
    #[derive(Default)]
    struct Row {
        newest: Option<&'static str>,
        old: Option<&'static str>,
        until: Option<DateTime<Utc>>,
    }

    enum Act {
        Rotate(&'static str, i32),
        EndOld,
        Nothing,
    }

    fn at(hours: i64, seconds: i64) -> DateTime<Utc> {
        "2026-11-23T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours) + TimeDelta::seconds(seconds)
    }

    fn good(row: &Row, now: DateTime<Utc>) -> Vec<&'static str> {
        row.newest.into_iter().chain(still_good(row.old, row.until, now)).collect()
    }

    #[test]
    fn two_secrets_are_good_at_most_and_the_old_one_ends_on_the_clock() {
        use Act::{EndOld, Nothing, Rotate};
        let mut row = Row { newest: Some("a"), ..Row::default() };
        let table: &[(DateTime<Utc>, Act, &[&str])] = &[
            (at(0, 0), Nothing, &["a"]),
            (at(0, 0), Rotate("b", 24), &["b", "a"]),
            (at(24, -1), Nothing, &["b", "a"]),
            (at(24, 0), Nothing, &["b"]),
            (at(30, 0), Rotate("c", 24), &["c", "b"]),
            // The one before the old one ends when another takes the new one's place.
            (at(31, 0), Rotate("d", 24), &["d", "c"]),
            (at(54, 0), Nothing, &["d", "c"]),
            (at(54, 0), EndOld, &["d"]),
            (at(54, 0), EndOld, &["d"]),
            (at(54, 0), Rotate("e", 168), &["e", "d"]),
            (at(55, 0), Rotate("f", 0), &["f"]),
            (at(56, 0), Rotate("g", 1), &["g", "f"]),
            (at(57, 0), Nothing, &["g"]),
        ];
        for (step, (now, act, expected)) in table.iter().enumerate() {
            match act {
                Rotate(fresh, hours) => {
                    let overlap = of_hours(Some(*hours)).unwrap();
                    (row.old, row.until) = replaced(row.newest.replace(fresh), overlap, *now);
                }
                EndOld => (row.old, row.until) = (None, None),
                Nothing => {}
            }
            assert_eq!(good(&row, *now), *expected, "step {step}");
        }
    }

    #[test]
    fn who_had_no_secret_has_no_old_one_either() {
        assert_eq!(replaced(None::<&str>, TimeDelta::hours(24), at(0, 0)), (None, None));
        assert_eq!(still_good(Some("a"), None, at(0, 0)), None, "without an end nothing was ever replaced");
        assert_eq!(still_good(None::<&str>, Some(at(1, 0)), at(0, 0)), None);
    }

    #[test]
    fn an_overlap_has_bounds() {
        let refused = Err(Message::OverlapHours { most: 168.into() });
        let table =
            [(None, Ok(24)), (Some(0), Ok(0)), (Some(168), Ok(168)), (Some(-1), refused.clone()), (Some(169), refused)];
        for (hours, expected) in table {
            assert_eq!(of_hours(hours), expected.map(TimeDelta::hours), "{hours:?}");
        }
    }
}
