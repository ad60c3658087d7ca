//! Workbooks (.xlsx) by calamine, a row at a time. Only the shared strings are held as a whole, as the format demands.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use chrono::{Days, NaiveDate, NaiveTime};

use super::{Line, MOST_COLUMNS, OpenError, ReadError};
use crate::domain::ledger::Cell;

type Source = BufReader<File>;

pub(super) struct Workbook {
    xlsx: Xlsx<Source>,
    file: String,
}

impl Workbook {
    pub(super) fn open(source: File, file: &str) -> Result<Self, OpenError> {
        let file = file.to_owned();
        match guarded(|| Xlsx::new(BufReader::new(source))) {
            Ok(Ok(xlsx)) => Ok(Workbook { xlsx, file }),
            Ok(Err(XlsxError::Password)) => Err(OpenError::PasswordProtected { file }),
            Ok(Err(XlsxError::Io(source))) => Err(OpenError::Io { file, source }),
            Ok(Err(error)) => Err(OpenError::NotAWorkbook { file, reason: error.to_string() }),
            Err(Panicked) => Err(ReadError::Impossible { file }.into()),
        }
    }

    /// The sheets that a person who opens the workbook sees.
    pub(super) fn sheets(&self) -> Vec<String> {
        let visible =
            |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
        self.xlsx.sheets_metadata().iter().filter(visible).map(|sheet| sheet.name.clone()).collect()
    }

    pub(super) fn lines(&mut self, sheet: &str) -> Result<Lines<'_>, ReadError> {
        let is_1904 = self.xlsx.has_1904_epoch();
        let file = self.file.clone();
        let xlsx = &mut self.xlsx;
        match guarded(move || xlsx.worksheet_cells_reader(sheet)) {
            Ok(Ok(cells)) => {
                Ok(Lines { cells, file, is_1904, pending: None, last_row: 0, no_more_cells: false, ended: false })
            }
            Ok(Err(error)) => Err(ReadError::Damaged { file, row: 0, reason: error.to_string() }),
            Err(Panicked) => Err(ReadError::Impossible { file }),
        }
    }
}

/// The lines of a sheet that hold anything at all.
pub(super) struct Lines<'a> {
    cells: XlsxCellReader<'a, Source>,
    file: String,
    is_1904: bool,
    /// The first cell of the next line, which was read to see that the line before had ended.
    pending: Option<(u32, u32, Cell)>,
    last_row: u32,
    /// The reader must not be asked again behind the last cell: it would take the end for damage.
    no_more_cells: bool,
    ended: bool,
}

impl Lines<'_> {
    /// The last row of the sheet as the file itself declares it; good enough for a progress bar.
    pub(super) fn declared_rows(&self) -> u32 {
        self.cells.dimensions().end.0.saturating_add(1)
    }

    fn next_cell(&mut self) -> Result<Option<(u32, u32, Cell)>, ReadError> {
        if let Some(pending) = self.pending.take() {
            return Ok(Some(pending));
        }
        while !self.no_more_cells {
            match guarded(|| self.cells.next_cell()) {
                Ok(Ok(None)) => self.no_more_cells = true,
                Ok(Ok(Some(cell))) => {
                    let (row, column) = cell.get_position();
                    let value = convert(cell.get_value(), self.is_1904);
                    if value != Cell::Empty {
                        return Ok(Some((row.saturating_add(1), column, value)));
                    }
                }
                Ok(Err(error)) => return Err(self.damaged(error.to_string())),
                Err(Panicked) => return Err(ReadError::Impossible { file: self.file.clone() }),
            }
        }
        Ok(None)
    }

    fn damaged(&self, reason: String) -> ReadError {
        ReadError::Damaged { file: self.file.clone(), row: self.last_row, reason }
    }

    fn read_line(&mut self) -> Result<Option<Line>, ReadError> {
        let mut line: Option<Line> = None;
        while let Some((row, column, value)) = self.next_cell()? {
            let current = line.get_or_insert(Line { number: row, cells: Vec::new() });
            if current.number != row {
                self.pending = Some((row, column, value));
                break;
            }
            set(&mut current.cells, column as usize, value);
        }
        self.last_row = line.as_ref().map_or(self.last_row, |line| line.number);
        Ok(line)
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, ReadError>;

    /// Ends after the first error, since nothing behind it can be placed.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let line = self.read_line().transpose();
        self.ended = !matches!(line, Some(Ok(_)));
        line
    }
}

/// The reader fell over a place that no sheet has.
struct Panicked;

/// calamine reckons with the places that a file names and panics over those that no sheet has, wherever overflow is
/// checked. A foreign file must not end the program.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| Panicked)
}

fn set(cells: &mut Vec<Cell>, column: usize, value: Cell) {
    if column >= MOST_COLUMNS {
        return;
    }
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = value;
}

fn convert(value: &DataRef<'_>, is_1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::from_text(text),
        DataRef::SharedString(text) => Cell::from_text(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::from_text(text),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(value) => Cell::Text(value.to_string()),
        DataRef::DateTime(moment) => day(moment.as_f64(), is_1904),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A date of Excel is a count of days, with the time of day behind the point; what is no date after all stays the number it is, for the rules to refuse.
fn day(serial: f64, is_1904: bool) -> Cell {
    const DAYS_TO_1904: f64 = 1462.0;
    const DAYS_OF_EXCEL: std::ops::Range<f64> = 61.0..2_958_466.0;
    let since_1900 = if is_1904 { serial + DAYS_TO_1904 } else { serial };
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30);
    let day = epoch
        .filter(|_| DAYS_OF_EXCEL.contains(&since_1900))
        .and_then(|epoch| epoch.checked_add_days(Days::new(since_1900 as u64)));
    let Some(day) = day else { return Cell::Number(serial) };
    // The last half second of a day is the next day's first; no clock shows it.
    let seconds = ((since_1900.fract() * 86_400.0).round() as u32).min(86_399);
    match NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0) {
        Some(time) if seconds > 0 => Cell::Moment(day.and_time(time)),
        _ => Cell::Day(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_days_is_a_day_in_either_epoch() {
        let fifth_of_march = Cell::Day(NaiveDate::from_ymd_opt(2024, 3, 5).unwrap());
        assert_eq!(day(45_356.0, false), fifth_of_march);
        let midday = NaiveDate::from_ymd_opt(2024, 3, 5).and_then(|day| day.and_hms_opt(12, 30, 1)).unwrap();
        assert_eq!(day(45_356.520_844_907, false), Cell::Moment(midday));
        assert_eq!(day(43_894.0, true), fifth_of_march);
        assert_eq!(day(0.5, false), Cell::Number(0.5));
        assert_eq!(day(f64::NAN, false).text(), "NaN");
        assert_eq!(day(1e300, false), Cell::Number(1e300));
    }

    #[test]
    fn columns_far_to_the_right_take_no_memory() {
        let mut cells = Vec::new();
        set(&mut cells, 16_000, Cell::Number(1.0));
        set(&mut cells, 1, Cell::Number(2.0));
        assert_eq!(cells, [Cell::Empty, Cell::Number(2.0)]);
    }
}
