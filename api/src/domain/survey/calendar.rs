//! When monthly campaigns open: on day 1 at 09:00 of the project's time zone, for the calendar month before.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The last day of the month that still is early; a campaign that opens later is an alert.
const LAST_EARLY_DAY: u32 = 5;

/// When a day's campaigns open.
const OPENING: Option<NaiveTime> = NaiveTime::from_hms_opt(9, 0, 0);

/// How long customers may answer.
pub const OPEN_FOR: TimeDelta = TimeDelta::days(14);

/// How long before the end they are reminded.
pub const REMIND_BEFORE: TimeDelta = TimeDelta::days(4);

/// How long a department has for an improvement, in days.
pub const IMPROVE_WITHIN: chrono::Days = chrono::Days::new(30);

/// What a project's clock says about the campaigns of the month before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The project's local day.
    pub today: NaiveDate,
    /// The first day of the month that is surveyed.
    pub month: NaiveDate,
    /// Campaigns should be open by now.
    pub has_come: bool,
    /// They should have opened days ago.
    pub is_late: bool,
}

/// Looks at a project's clock.
pub fn window(now: DateTime<Utc>, zone: Tz) -> Window {
    let local = now.with_timezone(&zone);
    let today = local.date_naive();
    let has_come = today.day() > 1 || OPENING.is_none_or(|opening| local.time() >= opening);
    Window { today, month: month_before(today), has_come, is_late: today.day() > LAST_EARLY_DAY }
}

/// The first day of a day's month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The first day of the month before.
pub fn month_before(day: NaiveDate) -> NaiveDate {
    month_of(day).checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN)
}

/// The last day of the month that begins on `first`.
pub fn last_day(first: NaiveDate) -> NaiveDate {
    let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
    next.pred_opt().unwrap_or(first)
}

/// A month as it is written in cohorts and in the API.
pub fn written(month: NaiveDate) -> String {
    month.format("%Y-%m").to_string()
}

/// Reads a month that was written so.
pub fn read(text: &str) -> Option<NaiveDate> {
    let (year, month) = text.split_once('-')?;
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1).filter(|first| first.year() > 0)
}

/// The last instant of the days in which the campaigns of a month should open; after it, one that is not is an alert.
pub fn late_after(month: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let next = month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
    let day = next.with_day(LAST_EARLY_DAY + 1).unwrap_or(next);
    let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
    midnight.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |instant| instant.to_utc())
}

/// On which day a home was handed over: as its handover says, or else as the ledger says of the home, or of the contract.
pub fn handed_over_on(
    handover: Option<NaiveDate>,
    unit: Option<NaiveDate>,
    contract: Option<NaiveDate>,
) -> Option<NaiveDate> {
    handover.or(unit).or(contract)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn campaigns_open_on_the_first_at_nine_by_the_projects_clock() {
        use chrono_tz::{America::New_York, Asia::Shanghai, Asia::Urumqi};
        for (now, zone, month, has_come, is_late) in [
            ("2026-11-30T23:59:59Z", Shanghai, "2026-11-01", false, false),
            ("2026-12-01T00:59:59.999999Z", Shanghai, "2026-11-01", false, false),
            ("2026-12-01T01:00:00Z", Shanghai, "2026-11-01", true, false),
            ("2026-12-01T01:00:00Z", Urumqi, "2026-11-01", false, false),
            ("2026-12-01T01:00:00Z", New_York, "2026-10-01", true, true),
            ("2026-12-05T15:59:59Z", Shanghai, "2026-11-01", true, false),
            ("2026-12-05T16:00:00Z", Shanghai, "2026-11-01", true, true),
            ("2026-12-31T15:59:59Z", Shanghai, "2026-11-01", true, true),
            ("2027-01-01T01:00:00Z", Shanghai, "2026-12-01", true, false),
        ] {
            let seen = window(now.parse().unwrap(), zone);
            assert_eq!((seen.month, seen.has_come, seen.is_late), (on(month), has_come, is_late), "{now} in {zone}");
        }
    }

    #[test]
    fn the_month_before_and_its_days() {
        assert_eq!(month_before(on("2027-01-31")), on("2026-12-01"));
        assert_eq!(month_before(on("2024-03-31")), on("2024-02-01"));
        assert_eq!(last_day(on("2024-02-01")), on("2024-02-29"));
        assert_eq!(late_after(on("2026-11-01"), chrono_tz::Asia::Shanghai).to_string(), "2026-12-05 16:00:00 UTC");
    }

    #[test]
    fn months_are_written_and_read() {
        assert_eq!(written(on("2026-03-01")), "2026-03");
        assert_eq!(read("2026-03"), Some(on("2026-03-01")));
        for wrong in ["2026", "2026-3", "2026-13", "2026-00", "0000-01", "26-03", "2026-03-01", "+026-03", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_handover_goes_before_the_ledger() {
        let days = [Some(on("2026-10-31")), Some(on("2026-11-01")), None];
        assert_eq!(handed_over_on(days[0], days[1], days[1]), days[0]);
        assert_eq!(handed_over_on(None, days[0], days[1]), days[0]);
        assert_eq!(handed_over_on(None, None, days[1]), days[1]);
        assert_eq!(handed_over_on(None, None, None), None);
    }

    proptest! {
        #[test]
        fn every_moment_looks_at_one_month_which_is_over(seconds in 0i64..4_000_000_000) {
            let seen = window(DateTime::from_timestamp(seconds, 0).unwrap(), chrono_tz::Asia::Shanghai);
            prop_assert!(last_day(seen.month) < seen.today);
            prop_assert_eq!(month_of(last_day(seen.month).succ_opt().unwrap()), month_of(seen.today));
            prop_assert_eq!(read(&written(seen.month)), Some(seen.month));
        }
    }
}
