//! The public holidays of mainland China as the State Council publishes them for each year: the days off, and the days of
//! weekends that are worked in exchange (调休). A year is known when it was published; nothing is guessed.

use chrono::{Datelike, Days, NaiveDate};

/// Month and day.
type Day = (u32, u32);

/// A year as it was published.
#[derive(Debug)]
pub struct Year {
    pub year: i32,
    /// The notice of the General Office of the State Council.
    pub source: &'static str,
    /// From a day to another, both off.
    off: &'static [(Day, Day)],
    worked: &'static [Day],
}

/// Every year that is known, the earliest first, without a gap.
pub const CHINA: &[Year] = &[
    Year {
        year: 2025,
        source: "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号，2024年11月12日）",
        off: &[
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        worked: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    Year {
        year: 2026,
        source: "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号，2025年11月4日）",
        off: &[
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        worked: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
];

impl Year {
    /// The days off.
    pub fn holidays(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        let day = |(month, day)| NaiveDate::from_ymd_opt(self.year, month, day);
        let spans = self.off.iter().filter_map(move |(from, to)| Some((day(*from)?, day(*to)?)));
        spans.flat_map(|(from, to)| from.iter_days().take_while(move |day| *day <= to))
    }

    /// The days of weekends that are worked.
    pub fn make_up_days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.worked.iter().filter_map(|(month, day)| NaiveDate::from_ymd_opt(self.year, *month, *day))
    }
}

/// Whether those of the next two months are known.
pub fn are_known_soon(today: NaiveDate) -> bool {
    today.checked_add_days(Days::new(60)).is_some_and(|soon| soon.year() <= known_until())
}

/// The last year that is known.
pub fn known_until() -> i32 {
    CHINA.last().map_or(0, |year| year.year)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::Weekday;

    use super::*;

    fn is_weekend(day: NaiveDate) -> bool {
        matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    #[test]
    fn each_year_is_whole_and_exchanges_weekends_for_working_days() {
        for (year, days, weekdays_off) in [(&CHINA[0], 28, 18), (&CHINA[1], 33, 19)] {
            let off: BTreeSet<NaiveDate> = year.holidays().collect();
            let worked: BTreeSet<NaiveDate> = year.make_up_days().collect();
            assert_eq!((off.len(), worked.len()), (days, year.worked.len()), "{}", year.year);
            assert!(off.is_disjoint(&worked) && worked.iter().all(|day| is_weekend(*day)), "{}", year.year);
            assert!(off.iter().chain(&worked).all(|day| day.year() == year.year));
            let off_work = off.iter().filter(|day| !is_weekend(**day)).count();
            assert_eq!(off_work, weekdays_off, "{}", year.year);
            assert!(year.source.contains(&format!("{}年", year.year)) && year.source.contains("国办发明电"));
        }
    }

    #[test]
    fn a_year_that_was_not_published_is_missed_before_it_begins() {
        let is_known = |day: &str| are_known_soon(day.parse().unwrap());
        let last = known_until();
        assert!(is_known(&format!("{last}-10-31")) && !is_known(&format!("{last}-11-02")));
        assert!(!is_known(&format!("{}-01-01", last + 1)));
    }

    #[test]
    fn the_years_follow_each_other() {
        assert!(CHINA.windows(2).all(|pair| pair[1].year == pair[0].year + 1));
        assert_eq!(known_until(), CHINA.last().unwrap().year);
    }
}
