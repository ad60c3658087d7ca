//! How much an import wrote, for the person who ran it and for the audit log.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// Rows of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub new: u64,
    pub changed: u64,
}

/// Rows by table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes(BTreeMap<&'static str, Change>);

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was written in one table.
    pub fn of(&self, table: &str) -> Change {
        self.0.get(table).copied().unwrap_or_default()
    }

    pub(super) fn add(&mut self, table: &'static str, new: usize, changed: usize) {
        if new + changed > 0 {
            let change = self.0.entry(table).or_default();
            change.new += new as u64;
            change.changed += changed as u64;
        }
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing: all of it is known already");
        }
        for (index, (table, Change { new, changed })) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{} ", table.replace('_', " "))?;
            match (new, changed) {
                (new, 0) => write!(f, "{new} new")?,
                (0, changed) => write!(f, "{changed} changed")?,
                (new, changed) => write!(f, "{new} new, {changed} changed")?,
            }
        }
        Ok(())
    }
}
