//! Loading what another system knows: tickets with their history, and staff. All or nothing, in one transaction; a second run
//! of the same file changes nothing. Nobody is told of anything, and no clock begins in the past: what is over stays as it
//! was, and what goes on has its deadlines from the import on.

mod company;
mod history;
mod staff;
mod tickets;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    auth::viewer::Viewer,
    domain::{
        intake::{Columns, Fault, Header, staff as staff_rows, ticket as ticket_rows},
        ledger::Cell,
    },
    error::Error,
    import::{
        OpenError,
        intake::{BadRow, Found, Report, Tables},
    },
    service::import_ledger::{Options, Tools},
    store::{self, audit::Act, db::Tx},
};

/// Enough rows that the statements of a chunk are few, and few enough that they stay short.
const ROWS_A_CHUNK: usize = 500;
const CHUNKS_AHEAD: usize = 4;

/// Why an import came to no end. Nothing was written.
#[derive(Debug)]
pub enum IntakeError {
    Read(OpenError),
    Failed(Error),
}

impl From<Error> for IntakeError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub report: Report,
    /// Whether it was written: not when it was only checked, nor when it was refused because of its bad rows.
    pub is_written: bool,
}

/// Loads tickets in the company's own name. Without `skip_bad_rows` one bad row refuses the file.
pub async fn import_tickets(tools: &Tools, tables: Tables, options: Options) -> Result<Imported, IntakeError> {
    let now = tools.clock.now();
    let tx = tools.db.begin().await?;
    store::intake::lock(&tx).await?;
    let mut writer = tickets::Writer::open(tools, &tx, now).await?;
    let (mut report, mut reading) = (Report::default(), Reading::start(tables, ticket_rows::read));
    while let Some(rows) = reading.next().await {
        let good = sort_out(rows, &mut report);
        writer.write(good, &mut report).await?;
    }
    reading.finish().await?;
    finish(tools, tx, ("IMPORT_TICKETS", "Import"), (report, options), now).await
}

/// Loads a roster, in the same way.
pub async fn import_staff(tools: &Tools, tables: Tables, options: Options) -> Result<Imported, IntakeError> {
    let now = tools.clock.now();
    let tx = tools.db.begin().await?;
    store::intake::lock(&tx).await?;
    store::account::lock(&tx).await?;
    let mut writer = staff::Writer::open(tools, &tx, now).await?;
    let (mut report, mut reading) = (Report::default(), Reading::start(tables, staff_rows::read));
    while let Some(rows) = reading.next().await {
        for row in sort_out(rows, &mut report) {
            writer.write(row, &mut report).await?;
        }
    }
    reading.finish().await?;
    finish(tools, tx, ("IMPORT_STAFF", "Staff"), (report, options), now).await
}

/// Commits, unless the file was only to be checked or is refused. Who came in is nobody's business in the log: counts only.
async fn finish(
    tools: &Tools,
    tx: Tx,
    (action, object_type): (&str, &str),
    (report, options): (Report, Options),
    now: DateTime<Utc>,
) -> Result<Imported, IntakeError> {
    if options.dry_run || (report.bad_row_count > 0 && !options.skip_bad_rows) {
        tx.rollback().await.map_err(Error::from)?;
        return Ok(Imported { report, is_written: false });
    }
    if report.created + report.updated > 0 {
        let details = serde_json::json!({
            "dataRows": report.data_rows,
            "badRows": report.bad_row_count,
            "created": report.created,
            "updated": report.updated,
        });
        let id = tools.ids.new_id(now);
        let act = Act { id, at: now, action, object_type, object_id: None, details: Some(details) };
        store::audit::record(&tx, &Viewer::system(), act).await?;
    }
    tx.commit().await.map_err(Error::from)?;
    Ok(Imported { report, is_written: true })
}

/// A row as it was read, with the header of its sheet.
struct Item<C, T> {
    header: Arc<Header<C>>,
    found: Found<Result<T, Fault<C>>>,
}

/// A row that is good in itself.
struct Good<C, T> {
    header: Arc<Header<C>>,
    sheet: Option<String>,
    row: u32,
    value: T,
}

impl<C: Columns, T> Good<C, T> {
    fn bad(&self, fault: Fault<C>) -> BadRow {
        Found { sheet: self.sheet.clone(), row: self.row, value: () }.fault(&self.header, fault)
    }
}

fn sort_out<C: Columns, T>(items: Vec<Item<C, T>>, report: &mut Report) -> Vec<Good<C, T>> {
    let mut good = Vec::with_capacity(items.len());
    for Item { header, found } in items {
        report.data_rows += 1;
        let Found { sheet, row, value } = found;
        match value {
            Ok(value) => good.push(Good { header, sheet, row, value }),
            Err(fault) => report.refuse(Found { sheet, row, value: () }.fault(&header, fault)),
        }
    }
    good
}

/// Reading beside the async world: a blocking thread reads ahead by a few chunks and then waits.
struct Reading<C, T> {
    chunks: mpsc::Receiver<Vec<Item<C, T>>>,
    thread: JoinHandle<Result<(), OpenError>>,
}

type Judge<C, T> = fn(&Header<C>, &[Cell]) -> Result<T, Fault<C>>;

impl<C: Columns, T: Send + 'static> Reading<C, T> {
    fn start(tables: Tables, judge: Judge<C, T>) -> Self {
        let (sender, chunks) = mpsc::channel(CHUNKS_AHEAD);
        Self { chunks, thread: tokio::task::spawn_blocking(move || read(tables, judge, &sender)) }
    }

    async fn next(&mut self) -> Option<Vec<Item<C, T>>> {
        self.chunks.recv().await
    }

    async fn finish(self) -> Result<(), IntakeError> {
        self.thread.await.map_err(Error::internal)?.map_err(IntakeError::Read)
    }
}

fn read<C: Columns, T>(
    mut tables: Tables,
    judge: Judge<C, T>,
    sender: &mpsc::Sender<Vec<Item<C, T>>>,
) -> Result<(), OpenError> {
    let mut chunk = Vec::new();
    let mut known: Option<Arc<Header<C>>> = None;
    tables.read(|header, found| {
        let header = match &known {
            Some(known) if **known == *header => Arc::clone(known),
            _ => Arc::clone(known.insert(Arc::new(header.clone()))),
        };
        let value = judge(&header, &found.value);
        chunk.push(Item { header, found: Found { sheet: found.sheet, row: found.row, value } });
        // Nobody listens any more when the import has failed.
        chunk.len() < ROWS_A_CHUNK || sender.blocking_send(std::mem::take(&mut chunk)).is_ok()
    })?;
    if !chunk.is_empty() {
        let _ = sender.blocking_send(chunk);
    }
    Ok(())
}
