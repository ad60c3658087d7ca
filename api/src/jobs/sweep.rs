//! Clears away what nobody needs any more.

use chrono::TimeDelta;

use crate::{
    error::Result,
    service::{Services, attachment},
    store,
};

/// How long a picture waits for its ticket.
const WAITING_PICTURE: TimeDelta = TimeDelta::hours(24);

/// How long a call may be repeated with its key: longer than a phone stays offline.
const REPEATABLE: TimeDelta = TimeDelta::days(7);

/// How long windows and codes are kept after their end.
const OVER: TimeDelta = TimeDelta::days(1);

/// How long a session that is over is remembered: long enough to look into a misuse.
const SESSION: TimeDelta = TimeDelta::days(30);

/// Clears away. Returns how many things went.
pub async fn sweep(services: &Services) -> Result<usize> {
    let now = services.now();
    let keys = store::idempotency::forget_before(&services.db, now - REPEATABLE).await?;
    let sessions = store::session::forget_before(services.db.writer(), now - SESSION).await?;
    store::sign_in::sweep(services.db.writer(), now - OVER).await?;
    let pictures = attachment::sweep(services, now - WAITING_PICTURE).await?;
    Ok(usize::try_from(keys + sessions).unwrap_or(usize::MAX) + pictures)
}
