//! A ledger file as an iterator of judged rows. The kind of file is read off its content; the header row is found by
//! the names in it; the rows below are read one at a time, so the size of the file does not matter.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::decode::{self, Utf8Reader};
use super::delimited::{DELIMITERS, Records};
use super::workbook::{self, Workbook};
use super::{Line, OpenError, ReadError};
use crate::domain::ledger::{Column, Header, Outcome, RawRow, WholeFile, layout};

/// A title, a date of issue and a legend may stand above the header, but not pages of text.
const HEADER_WITHIN: usize = 50;

pub(super) const ZIP: &[u8] = b"PK";
pub(super) const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
pub(super) const WORKBOOK_EXTENSIONS: [&str; 5] = ["xlsx", "xlsm", "xls", "xlsb", "et"];

/// A ledger whose header has been found. It can be read more than once.
pub struct Ledger {
    file: String,
    table: Table,
    header: Header,
    header_row: u32,
}

enum Table {
    Sheet { workbook: Box<Workbook>, sheet: String },
    Text { path: PathBuf, encoding: &'static Encoding, delimiter: char },
}

/// Opens a ledger and finds its header. Content decides what the file is: a workbook may be named .csv, but a text
/// named .xlsx is refused, because whoever named it so expects something else in it.
pub fn open(path: &Path) -> Result<Ledger, OpenError> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let failed = |source: io::Error| OpenError::Io { file: file.clone(), source };
    let mut start = Vec::with_capacity(8);
    File::open(path).and_then(|source| source.take(8).read_to_end(&mut start)).map_err(failed)?;
    if start.is_empty() {
        return Err(OpenError::Empty { file });
    }
    if start.starts_with(ZIP) {
        return open_workbook(File::open(path).map_err(failed)?, file);
    }
    if start.starts_with(OLE) {
        return Err(refuse_old_container(File::open(path).map_err(failed)?, file));
    }
    open_text(path, file)
}

impl Ledger {
    /// The rows from the top, each judged. Ends after the first error.
    pub fn rows(&mut self) -> Result<Rows<'_>, ReadError> {
        let lines = match &mut self.table {
            Table::Sheet { workbook, sheet } => Lines::Sheet(Box::new(workbook.lines(sheet)?)),
            Table::Text { path, encoding, delimiter } => {
                Lines::Text(text_lines(path, &self.file, encoding, *delimiter)?)
            }
        };
        Ok(Rows { lines, header: &self.header, header_row: self.header_row, judge: WholeFile::default() })
    }

    /// About how many rows stand below the header, where the file says so; for a progress bar.
    pub fn approximate_rows(&mut self) -> Option<u64> {
        let Table::Sheet { workbook, sheet } = &mut self.table else { return None };
        let declared = workbook.lines(sheet).ok()?.declared_rows();
        Some(u64::from(declared.saturating_sub(self.header_row)))
    }

    /// What the file calls a column, for problems that are found later.
    pub fn column_name(&self, column: Column) -> &str {
        self.header.written(column)
    }
}

/// The judged rows of a ledger. Blank lines, totals, notes and repeated headers are passed over.
pub struct Rows<'a> {
    lines: Lines<'a>,
    header: &'a Header,
    header_row: u32,
    judge: WholeFile,
}

impl Iterator for Rows<'_> {
    type Item = Result<Outcome, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.lines.next()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            if line.number > self.header_row && layout::is_data(self.header, &line.cells) {
                let raw = RawRow::new(line.number, self.header, line.cells);
                return Some(Ok(self.judge.judge(self.header, &raw)));
            }
        }
    }
}

pub(super) type TextLines = Records<BufReader<Utf8Reader<File>>>;

enum Lines<'a> {
    Sheet(Box<workbook::Lines<'a>>),
    Text(TextLines),
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Lines::Sheet(lines) => lines.next(),
            Lines::Text(lines) => lines.next(),
        }
    }
}

fn open_workbook(source: File, file: String) -> Result<Ledger, OpenError> {
    let mut workbook = Workbook::open(source, &file)?;
    let (mut found, mut refused) = (Vec::new(), None);
    for sheet in workbook.sheets() {
        let header = workbook.lines(&sheet).map_err(OpenError::from).and_then(|lines| find_header(lines, &file));
        match header {
            Ok((header, row)) => found.push((sheet, header, row)),
            // A sheet that looks like a ledger says more about what is wrong than one that does not.
            Err(error) if says_little(&error) => refused = refused.or(Some(error)),
            Err(error) => refused = Some(error),
        }
    }
    if found.len() > 1 {
        let sheets = found.into_iter().map(|(sheet, ..)| sheet).collect();
        return Err(OpenError::SeveralLedgers { file, sheets });
    }
    match found.pop() {
        Some((sheet, header, header_row)) => {
            let table = Table::Sheet { workbook: Box::new(workbook), sheet };
            Ok(Ledger { file, table, header, header_row })
        }
        None => Err(refused.unwrap_or(OpenError::NoHeader { file, searched: HEADER_WITHIN })),
    }
}

/// The container of Excel 97 also holds .xlsx workbooks that are encrypted with a password.
pub(super) fn refuse_old_container(source: File, file: String) -> OpenError {
    match Workbook::open(source, &file) {
        Err(error @ OpenError::PasswordProtected { .. }) => error,
        _ => OpenError::OldExcel { file },
    }
}

fn open_text(path: &Path, file: String) -> Result<Ledger, OpenError> {
    let encoding = decode::detect(|| File::open(path))
        .map_err(|source| OpenError::Io { file: file.clone(), source })?
        .ok_or(OpenError::NotText { file: file.clone() })?;
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if WORKBOOK_EXTENSIONS.contains(&extension.as_str()) {
        return Err(OpenError::TextNamedAsWorkbook { file });
    }
    let mut refused = None;
    for delimiter in DELIMITERS {
        match find_header(text_lines(path, &file, encoding, delimiter)?, &file) {
            Ok((header, header_row)) => {
                let table = Table::Text { path: path.to_owned(), encoding, delimiter };
                return Ok(Ledger { file, table, header, header_row });
            }
            Err(error) if says_little(&error) => refused = refused.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    Err(refused.unwrap_or(OpenError::NoHeader { file, searched: HEADER_WITHIN }))
}

pub(super) fn text_lines(
    path: &Path,
    file: &str,
    encoding: &'static Encoding,
    delimiter: char,
) -> Result<TextLines, ReadError> {
    let source = File::open(path).map_err(|source| ReadError::Io { file: file.to_owned(), row: 0, source })?;
    Ok(Records::new(BufReader::new(Utf8Reader::new(source, encoding)), file, delimiter))
}

/// Whether the ledger may yet stand in another sheet or be cut by another delimiter.
fn says_little(error: &OpenError) -> bool {
    matches!(error, OpenError::NoHeader { .. } | OpenError::Unreadable(_))
}

/// The header of a table and its row.
fn find_header(lines: impl Iterator<Item = Result<Line, ReadError>>, file: &str) -> Result<(Header, u32), OpenError> {
    let file = file.to_owned();
    for line in lines.take(HEADER_WITHIN) {
        let line = line?;
        let row = line.number;
        match Header::read(&line.cells) {
            None => {}
            Some(Err(repeated)) => return Err(OpenError::RepeatedColumn { file, row, written: repeated.written }),
            Some(Ok(header)) if header.missing().is_empty() => return Ok((header, row)),
            Some(Ok(header)) => {
                let missing = header.missing().into_iter().map(Column::usual_name).collect();
                return Err(OpenError::MissingColumns { file, row, missing });
            }
        }
    }
    Err(OpenError::NoHeader { file, searched: HEADER_WITHIN })
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "reader_properties.rs"]
mod properties;
