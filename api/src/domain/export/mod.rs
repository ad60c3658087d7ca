//! What a table that leaves the house looks like: its headings, its cells, and the words of the closed lists that stand in
//! them. Which rows it has is the store's; how a file is written is the export's.

pub mod word;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use serde::Serialize;

pub use word::Word;

/// The languages in which a table is headed and worded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Language {
    #[default]
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

    /// Yes or no.
    pub fn truth(self, is_true: bool) -> &'static str {
        if is_true { self.of("是", "yes") } else { self.of("否", "no") }
    }

    /// The first of these two that a client would rather read, by the `Accept-Language` it sent; Chinese when neither.
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::Chinese, 0);
        for part in header.split(',') {
            let mut pieces = part.split(';').map(str::trim);
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let language = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            let weight = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(1000, thousandths);
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }
}

/// `0.8` as 800; what is no weight weighs nothing.
fn thousandths(weight: &str) -> u32 {
    let weight: f64 = weight.trim().parse().unwrap_or(0.0);
    // From 0 to 1000, whatever was written.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    if (0.0..=1.0).contains(&weight) { (weight * 1000.0) as u32 } else { 0 }
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
    fn the_language_is_the_one_a_client_would_rather_read() {
        for (header, expected) in [
            ("", Language::Chinese),
            ("en", Language::English),
            ("en-GB, zh;q=0.5", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("fr, en;q=0.3", Language::English),
            ("en;q=0.1, zh-TW;q=0.2", Language::Chinese),
            ("en;q=0", Language::Chinese),
            ("en;q=nonsense, fr", Language::Chinese),
            ("*", Language::Chinese),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header:?}");
        }
    }

    #[test]
    fn an_instant_is_shown_by_the_wall_clock_of_its_place() {
        let at = "2026-11-23T16:30:00.987654Z".parse().unwrap();
        let expected = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(0, 30, 0).unwrap();
        assert_eq!(Cell::at(at, chrono_tz::Asia::Shanghai), Cell::Moment(expected));
    }
}
