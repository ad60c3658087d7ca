//! From a command to the program's exit code.

use std::process::ExitCode;

use super::{
    backup, demo, export, export_audit, import_ledger, import_staff, import_tickets, make_administrator, migrate,
    restore, rewrap_keys, rotate_data_key, rotate_keys, schema, serve, token,
};
use crate::{
    config::{AuditCommand, Command, ImportCommand, KeysCommand},
    start::StartError,
};

/// Carries a command out. What went wrong is told on standard error.
///
/// Not asynchronous on purpose: what is awaited is compiled where it is run, so that a binary that awaited these commands
/// would compile the whole service a second time.
pub fn run(command: Command) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&StartError::because("no threads can be started")(&error)),
    };
    runtime.block_on(carry_out(command)).unwrap_or_else(|error| failed(&error))
}

fn failed(error: &StartError) -> ExitCode {
    eprintln!("anju: {error}");
    ExitCode::FAILURE
}

async fn carry_out(command: Command) -> Result<ExitCode, StartError> {
    match command {
        Command::Serve(args) => serve(*args).await,
        Command::Demo(args) => demo(args).await,
        Command::Migrate(args) => migrate(args).await,
        Command::Schema => schema(),
        Command::Token(args) => token(args).await,
        Command::Admin(args) => make_administrator(args).await,
        Command::Import { what: ImportCommand::Ledger(args) } => import_ledger(args).await,
        Command::Import { what: ImportCommand::Tickets(args) } => import_tickets(args).await,
        Command::Import { what: ImportCommand::Staff(args) } => import_staff(args).await,
        Command::Export(args) => export(args).await,
        Command::Backup(args) => backup(args).await,
        Command::Restore(args) => restore(args).await,
        Command::Keys { what: KeysCommand::Rotate(args) } => rotate_keys(args).await,
        Command::Keys { what: KeysCommand::RotateData(args) } => rotate_data_key(args).await,
        Command::Keys { what: KeysCommand::Rewrap(args) } => rewrap_keys(args).await,
        Command::Audit { what: AuditCommand::Export(args) } => export_audit(args).await,
    }
}
