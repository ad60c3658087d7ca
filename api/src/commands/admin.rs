//! `anju admin`: an administrator with a new password, when nobody can sign in who could make one by the API.

use std::{process::ExitCode, sync::Arc};

use super::PoolOptions;
use crate::{
    auth::delivery::LogDelivery,
    clock::{Clock, Ids, SystemClock},
    config::AdminArgs,
    media::blob::BlobStore,
    service::staff,
    start::{self, Parts, StartError},
};

/// Prints the password, alone on a line.
pub async fn run(args: AdminArgs) -> Result<ExitCode, StartError> {
    let db = start::open_database(&args.database, PoolOptions::default(), args.database.is_embedded()).await?;
    let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
    let vault = start::open_vault(&db, &*clock, &ids, &args.keys).await?;
    let delivery = Arc::new(LogDelivery);
    let services = Parts { db, clock, ids, vault, delivery, blobs: BlobStore::in_memory() }.assemble();
    let made = staff::administrator(&services, &args.login, args.name.as_deref()).await;
    services.db.close().await;
    let made = made?;
    eprintln!("anju: {} is an administrator and signs in as “{}” with", made.staff.name, made.staff.login);
    println!("{}", made.password.unwrap_or_default());
    Ok(ExitCode::SUCCESS)
}
