//! The hours that people keep: the company's zone, working hours, and when customers are awake.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::{Asia::Shanghai, Tz};

use super::random::Random;

/// Where both projects are.
pub(super) const ZONE: Tz = Shanghai;

/// When a step may happen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hours {
    /// Round the clock.
    Any,
    /// While staff are out and about.
    Working,
    /// While customers answer their phones.
    Awake,
}

impl Hours {
    /// From which minute of the day to which.
    fn bounds(self) -> (u32, u32) {
        match self {
            Self::Any => (0, 24 * 60),
            Self::Working => (8 * 60 + 30, 20 * 60),
            Self::Awake => (7 * 60, 23 * 60),
        }
    }

    /// The instant itself when it is within these hours, else shortly after they begin again.
    pub fn at_or_after(self, at: DateTime<Utc>, random: &mut Random) -> DateTime<Utc> {
        let late = random.between(0..=50);
        let local = at.with_timezone(&ZONE);
        let minute = local.hour() * 60 + local.minute();
        let (from, to) = self.bounds();
        let day = local.date_naive();
        let begins = |day| on(day, from / 60, from % 60) + TimeDelta::minutes(late);
        match minute {
            early if early < from => begins(day),
            within if within < to => at,
            _ => begins(day + Days::new(1)),
        }
    }
}

pub(super) fn local_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&ZONE).date_naive()
}

/// A time of a day where the company is.
pub(super) fn on(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of the day");
    let local = day.and_time(time).and_local_timezone(ZONE).earliest();
    local.expect("China has not changed its clocks since 1991").to_utc()
}

/// The first such weekday after a day.
pub(super) fn next(weekday: Weekday, after: NaiveDate) -> NaiveDate {
    let ahead = (7 + weekday.num_days_from_monday() - after.weekday().num_days_from_monday()) % 7;
    after + Days::new(if ahead == 0 { 7 } else { u64::from(ahead) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_at_night_waits_for_its_hours() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let mut random = Random::new(1);
        for (hour, expected) in [(3, day), (8, day), (21, day + Days::new(1))] {
            let moved = Hours::Working.at_or_after(on(day, hour, 0), &mut random);
            assert!((on(expected, 8, 30)..=on(expected, 9, 20)).contains(&moved), "{hour}: {moved}");
        }
        assert_eq!(Hours::Awake.at_or_after(on(day, 21, 0), &mut random), on(day, 21, 0));
        assert_eq!(Hours::Any.at_or_after(on(day, 3, 0), &mut random), on(day, 3, 0));
    }

    #[test]
    fn the_next_weekday_is_never_the_same_day() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(next(Weekday::Mon, monday), monday + Days::new(7));
        assert_eq!(next(Weekday::Sat, monday), monday + Days::new(5));
    }
}
