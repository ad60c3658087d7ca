//! `anju keys`: a new key for access tokens, and another master key around the stored keys.

use std::process::ExitCode;

use super::PoolOptions;
use crate::{
    clock::{Ids, SystemClock},
    config::{DatabaseArgs, RewrapKeysArgs, RotateKeysArgs},
    start::{self, StartError},
    store::{db::Db, vault},
};

/// `anju keys rotate`
pub async fn rotate(args: RotateKeysArgs) -> Result<ExitCode, StartError> {
    let master = args.master_key.as_deref().map(|key| start::read_key("--master-key", key)).transpose()?;
    let db = open(&args.database).await?;
    let rotated = vault::rotate(&db, &SystemClock, &Ids::new(), master.as_ref(), args.at_once).await;
    db.close().await;
    let rotated = rotated?;
    eprintln!("anju: the new key verifies now and signs from {}", rotated.signs_from.to_rfc3339());
    eprintln!("anju: the old keys end at {}", rotated.old_end_at.to_rfc3339());
    Ok(ExitCode::SUCCESS)
}

/// `anju keys rewrap`
pub async fn rewrap(args: RewrapKeysArgs) -> Result<ExitCode, StartError> {
    let old = args.old_master_key.as_deref().map(|key| start::read_key("--old-master-key", key)).transpose()?;
    let new = start::read_key("--master-key", &args.master_key)?;
    let db = open(&args.database).await?;
    let rewrapped = vault::rewrap(&db, &SystemClock, &Ids::new(), old.as_ref(), &new).await;
    db.close().await;
    eprintln!("anju: {} keys are under the new master key; start the servers anew with it", rewrapped?);
    Ok(ExitCode::SUCCESS)
}

async fn open(args: &DatabaseArgs) -> Result<Db, StartError> {
    start::open_database(args, PoolOptions::default(), args.is_embedded()).await
}
