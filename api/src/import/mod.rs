//! Reading an owner ledger (业主台账) from a file: what kind of file it is, where the table stands in it, and its rows
//! one at a time. What a row means is [`crate::domain::ledger`]'s; what is done with it is the caller's.
//! Reading blocks: an async caller reads in `spawn_blocking`.

mod decode;
mod delimited;
pub mod error;
pub mod intake;
pub mod project_code;
pub mod reader;
pub mod report;
mod workbook;

pub use error::{OpenError, ReadError};
pub use reader::{Ledger, Rows, open};
pub use report::{Report, ReportBuilder};

use crate::domain::ledger::Cell;

/// Excel's own limit is 16,384; no ledger comes near this one, and a row stays small.
const MOST_COLUMNS: usize = 512;

/// One line of a file, whatever its format.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    /// The row in the spreadsheet, counted from 1.
    number: u32,
    cells: Vec<Cell>,
}

#[cfg(test)]
pub(crate) mod samples;
