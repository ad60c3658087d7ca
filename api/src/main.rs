//! The binary `anju`: reads the command line and hands over.

use std::process::ExitCode;

use anju::{
    commands,
    config::Cli,
    logging::{self, Log},
    telemetry::Telemetry,
};
use clap::Parser;

/// Requests make and drop many small things, and this takes less time for each than the system's own. It takes no huge pages:
/// the first use of one costs milliseconds, in the moment when a whole town is told of something (docs/speed.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let (telemetry, log) = match prepare(&cli) {
        Ok(prepared) => prepared,
        Err(error) => {
            eprintln!("anju: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = commands::run(cli.command);
    if let Some(telemetry) = telemetry {
        telemetry.stop();
    }
    drop(log);
    code
}

fn prepare(cli: &Cli) -> Result<(Option<Telemetry>, Log), String> {
    let telemetry = Telemetry::of(&cli.command).map_err(|error| error.to_string())?;
    let log = logging::start(&cli.log, telemetry.as_ref())?;
    Ok((telemetry, log))
}
