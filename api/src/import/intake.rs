//! Reading a table of another system from a file: each sheet that has the header, row by row. What a row means is
//! [`crate::domain::intake`]'s. Reading blocks: an async caller reads in `spawn_blocking`.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use encoding_rs::Encoding;
use serde::Serialize;

use super::{
    Line, OpenError, ReadError, decode,
    delimited::DELIMITERS,
    reader::{OLE, WORKBOOK_EXTENSIONS, ZIP, refuse_old_container, text_lines},
    workbook::Workbook,
};
use crate::{
    domain::{
        intake::{BadHeader, Columns, Fault, Header, Problem},
        ledger::Cell,
        message::ImportText,
    },
    language::{Language, say},
};

/// A title and a legend may stand above the header, but not pages of text.
const HEADER_WITHIN: usize = 50;

/// How many bad rows are told one by one. A file in which more are bad is the wrong file.
const MOST_BAD_ROWS: usize = 10_000;

/// A refused row, told so that a person finds the cell and knows what to type instead.
#[derive(Clone, Debug, PartialEq)]
pub struct BadRow {
    /// Of a workbook.
    pub sheet: Option<String>,
    /// As the spreadsheet counts, from 1.
    pub row: u32,
    /// As it is written in the file.
    pub column: String,
    pub problem: Problem,
    /// What was found and what is expected. Holds no whole phone number.
    pub message: ImportText,
}

/// What an import found and did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub data_rows: u64,
    pub good_rows: u64,
    pub bad_row_count: u64,
    /// The first ten thousand, in the order of the file.
    pub bad_rows: Vec<BadRow>,
    /// What the good rows make new, change, and find as it is already.
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
}

impl Report {
    pub fn refuse(&mut self, bad: BadRow) {
        self.bad_row_count += 1;
        if self.bad_rows.len() < MOST_BAD_ROWS {
            self.bad_rows.push(bad);
        }
    }
}

impl Report {
    /// The report as a reader of a language is given it.
    pub fn told(&self, language: Language) -> Told<'_> {
        let told = |bad| ToldRow::of(bad, language);
        let bad_rows = self.bad_rows.iter().map(told).collect();
        let Self { data_rows, good_rows, bad_row_count, created, updated, unchanged, .. } = *self;
        Told { data_rows, good_rows, bad_row_count, bad_rows, created, updated, unchanged, language }
    }
}

/// The report in a language. Its names are read by other programs: they are never changed, only added to.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    data_rows: u64,
    good_rows: u64,
    bad_row_count: u64,
    bad_rows: Vec<ToldRow<'a>>,
    created: u64,
    updated: u64,
    unchanged: u64,
    #[serde(skip)]
    language: Language,
}

#[derive(Debug, Serialize)]
struct ToldRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    row: u32,
    column: &'a str,
    problem: Problem,
    message: String,
}

impl<'a> ToldRow<'a> {
    fn of(bad: &'a BadRow, language: Language) -> Self {
        let message = say(&bad.message, language);
        Self { sheet: bad.sheet.as_deref(), row: bad.row, column: &bad.column, problem: bad.problem, message }
    }

    fn line(&self) -> ImportText {
        let (row, column, what) = (self.row.into(), self.column.to_owned(), self.message.clone());
        match self.sheet {
            Some(sheet) => ImportText::SumOfRowOfSheet { sheet: sheet.to_owned(), row, column, what },
            None => ImportText::SumOfRow { row, column, what },
        }
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        let say = |text: &ImportText| say(text, self.language);
        let (rows, good, bad) = (self.data_rows.into(), self.good_rows.into(), self.bad_row_count.into());
        writeln!(f, "{}", say(&ImportText::SumOfRows { rows, good, bad }))?;
        for bad in self.bad_rows.iter().take(SHOWN) {
            writeln!(f, "{}", say(&bad.line()))?;
        }
        match self.bad_row_count.saturating_sub(SHOWN as u64) {
            0 => Ok(()),
            more => writeln!(f, "{}", say(&ImportText::SumOfMore { more: more.into() })),
        }
    }
}

/// A row where it stands.
#[derive(Clone, Debug)]
pub struct Found<T> {
    pub sheet: Option<String>,
    pub row: u32,
    pub value: T,
}

impl<T> Found<T> {
    /// What is wrong with it, in the words of the file.
    pub fn fault<C: Columns>(&self, header: &Header<C>, fault: Fault<C>) -> BadRow {
        let column = header.written(fault.column).to_owned();
        BadRow { sheet: self.sheet.clone(), row: self.row, column, problem: fault.problem, message: fault.message }
    }
}

/// A file of tables whose kind is known.
pub struct Tables {
    file: String,
    kind: Kind,
}

enum Kind {
    Workbook(Box<Workbook>),
    Text { path: PathBuf, encoding: &'static Encoding },
}

/// Opens a file. Content decides what it is.
pub fn open(path: &Path) -> Result<Tables, OpenError> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let failed = |source: io::Error| OpenError::Io { file: file.clone(), source };
    let mut start = Vec::with_capacity(8);
    File::open(path).and_then(|source| source.take(8).read_to_end(&mut start)).map_err(failed)?;
    if start.is_empty() {
        return Err(OpenError::Empty { file });
    }
    if start.starts_with(ZIP) {
        let workbook = Workbook::open(File::open(path).map_err(failed)?, &file)?;
        return Ok(Tables { file, kind: Kind::Workbook(Box::new(workbook)) });
    }
    if start.starts_with(OLE) {
        return Err(refuse_old_container(File::open(path).map_err(failed)?, file));
    }
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if WORKBOOK_EXTENSIONS.contains(&extension.as_str()) {
        return Err(OpenError::TextNamedAsWorkbook { file });
    }
    let encoding = decode::detect(|| File::open(path)).map_err(failed)?;
    let encoding = encoding.ok_or(OpenError::NotText { file: file.clone() })?;
    Ok(Tables { file, kind: Kind::Text { path: path.to_owned(), encoding } })
}

impl Tables {
    /// Hands each row of each table to `take`, with the header of its sheet, until that wants no more.
    pub fn read<C: Columns>(
        &mut self,
        mut take: impl FnMut(&Header<C>, Found<Vec<Cell>>) -> bool,
    ) -> Result<(), OpenError> {
        let file = self.file.clone();
        match &mut self.kind {
            Kind::Workbook(workbook) => {
                let mut has_table = false;
                for sheet in workbook.sheets() {
                    let lines = workbook.lines(&sheet)?;
                    has_table |= rows(&file, Some(&sheet), lines, &mut take)?;
                }
                if has_table { Ok(()) } else { Err(no_header::<C>(file)) }
            }
            Kind::Text { path, encoding } => {
                for delimiter in DELIMITERS {
                    if rows(&file, None, text_lines(path, &file, encoding, delimiter)?, &mut take)? {
                        return Ok(());
                    }
                }
                Err(no_header::<C>(file))
            }
        }
    }
}

/// The rows below the header, if there is one; says whether there was.
fn rows<C: Columns>(
    file: &str,
    sheet: Option<&str>,
    lines: impl Iterator<Item = Result<Line, ReadError>>,
    take: &mut impl FnMut(&Header<C>, Found<Vec<Cell>>) -> bool,
) -> Result<bool, OpenError> {
    let mut header: Option<Header<C>> = None;
    for (count, line) in lines.enumerate() {
        let Line { number, cells } = line?;
        match &header {
            None if count >= HEADER_WITHIN => return Ok(false),
            None => {
                header =
                    Header::read(&cells).map(|read| read.map_err(|bad| bad_header(file, number, bad))).transpose()?
            }
            Some(header) if header.is_filled(&cells) => {
                let sheet = sheet.map(str::to_owned);
                if !take(header, Found { sheet, row: number, value: cells }) {
                    return Ok(true);
                }
            }
            Some(_) => {}
        }
    }
    Ok(header.is_some())
}

fn bad_header(file: &str, row: u32, bad: BadHeader) -> OpenError {
    let file = file.to_owned();
    match bad {
        BadHeader::Repeated(written) => OpenError::RepeatedColumn { file, row, written },
        BadHeader::Missing(missing) => OpenError::MissingColumns { file, row, missing },
    }
}

fn no_header<C: Columns>(file: String) -> OpenError {
    let expected = C::REQUIRED.iter().map(|column| column.usual_name()).collect();
    OpenError::NoTable { file, searched: HEADER_WITHIN, expected }
}
