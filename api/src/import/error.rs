//! Why a table can't be opened or read to its end, for the person who has the file in hand: what each says names the file
//! and what to do. What is wrong with single rows is [`crate::domain::ledger::Problem`] and
//! [`crate::domain::intake::Problem`].

use std::io;

use crate::domain::{
    ledger::Column,
    message::{ImportText, Words},
};

/// The file can't be used at all.
#[derive(Debug)]
pub enum OpenError {
    Io {
        file: String,
        source: io::Error,
    },
    Empty {
        file: String,
    },
    PasswordProtected {
        file: String,
    },
    OldExcel {
        file: String,
    },
    TextNamedAsWorkbook {
        file: String,
    },
    NotAWorkbook {
        file: String,
        reason: String,
    },
    /// Neither a workbook nor text in an encoding that is known.
    NotText {
        file: String,
    },
    /// No ledger's header stands in the rows that were searched.
    NoHeader {
        file: String,
        searched: usize,
    },
    /// The same of another table.
    NoTable {
        file: String,
        searched: usize,
        expected: Vec<&'static str>,
    },
    MissingColumns {
        file: String,
        row: u32,
        missing: Vec<&'static str>,
    },
    RepeatedColumn {
        file: String,
        row: u32,
        written: String,
    },
    SeveralLedgers {
        file: String,
        sheets: Vec<String>,
    },
    /// The rows in which the header would stand can't be read.
    Unreadable(ReadError),
}

/// The file was opened, but can't be read on. Rows before this point were read well.
#[derive(Debug)]
pub enum ReadError {
    Io {
        file: String,
        row: u32,
        source: io::Error,
    },
    Damaged {
        file: String,
        row: u32,
        reason: String,
    },
    /// A workbook names a place that no sheet has.
    Impossible {
        file: String,
    },
    /// A quotation mark has no end.
    OpenQuote {
        file: String,
        row: u32,
    },
    LongRow {
        file: String,
        row: u32,
        limit: usize,
    },
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

impl OpenError {
    /// What is said of it.
    pub fn said(&self) -> ImportText {
        use ImportText as Text;
        let file = || self.file().to_owned();
        match self {
            Self::Io { source, .. } => unopened(file(), source),
            Self::Empty { .. } => Text::FileEmpty { file: file() },
            Self::PasswordProtected { .. } => Text::FileProtected { file: file() },
            Self::OldExcel { .. } => Text::FileOldExcel { file: file() },
            Self::TextNamedAsWorkbook { .. } => Text::FileTextNamedAsWorkbook { file: file() },
            Self::NotAWorkbook { reason, .. } => Text::FileNoWorkbook { file: file(), reason: reason.clone() },
            Self::NotText { .. } => Text::FileNoText { file: file() },
            Self::NoHeader { searched, .. } => {
                let expected = words(Column::REQUIRED.map(Column::usual_name));
                Text::FileNoTable { file: file(), searched: (*searched).into(), expected }
            }
            Self::NoTable { searched, expected, .. } => {
                Text::FileNoTable { file: file(), searched: (*searched).into(), expected: words(expected) }
            }
            Self::MissingColumns { row, missing, .. } => {
                Text::FileColumnsMissing { file: file(), row: (*row).into(), missing: words(missing) }
            }
            Self::RepeatedColumn { row, written, .. } => {
                Text::FileColumnTwice { file: file(), row: (*row).into(), written: written.clone() }
            }
            Self::SeveralLedgers { sheets, .. } => Text::FileSeveralLedgers { file: file(), sheets: words(sheets) },
            Self::Unreadable(error) => error.said(),
        }
    }

    fn file(&self) -> &str {
        match self {
            Self::Io { file, .. }
            | Self::Empty { file }
            | Self::PasswordProtected { file }
            | Self::OldExcel { file }
            | Self::TextNamedAsWorkbook { file }
            | Self::NotAWorkbook { file, .. }
            | Self::NotText { file }
            | Self::NoHeader { file, .. }
            | Self::NoTable { file, .. }
            | Self::MissingColumns { file, .. }
            | Self::RepeatedColumn { file, .. }
            | Self::SeveralLedgers { file, .. } => file,
            Self::Unreadable(error) => error.file(),
        }
    }
}

impl ReadError {
    /// What is said of it.
    pub fn said(&self) -> ImportText {
        use ImportText as Text;
        let file = self.file().to_owned();
        match self {
            Self::Io { row, source, .. } => Text::FileUnreadable { file, row: (*row).into(), why: source.to_string() },
            Self::Damaged { row, reason, .. } => Text::FileDamaged { file, row: (*row).into(), reason: reason.clone() },
            Self::Impossible { .. } => Text::FileImpossible { file },
            Self::OpenQuote { row, .. } => Text::FileOpenQuote { file, row: (*row).into() },
            Self::LongRow { row, limit, .. } => Text::FileLongRow { file, row: (*row).into(), limit: (*limit).into() },
        }
    }

    fn file(&self) -> &str {
        match self {
            Self::Io { file, .. }
            | Self::Damaged { file, .. }
            | Self::Impossible { file }
            | Self::OpenQuote { file, .. }
            | Self::LongRow { file, .. } => file,
        }
    }
}

/// What a person can do about it is said where it is known; else it is as the system says it.
fn unopened(file: String, source: &io::Error) -> ImportText {
    match source.kind() {
        io::ErrorKind::NotFound => ImportText::FileNotThere { file },
        io::ErrorKind::PermissionDenied => ImportText::FileNotYours { file },
        io::ErrorKind::IsADirectory => ImportText::FileIsFolder { file },
        _ => ImportText::FileUnopened { file, why: source.to_string() },
    }
}

fn words<T: ToString>(words: impl IntoIterator<Item = T>) -> Words {
    Words(words.into_iter().map(|word| word.to_string()).collect())
}
