//! `anju audit export`: the audit log as JSON lines, in its order, a few entries in memory at a time.

use std::{
    io::{self, BufWriter, ErrorKind, Write},
    process::ExitCode,
};

use entity::audit_entry;
use serde_json::json;

use super::PoolOptions;
use crate::{
    config::AuditExportArgs,
    start::{self, StartError},
    store::{audit, db::Db},
};

/// How many entries are read at a time.
const BATCH: u64 = 500;

/// `anju audit export`
pub async fn export(args: AuditExportArgs) -> Result<ExitCode, StartError> {
    let db = start::open_database(&args.database, PoolOptions::default(), args.database.is_embedded()).await?;
    let printed = print(&db, args.after, &mut BufWriter::new(io::stdout())).await;
    db.close().await;
    printed?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the entries after a place, up to those that are there now. Returns the place of the last one written. A reader
/// who has gone away has what it wanted.
pub async fn print(db: &Db, after: i64, out: &mut (impl Write + Send)) -> Result<i64, StartError> {
    let up_to = audit::complete_up_to(db).await?;
    if after > up_to {
        let text = "this log ends before the cursor given with --after; is it another database, or an older backup?";
        return Err(StartError::new(text));
    }
    let mut place = after;
    loop {
        let entries = audit::between(db, place, up_to, BATCH).await?;
        for (at, entry) in &entries {
            match writeln!(out, "{}", line(*at, entry)) {
                Ok(()) => place = *at,
                Err(error) => return unwritten(place, &error),
            }
        }
        if let Err(error) = out.flush() {
            return unwritten(place, &error);
        }
        if entries.is_empty() {
            return Ok(place);
        }
    }
}

fn unwritten(place: i64, error: &io::Error) -> Result<i64, StartError> {
    match error.kind() {
        ErrorKind::BrokenPipe => Ok(place),
        _ => Err(StartError::because("the log can't be written")(error)),
    }
}

fn line(place: i64, entry: &audit_entry::Model) -> serde_json::Value {
    json!({
        "cursor": place,
        "id": entry.id,
        "occurredAt": entry.occurred_at,
        "actorKind": entry.actor_kind,
        "actorId": entry.actor_id,
        "action": entry.action,
        "objectType": entry.object_type,
        "objectId": entry.object_id,
        "details": entry.details,
        "requestId": entry.request_id,
    })
}
