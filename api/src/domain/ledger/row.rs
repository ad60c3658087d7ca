//! One row: the order in which its cells are judged. A row has one verdict, the first problem in this order:
//! failed formulas; project, building, room; names, phones, their counts, each phone and each identity number; the
//! area; the dates; handover before signing; the other texts. Repetitions come last, in [`super::whole`].

use chrono::NaiveDate;

use super::area::{self, AreaError};
use super::cell::{Cell, compact, quote};
use super::column::{Column, Header};
use super::problem::{Fault, Problem};
use super::{LedgerRow, date, owners, place, unit_key};
use crate::domain::message::ImportText;

/// The cells of one row, in the order of [`Column::ALL`], wherever they stood in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    pub row: u32,
    cells: [Cell; Column::COUNT],
}

impl RawRow {
    pub fn empty(row: u32) -> Self {
        RawRow { row, cells: Default::default() }
    }

    /// Takes the cells that the header names out of a line.
    pub fn new(row: u32, header: &Header, mut line: Vec<Cell>) -> Self {
        let mut raw = RawRow::empty(row);
        for column in Column::ALL {
            if let Some(cell) = header.position(column).and_then(|position| line.get_mut(position)) {
                raw.set(column, std::mem::take(cell));
            }
        }
        raw
    }

    pub fn cell(&self, column: Column) -> &Cell {
        &self.cells[column as usize]
    }

    pub fn set(&mut self, column: Column, cell: Cell) {
        self.cells[column as usize] = cell;
    }

    fn filled(&self, column: Column) -> Option<&Cell> {
        Some(self.cell(column)).filter(|cell| !cell.is_blank())
    }

    fn text(&self, column: Column) -> String {
        self.filled(column).map(Cell::text).unwrap_or_default()
    }

    /// Which unit the row speaks of, also when something else in it is wrong; `None` when it does not say.
    pub fn unit_key(&self) -> Option<String> {
        let unit = Unit::parse(self).ok()?;
        Some(unit_key(&unit.project, &unit.building, &unit.section, &unit.room))
    }

    /// The contract number in one spelling, also when something else in the row is wrong.
    pub fn contract_number(&self) -> Option<String> {
        self.filled(Column::ContractNumber).map(|cell| compact(&cell.text()).to_uppercase())
    }
}

/// The row in canonical spelling, or its first problem.
pub fn parse(raw: &RawRow) -> Result<LedgerRow, Fault> {
    no_failed_formula(raw)?;
    let unit = Unit::parse(raw)?;
    let owners = owners::parse(raw)?;
    let floor_area_centi = floor_area(raw)?;
    let dates = Dates::parse(raw)?;
    Ok(LedgerRow {
        row: raw.row,
        project: unit.project,
        building: unit.building,
        section: unit.section,
        room: unit.room,
        floor_area_centi,
        owners,
        contract_number: short(raw, Column::ContractNumber, 60, raw.contract_number())?,
        signed_on: dates.signed_on,
        handover_due_on: dates.handover_due_on,
        handed_over_on: dates.handed_over_on,
        ambassador_number: short(raw, Column::AmbassadorNumber, 40, ambassador_number(raw))?,
        remark: short(raw, Column::Remark, 500, Some(raw.text(Column::Remark)))?,
    })
}

fn no_failed_formula(raw: &RawRow) -> Result<(), Fault> {
    Column::ALL.into_iter().try_for_each(|column| match raw.cell(column) {
        Cell::Error(error) => {
            let message = ImportText::LedgerFormulaFailed { error: error.to_string() };
            Err(Fault::new(column, Problem::CellError, message))
        }
        _ => Ok(()),
    })
}

struct Unit {
    project: String,
    building: String,
    section: String,
    room: String,
}

impl Unit {
    fn parse(raw: &RawRow) -> Result<Unit, Fault> {
        let required = |column, longest, canonical: fn(&str) -> String, problem, missing| {
            let text = short(raw, column, longest, Some(canonical(&raw.text(column))))?;
            text.ok_or_else(|| Fault::new(column, problem, missing))
        };
        Ok(Unit {
            project: required(Column::Project, 60, place::project, Problem::NoProject, ImportText::LedgerNoProject)?,
            building: required(
                Column::Building,
                30,
                place::building,
                Problem::NoBuilding,
                ImportText::LedgerNoBuilding,
            )?,
            room: required(Column::Room, 30, place::room, Problem::NoRoom, ImportText::LedgerNoRoom)?,
            section: short(raw, Column::Section, 30, Some(place::section(&raw.text(Column::Section))))?
                .unwrap_or_default(),
        })
    }
}

fn floor_area(raw: &RawRow) -> Result<Option<i64>, Fault> {
    let Some(cell) = raw.filled(Column::FloorArea) else { return Ok(None) };
    let found = quote(&cell.text());
    let (problem, message) = match area::parse(cell) {
        Ok(centi) => return Ok(Some(centi)),
        Err(AreaError::NotPositive) => (Problem::NegArea, ImportText::LedgerAreaNotPositive { found }),
        Err(AreaError::NotAnArea) => (Problem::BadArea, ImportText::LedgerNoArea { found }),
    };
    Err(Fault::new(Column::FloorArea, problem, message))
}

struct Dates {
    signed_on: Option<NaiveDate>,
    handover_due_on: Option<NaiveDate>,
    handed_over_on: Option<NaiveDate>,
}

impl Dates {
    fn parse(raw: &RawRow) -> Result<Dates, Fault> {
        let dates = Dates {
            signed_on: day(raw, Column::SignedOn)?,
            handover_due_on: day(raw, Column::HandoverDueOn)?,
            handed_over_on: day(raw, Column::HandedOverOn)?,
        };
        dates.handover_follows_signing(Column::HandedOverOn, dates.handed_over_on)?;
        dates.handover_follows_signing(Column::HandoverDueOn, dates.handover_due_on)?;
        Ok(dates)
    }

    /// A home may be handed over before the agreed day, and on the day of signing, but nobody gets or is promised the
    /// keys before there is a contract.
    fn handover_follows_signing(&self, column: Column, handover: Option<NaiveDate>) -> Result<(), Fault> {
        match (self.signed_on, handover) {
            (Some(signed), Some(handover)) if handover < signed => {
                let (handover, signed) = (handover.to_string(), signed.to_string());
                let message = ImportText::LedgerHandoverBeforeSigning { handover, signed };
                Err(Fault::new(column, Problem::HandoverBeforeSigning, message))
            }
            _ => Ok(()),
        }
    }
}

fn day(raw: &RawRow, column: Column) -> Result<Option<NaiveDate>, Fault> {
    let Some(cell) = raw.filled(column) else { return Ok(None) };
    match date::parse(cell) {
        Some(day) => Ok(Some(day)),
        None => {
            let found = quote(&cell.text());
            Err(Fault::new(column, Problem::BadDate, ImportText::LedgerNoDay { found }))
        }
    }
}

/// Staff numbers are matched without regard to case and width.
fn ambassador_number(raw: &RawRow) -> Option<String> {
    raw.filled(Column::AmbassadorNumber).map(|cell| compact(&cell.text()).to_uppercase())
}

/// The text unless it is empty; a problem when it is longer than anything honest in this column.
fn short(raw: &RawRow, column: Column, longest: usize, text: Option<String>) -> Result<Option<String>, Fault> {
    let text = text.filter(|text| !text.is_empty());
    match &text {
        Some(long) if long.chars().count() > longest => {
            let found = quote(&raw.text(column));
            Err(Fault::new(column, Problem::TooLong, ImportText::LedgerTooLong { found, longest: longest.into() }))
        }
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: [&str; Column::COUNT] = [
        "安居·云庭",
        "1#",
        "1单元",
        "0101",
        "89.5㎡",
        "张三",
        "11010519491231002X",
        "+86 13800000001",
        "2024-安居-00001",
        "2024年3月5日",
        "2026.05.01",
        "2026/4/30",
        "gj001",
        " 已装修 ",
    ];

    fn row_with(changes: &[(Column, &str)]) -> RawRow {
        let mut raw = RawRow::empty(7);
        for column in Column::ALL {
            raw.set(column, Cell::from_text(GOOD[column as usize]));
        }
        for (column, text) in changes {
            raw.set(*column, Cell::from_text(text));
        }
        raw
    }

    fn fault(changes: &[(Column, &str)]) -> (Column, Problem) {
        let fault = parse(&row_with(changes)).unwrap_err();
        (fault.column, fault.problem)
    }

    #[test]
    fn a_good_row_becomes_canonical() {
        let row = parse(&row_with(&[])).unwrap();
        assert_eq!((row.row, row.project.as_str(), row.building.as_str()), (7, "安居·云庭", "1号楼"));
        assert_eq!((row.section.as_str(), row.room.as_str(), row.floor_area_centi), ("1", "101", Some(8950)));
        assert_eq!(row.contract_number.as_deref(), Some("2024-安居-00001"));
        assert_eq!(row.signed_on, NaiveDate::from_ymd_opt(2024, 3, 5));
        assert_eq!(row.handover_due_on, NaiveDate::from_ymd_opt(2026, 5, 1));
        assert_eq!(row.handed_over_on, NaiveDate::from_ymd_opt(2026, 4, 30));
        assert_eq!(row.ambassador_number.as_deref(), Some("GJ001"));
        assert_eq!(row.remark.as_deref(), Some("已装修"));
        assert_eq!(row.owners.len(), 1);
    }

    #[test]
    fn what_may_be_blank_may_be_blank() {
        use Column::*;
        let optional = [Section, FloorArea, IdentityNumbers, ContractNumber, SignedOn, HandoverDueOn, HandedOverOn];
        let mut changes: Vec<_> = optional.into_iter().map(|column| (column, "")).collect();
        changes.extend([(AmbassadorNumber, "-"), (Remark, "无")]);
        let row = parse(&row_with(&changes)).unwrap();
        assert_eq!((row.section.as_str(), row.floor_area_centi, row.contract_number), ("", None, None));
        assert_eq!((row.signed_on, row.handover_due_on, row.handed_over_on), (None, None, None));
        assert_eq!((row.ambassador_number, row.remark), (None, None));
    }

    #[test]
    fn each_problem_is_found_in_its_column() {
        use super::Problem as P;
        use Column::*;
        let long = "长".repeat(501);
        for (column, typed, problem) in [
            (Project, " ", P::NoProject),
            (Building, "", P::NoBuilding),
            (Room, "-", P::NoRoom),
            (OwnerNames, "  ", P::NoName),
            (Phones, "", P::NoPhone),
            (Phones, "12345", P::BadPhone),
            (IdentityNumbers, "110105194912310020", P::BadId),
            (FloorArea, "-111.56", P::NegArea),
            (FloorArea, "九十", P::BadArea),
            (SignedOn, "待定", P::BadDate),
            (SignedOn, "2024年2月30日", P::BadDate),
            (HandoverDueOn, "24年", P::BadDate),
            (HandedOverOn, "待定", P::BadDate),
            (HandedOverOn, "2024-03-04", P::HandoverBeforeSigning),
            (HandoverDueOn, "2024-03-04", P::HandoverBeforeSigning),
            (Remark, &long, P::TooLong),
            (ContractNumber, &long, P::TooLong),
            (Building, &long, P::TooLong),
            (Phones, "#N/A", P::CellError),
        ] {
            assert_eq!(fault(&[(column, typed)]), (column, problem), "{typed}");
        }
    }

    #[test]
    fn handover_on_the_day_of_signing_is_no_problem() {
        assert!(parse(&row_with(&[(Column::HandedOverOn, "2024-03-05")])).is_ok());
    }

    #[test]
    fn the_first_problem_in_the_order_is_the_verdict() {
        use Column::*;
        let order = [
            (Project, "", Problem::NoProject),
            (Building, "", Problem::NoBuilding),
            (Room, "", Problem::NoRoom),
            (OwnerNames, "", Problem::NoName),
            (Phones, "", Problem::NoPhone),
            (IdentityNumbers, "1", Problem::BadId),
            (FloorArea, "-1", Problem::NegArea),
            (SignedOn, "待定", Problem::BadDate),
        ];
        for first in 0..order.len() {
            let changes: Vec<_> = order[first..].iter().map(|(column, typed, _)| (*column, *typed)).collect();
            assert_eq!(fault(&changes), (order[first].0, order[first].2));
        }
    }

    #[test]
    fn a_bad_row_still_says_which_unit_and_contract_it_means() {
        let bad = row_with(&[(Column::OwnerNames, ""), (Column::ContractNumber, "ht－１")]);
        assert!(parse(&bad).is_err());
        assert_eq!(bad.unit_key(), row_with(&[(Column::Building, "1栋"), (Column::Room, "101")]).unit_key());
        assert_eq!(bad.contract_number().as_deref(), Some("HT-1"));
        assert_eq!(row_with(&[(Column::Room, "")]).unit_key(), None);
    }

    proptest! {
        #[test]
        fn any_cells_are_answered_without_a_panic(texts in proptest::collection::vec("\\PC{0,20}", Column::COUNT)) {
            let changes: Vec<_> = Column::ALL.into_iter().zip(texts.iter().map(String::as_str)).collect();
            let _ = parse(&row_with(&changes));
        }
    }
}
