//! `anju keys`: a new key for access tokens, one for stored numbers, and another master key around the stored keys.

use std::process::ExitCode;

use super::PoolOptions;
use crate::{
    auth::secret::SecretKey,
    clock::{Clock, Ids, SystemClock},
    config::{DatabaseArgs, RewrapKeysArgs, RotateDataArgs, RotateKeysArgs},
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

/// How many owners are sealed anew in one transaction: a moment's work, in which nobody waits for long.
const BATCH: u64 = 200;

/// `anju keys rotate-data`
pub async fn rotate_data(args: RotateDataArgs) -> Result<ExitCode, StartError> {
    let master = args.master_key.as_deref().map(|key| start::read_key("--master-key", key)).transpose()?;
    let db = open(&args.database).await?;
    let rotated = seal_anew(&db, master.as_ref()).await;
    db.close().await;
    let (number, values) = rotated?;
    eprintln!("anju: {values} numbers were sealed anew with key {number}; the older keys are retired");
    Ok(ExitCode::SUCCESS)
}

async fn seal_anew(db: &Db, master: Option<&SecretKey>) -> Result<(u8, usize), StartError> {
    let (clock, ids) = (SystemClock, Ids::new());
    let rotation = vault::begin_data_rotation(db, &clock, &ids, master).await?;
    let begun = if rotation.goes_on { "going on with" } else { "made" };
    eprintln!("anju: {begun} key {}; stopped at any point, this goes on when it is run again", rotation.number);
    if clock.now() < rotation.ready_at {
        eprintln!("anju: waiting until {}, when every server knows the key", rotation.ready_at.to_rfc3339());
        clock.sleep_until(rotation.ready_at).await;
    }
    let mut values = 0;
    loop {
        let mut place = None;
        while let Some((last, count)) = rotation.reseal(db, place, BATCH).await? {
            (place, values) = (Some(last), values + count);
        }
        if rotation.finish(db, &clock, &ids).await? {
            return Ok((rotation.number, values));
        }
    }
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
