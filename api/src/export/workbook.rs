//! Workbooks (.xlsx): each row goes into a temporary file at once, so that a workbook of any length takes the memory of one
//! row. The file that comes out has no name and is gone with its last reader.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
};

use chrono::{NaiveDate, Timelike};
use futures_util::{Stream, StreamExt};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc::{self, Receiver};
use tokio_util::sync::CancellationToken;

use crate::domain::export::{Cell, Heading, Language, Row};

/// The first bytes of each of these files, as of any ZIP.
pub const BEGINNING: &[u8] = b"PK\x03\x04";

/// As many as a sheet holds beside its headings.
pub const ROWS_OF_A_SHEET: u32 = 1_048_575;

/// As many letters as a cell holds. None of ours comes near it.
const LETTERS_OF_A_CELL: usize = 32_767;

/// How many batches may wait for the writer.
const WAITING: usize = 2;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError<E> {
    /// The rows ended with this.
    #[error("the rows broke off")]
    Rows(E),
    /// The temporary file, most often: its disk may be full.
    #[error("the workbook can't be written: {0}")]
    Unwritten(String),
}

enum Part {
    Rows(Vec<Row>),
    /// There are no more. Without it, whoever wanted the workbook has gone.
    End,
}

/// Makes a workbook of all rows. Whoever drops this future ends the work.
pub async fn workbook<E>(
    headings: &'static [Heading],
    language: Language,
    rows: impl Stream<Item = Result<Vec<Row>, E>>,
) -> Result<File, WorkbookError<E>> {
    workbook_of_sheets(headings, language, rows, ROWS_OF_A_SHEET).await
}

async fn workbook_of_sheets<E>(
    headings: &'static [Heading],
    language: Language,
    rows: impl Stream<Item = Result<Vec<Row>, E>>,
    most: u32,
) -> Result<File, WorkbookError<E>> {
    let gone = CancellationToken::new();
    let _guard = gone.clone().drop_guard();
    let (sender, receiver) = mpsc::channel(WAITING);
    let writing = tokio::task::spawn_blocking(move || write(headings, language, receiver, most, &gone));
    let mut rows = std::pin::pin!(rows);
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(WorkbookError::Rows)?;
        if sender.send(Part::Rows(batch)).await.is_err() {
            // The writer has failed and says below why.
            break;
        }
    }
    let _ = sender.send(Part::End).await;
    let written = writing.await.map_err(|error| WorkbookError::Unwritten(error.to_string()))?;
    written.map_err(|error| WorkbookError::Unwritten(error.to_string()))
}

fn write(
    headings: &[Heading],
    language: Language,
    mut parts: Receiver<Part>,
    most: u32,
    gone: &CancellationToken,
) -> Result<File, XlsxError> {
    let mut sheets = Sheets::new(headings, language, most);
    sheets.add()?;
    loop {
        match parts.blocking_recv() {
            Some(Part::Rows(rows)) => rows.into_iter().try_for_each(|row| sheets.write(row))?,
            Some(Part::End) => break,
            None => return Err(abandoned().into()),
        }
    }
    let mut out = BufWriter::new(WhileWanted { file: tempfile::tempfile()?, gone });
    sheets.workbook.save_to_writer(&mut out)?;
    out.flush()?;
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?.file;
    file.rewind()?;
    Ok(file)
}

fn abandoned() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "nobody waits for it any more")
}

/// A file that takes nothing any more once nobody waits for it.
struct WhileWanted<'a> {
    file: File,
    gone: &'a CancellationToken,
}

impl Write for WhileWanted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone.is_cancelled() {
            // Not `Interrupted`, after which a writer tries again.
            return Err(io::Error::other(abandoned()));
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A workbook in the making: when a sheet is full, the next begins with the same headings.
struct Sheets<'a> {
    workbook: Workbook,
    headings: &'a [Heading],
    language: Language,
    most: u32,
    /// How many rows of data the last sheet holds.
    filled: u32,
    count: usize,
    formats: Formats,
}

struct Formats {
    heading: Format,
    day: Format,
    moment: Format,
    hundredths: Format,
}

impl<'a> Sheets<'a> {
    fn new(headings: &'a [Heading], language: Language, most: u32) -> Self {
        let formats = Formats {
            heading: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            hundredths: Format::new().set_num_format("0.00"),
        };
        Self { workbook: Workbook::new(), headings, language, most, filled: 0, count: 0, formats }
    }

    fn add(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0..).zip(self.headings) {
            sheet.set_column_width(column, f64::from(heading.width))?;
            sheet.write_string_with_format(0, column, heading.name(self.language), &self.formats.heading)?;
        }
        self.count += 1;
        self.filled = 0;
        Ok(())
    }

    fn write(&mut self, row: Row) -> Result<(), XlsxError> {
        if self.filled == self.most {
            self.add()?;
        }
        self.filled += 1;
        let sheet = self.workbook.worksheet_from_index(self.count - 1)?;
        for (column, cell) in (0..).zip(row) {
            put(sheet, &self.formats, (self.filled, column), cell)?;
        }
        Ok(())
    }
}

fn put(sheet: &mut Worksheet, formats: &Formats, (row, column): (u32, u16), cell: Cell) -> Result<(), XlsxError> {
    // What is counted here is far below what a double holds exactly.
    #[allow(clippy::cast_precision_loss)]
    match cell {
        Cell::Empty => {}
        // Text is written as text, whatever it begins with: no program takes it for a formula.
        Cell::Text(text) => drop(sheet.write_string(row, column, fitting(text))?),
        Cell::Count(number) => drop(sheet.write_number(row, column, number as f64)?),
        Cell::Hundredths(number) => {
            sheet.write_number_with_format(row, column, number as f64 / 100.0, &formats.hundredths)?;
        }
        Cell::Day(day) => drop(sheet.write_number_with_format(row, column, days(day) as f64, &formats.day)?),
        Cell::Moment(moment) => {
            let of_the_day = f64::from(moment.num_seconds_from_midnight()) / 86_400.0;
            let count = days(moment.date()) as f64 + of_the_day;
            sheet.write_number_with_format(row, column, count, &formats.moment)?;
        }
    }
    Ok(())
}

/// A date of Excel is a count of days.
fn days(day: NaiveDate) -> i64 {
    const BEFORE_THE_FIRST: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a date of the calendar");
    (day - BEFORE_THE_FIRST).num_days()
}

/// The text as far as a cell holds it: Excel counts in UTF-16.
fn fitting(text: String) -> String {
    if text.len() <= LETTERS_OF_A_CELL {
        return text;
    }
    let mut letters = 0;
    text.chars()
        .take_while(|letter| {
            letters += letter.len_utf16();
            letters <= LETTERS_OF_A_CELL
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};
    use futures_util::stream;

    use super::*;

    const HEADINGS: &[Heading] = &[Heading::new("编号", "number", 12), Heading::new("标题", "title", 30)];

    fn batches(rows: i64) -> impl Stream<Item = Result<Vec<Row>, ()>> {
        let row = |number| vec![Cell::Count(number), Cell::text(format!("={number}"))];
        stream::iter(
            (0..rows)
                .collect::<Vec<_>>()
                .chunks(3)
                .map(|some| Ok(some.iter().copied().map(row).collect()))
                .collect::<Vec<_>>(),
        )
    }

    #[tokio::test]
    async fn a_full_sheet_is_followed_by_another_with_the_same_headings() {
        let file = workbook_of_sheets(HEADINGS, Language::Chinese, batches(7), 3).await.unwrap();
        let mut workbook: Xlsx<_> = Xlsx::new(io::BufReader::new(file)).unwrap();
        let names = workbook.sheet_names();
        assert_eq!(names.len(), 3);
        let mut found = Vec::new();
        for name in names {
            let range = workbook.worksheet_range(&name).unwrap();
            let rows: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
            assert_eq!(rows[0], [Data::String("编号".into()), Data::String("标题".into())]);
            assert!(rows.len() <= 4);
            found.extend(rows.into_iter().skip(1));
        }
        let expected: Vec<Vec<Data>> =
            (0..7).map(|number| vec![Data::Float(f64::from(number)), Data::String(format!("={number}"))]).collect();
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn a_workbook_begins_as_any_of_its_kind_also_when_it_is_empty() {
        use std::io::Read;
        let mut file = workbook(HEADINGS, Language::English, batches(0)).await.unwrap();
        let mut start = [0; 4];
        file.read_exact(&mut start).unwrap();
        assert_eq!(start, BEGINNING);
    }

    #[tokio::test]
    async fn rows_that_break_off_make_no_workbook() {
        let rows = stream::iter([Ok(vec![vec![Cell::Count(1)]]), Err("broken")]);
        let made = workbook(HEADINGS, Language::Chinese, rows).await;
        assert!(matches!(made, Err(WorkbookError::Rows("broken"))), "{made:?}");
    }

    #[test]
    fn a_writer_whom_nobody_waits_for_ends() {
        let (sender, receiver) = mpsc::channel(1);
        drop(sender);
        assert!(write(HEADINGS, Language::Chinese, receiver, 10, &CancellationToken::new()).is_err());
        let (sender, receiver) = mpsc::channel(1);
        sender.try_send(Part::End).ok().unwrap();
        let gone = CancellationToken::new();
        gone.cancel();
        assert!(write(HEADINGS, Language::Chinese, receiver, 10, &gone).is_err());
    }

    #[test]
    fn a_text_is_cut_to_what_a_cell_holds() {
        assert_eq!(fitting("a".repeat(40_000)).len(), 32_767);
        assert_eq!(fitting("𠮷".repeat(20_000)).chars().count(), 16_383);
        assert_eq!(fitting("楼".repeat(32_767)).chars().count(), 32_767);
    }
}
