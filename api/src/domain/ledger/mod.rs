//! One row of an owner ledger (业主台账) as property companies keep it: what a cell may look like, what it means, and
//! what is wrong with it. Rules only: how a file is opened and cut into cells is the import's business, and whether a
//! project or an ambassador exists is the database's.

pub mod area;
pub mod cell;
pub mod column;
pub mod date;
pub mod document;
pub mod layout;
pub mod owners;
pub mod place;
pub mod problem;
pub mod row;
pub mod stage;
pub mod whole;

use std::fmt;

use chrono::NaiveDate;

pub use cell::Cell;
pub use column::{Column, Header};
pub use problem::{BadRow, Problem};
pub use row::RawRow;
pub use whole::WholeFile;

use super::{identity_number, phone};

/// What one line of the ledger turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Good(LedgerRow),
    Bad(BadRow),
}

/// One unit with its owners and its contract, every value in its canonical spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The row in the spreadsheet, counted from 1 as Excel shows it.
    pub row: u32,
    pub project: String,
    /// `1号楼` for 1#, 1栋, 01幢 and 一号楼; see [`place::building`].
    pub building: String,
    /// `1` for 1单元; empty where the building has no sections.
    pub section: String,
    /// `101` for 0101 and 101室.
    pub room: String,
    /// Hundredths of a square metre.
    pub floor_area_centi: Option<i64>,
    /// In the order of the file, at least one.
    pub owners: Vec<LedgerOwner>,
    pub contract_number: Option<String>,
    pub signed_on: Option<NaiveDate>,
    pub handover_due_on: Option<NaiveDate>,
    pub handed_over_on: Option<NaiveDate>,
    pub ambassador_number: Option<String>,
    pub remark: Option<String>,
}

impl LedgerRow {
    /// The unit as one text: two rows with the same key are the same home.
    pub fn unit_key(&self) -> String {
        unit_key(&self.project, &self.building, &self.section, &self.room)
    }
}

/// One of the owners of a unit.
#[derive(Clone, PartialEq, Eq)]
pub struct LedgerOwner {
    pub name: String,
    pub identity_number: Option<String>,
    pub phone: String,
}

/// A row is printed when a test fails or something is traced, and the numbers must not be read there.
impl fmt::Debug for LedgerOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity_number = self.identity_number.as_deref().map(identity_number::mask);
        f.debug_struct("LedgerOwner")
            .field("name", &self.name)
            .field("identity_number", &identity_number)
            .field("phone", &phone::mask(&self.phone))
            .finish()
    }
}

/// Two owners with the same key are the same person. The identity number decides, because names repeat and phones
/// change hands. Without one, the name and the phone decide together: one phone may serve a couple, and one name many
/// people. A person written once with the number and once without counts twice; only the database, which knows the
/// person already, could tell.
pub fn owner_key(owner: &LedgerOwner) -> String {
    match &owner.identity_number {
        Some(number) => number.clone(),
        None => format!("{}\n{}", owner.phone, owner.name),
    }
}

fn unit_key(project: &str, building: &str, section: &str, room: &str) -> String {
    [project, building, section, room].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str, identity_number: Option<&str>, phone: &str) -> LedgerOwner {
        LedgerOwner {
            name: name.to_owned(),
            identity_number: identity_number.map(str::to_owned),
            phone: phone.to_owned(),
        }
    }

    #[test]
    fn the_identity_number_decides_who_is_the_same_person() {
        let number = Some("11010519491231002X");
        let before = owner("王芳", number, "13800000001");
        let after = owner("王芳", number, "13900000002");
        assert_eq!(owner_key(&before), owner_key(&after));
        let namesake = owner("王芳", Some("110105200010132779"), "13800000001");
        assert_ne!(owner_key(&before), owner_key(&namesake));
    }

    #[test]
    fn without_a_number_name_and_phone_decide_together() {
        let wife = owner("王芳", None, "13800000001");
        assert_eq!(owner_key(&wife), owner_key(&wife.clone()));
        assert_ne!(owner_key(&wife), owner_key(&owner("李强", None, "13800000001")));
        assert_ne!(owner_key(&wife), owner_key(&owner("王芳", None, "13900000002")));
    }

    #[test]
    fn the_debug_form_hides_the_numbers() {
        let printed = format!("{:?}", owner("王芳", Some("11010519491231002X"), "13812345678"));
        assert!(!printed.contains("13812345678"), "{printed}");
        assert!(!printed.contains("11010519491231002X"), "{printed}");
        assert!(printed.contains("王芳"));
    }
}
