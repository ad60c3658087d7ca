//! `anju import tickets` and `anju import staff`: from the arguments to the exit code, with the report as JSON and a summary
//! for people on standard error. What an import does is [`crate::service::intake`]'s.

use std::{io, io::Write, process::ExitCode};

use super::import_ledger::{ReportFile, print};
use crate::{
    config::ImportTableArgs,
    domain::message::ImportText,
    import::intake::{Tables, open},
    language::{Language, say},
    service::{
        import_ledger::Options,
        intake::{Imported, IntakeError, import_staff, import_tickets},
    },
    start::StartError,
};

/// `anju import tickets`
pub async fn tickets(args: ImportTableArgs) -> Result<ExitCode, StartError> {
    let (tables, report, options) = begin(&args).await?;
    let tools = super::import_ledger::open_tools(&args.database, &args.keys).await?;
    let imported = import_tickets(&tools, tables, options).await.map_err(failure)?;
    tools.db.close().await;
    finish(&imported, report, options, args.language.into())
}

/// `anju import staff`
pub async fn staff(args: ImportTableArgs) -> Result<ExitCode, StartError> {
    let (tables, report, options) = begin(&args).await?;
    let tools = super::import_ledger::open_tools(&args.database, &args.keys).await?;
    let imported = import_staff(&tools, tables, options).await.map_err(failure)?;
    tools.db.close().await;
    finish(&imported, report, options, args.language.into())
}

async fn begin(args: &ImportTableArgs) -> Result<(Tables, Option<ReportFile>, Options), StartError> {
    let path = args.file.clone();
    let opened = tokio::task::spawn_blocking(move || open(&path)).await;
    let opened = opened.map_err(|error| StartError::because("the file can't be read")(&error))?;
    let tables = opened.map_err(|error| StartError::new(error.to_string()))?;
    let report = args.report.as_deref().map(ReportFile::create).transpose()?;
    Ok((tables, report, Options { dry_run: args.dry_run, skip_bad_rows: args.skip_bad_rows }))
}

fn failure(error: IntakeError) -> StartError {
    match error {
        IntakeError::Read(error) => StartError::new(format!("{error}; nothing was written")),
        IntakeError::Failed(error) => error.into(),
    }
}

/// A file that is refused because of its bad rows is a failure that has been told already.
fn finish(
    imported: &Imported,
    file: Option<ReportFile>,
    options: Options,
    language: Language,
) -> Result<ExitCode, StartError> {
    let report = &imported.report;
    let is_refused = report.bad_row_count > 0 && !options.skip_bad_rows;
    let (new, changed, same) = (report.created.into(), report.updated.into(), report.unchanged.into());
    let verdict = match (imported.is_written, is_refused) {
        (true, _) => ImportText::VerdictWritten { new, changed, same },
        (false, true) => ImportText::VerdictRefused,
        (false, false) => ImportText::VerdictWouldWrite { new, changed, same },
    };
    let told = report.told(language);
    // Nobody to read the summary is no reason to fail.
    let _ = writeln!(io::stderr().lock(), "{told}{}", say(&verdict, language));
    match file {
        Some(file) => file.finish(&told)?,
        None => print(&told)?,
    }
    Ok(if is_refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
