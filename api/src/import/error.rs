//! Why a ledger can't be opened or read to its end, told to the person who has the file in hand: each message names
//! the file and says what to do. What is wrong with single rows is [`crate::domain::ledger::Problem`].

use std::io;

/// The file can't be used at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{file}: can't be opened: {source}")]
    Io { file: String, source: io::Error },
    #[error("{file}: is empty; choose the file that holds the ledger")]
    Empty { file: String },
    #[error("{file}: is protected by a password; open it in Excel, remove the password and save it again")]
    PasswordProtected { file: String },
    #[error("{file}: is in the old .xls format of Excel 97; open it in Excel or WPS and save it as .xlsx")]
    OldExcel { file: String },
    #[error(
        "{file}: is named as a workbook but holds plain text; open it in Excel and save it as .xlsx, or rename it to \
         .csv if it is a table of separated values"
    )]
    TextNamedAsWorkbook { file: String },
    #[error("{file}: is damaged or no .xlsx workbook ({reason}); open it in Excel and save it again as .xlsx")]
    NotAWorkbook { file: String, reason: String },
    #[error(
        "{file}: is neither a .xlsx workbook nor text in UTF-8, UTF-16 or GB18030; save it from Excel as .xlsx or as \
         CSV UTF-8"
    )]
    NotText { file: String },
    #[error(
        "{file}: no header row was found in the first {searched} rows; a row with names such as 项目名称, 楼栋, 房号, \
         业主姓名 and 联系电话 is expected above the data"
    )]
    NoHeader { file: String, searched: usize },
    #[error("{file}: no header row was found in the first {searched} rows; a row with the names {} is expected above the data", .expected.join(", "))]
    NoTable { file: String, searched: usize, expected: Vec<&'static str> },
    #[error("{file}: the header in row {row} has no column for {}; add it, or rename the column that holds it", .missing.join(", "))]
    MissingColumns { file: String, row: u32, missing: Vec<&'static str> },
    #[error("{file}: the header in row {row} names {written} twice; rename the one that is not meant")]
    RepeatedColumn { file: String, row: u32, written: String },
    #[error("{file}: holds a ledger in each of the sheets {}; save each sheet as a file of its own", .sheets.join(", "))]
    SeveralLedgers { file: String, sheets: Vec<String> },
    /// The rows in which the header would stand can't be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
}

/// The file was opened, but can't be read on. Rows before this point were read well.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{file}: can't be read after row {row}: {source}")]
    Io { file: String, row: u32, source: io::Error },
    #[error("{file}: the workbook is damaged after row {row} ({reason}); open it in Excel and save it again")]
    Damaged { file: String, row: u32, reason: String },
    #[error("{file}: the text that begins with a quotation mark in row {row} has no end; close or remove the mark")]
    OpenQuote { file: String, row: u32 },
    #[error("{file}: row {row} is longer than {limit} bytes, which is no row of a ledger")]
    LongRow { file: String, row: u32, limit: usize },
}
