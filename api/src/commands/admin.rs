//! `anju admin`: an administrator with a new password, when nobody can sign in who could make one by the API.

use std::process::ExitCode;

use super::open_services;
use crate::{config::AdminArgs, service::staff, start::StartError};

/// Prints the password, alone on a line.
pub async fn run(args: AdminArgs) -> Result<ExitCode, StartError> {
    let services = open_services(&args.database, &args.keys).await?;
    let made = staff::administrator(&services, &args.login, args.name.as_deref()).await;
    services.db.close().await;
    let made = made?;
    eprintln!("anju: {} is an administrator and signs in as “{}” with", made.staff.name, made.staff.login);
    println!("{}", made.password.unwrap_or_default());
    Ok(ExitCode::SUCCESS)
}
