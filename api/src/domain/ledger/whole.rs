//! What only the whole file can tell: a unit or a contract number that stands in two rows. Holds one short key a row,
//! so 100,000 rows cost a few megabytes.

use std::collections::HashMap;

use super::column::{Column, Header};
use super::problem::{BadRow, Fault, Problem};
use super::row::{self, RawRow};
use super::{LedgerRow, Outcome};
use crate::domain::message::ImportText;

/// Judges the rows of one file in their order.
///
/// The first row that names a unit or a contract stands, and each later one is a repetition, also when the first is bad
/// for another reason: correcting that first row must not turn a row that was good into a bad one, and which of the two
/// is meant is for a person to decide.
#[derive(Debug, Default)]
pub struct WholeFile {
    units: HashMap<Box<str>, u32>,
    contracts: HashMap<Box<str>, u32>,
}

impl WholeFile {
    pub fn judge(&mut self, header: &Header, raw: &RawRow) -> Outcome {
        let parsed = row::parse(raw);
        let (unit, contract) = match &parsed {
            Ok(row) => (Some(row.unit_key()), row.contract_number.clone()),
            Err(_) => (raw.unit_key(), raw.contract_number()),
        };
        let unit = first_row(&mut self.units, unit, raw.row);
        let contract = first_row(&mut self.contracts, contract, raw.row);
        match parsed.and_then(|row| not_repeated(row, unit, contract)) {
            Ok(row) => Outcome::Good(row),
            Err(fault) => Outcome::Bad(BadRow {
                row: raw.row,
                column: header.written(fault.column).to_owned(),
                problem: fault.problem,
                message: fault.message,
            }),
        }
    }
}

/// The row that used this key before; notes the key for later rows otherwise. A key longer than any real one is not
/// kept: its row is refused as too long anyway, and memory stays bounded.
fn first_row(seen: &mut HashMap<Box<str>, u32>, key: Option<String>, row: u32) -> Option<u32> {
    const LONGEST_KEY_BYTES: usize = 1024;
    let key = key.filter(|key| key.len() <= LONGEST_KEY_BYTES)?.into_boxed_str();
    if let Some(first) = seen.get(&key) {
        return Some(*first);
    }
    seen.insert(key, row);
    None
}

fn not_repeated(row: LedgerRow, unit: Option<u32>, contract: Option<u32>) -> Result<LedgerRow, Fault> {
    if let Some(first) = unit {
        let message = ImportText::LedgerUnitTwice { row: first.into() };
        return Err(Fault::new(Column::Room, Problem::DupUnit, message));
    }
    if let Some(first) = contract {
        let message = ImportText::LedgerContractTwice { row: first.into() };
        return Err(Fault::new(Column::ContractNumber, Problem::DupContract, message));
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;

    fn header() -> Header {
        let names = ["项目", "楼号", "室号", "业主", "手机", "合同号"].map(Cell::from_text);
        Header::read(&names).unwrap().unwrap()
    }

    /// Judges rows of building, room, name and contract, numbered from 2.
    fn verdicts(rows: &[[&str; 4]]) -> Vec<Result<(), (u32, Problem, String)>> {
        let (header, mut file) = (header(), WholeFile::default());
        let judge = |(index, [building, room, name, contract]): (usize, &[&str; 4])| {
            let line = ["云庭", building, room, name, "13800000001", contract].map(Cell::from_text).to_vec();
            match file.judge(&header, &RawRow::new(index as u32 + 2, &header, line)) {
                Outcome::Good(_) => Ok(()),
                Outcome::Bad(bad) => Err((bad.row, bad.problem, bad.column)),
            }
        };
        rows.iter().enumerate().map(judge).collect()
    }

    #[test]
    fn the_same_unit_in_another_spelling_is_a_repetition() {
        let found = verdicts(&[["1#", "0101", "甲", "A1"], ["1栋", "101", "乙", "A2"], ["2栋", "101", "丙", "A3"]]);
        assert_eq!(found, [Ok(()), Err((3, Problem::DupUnit, "室号".to_owned())), Ok(())]);
    }

    #[test]
    fn the_same_contract_number_is_a_repetition() {
        let found = verdicts(&[["1", "101", "甲", "a-1"], ["1", "102", "乙", " Ａ－1"], ["1", "103", "丙", ""]]);
        assert_eq!(found, [Ok(()), Err((3, Problem::DupContract, "合同号".to_owned())), Ok(())]);
    }

    #[test]
    fn rows_without_a_contract_repeat_nothing() {
        assert_eq!(verdicts(&[["1", "101", "甲", ""], ["1", "102", "乙", "-"]]), [Ok(()), Ok(())]);
    }

    #[test]
    fn a_row_repeated_whole_is_told_as_the_unit_again() {
        let found = verdicts(&[["1", "101", "甲", "A1"], ["1", "101", "甲", "A1"]]);
        assert_eq!(found[1].as_ref().unwrap_err().1, Problem::DupUnit);
    }

    #[test]
    fn the_first_row_stands_also_when_it_is_bad() {
        let found = verdicts(&[["1", "101", "", "A1"], ["1", "101", "甲", "A2"], ["1", "102", "乙", "A1"]]);
        let problems: Vec<_> = found.into_iter().map(|verdict| verdict.unwrap_err().1).collect();
        assert_eq!(problems, [Problem::NoName, Problem::DupUnit, Problem::DupContract]);
    }

    #[test]
    fn what_is_wrong_with_the_row_itself_is_told_before_the_repetition() {
        let found = verdicts(&[["1", "101", "甲", "A1"], ["1", "101", "", "A1"]]);
        assert_eq!(found[1].as_ref().unwrap_err().1, Problem::NoName);
    }
}
