//! The national warranty terms (建设工程质量管理条例, article 40) counted from the handover, and the day on which
//! owners are told that one is about to end. Who is told, and that it happens once, is not decided here.
//!
//! A term's last day is the day of the same number in its last month, or that month's last day where there is none
//! (民法典, article 202), so `expires_on` is the last day under warranty.

use chrono::{Datelike, Months, NaiveDate};
use entity::vocab::{TicketCategory, WarrantyPart};

use super::{
    bulletin::Notice,
    invalid::{Invalid, Message, Problem},
    message::{Day, Names, Written},
};

/// A yearly season, from a day to a day (month, day), both within it.
struct Season {
    first: (u32, u32),
    last: (u32, u32),
}

const HEATING: Season = Season { first: (11, 15), last: (3, 15) };
const COOLING: Season = Season { first: (6, 1), last: (9, 30) };

/// How many seasons of each kind heating and cooling are under warranty, at least.
const SEASONS: u32 = 2;

/// The design life of an ordinary building in years.
const DESIGN_LIFE: u32 = 50;

/// The longest terms that anybody promises.
const MOST_YEARS: u32 = 100;
const MOST_SEASONS: u32 = 20;

/// How long before the end owners are told, in calendar months.
const NOTICE: Months = Months::new(2);

/// How long a part is under warranty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    Years(u32),
    /// So many heating seasons and as many cooling seasons.
    Seasons(u32),
}

/// The national term of a part, below which no contract goes.
pub fn national(part: WarrantyPart) -> Term {
    match part {
        WarrantyPart::Waterproofing => Term::Years(5),
        WarrantyPart::Wiring | WarrantyPart::Plumbing | WarrantyPart::Fittings => Term::Years(2),
        WarrantyPart::Structure => Term::Years(DESIGN_LIFE),
        WarrantyPart::HeatingAndCooling => Term::Seasons(SEASONS),
    }
}

/// A term as typed: years, or for heating and cooling seasons, and not shorter than the national one.
pub fn term(part: WarrantyPart, years: Option<i32>, seasons: Option<i32>) -> Result<Term, Invalid> {
    let (field, given, other, least, most) = match national(part) {
        Term::Years(least) => ("years", years, ("seasons", seasons), least, MOST_YEARS),
        Term::Seasons(least) => ("seasons", seasons, ("years", years), least, MOST_SEASONS),
    };
    if other.1.is_some() {
        return Err(Invalid::new(other.0, Problem::Invalid, Message::IsCountedIn { unit: field.into() }));
    }
    let given = given.ok_or_else(|| Invalid::required(field))?;
    let count = u32::try_from(given).ok().filter(|count| (least..=most).contains(count));
    let count = count.ok_or_else(|| {
        Invalid::new(field, Problem::OutOfRange, Message::MustBeFrom { least: least.into(), most: most.into() })
    })?;
    Ok(if field == "years" { Term::Years(count) } else { Term::Seasons(count) })
}

impl Term {
    /// The last day of the warranty for a part of a home that was handed over on `starts_on`.
    ///
    /// Heating and cooling are covered for whole heating seasons (15 November – 15 March) and whole cooling seasons
    /// (1 June – 30 September), whichever ends later. A season that had begun before the handover is not whole and does
    /// not count; one that begins on that very day does.
    pub fn expires_on(self, starts_on: NaiveDate) -> NaiveDate {
        match self {
            Self::Years(years) => years_after(starts_on, years),
            Self::Seasons(seasons) => HEATING.nth_end(starts_on, seasons).max(COOLING.nth_end(starts_on, seasons)),
        }
    }
}

/// The last day of the warranty by the national term.
pub fn expires_on(part: WarrantyPart, starts_on: NaiveDate) -> NaiveDate {
    national(part).expires_on(starts_on)
}

/// The last day of the latest warranty whose notice is due by `today`: the other way around of `notice_on`.
pub fn noticed_until(today: NaiveDate) -> NaiveDate {
    let near = today.checked_add_months(NOTICE).unwrap_or(NaiveDate::MAX);
    // A month's last days may share the day of their notice.
    near.iter_days().take(4).take_while(|day| notice_on(*day) <= today).last().unwrap_or(near)
}

/// Which reports are about which part.
pub fn categories_of_parts() -> Vec<(WarrantyPart, Vec<TicketCategory>)> {
    let of = |part| TicketCategory::ALL.iter().copied().filter(|category| part_of(*category) == Some(part)).collect();
    WarrantyPart::ALL.iter().map(|part| (*part, of(*part))).collect()
}

/// The part under warranty that a ticket's category is about; none for what no warranty covers.
pub fn part_of(category: TicketCategory) -> Option<WarrantyPart> {
    match category {
        TicketCategory::Waterproofing => Some(WarrantyPart::Waterproofing),
        TicketCategory::HeatingAndCooling => Some(WarrantyPart::HeatingAndCooling),
        TicketCategory::Electrical => Some(WarrantyPart::Wiring),
        TicketCategory::Plumbing => Some(WarrantyPart::Plumbing),
        TicketCategory::Fittings | TicketCategory::DoorsAndWindows => Some(WarrantyPart::Fittings),
        TicketCategory::Structure => Some(WarrantyPart::Structure),
        TicketCategory::Elevator
        | TicketCategory::PublicArea
        | TicketCategory::Cleaning
        | TicketCategory::Greenery
        | TicketCategory::Security
        | TicketCategory::Parking
        | TicketCategory::Noise
        | TicketCategory::Fees
        | TicketCategory::ServiceAttitude
        | TicketCategory::Other => None,
    }
}

/// The notice about the parts of a home, each with its last day.
pub fn notice(unit: &str, ending: &[(WarrantyPart, NaiveDate)]) -> Notice {
    let parts = Names(ending.iter().map(|(part, _)| (*part).into()).collect());
    let line =
        |(part, day): &(WarrantyPart, NaiveDate)| Written::WarrantyOfPart { part: (*part).into(), day: Day(*day) };
    let begin = Written::WarrantyBegin { unit: unit.to_owned() };
    let lines = [begin].into_iter().chain(ending.iter().map(line)).chain([Written::WarrantyWhatToDo]);
    Notice { title: Written::WarrantyHeadline { parts }, body: lines.map(Into::into).collect() }
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
    fn nth_end(&self, day: NaiveDate, seasons: u32) -> NaiveDate {
        let missed = (day.month(), day.day()) > self.first;
        let seasons = i32::try_from(seasons).unwrap_or(i32::MAX);
        let begins_in = day.year().saturating_add((i32::from(missed) - 1).saturating_add(seasons));
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
    fn terms_can_be_longer_than_the_law_and_not_shorter() {
        use WarrantyPart::{HeatingAndCooling, Plumbing, Waterproofing};
        assert_eq!(term(Waterproofing, Some(8), None), Ok(Term::Years(8)));
        assert_eq!(term(HeatingAndCooling, None, Some(3)), Ok(Term::Seasons(3)));
        for (part, years, seasons, field, problem) in [
            (Waterproofing, Some(4), None, "years", Problem::OutOfRange),
            (Plumbing, Some(-2), None, "years", Problem::OutOfRange),
            (Plumbing, Some(101), None, "years", Problem::OutOfRange),
            (Plumbing, None, None, "years", Problem::Required),
            (Plumbing, Some(2), Some(2), "seasons", Problem::Invalid),
            (HeatingAndCooling, None, Some(1), "seasons", Problem::OutOfRange),
            (HeatingAndCooling, Some(2), None, "years", Problem::Invalid),
        ] {
            let refused = term(part, years, seasons).unwrap_err();
            assert_eq!((refused.field, refused.problem), (field, problem), "{part:?} {years:?} {seasons:?}");
        }
    }

    #[test]
    fn each_season_more_is_a_year_more() {
        let two = Term::Seasons(2).expires_on(on("2024-11-15"));
        assert_eq!(Term::Seasons(3).expires_on(on("2024-11-15")), two.checked_add_months(Months::new(12)).unwrap());
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_panic() {
        for part in WarrantyPart::ALL {
            expires_on(*part, NaiveDate::MAX);
            expires_on(*part, NaiveDate::MIN);
        }
        notice_on(NaiveDate::MIN);
        noticed_until(NaiveDate::MAX);
    }

    proptest! {
        #[test]
        fn an_item_is_noticed_from_the_day_of_its_notice_on(today in 720_000i32..760_000, ahead in 50i32..75) {
            let day = |n: i32| NaiveDate::from_num_days_from_ce_opt(n).unwrap();
            let (today, expires) = (day(today), day(today + ahead));
            prop_assert_eq!(notice_on(expires) <= today, expires <= noticed_until(today));
        }

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
