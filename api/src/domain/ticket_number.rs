//! The number people say on the phone: project code, the project's local day, and the day's running number. Handing
//! out running numbers without gaps or doubles is the store's work.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// The day a ticket is counted under: the day of its creation where the project is.
pub fn day(created_at: DateTime<Utc>, time_zone: Tz) -> NaiveDate {
    created_at.with_timezone(&time_zone).date_naive()
}

/// `YT-20261123-0042`. The running number begins at 1 and has four digits, more from the 10,000th ticket of a day on.
pub fn ticket_number(project_code: &str, day: NaiveDate, running: u32) -> String {
    format!("{project_code}-{}-{running:04}", day.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn four_digits_that_grow() {
        assert_eq!(ticket_number("YT", on(2026, 11, 23), 42), "YT-20261123-0042");
        assert_eq!(ticket_number("YT", on(2026, 1, 2), 9999), "YT-20260102-9999");
        assert_eq!(ticket_number("YT", on(2026, 1, 2), 10_000), "YT-20260102-10000");
    }

    #[test]
    fn the_day_is_the_projects() {
        let evening: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
        assert_eq!(day(evening, chrono_tz::Asia::Shanghai), on(2026, 11, 23));
        assert_eq!(day(evening, Tz::UTC), on(2026, 11, 22));
    }
}
