//! Writing tables for people to keep: as comma-separated values, and as workbooks. What stands in a table is said
//! elsewhere; here a few rows at a time become bytes, however long the table is.

pub mod csv;
pub mod workbook;

pub use workbook::workbook;
