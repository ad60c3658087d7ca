//! Hours in which a person does not want to be disturbed, by the clock of the place where the project stands.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

const MINUTES_OF_A_DAY: u32 = 24 * 60;

/// From a minute of the day to another, which may lie after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub from: u32,
    pub until: u32,
}

impl Quiet {
    /// None where there are no such hours, or hours of no day.
    pub fn of(from: Option<i32>, until: Option<i32>) -> Option<Self> {
        let minute = |minute: i32| u32::try_from(minute).ok().filter(|minute| *minute < MINUTES_OF_A_DAY);
        let (from, until) = (minute(from?)?, minute(until?)?);
        (from != until).then_some(Self { from, until })
    }

    fn covers(self, minute: u32) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

/// The minute of the day that `HH:MM` names.
pub fn minute_of(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let digits =
        |part: &str| (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok());
    let (hours, minutes): (i32, i32) = (digits(hours)??, digits(minutes)??);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// A minute of the day as `HH:MM`.
pub fn written(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// When something that is ready now may go out. An emergency waits for nobody.
pub fn goes_at(now: DateTime<Utc>, zone: Tz, quiet: Option<Quiet>, is_emergency: bool) -> DateTime<Utc> {
    let local = now.with_timezone(&zone);
    let minute = local.hour() * 60 + local.minute();
    let Some(quiet) = quiet.filter(|quiet| !is_emergency && quiet.covers(minute)) else { return now };
    let days = u64::from(minute >= quiet.until);
    let Some(end) = NaiveTime::from_num_seconds_from_midnight_opt(quiet.until * 60, 0) else { return now };
    let Some(day) = local.date_naive().checked_add_days(Days::new(days)) else { return now };
    let end = day.and_time(end);
    // An hour that the clocks leave out ends when they go on.
    let instant = zone.from_local_datetime(&end).earliest();
    let instant = instant.or_else(|| zone.from_local_datetime(&(end + TimeDelta::hours(1))).earliest());
    instant.map_or(now, |instant| instant.with_timezone(&Utc).max(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_comes_in_quiet_hours_goes_out_at_their_end() {
        let shanghai = Tz::Asia__Shanghai;
        let night = Quiet::of(Some(22 * 60), Some(8 * 60));
        let noon = Quiet::of(Some(12 * 60), Some(14 * 60));
        for (now, quiet, expected) in [
            ("2026-11-23T13:59:00Z", night, "2026-11-23T13:59:00Z"),
            ("2026-11-23T14:00:00Z", night, "2026-11-24T00:00:00Z"),
            ("2026-11-23T23:59:59Z", night, "2026-11-24T00:00:00Z"),
            ("2026-11-24T00:00:00Z", night, "2026-11-24T00:00:00Z"),
            ("2026-11-23T04:30:00Z", noon, "2026-11-23T06:00:00Z"),
            ("2026-11-23T04:30:00Z", None, "2026-11-23T04:30:00Z"),
        ] {
            assert_eq!(goes_at(at(now), shanghai, quiet, false), at(expected), "{now}");
        }
    }

    #[test]
    fn an_emergency_goes_out_at_once() {
        let night = Quiet::of(Some(22 * 60), Some(8 * 60));
        let now = at("2026-11-23T17:00:00Z");
        assert_eq!(goes_at(now, Tz::Asia__Shanghai, night, true), now);
    }

    #[test]
    fn hours_that_the_clocks_leave_out_end_when_they_go_on() {
        let quiet = Quiet::of(Some(60), Some(2 * 60 + 30));
        let goes = goes_at(at("2026-03-29T00:30:00Z"), Tz::Europe__Berlin, quiet, false);
        assert_eq!(goes, at("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn only_minutes_of_a_day_are_read() {
        assert_eq!((minute_of("00:00"), minute_of("23:59")), (Some(0), Some(1439)));
        for wrong in ["", "24:00", "8:00", "08:60", "08", "-1:00", "+8:00", "08:00:00", "零八:00"] {
            assert_eq!(minute_of(wrong), None, "{wrong}");
        }
        assert_eq!(written(485), "08:05");
        assert_eq!(Quiet::of(Some(480), Some(480)), None);
        assert_eq!(Quiet::of(Some(480), None), None);
    }
}
