//! What a table that leaves the house looks like: its headings, its cells, and the words of the closed lists that stand in
//! them. Which rows it has is the store's; how a file is written is the export's.

pub mod word;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use entity::vocab::Language as Spoken;
use serde::Serialize;

pub use word::Word;

/// The languages in which a table is headed and worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Language {
    #[serde(rename = "zh-CN")]
    Chinese,
    /// The closed lists stand in it as the API's own names.
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub fn of(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// The same, for what is not worded by columns.
    pub fn spoken(self) -> Spoken {
        match self {
            Self::Chinese => Spoken::Zh,
            Self::English => Spoken::En,
        }
    }

    /// Yes or no.
    pub fn truth(self, is_true: bool) -> &'static str {
        if is_true { self.of("是", "yes") } else { self.of("否", "no") }
    }
}

impl From<Spoken> for Language {
    fn from(language: Spoken) -> Self {
        match language {
            Spoken::Zh => Self::Chinese,
            Spoken::En => Self::English,
        }
    }
}

/// What a column is called, and how wide it is shown, in letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heading {
    pub chinese: &'static str,
    pub english: &'static str,
    pub width: u8,
}

impl Heading {
    pub const fn new(chinese: &'static str, english: &'static str, width: u8) -> Self {
        Self { chinese, english, width }
    }

    pub fn name(&self, language: Language) -> &'static str {
        language.of(self.chinese, self.english)
    }
}

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Count(i64),
    /// Money in cents, areas and percentages: a number of hundredths.
    Hundredths(i64),
    Day(NaiveDate),
    /// What the clock on the wall says where the row's project stands, to the second.
    Moment(NaiveDateTime),
}

pub type Row = Vec<Cell>;

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub fn optional<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }

    /// An instant as the clock on the wall says it there.
    pub fn at(instant: DateTime<Utc>, time_zone: Tz) -> Self {
        Self::Moment(instant.with_timezone(&time_zone).naive_local().trunc_subsecs(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_by_the_wall_clock_of_its_place() {
        let at = "2026-11-23T16:30:00.987654Z".parse().unwrap();
        let expected = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(0, 30, 0).unwrap();
        assert_eq!(Cell::at(at, chrono_tz::Asia::Shanghai), Cell::Moment(expected));
    }
}
