//! Loading an owner ledger: units, owners, ownership, contracts, warranties and ambassadors are made or matched, all or
//! nothing. The file is read twice, first to check all of it and then to write, so that nothing has to be held. What a
//! row means is [`crate::domain::ledger`]'s; how a file is read is [`crate::import`]'s.
//!
//! The ledger is the newest word on what it says, and says nothing where a cell is blank: blank cells change nothing,
//! and nothing is ever deleted. An import of what is already known writes nothing at all.

mod changes;
mod check;
mod chunk;
mod company;
mod people;
mod plan;
mod reading;
mod write;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Services;
use crate::{
    auth::viewer::Viewer,
    clock::{Clock, Ids},
    domain::ledger::{LedgerRow, Outcome},
    error::Error,
    import::{Ledger, ReadError, Report, ReportBuilder},
    store::{
        self,
        audit::Act,
        db::{Db, Tx},
        vault::Vault,
    },
};

pub use changes::{Change, Changes, Table};

use check::Checker;
use company::Company;
use reading::Reading;
use write::Writer;

/// What an import works with: less than a server has, so that a command needs no more.
#[derive(Clone)]
pub struct Tools {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<Ids>,
    pub vault: Arc<Vault>,
}

impl From<&Services> for Tools {
    fn from(services: &Services) -> Self {
        Self {
            db: services.db.clone(),
            clock: Arc::clone(&services.clock),
            ids: Arc::clone(&services.ids),
            vault: Arc::clone(&services.vault),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Check and report, and write nothing.
    pub dry_run: bool,
    /// Load the good rows though others are bad.
    pub skip_bad_rows: bool,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Checking,
    Writing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub step: Step,
    /// Rows done in this step.
    pub rows: u64,
    /// Rows of the file, where they are known; while checking about.
    pub of: Option<u64>,
}

/// What became of a ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub report: Report,
    /// What was written; none when the ledger was only checked, or refused because of its bad rows.
    pub changes: Option<Changes>,
}

/// Why an import came to no end. Nothing was written.
#[derive(Debug)]
pub enum ImportError {
    /// The file can't be read on.
    Read(ReadError),
    /// The second reading did not give what the first gave: somebody saved the file, or changed the company, meanwhile.
    Changed,
    Failed(Error),
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<ReadError> for ImportError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// Loads a ledger in the company's own name. Without `skip_bad_rows` one bad row refuses it.
pub async fn import_ledger(
    tools: &Tools,
    mut ledger: Ledger,
    options: Options,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Imported, ImportError> {
    let checker = Checker::new(&ledger);
    let about = ledger.approximate_rows();
    let told = |rows| progress(Progress { step: Step::Checking, rows, of: about });
    let (ledger, report) = check(tools, &checker, ledger, told).await?;
    if options.dry_run || !(report.bad_rows.is_empty() || options.skip_bad_rows) {
        return Ok(Imported { report, changes: None });
    }
    let told = |rows| progress(Progress { step: Step::Writing, rows, of: Some(report.data_rows) });
    let changes = write(tools, &checker, ledger, &report, told).await?;
    Ok(Imported { report, changes: Some(changes) })
}

async fn check(
    tools: &Tools,
    checker: &Checker,
    ledger: Ledger,
    progress: impl Fn(u64),
) -> Result<(Ledger, Report), ImportError> {
    let company = Company::load(tools.db.reader()).await?;
    let mut report = ReportBuilder::default();
    let (mut reading, mut rows) = (Reading::start(ledger), 0);
    while let Some(outcomes) = reading.next().await {
        rows += outcomes.len() as u64;
        let outcomes = checker.judge(tools.db.reader(), &company, outcomes).await?;
        outcomes.into_iter().for_each(|outcome| report.record(outcome));
        progress(rows);
    }
    Ok((reading.finish().await?, report.finish()))
}

/// Writes in one transaction: whoever reads meanwhile sees the company before the import, and then after it.
async fn write(
    tools: &Tools,
    checker: &Checker,
    ledger: Ledger,
    expected: &Report,
    progress: impl Fn(u64),
) -> Result<Changes, ImportError> {
    let now = tools.clock.now();
    let tx = tools.db.begin().await?;
    store::ledger::lock(&tx).await?;
    let mut writer = Writer::open(tools, &tx, now).await?;
    let mut report = ReportBuilder::default();
    let (mut reading, mut rows) = (Reading::start(ledger), 0);
    while let Some(outcomes) = reading.next().await {
        rows += outcomes.len() as u64;
        let outcomes = checker.judge(&tx, writer.company(), outcomes).await?;
        writer.write(&good_rows(&outcomes)).await?;
        outcomes.into_iter().for_each(|outcome| report.record(outcome));
        progress(rows);
    }
    reading.finish().await?;
    if report.finish() != *expected {
        return Err(ImportError::Changed);
    }
    let changes = writer.finish().await?;
    if !changes.is_empty() {
        audit(tools, &tx, now, expected, &changes).await?;
    }
    tx.commit().await.map_err(Error::from)?;
    Ok(changes)
}

fn good_rows(outcomes: &[Outcome]) -> Vec<LedgerRow> {
    let good = |outcome: &Outcome| match outcome {
        Outcome::Good(row) => Some(row.clone()),
        Outcome::Bad(_) => None,
    };
    outcomes.iter().filter_map(good).collect()
}

/// Who owns what is nobody's business in the log: counts only.
async fn audit(
    tools: &Tools,
    tx: &Tx,
    now: DateTime<Utc>,
    report: &Report,
    changes: &Changes,
) -> Result<(), ImportError> {
    let details = serde_json::json!({
        "data_rows": report.data_rows,
        "good_rows": report.good_rows,
        "bad_rows": report.bad_rows.len(),
        "changes": changes,
    });
    let act = Act {
        id: tools.ids.new_id(now),
        at: now,
        action: "IMPORT_LEDGER",
        object_type: "Ledger",
        object_id: None,
        details: Some(details),
    };
    Ok(store::audit::record(tx, &Viewer::system(), act).await?)
}

#[cfg(test)]
mod tests;
