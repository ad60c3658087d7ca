//! The binary `anju`: reads the command line and hands over.

use std::{io::IsTerminal, process::ExitCode};

use anju::{
    commands,
    config::{AuditCommand, Cli, Command, ImportCommand, KeysCommand, LogArgs, LogFormat},
};
use clap::Parser;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = log(&cli.log) {
        eprintln!("anju: {error}");
        return ExitCode::FAILURE;
    }
    let outcome = match cli.command {
        Command::Serve(args) => commands::serve(*args).await,
        Command::Demo(args) => commands::demo(args).await,
        Command::Migrate(args) => commands::migrate(args).await,
        Command::Schema => commands::schema(),
        Command::Token(args) => commands::token(args).await,
        Command::Import { what: ImportCommand::Ledger(args) } => commands::import_ledger(args).await,
        Command::Backup(args) => commands::backup(args).await,
        Command::Restore(args) => commands::restore(args).await,
        Command::Keys { what: KeysCommand::Rotate(args) } => commands::rotate_keys(args).await,
        Command::Keys { what: KeysCommand::Rewrap(args) } => commands::rewrap_keys(args).await,
        Command::Audit { what: AuditCommand::Export(args) } => commands::export_audit(args).await,
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("anju: {error}");
            ExitCode::FAILURE
        }
    }
}

fn log(args: &LogArgs) -> Result<(), String> {
    let filter = EnvFilter::try_new(&args.log).map_err(|error| format!("--log can't be read: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    match args.log_format {
        LogFormat::Pretty => builder.compact().init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}
