//! Tables of another system that come in: what their columns are called, what a row means, and what is wrong with it. Each
//! value has one meaning or none; a guess is never made.

pub mod staff;
pub mod ticket;

use chrono::{NaiveDateTime, NaiveTime};
use serde::{Serialize, Serializer};

use super::{
    export::Word,
    ledger::{
        Cell,
        cell::{fold, quote},
        column::bare_name,
        date,
    },
    message::ImportText,
};

/// The columns of a kind of table.
pub trait Columns: Copy + PartialEq + Send + Sync + 'static {
    /// In the order of the enum, so that `column as usize` is the place.
    const ALL: &'static [Self];
    /// A table without one of these can't be read.
    const REQUIRED: &'static [Self];

    fn index(self) -> usize;

    /// What it goes by, the usual name first; small letters and no spaces.
    fn names(self) -> &'static [&'static str];

    fn usual_name(self) -> &'static str {
        self.names()[0]
    }
}

/// Why a row is refused. The names are read by other programs: they are never changed, only added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// A cell that must be filled is blank.
    Missing,
    /// No word of the closed list.
    UnknownWord,
    BadTime,
    BadNumber,
    BadPhone,
    TooLong,
    /// A formula that failed, such as `#N/A`.
    CellError,
    /// The status needs a time that is not there, or a time is there that the status does not have.
    TimesAndStatus,
    /// A later step has an earlier time, or lies in the future.
    TimesOutOfOrder,
    /// The same number again; the first row stands.
    Duplicate,
    UnknownProject,
    UnknownHome,
    UnknownStaff,
    /// The phone is of nobody who owns, or owned, the home.
    UnknownReporter,
    /// What is in the database is of another kind, and an import does not change that.
    Differs,
    LoginTaken,
    HasLeft,
}

impl Problem {
    pub const ALL: [Self; 17] = [
        Self::Missing,
        Self::UnknownWord,
        Self::BadTime,
        Self::BadNumber,
        Self::BadPhone,
        Self::TooLong,
        Self::CellError,
        Self::TimesAndStatus,
        Self::TimesOutOfOrder,
        Self::Duplicate,
        Self::UnknownProject,
        Self::UnknownHome,
        Self::UnknownStaff,
        Self::UnknownReporter,
        Self::Differs,
        Self::LoginTaken,
        Self::HasLeft,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::UnknownWord => "unknown_word",
            Self::BadTime => "bad_time",
            Self::BadNumber => "bad_number",
            Self::BadPhone => "bad_phone",
            Self::TooLong => "too_long",
            Self::CellError => "cell_error",
            Self::TimesAndStatus => "times_and_status",
            Self::TimesOutOfOrder => "times_out_of_order",
            Self::Duplicate => "duplicate",
            Self::UnknownProject => "unknown_project",
            Self::UnknownHome => "unknown_home",
            Self::UnknownStaff => "unknown_staff",
            Self::UnknownReporter => "unknown_reporter",
            Self::Differs => "differs",
            Self::LoginTaken => "login_taken",
            Self::HasLeft => "has_left",
        }
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What is wrong with a row, and in which of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault<C> {
    pub column: C,
    pub problem: Problem,
    pub message: ImportText,
}

impl<C> Fault<C> {
    pub fn new(column: C, problem: Problem, message: ImportText) -> Self {
        Self { column, problem, message }
    }
}

/// Where each column stands in a sheet, and what the sheet calls it.
#[derive(Clone, Debug, PartialEq)]
pub struct Header<C> {
    places: Vec<Option<(usize, String)>>,
    of: std::marker::PhantomData<C>,
}

/// Why a line with the names of columns is no header.
#[derive(Clone, Debug, PartialEq)]
pub enum BadHeader {
    Repeated(String),
    Missing(Vec<&'static str>),
}

impl<C: Columns> Header<C> {
    /// The header that this line is; none for a title, a note or data: it must name three columns.
    pub fn read(line: &[Cell]) -> Option<Result<Self, BadHeader>> {
        const ENOUGH: usize = 3;
        let mut header = Self { places: vec![None; C::ALL.len()], of: std::marker::PhantomData };
        let mut repeated = None;
        for (position, cell) in line.iter().enumerate() {
            let written = cell.text();
            let bare = bare_name(&written).to_lowercase();
            let Some(column) = C::ALL.iter().find(|column| column.names().contains(&bare.as_str())) else { continue };
            let slot = &mut header.places[column.index()];
            match slot {
                Some(_) => repeated = repeated.or(Some(written)),
                None => *slot = Some((position, written)),
            }
        }
        if header.places.iter().flatten().count() < ENOUGH {
            return None;
        }
        if let Some(written) = repeated {
            return Some(Err(BadHeader::Repeated(written)));
        }
        let absent = C::REQUIRED.iter().filter(|column| header.places[column.index()].is_none());
        let missing: Vec<_> = absent.map(|column| column.usual_name()).collect();
        Some(if missing.is_empty() { Ok(header) } else { Err(BadHeader::Missing(missing)) })
    }

    /// What the sheet calls a column.
    pub fn written(&self, column: C) -> &str {
        self.places[column.index()].as_ref().map_or(column.usual_name(), |(_, written)| written)
    }

    /// Whether a line below holds anything in a column that we know.
    pub fn is_filled(&self, line: &[Cell]) -> bool {
        self.places.iter().flatten().any(|(position, _)| line.get(*position).is_some_and(|cell| !cell.is_blank()))
    }
}

/// The cells of a line, by column.
pub struct Fields<'a, C> {
    header: &'a Header<C>,
    line: &'a [Cell],
}

const BLANK: &Cell = &Cell::Empty;

impl<'a, C: Columns> Fields<'a, C> {
    pub fn new(header: &'a Header<C>, line: &'a [Cell]) -> Self {
        Self { header, line }
    }

    fn cell(&self, column: C) -> Result<&Cell, Fault<C>> {
        let place = self.header.places[column.index()].as_ref();
        let cell = place.and_then(|(position, _)| self.line.get(*position)).unwrap_or(BLANK);
        match cell {
            Cell::Error(error) => {
                Err(Fault::new(column, Problem::CellError, ImportText::RowFormulaFailed { error: error.to_string() }))
            }
            cell if cell.is_blank() => Ok(BLANK),
            cell => Ok(cell),
        }
    }

    /// A text of one line or several; none where there is nothing.
    pub fn text(&self, column: C, longest: usize) -> Result<Option<String>, Fault<C>> {
        let cell = self.cell(column)?;
        // What people wrote stays as they wrote it; only what stands around it goes.
        let text = if let Cell::Text(text) = cell { text.trim().to_owned() } else { cell.text() };
        let letters = text.chars().count();
        if letters > longest {
            let message = ImportText::RowTooLong { letters: letters.into(), longest: longest.into() };
            return Err(Fault::new(column, Problem::TooLong, message));
        }
        let text: String =
            text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect();
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A short text on one line, without regard to width and spaces around.
    pub fn line(&self, column: C, longest: usize) -> Result<Option<String>, Fault<C>> {
        let text = self.text(column, longest)?;
        Ok(text.map(|text| fold(&text).replace(['\n', '\t'], " ")).filter(|text| !text.is_empty()))
    }

    pub fn word<W: Word>(&self, column: C) -> Result<Option<W>, Fault<C>> {
        let text = self.cell(column)?.text();
        if text.is_empty() {
            return Ok(None);
        }
        let unknown = || {
            let known: Vec<_> = W::VALUES.iter().map(|value| value.chinese()).collect();
            let message = ImportText::RowUnknownWord { found: quote(&text), known: known.join("、") };
            Fault::new(column, Problem::UnknownWord, message)
        };
        W::read(&text).map(Some).ok_or_else(unknown)
    }

    /// A day with the time of day, as the clock on the wall said it; midnight where only the day is said.
    pub fn moment(&self, column: C) -> Result<Option<NaiveDateTime>, Fault<C>> {
        let cell = self.cell(column)?;
        if *cell == Cell::Empty {
            return Ok(None);
        }
        let bad = || {
            let message = ImportText::RowNoTime { found: quote(&cell_text(cell)) };
            Fault::new(column, Problem::BadTime, message)
        };
        moment(cell).map(Some).ok_or_else(bad)
    }

    /// A number with at most two decimals, in hundredths.
    pub fn hundredths(&self, column: C) -> Result<Option<i64>, Fault<C>> {
        let text = self.cell(column)?.text().replace(',', "");
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse::<f64>().ok().map(|number| number * 100.0);
        let fits = |number: &f64| (number - number.round()).abs() < 1e-6 && (0.0..1e12).contains(number);
        let bad = || Fault::new(column, Problem::BadNumber, ImportText::RowNoAmount { found: quote(&text) });
        // Below a trillion, and whole.
        #[allow(clippy::cast_possible_truncation)]
        number.filter(fits).map(|number| Some(number.round() as i64)).ok_or_else(bad)
    }

    /// A whole number within bounds.
    pub fn count(&self, column: C, bounds: std::ops::RangeInclusive<i32>) -> Result<Option<i32>, Fault<C>> {
        let text = self.cell(column)?.text();
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        let (least, most) = ((*bounds.start()).into(), (*bounds.end()).into());
        let message = || ImportText::RowNoCount { found: quote(&text), least, most };
        number.map(Some).ok_or_else(|| Fault::new(column, Problem::BadNumber, message()))
    }

    /// Yes or no.
    pub fn truth(&self, column: C) -> Result<Option<bool>, Fault<C>> {
        let text = self.cell(column)?.text().to_lowercase();
        match text.as_str() {
            "" => Ok(None),
            "是" | "满意" | "yes" | "true" | "1" => Ok(Some(true)),
            "否" | "不满意" | "no" | "false" | "0" => Ok(Some(false)),
            _ => Err(Fault::new(column, Problem::UnknownWord, ImportText::RowNoTruth { found: quote(&text) })),
        }
    }
}

/// Says that a cell must be filled.
pub fn required<C: Columns, T>(value: Option<T>, column: C) -> Result<T, Fault<C>> {
    value.ok_or_else(|| {
        Fault::new(column, Problem::Missing, ImportText::RowMissing { column: column.usual_name().to_owned() })
    })
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Moment(moment) => moment.to_string(),
        cell => cell.text(),
    }
}

fn moment(cell: &Cell) -> Option<NaiveDateTime> {
    let day = date::parse(cell)?;
    match cell {
        Cell::Moment(moment) => Some(*moment),
        Cell::Text(text) => {
            let text = fold(text).to_ascii_uppercase();
            match text.rsplit_once(['T', ' ']).map(|(_, time)| time).filter(|time| time.contains(':')) {
                Some(time) => Some(day.and_time(time_of_day(time)?)),
                None => Some(day.and_time(NaiveTime::MIN)),
            }
        }
        _ => Some(day.and_time(NaiveTime::MIN)),
    }
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &str| part.split('.').next().and_then(|whole| whole.parse::<u32>().ok());
    match parts.as_slice() {
        [hour, minute] => NaiveTime::from_hms_opt(number(hour)?, number(minute)?, 0),
        [hour, minute, second] => NaiveTime::from_hms_opt(number(hour)?, number(minute)?, number(second)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_usual_style_and_never_guessed() {
        let expected = "2026-03-05T14:30:00".parse().ok();
        for text in [
            "2026-03-05 14:30:00",
            "2026/3/5 14:30",
            "2026年3月5日 14:30",
            "2026.3.5 14:30:00.000",
            "2026-03-05T14:30:00",
            "２０２６－０３－０５ １４：３０",
        ] {
            assert_eq!(moment(&Cell::from_text(text)), expected, "{text}");
        }
        assert_eq!(moment(&Cell::from_text("2026-03-05")), "2026-03-05T00:00:00".parse().ok());
        for text in ["2026-02-30 10:00", "2026-03-05 25:00", "2026-03-05 10:61", "昨天", "14:30", "26-3-5 10:00"] {
            assert_eq!(moment(&Cell::from_text(text)), None, "{text}");
        }
    }
}
