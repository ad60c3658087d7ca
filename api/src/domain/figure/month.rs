//! Calendar months in a project's time zone, and when one is closed for good.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// How many days of the next month pass before a month is closed: what was done in its last days on paper, and the calls
/// to its last customers, come in meanwhile.
const GRACE: Days = Days::new(5);

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

/// From an instant up to, and without, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Period {
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.to).contains(&at)
    }
}

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The month that it is in a place.
    pub fn at(now: DateTime<Utc>, time_zone: Tz) -> Self {
        Self::of(now.with_timezone(&time_zone).date_naive())
    }

    /// Reads `2026-10`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) {
            return None;
        }
        let year = year.parse().ok().filter(|year| (1..=9998).contains(year))?;
        NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1).map(Self)
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }

    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    pub fn previous(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN))
    }

    /// From its first instant to the next month's.
    pub fn period(self, time_zone: Tz) -> Period {
        Period { from: midnight(self.0, time_zone), to: midnight(self.next().0, time_zone) }
    }

    /// When its figures are taken down for good.
    pub fn closes_at(self, time_zone: Tz) -> DateTime<Utc> {
        midnight(self.next().0.checked_add_days(GRACE).unwrap_or(NaiveDate::MAX), time_zone)
    }

    /// The last month that is closed.
    pub fn last_closed(now: DateTime<Utc>, time_zone: Tz) -> Self {
        let previous = Self::at(now, time_zone).previous();
        if previous.closes_at(time_zone) <= now { previous } else { previous.previous() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// The first instant of a day. Where the clocks go forward at midnight the day begins an hour late.
pub fn midnight(day: NaiveDate, time_zone: Tz) -> DateTime<Utc> {
    let begins = day.and_time(NaiveTime::MIN);
    let found = (0..=3).find_map(|hours| {
        let local = begins.checked_add_signed(TimeDelta::hours(hours))?;
        time_zone.from_local_datetime(&local).earliest()
    });
    found.map_or_else(|| begins.and_utc(), |local| local.to_utc())
}
