//! The binary `anju`: reads the command line and hands over.

use std::{io::IsTerminal, process::ExitCode};

use anju::{
    commands,
    config::{Cli, LogArgs, LogFormat},
};
use clap::Parser;
use tracing_subscriber::EnvFilter;

/// Requests make and drop many small things, and this takes less time for each than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = log(&cli.log) {
        eprintln!("anju: {error}");
        return ExitCode::FAILURE;
    }
    commands::run(cli.command)
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
