//! Clears away what nobody needs any more.

use chrono::{DateTime, Utc};

use crate::{
    domain::stale::Stale,
    error::Result,
    service::{Services, attachment},
    store,
};

/// How many notifications go in one transaction.
const FORGOTTEN: u64 = 1000;

/// Clears away. Returns how many things went.
pub async fn sweep(services: &Services) -> Result<usize> {
    let stale = Stale::at(services.now());
    let keys = store::idempotency::forget_before(&services.db, stale.keys).await?;
    let sessions = store::session::forget_before(services.db.writer(), stale.sessions).await?;
    store::sign_in::sweep(services.db.writer(), stale.sign_in).await?;
    let delivered = store::webhook::delivery::forget_before(services.db.writer(), stale.delivered).await?;
    let pictures = attachment::sweep(services, stale.pictures).await?;
    let told = forget_told(services, stale.told).await?;
    Ok(usize::try_from(keys + sessions + told + delivered).unwrap_or(usize::MAX) + pictures)
}

async fn forget_told(services: &Services, before: DateTime<Utc>) -> Result<u64> {
    let mut all = 0;
    loop {
        let tx = services.db.begin().await?;
        let some = store::notification::forget_before(&tx, before, FORGOTTEN).await?;
        tx.commit().await?;
        all += some;
        if some < FORGOTTEN {
            return Ok(all);
        }
    }
}
