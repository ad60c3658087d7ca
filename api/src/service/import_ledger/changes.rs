//! How much an import wrote, for the person who ran it and for the audit log.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    domain::message::ImportText,
    language::{Language, say},
};

/// What an import writes, in the order in which it is told. The audit log knows each by the name of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    Projects,
    Buildings,
    Units,
    Owners,
    Ownerships,
    Contracts,
    WarrantyItems,
    Staff,
    StaffProjects,
    AmbassadorAssignments,
}

impl Table {
    fn called(self) -> ImportText {
        match self {
            Self::Projects => ImportText::ChangesOfProjects,
            Self::Buildings => ImportText::ChangesOfBuildings,
            Self::Units => ImportText::ChangesOfUnits,
            Self::Owners => ImportText::ChangesOfOwners,
            Self::Ownerships => ImportText::ChangesOfOwnerships,
            Self::Contracts => ImportText::ChangesOfContracts,
            Self::WarrantyItems => ImportText::ChangesOfWarranties,
            Self::Staff => ImportText::ChangesOfStaff,
            Self::StaffProjects => ImportText::ChangesOfStaffProjects,
            Self::AmbassadorAssignments => ImportText::ChangesOfAmbassadors,
        }
    }
}

/// Rows of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub new: u64,
    pub changed: u64,
}

/// Rows by table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes(BTreeMap<Table, Change>);

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was written in one table.
    pub fn of(&self, table: Table) -> Change {
        self.0.get(&table).copied().unwrap_or_default()
    }

    /// What is said of it; nothing when nothing was written.
    pub fn told(&self, language: Language) -> Option<String> {
        let lines = self.0.iter().map(|(table, change)| line(*table, *change, language));
        lines.reduce(|changes, further| say(&ImportText::ChangesAndChanges { changes, further }, language))
    }

    pub(super) fn add(&mut self, table: Table, new: usize, changed: usize) {
        if new + changed > 0 {
            let change = self.0.entry(table).or_default();
            change.new += new as u64;
            change.changed += changed as u64;
        }
    }
}

fn line(table: Table, change: Change, language: Language) -> String {
    let what = say(&table.called(), language);
    let (new, changed) = (change.new.into(), change.changed.into());
    let line = match (change.new, change.changed) {
        (_, 0) => ImportText::ChangesNew { what, new },
        (0, _) => ImportText::ChangesChanged { what, changed },
        _ => ImportText::ChangesBoth { what, new, changed },
    };
    say(&line, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_told_table_by_table_in_both_languages() {
        let mut changes = Changes::default();
        assert_eq!(changes.told(Language::En), None);
        changes.add(Table::Owners, 2, 1);
        changes.add(Table::Units, 1_180, 0);
        changes.add(Table::AmbassadorAssignments, 0, 3);
        changes.add(Table::Contracts, 0, 0);
        let english = "units 1180 new; owners 2 new, 1 changed; ambassador assignments 3 changed";
        assert_eq!(changes.told(Language::En).as_deref(), Some(english));
        let chinese = "房屋新增 1180；业主新增 2、更改 1；客户大使分配更改 3";
        assert_eq!(changes.told(Language::Zh).as_deref(), Some(chinese));
    }

    #[test]
    fn the_audit_log_knows_tables_by_their_names() {
        let mut changes = Changes::default();
        changes.add(Table::WarrantyItems, 6, 0);
        let expected = serde_json::json!({ "warranty_items": { "new": 6, "changed": 0 } });
        assert_eq!(serde_json::to_value(changes).unwrap(), expected);
    }
}
