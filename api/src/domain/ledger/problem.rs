//! What can be wrong with a row of a ledger, and how it is told. The names are read by other programs: they are never
//! changed, only added to.

use serde::{Serialize, Serializer};

use super::column::Column;
use crate::domain::message::ImportText;

/// Why a row is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    NoProject,
    NoBuilding,
    NoRoom,
    NoName,
    NoPhone,
    BadPhone,
    BadId,
    /// Names, identity numbers and phones don't pair up.
    CountMismatch,
    /// The floor area is zero or less.
    NegArea,
    BadArea,
    BadDate,
    HandoverBeforeSigning,
    /// The same unit again; the first row stands.
    DupUnit,
    /// The same contract number again; the first row stands.
    DupContract,
    TooLong,
    /// A formula that failed, such as `#N/A`.
    CellError,
    /// The staff number is not of an active customer ambassador. Found by whoever can ask the database.
    UnknownAmbassador,
}

impl Problem {
    pub fn as_str(self) -> &'static str {
        match self {
            Problem::NoProject => "no_project",
            Problem::NoBuilding => "no_building",
            Problem::NoRoom => "no_room",
            Problem::NoName => "no_name",
            Problem::NoPhone => "no_phone",
            Problem::BadPhone => "bad_phone",
            Problem::BadId => "bad_id",
            Problem::CountMismatch => "count_mismatch",
            Problem::NegArea => "neg_area",
            Problem::BadArea => "bad_area",
            Problem::BadDate => "bad_date",
            Problem::HandoverBeforeSigning => "handover_before_signing",
            Problem::DupUnit => "dup_unit",
            Problem::DupContract => "dup_contract",
            Problem::TooLong => "too_long",
            Problem::CellError => "cell_error",
            Problem::UnknownAmbassador => "unknown_ambassador",
        }
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A refused row, told so that a person finds the cell and knows what to type instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The row in the spreadsheet, counted from 1.
    pub row: u32,
    /// The header of the column, as it is written in the file.
    pub column: String,
    pub problem: Problem,
    /// What was found and what is expected. Holds no whole phone or identity number.
    pub message: ImportText,
}

/// A problem before it is known what the file calls the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub column: Column,
    pub problem: Problem,
    pub message: ImportText,
}

impl Fault {
    pub fn new(column: Column, problem: Problem, message: ImportText) -> Self {
        Fault { column, problem, message }
    }
}
