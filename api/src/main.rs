//! The binary `anju`: reads the command line and hands over.

use std::{io::IsTerminal, process::ExitCode};

use anju::{
    commands,
    config::{Cli, LogArgs, LogFormat},
    telemetry::Telemetry,
};
use clap::Parser;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// Requests make and drop many small things, and this takes less time for each than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let telemetry = match prepare(&cli) {
        Ok(telemetry) => telemetry,
        Err(error) => {
            eprintln!("anju: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = commands::run(cli.command);
    if let Some(telemetry) = telemetry {
        telemetry.stop();
    }
    code
}

fn prepare(cli: &Cli) -> Result<Option<Telemetry>, String> {
    let telemetry = Telemetry::of(&cli.command).map_err(|error| error.to_string())?;
    let filter = EnvFilter::try_new(&cli.log.log).map_err(|error| format!("--log can't be read: {error}"))?;
    match &telemetry {
        Some(telemetry) => log_and_trace(&cli.log, filter, telemetry),
        None => log(&cli.log, filter),
    }
    Ok(telemetry)
}

fn log(args: &LogArgs, filter: EnvFilter) {
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    match args.log_format {
        LogFormat::Pretty => builder.compact().init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}

/// The same log, beside what goes to the collector.
fn log_and_trace(args: &LogArgs, filter: EnvFilter, telemetry: &Telemetry) {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = lines.with_ansi(std::io::stderr().is_terminal());
    let lines = match args.log_format {
        LogFormat::Pretty => lines.compact().boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(telemetry.layer()).with(lines.with_filter(filter)).init();
}
