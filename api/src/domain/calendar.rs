//! Working time: the hours of the week, public holidays, and the weekend days worked in exchange for them (调休).
//! What is counted in working time is decided elsewhere.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::holidays;
use super::invalid::{Invalid, Message, Problem};

/// No count looks further ahead than a hundred years, so that every count ends, whatever the holidays.
const HORIZON_DAYS: usize = 36_525;
const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// A checked calendar: it has working time in every ordinary week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CalendarData", into = "CalendarData")]
pub struct WorkingCalendar {
    time_zone: Tz,
    weekly: [Vec<Period>; 7],
    holidays: BTreeSet<NaiveDate>,
    make_up_days: BTreeSet<NaiveDate>,
}

/// A calendar as it is stored and typed, not yet checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarData {
    /// An IANA name such as `Asia/Shanghai`.
    pub time_zone: String,
    /// The working periods of Monday to Sunday; lunch is the gap between two.
    pub weekly: [Vec<Period>; 7],
    /// Days without work, whatever their weekday.
    #[serde(default)]
    pub holidays: BTreeSet<NaiveDate>,
    /// Days of work, whatever their weekday.
    #[serde(default)]
    pub make_up_days: BTreeSet<NaiveDate>,
}

/// A stretch of work within one day, in the calendar's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

/// Minutes since midnight, written `09:00`; `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl WorkingCalendar {
    /// The same with the public holidays of mainland China in all years that are known. What the calendar itself says of a
    /// day goes before them.
    #[must_use]
    pub fn with_holidays_of_china(mut self) -> Self {
        for year in holidays::CHINA {
            let (made_up, free) = (&self.make_up_days, &self.holidays);
            let off: Vec<_> = year.holidays().filter(|day| !made_up.contains(day)).collect();
            let worked: Vec<_> = year.make_up_days().filter(|day| !free.contains(day)).collect();
            self.holidays.extend(off);
            self.make_up_days.extend(worked);
        }
        self
    }

    /// The earliest instant by which `duration` of working time has passed since `start`; `start` itself when there is
    /// nothing to add. A result beyond the horizon of a hundred years is that horizon.
    pub fn add_working(&self, start: DateTime<Utc>, duration: TimeDelta) -> DateTime<Utc> {
        if duration <= TimeDelta::zero() {
            return start;
        }
        let mut left = duration;
        for (from, to) in self.spans_from(start) {
            if to - from >= left {
                return from + left;
            }
            left -= to - from;
        }
        start.checked_add_signed(TimeDelta::days(HORIZON_DAYS as i64)).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// How much working time lies between two instants; none when the second is not after the first.
    pub fn working_between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
        self.spans_from(start)
            .take_while(|(from, _)| *from < end)
            .fold(TimeDelta::zero(), |sum, (from, to)| sum + (to.min(end) - from))
    }

    /// The stretches of work after `start`, in order, the first one cut off at `start`.
    fn spans_from(&self, start: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let first_day = start.with_timezone(&self.time_zone).date_naive();
        first_day.iter_days().take(HORIZON_DAYS).flat_map(move |day| {
            let spans = self.periods_of(day).iter().map(move |period| self.span(day, *period));
            spans.map(move |(from, to)| (from.max(start), to)).filter(|(from, to)| from < to)
        })
    }

    /// A made-up day has the hours of its own weekday, or of the week's first working day where it has none.
    fn periods_of(&self, day: NaiveDate) -> &[Period] {
        if self.holidays.contains(&day) {
            return &[];
        }
        let own = &self.weekly[day.weekday().num_days_from_monday() as usize];
        if own.is_empty() && self.make_up_days.contains(&day) {
            return self.weekly.iter().find(|periods| !periods.is_empty()).unwrap_or(own);
        }
        own
    }

    fn span(&self, day: NaiveDate, period: Period) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = day.and_time(NaiveTime::MIN);
        let at = |time: TimeOfDay| self.instant(midnight + TimeDelta::minutes(i64::from(time.0)));
        (at(period.from), at(period.to))
    }

    fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        first_instant(self.time_zone, local)
    }
}

/// When a day begins in a time zone.
pub fn start_of_day(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    first_instant(zone, day.and_time(NaiveTime::MIN))
}

/// A local time that a change of clocks skips stands for the first one after it, and one that comes twice for the
/// first; so a later local time is never an earlier instant.
fn first_instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let later = |minutes: u16| local + TimeDelta::minutes(i64::from(minutes));
    (0..=MINUTES_OF_A_DAY)
        .find_map(|minutes| zone.from_local_datetime(&later(minutes)).earliest())
        .map_or_else(|| local.and_utc(), |instant| instant.to_utc())
}

impl TryFrom<CalendarData> for WorkingCalendar {
    type Error = Invalid;

    fn try_from(data: CalendarData) -> Result<Self, Invalid> {
        let time_zone =
            data.time_zone.parse().map_err(|_| Invalid::new("timeZone", Problem::Invalid, Message::MustBeATimeZone))?;
        if !data.holidays.is_disjoint(&data.make_up_days) {
            return Err(Invalid::new("makeUpDays", Problem::Invalid, Message::MustNotBeHolidaysToo));
        }
        let weekly = checked_week(data.weekly)?;
        Ok(Self { time_zone, weekly, holidays: data.holidays, make_up_days: data.make_up_days })
    }
}

/// Without any working time nothing would ever be due, so such a week is refused.
fn checked_week(mut weekly: [Vec<Period>; 7]) -> Result<[Vec<Period>; 7], Invalid> {
    weekly.iter_mut().for_each(|periods| periods.sort());
    if weekly.iter().all(Vec::is_empty) {
        return Err(Invalid::new("weekly", Problem::Required, Message::MustHaveWorkingTime));
    }
    if weekly.iter().flatten().any(|period| period.to <= period.from) {
        return Err(Invalid::new("weekly", Problem::Invalid, Message::MustHavePeriodsThatEnd));
    }
    if weekly.iter().any(|periods| periods.windows(2).any(|pair| pair[1].from < pair[0].to)) {
        return Err(Invalid::new("weekly", Problem::Invalid, Message::MustHavePeriodsApart));
    }
    Ok(weekly)
}

impl From<WorkingCalendar> for CalendarData {
    fn from(calendar: WorkingCalendar) -> Self {
        Self {
            time_zone: calendar.time_zone.name().to_owned(),
            weekly: calendar.weekly,
            holidays: calendar.holidays,
            make_up_days: calendar.make_up_days,
        }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let two_digits = |text: &str| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<u16>().ok()).flatten()
        };
        text.split_once(':')
            .and_then(|(hours, minutes)| Some((two_digits(hours)?, two_digits(minutes)?)))
            .map(|(hours, minutes)| (hours * 60 + minutes, minutes))
            .filter(|(total, minutes)| *minutes < 60 && *total <= MINUTES_OF_A_DAY)
            .map(|(total, _)| Self(total))
            .ok_or_else(|| Invalid::new("weekly", Problem::Invalid, Message::MustHaveTimes))
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        format!("{:02}:{:02}", time.0 / 60, time.0 % 60)
    }
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
