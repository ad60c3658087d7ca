//! Clears away what nobody needs any more.

use crate::{
    domain::stale::Stale,
    error::Result,
    service::{Services, attachment},
    store,
};

/// Clears away. Returns how many things went.
pub async fn sweep(services: &Services) -> Result<usize> {
    let stale = Stale::at(services.now());
    let keys = store::idempotency::forget_before(&services.db, stale.keys).await?;
    let sessions = store::session::forget_before(services.db.writer(), stale.sessions).await?;
    store::sign_in::sweep(services.db.writer(), stale.sign_in).await?;
    let delivered = store::webhook::delivery::forget_before(services.db.writer(), stale.delivered).await?;
    let pictures = attachment::sweep(services, stale.pictures).await?;
    Ok(usize::try_from(keys + sessions + delivered).unwrap_or(usize::MAX) + pictures)
}
