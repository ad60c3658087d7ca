//! The national warranty terms (建设工程质量管理条例, article 40) counted from the handover, and the day on which
//! owners are told that one is about to end. Who is told, and that it happens once, is not decided here.
//!
//! A term's last day is the day of the same number in its last month, or that month's last day where there is none
//! (民法典, article 202), so `expires_on` is the last day under warranty.

use chrono::{Datelike, Months, NaiveDate};
use entity::vocab::WarrantyPart;

/// A yearly season, from a day to a day (month, day), both within it.
struct Season {
    first: (u32, u32),
    last: (u32, u32),
}

const HEATING: Season = Season { first: (11, 15), last: (3, 15) };
const COOLING: Season = Season { first: (6, 1), last: (9, 30) };

/// How many seasons of each kind heating and cooling are under warranty.
const SEASONS: i32 = 2;

/// How long before the end owners are told, in calendar months.
const NOTICE: Months = Months::new(2);

/// The last day of the warranty for a part of a home that was handed over on `starts_on`.
///
/// Heating and cooling are covered for two whole heating seasons (15 November – 15 March) and two whole cooling
/// seasons (1 June – 30 September), whichever ends later. A season that had begun before the handover is not whole and
/// does not count; one that begins on that very day does.
pub fn expires_on(part: WarrantyPart, starts_on: NaiveDate) -> NaiveDate {
    match part {
        WarrantyPart::Waterproofing => years_after(starts_on, 5),
        WarrantyPart::Wiring | WarrantyPart::Plumbing | WarrantyPart::Fittings => years_after(starts_on, 2),
        // The design life of an ordinary building.
        WarrantyPart::Structure => years_after(starts_on, 50),
        WarrantyPart::HeatingAndCooling => HEATING.nth_end(starts_on).max(COOLING.nth_end(starts_on)),
    }
}

/// The day of the notice: two calendar months before, on the day of the same number or the month's last day where there
/// is none (31 August → 30 June), so that owners never have less than the two months.
pub fn notice_on(expires_on: NaiveDate) -> NaiveDate {
    expires_on.checked_sub_months(NOTICE).unwrap_or(NaiveDate::MIN)
}

fn years_after(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_add_months(Months::new(years * 12)).unwrap_or(NaiveDate::MAX)
}

impl Season {
    /// The last day of the last covered season that begins on or after `day`.
    fn nth_end(&self, day: NaiveDate) -> NaiveDate {
        let missed = (day.month(), day.day()) > self.first;
        let begins_in = day.year().saturating_add(i32::from(missed) + SEASONS - 1);
        let ends_in = begins_in.saturating_add(i32::from(self.last < self.first));
        NaiveDate::from_ymd_opt(ends_in, self.last.0, self.last.1).unwrap_or(NaiveDate::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn terms_in_years() {
        for (part, starts, expires) in [
            (WarrantyPart::Waterproofing, "2024-03-05", "2029-03-05"),
            (WarrantyPart::Wiring, "2024-03-05", "2026-03-05"),
            (WarrantyPart::Plumbing, "2024-03-05", "2026-03-05"),
            (WarrantyPart::Fittings, "2024-03-05", "2026-03-05"),
            (WarrantyPart::Structure, "2024-03-05", "2074-03-05"),
            (WarrantyPart::Waterproofing, "2024-02-29", "2029-02-28"),
            (WarrantyPart::Wiring, "2024-02-29", "2026-02-28"),
        ] {
            assert_eq!(expires_on(part, on(starts)), on(expires), "{part:?} from {starts}");
        }
    }

    #[test]
    fn heating_and_cooling_last_two_whole_seasons_of_each() {
        for (starts, expires) in [
            // Winters 24/25 and 25/26, summers 25 and 26.
            ("2024-11-15", "2026-09-30"),
            // The winter had begun: 25/26 and 26/27.
            ("2024-11-16", "2027-03-15"),
            ("2025-03-15", "2027-03-15"),
            // Summers 24 and 25, winters 24/25 and 25/26.
            ("2024-06-01", "2026-03-15"),
            // The summer had begun: 25 and 26.
            ("2024-06-02", "2026-09-30"),
            ("2024-12-31", "2027-03-15"),
            ("2024-01-01", "2026-03-15"),
        ] {
            assert_eq!(expires_on(WarrantyPart::HeatingAndCooling, on(starts)), on(expires), "from {starts}");
        }
    }

    #[test]
    fn notice_is_two_calendar_months_before() {
        for (expires, notice) in [
            ("2026-08-31", "2026-06-30"),
            ("2026-08-30", "2026-06-30"),
            ("2026-08-15", "2026-06-15"),
            ("2026-04-30", "2026-02-28"),
            ("2028-04-30", "2028-02-29"),
            ("2026-01-31", "2025-11-30"),
            ("2026-02-28", "2025-12-28"),
        ] {
            assert_eq!(notice_on(on(expires)), on(notice), "before {expires}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_panic() {
        for part in WarrantyPart::ALL {
            expires_on(*part, NaiveDate::MAX);
            expires_on(*part, NaiveDate::MIN);
        }
        notice_on(NaiveDate::MIN);
    }

    proptest! {
        #[test]
        fn a_later_handover_never_ends_earlier(start in 0i32..40_000, later in 0i32..800) {
            let day = |n: i32| NaiveDate::from_num_days_from_ce_opt(720_000 + n).unwrap();
            for part in WarrantyPart::ALL {
                let first = expires_on(*part, day(start));
                prop_assert!(first <= expires_on(*part, day(start + later)));
                prop_assert!(notice_on(first) < first);
            }
        }
    }
}
