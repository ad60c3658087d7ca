//! `anju import tickets` and `anju import staff`: from the arguments to the exit code, with the report as JSON and a summary
//! for people on standard error. What an import does is [`crate::service::intake`]'s.

use std::{io, io::Write, process::ExitCode};

use super::import_ledger::{ReportFile, nothing_written, print};
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
    let language = args.language.into();
    let imported = import_tickets(&tools, tables, options).await.map_err(|error| failure(error, language))?;
    tools.db.close().await;
    finish(&imported, report, options, language)
}

/// `anju import staff`
pub async fn staff(args: ImportTableArgs) -> Result<ExitCode, StartError> {
    let (tables, report, options) = begin(&args).await?;
    let tools = super::import_ledger::open_tools(&args.database, &args.keys).await?;
    let language = args.language.into();
    let imported = import_staff(&tools, tables, options).await.map_err(|error| failure(error, language))?;
    tools.db.close().await;
    finish(&imported, report, options, language)
}

async fn begin(args: &ImportTableArgs) -> Result<(Tables, Option<ReportFile>, Options), StartError> {
    let path = args.file.clone();
    let opened = tokio::task::spawn_blocking(move || open(&path)).await;
    let opened = opened.map_err(|error| StartError::because("the file can't be read")(&error))?;
    let tables = opened.map_err(|error| StartError::new(say(&error.said(), args.language.into())))?;
    let report = args.report.as_deref().map(|path| ReportFile::create(path, args.language.into())).transpose()?;
    Ok((tables, report, Options { dry_run: args.dry_run, skip_bad_rows: args.skip_bad_rows }))
}

fn failure(error: IntakeError, language: Language) -> StartError {
    match error {
        IntakeError::Read(error) => nothing_written(&error.said(), language),
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
        None => print(&told, language)?,
    }
    Ok(if is_refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, Command, ImportCommand};

    /// What a command says to a file that can't be used.
    async fn said(what: &str, content: &str, language: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("table.csv");
        std::fs::write(&file, content).unwrap();
        let url = format!("sqlite://{}", folder.path().join("anju.db").display());
        let words = ["anju", "import", what, file.to_str().unwrap(), "--database-url", &url, "--language", language];
        let refused = match Cli::try_parse_from(words).unwrap().command {
            Command::Import { what: ImportCommand::Staff(args) } => staff(args).await,
            Command::Import { what: ImportCommand::Tickets(args) } => tickets(args).await,
            other => panic!("{other:?}"),
        };
        refused.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn a_file_without_its_header_is_told_in_the_language_that_is_asked_for() {
        let english = "table.csv: no header row was found in the first 50 rows; a row with names such as 工号, 姓名, 角色 is \
                       expected above the data; nothing was written";
        assert_eq!(said("staff", "a,b\n", "en").await, english);
        let chinese = "table.csv：前 50 行中没有表头；数据上方须有一行列名，如工号、姓名、角色；未写入任何内容";
        assert_eq!(said("staff", "a,b\n", "zh").await, chinese);
    }

    #[tokio::test]
    async fn a_file_that_is_none_is_told_in_the_language_that_is_asked_for() {
        for (what, language, expected) in [
            ("tickets", "en", "table.csv: is empty; choose the file that holds the table"),
            ("tickets", "zh", "table.csv：是空文件；请选择存有表格的文件"),
        ] {
            assert_eq!(said(what, "", language).await, expected);
        }
    }
}
