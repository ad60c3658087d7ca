//! `anju import ledger`: from the arguments to the exit code, with a progress bar on a terminal, the report as JSON, and
//! a summary for people on standard error. What an import does is [`crate::service::import_ledger`]'s.

use std::{
    fs::{self, File},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::import::{Ledger, Report, open};
use crate::{
    clock::{Clock, Ids, SystemClock},
    config::{DatabaseArgs, ImportTableArgs, KeyArgs},
    domain::message::ImportText,
    language::{Language, say},
    service::import_ledger::{ImportError, Imported, Options, Progress, Step, Tools, import_ledger},
    start::{self, StartError},
    store::db::PoolOptions,
};

/// Runs the command. A ledger that is refused because of its bad rows is a failure that has been told already.
pub async fn run(args: ImportTableArgs) -> Result<ExitCode, StartError> {
    let language = args.language.into();
    let ledger = open_ledger(args.file.clone(), language).await?;
    let report = args.report.as_deref().map(|path| ReportFile::create(path, language)).transpose()?;
    let tools = open_tools(&args.database, &args.keys).await?;
    let options = Options { dry_run: args.dry_run, skip_bad_rows: args.skip_bad_rows };
    let bar = Bar::new(language);
    let imported = import_ledger(&tools, ledger, options, |progress| bar.show(progress)).await;
    bar.line.finish_and_clear();
    let imported = imported.map_err(|error| failure(error, language))?;
    tools.db.close().await;
    let mut summary = io::stderr().lock();
    // Nobody to read the summary is no reason to fail.
    let told = imported.report.told(language);
    let _ = writeln!(summary, "{told}{}", verdict(&imported, options, language));
    match report {
        Some(file) => file.finish(&told)?,
        None => print(&told, language)?,
    }
    Ok(if is_refused(&imported.report, options) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn open_ledger(path: PathBuf, language: Language) -> Result<Ledger, StartError> {
    let opened = tokio::task::spawn_blocking(move || open(&path)).await;
    let opened = opened.map_err(|error| StartError::because("the ledger can't be read")(&error))?;
    opened.map_err(|error| StartError::new(say(&error.said(), language)))
}

/// What an import works with.
pub(super) async fn open_tools(database: &DatabaseArgs, keys: &KeyArgs) -> Result<Tools, StartError> {
    let db = start::open_database(database, PoolOptions::default(), database.is_embedded()).await?;
    let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
    let vault = Arc::new(start::open_vault(&db, &*clock, &ids, keys).await?);
    Ok(Tools { db, clock, ids, vault })
}

fn failure(error: ImportError, language: Language) -> StartError {
    match error {
        ImportError::Read(error) => nothing_written(&error.said(), language),
        ImportError::Changed => StartError::new(say(&ImportText::FileChanged, language)),
        ImportError::Failed(error) => error.into(),
    }
}

/// Why a file could not be read to its end, and what became of what was read of it.
pub(super) fn nothing_written(what: &ImportText, language: Language) -> StartError {
    StartError::new(say(&ImportText::NothingWritten { what: say(what, language) }, language))
}

fn is_refused(report: &Report, options: Options) -> bool {
    !report.bad_rows.is_empty() && !options.skip_bad_rows
}

fn verdict(imported: &Imported, options: Options, language: Language) -> String {
    let verdict = match &imported.changes {
        Some(changes) => match changes.told(language) {
            Some(changes) => ImportText::VerdictWrittenLedger { changes },
            None => ImportText::VerdictKnown,
        },
        None if is_refused(&imported.report, options) => ImportText::VerdictRefused,
        None => ImportText::VerdictChecked,
    };
    say(&verdict, language)
}

/// A bar on a terminal, nothing in a log.
struct Bar {
    line: ProgressBar,
    language: Language,
}

impl Bar {
    fn new(language: Language) -> Self {
        if !io::stderr().is_terminal() {
            return Self { line: ProgressBar::hidden(), language };
        }
        let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} / {human_len} ({eta})");
        Self { line: line.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())), language }
    }

    fn show(&self, progress: Progress) {
        let step = match progress.step {
            Step::Checking => ImportText::ProgressChecking,
            Step::Writing => ImportText::ProgressWriting,
        };
        self.line.set_message(say(&step, self.language));
        if let Some(rows) = progress.of {
            self.line.set_length(rows.max(progress.rows));
        }
        self.line.set_position(progress.rows);
    }
}

/// The file of the report. It is made before anything is written to the database, so that a wrong path is told in time,
/// and takes its name when it is whole.
pub(super) struct ReportFile {
    path: PathBuf,
    partial: PathBuf,
    file: File,
    language: Language,
}

impl ReportFile {
    pub(super) fn create(path: &Path, language: Language) -> Result<Self, StartError> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(|error| cannot_write(path, &error, language))?;
        Ok(Self { path: path.to_owned(), partial, file, language })
    }

    pub(super) fn finish(mut self, report: &impl Serialize) -> Result<(), StartError> {
        let written = write_json(&mut self.file, report)
            .and_then(|()| self.file.sync_all())
            .and_then(|()| fs::rename(&self.partial, &self.path));
        written.map_err(|error| cannot_write(&self.path, &error, self.language))
    }
}

/// What is not renamed by now was not finished.
impl Drop for ReportFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.partial);
    }
}

fn cannot_write(path: &Path, error: &io::Error, language: Language) -> StartError {
    let (file, why) = (path.display().to_string(), error.to_string());
    StartError::new(say(&ImportText::ReportUnwritten { file, why }, language))
}

pub(super) fn print(report: &impl Serialize, language: Language) -> Result<(), StartError> {
    let unprinted = |error: io::Error| ImportText::ReportUnprinted { why: error.to_string() };
    write_json(io::stdout().lock(), report).map_err(|error| StartError::new(say(&unprinted(error), language)))
}

fn write_json(mut out: impl Write, report: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, report)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[cfg(test)]
#[path = "import_ledger_tests.rs"]
mod tests;
