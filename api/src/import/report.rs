//! What an import found, for the program that reads the JSON and for the person who reads the summary.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::Serialize;

use crate::{
    domain::{
        ledger::{BadRow, LedgerRow, Outcome, Problem, owner_key},
        message::ImportText,
    },
    language::{Language, say},
};

/// The whole result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub data_rows: u64,
    pub good_rows: u64,
    /// Distinct persons in the good rows; see [`owner_key`].
    pub owners: u64,
    /// Distinct units in the good rows.
    pub units: u64,
    /// Distinct contract numbers in the good rows.
    pub contracts: u64,
    /// In the order of the file.
    pub bad_rows: Vec<BadRow>,
}

/// Counts outcomes as they come. Holds a short key for each person and unit, never the rows.
#[derive(Debug, Default)]
pub struct ReportBuilder {
    report: Report,
    owners: HashSet<Box<str>>,
    units: HashSet<Box<str>>,
    contracts: HashSet<Box<str>>,
}

impl ReportBuilder {
    pub fn record(&mut self, outcome: Outcome) {
        self.report.data_rows += 1;
        match outcome {
            Outcome::Good(row) => self.record_good(&row),
            Outcome::Bad(bad) => self.report.bad_rows.push(bad),
        }
    }

    fn record_good(&mut self, row: &LedgerRow) {
        self.report.good_rows += 1;
        self.owners.extend(row.owners.iter().map(|owner| owner_key(owner).into_boxed_str()));
        self.units.insert(row.unit_key().into_boxed_str());
        self.contracts.extend(row.contract_number.as_deref().map(Box::from));
    }

    pub fn finish(self) -> Report {
        let count = |keys: HashSet<Box<str>>| keys.len() as u64;
        Report { owners: count(self.owners), units: count(self.units), contracts: count(self.contracts), ..self.report }
    }
}

impl Report {
    /// The report as a reader of a language is given it.
    pub fn told(&self, language: Language) -> Told<'_> {
        let told = |bad| ToldRow::of(bad, language);
        let bad_rows = self.bad_rows.iter().map(told).collect();
        let Self { data_rows, good_rows, owners, units, contracts, .. } = *self;
        Told { data_rows, good_rows, owners, units, contracts, bad_rows, language }
    }
}

/// The report in a language. Its names are read by other programs: they are never changed, only added to.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    data_rows: u64,
    good_rows: u64,
    owners: u64,
    units: u64,
    contracts: u64,
    bad_rows: Vec<ToldRow<'a>>,
    #[serde(skip)]
    language: Language,
}

#[derive(Debug, Serialize)]
struct ToldRow<'a> {
    row: u32,
    column: &'a str,
    problem: Problem,
    message: String,
}

impl<'a> ToldRow<'a> {
    fn of(bad: &'a BadRow, language: Language) -> Self {
        let message = say(&bad.message, language);
        Self { row: bad.row, column: &bad.column, problem: bad.problem, message }
    }
}

/// The summary for people: the counts, then how often each problem occurs, then the first bad rows.
impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        let say = |text: &ImportText| say(text, self.language);
        let bad = self.bad_rows.len();
        let (rows, good) = (self.data_rows.into(), self.good_rows.into());
        writeln!(f, "{}", say(&ImportText::SumOfRows { rows, good, bad: bad.into() }))?;
        let (owners, units, contracts) = (self.owners.into(), self.units.into(), self.contracts.into());
        writeln!(f, "{}", say(&ImportText::SumOfLedger { owners, units, contracts }))?;
        let mut counts = BTreeMap::new();
        for row in &self.bad_rows {
            *counts.entry(row.problem.as_str()).or_insert(0u64) += 1;
        }
        for (problem, count) in counts {
            writeln!(f, "  {count} × {problem}")?;
        }
        for row in self.bad_rows.iter().take(SHOWN) {
            let (column, what) = (row.column.to_owned(), row.message.clone());
            writeln!(f, "{}", say(&ImportText::SumOfRow { row: row.row.into(), column, what }))?;
        }
        match bad.saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "{}", say(&ImportText::SumOfMore { more: more.into() })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::LedgerOwner;

    fn good(room: &str, phone: &str, contract: Option<&str>) -> Outcome {
        let owner = LedgerOwner { name: "张三".to_owned(), identity_number: None, phone: phone.to_owned() };
        Outcome::Good(LedgerRow {
            row: 3,
            project: "云庭".to_owned(),
            building: "1号楼".to_owned(),
            section: String::new(),
            room: room.to_owned(),
            floor_area_centi: None,
            owners: vec![owner],
            contract_number: contract.map(str::to_owned),
            signed_on: None,
            handover_due_on: None,
            handed_over_on: None,
            ambassador_number: None,
            remark: None,
        })
    }

    fn bad(row: u32) -> Outcome {
        let message = ImportText::LedgerNoPhone;
        Outcome::Bad(BadRow { row, column: "手机".to_owned(), problem: Problem::NoPhone, message })
    }

    fn report(outcomes: impl IntoIterator<Item = Outcome>) -> Report {
        let mut builder = ReportBuilder::default();
        outcomes.into_iter().for_each(|outcome| builder.record(outcome));
        builder.finish()
    }

    #[test]
    fn persons_units_and_contracts_are_counted_once() {
        let phones = ["13800000001", "13800000002"];
        let found = report([
            good("101", phones[0], Some("A")),
            good("102", phones[0], None),
            good("103", phones[1], Some("B")),
            bad(9),
        ]);
        assert_eq!((found.data_rows, found.good_rows, found.bad_rows.len()), (4, 3, 1));
        assert_eq!((found.owners, found.units, found.contracts), (2, 3, 2));
    }

    #[test]
    fn the_json_has_the_agreed_names() {
        let json = serde_json::to_value(report([bad(11)]).told(Language::En)).unwrap();
        let expected = serde_json::json!({
            "data_rows": 1, "good_rows": 0, "owners": 0, "units": 0, "contracts": 0,
            "bad_rows": [{"row": 11, "column": "手机", "problem": "no_phone", "message": "the phone is missing"}],
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn the_summary_counts_problems_and_shows_the_first_rows() {
        let summary = report((1..=25).map(bad)).told(Language::En).to_string();
        assert!(summary.starts_with("25 rows: 0 good, 25 bad\n"), "{summary}");
        assert!(summary.contains("  25 × no_phone\n"), "{summary}");
        assert!(summary.contains("row 20, 手机: the phone is missing\n") && !summary.contains("row 21,"), "{summary}");
        let chinese = report((1..=25).map(bad)).told(Language::Zh).to_string();
        assert!(chinese.starts_with("共 25 行：0 行正确，25 行有误\n"), "{chinese}");
        assert!(
            chinese.contains("第 20 行，手机：缺少联系电话\n") && chinese.ends_with("……另有 5 行有误\n"),
            "{chinese}"
        );
        assert!(summary.ends_with("… and 5 more bad rows\n"), "{summary}");
    }
}
