//! Missed deadlines, results left unanswered, and tickets in the hands of someone who is away.

use crate::{
    domain::ticket::SystemNote,
    error::Result,
    service::{Services, company, ticket},
    store,
};

/// How many tickets are looked at in one statement.
const BATCH: u64 = 200;

/// Does what the clocks of tickets have come to. Returns how many tickets changed.
pub async fn check_deadlines(services: &Services) -> Result<usize> {
    let mut changed = 0;
    loop {
        let due = store::ticket::due_for_check(services.db.reader(), services.now(), BATCH).await?;
        let found = due.len();
        let mut progress = 0;
        for waiting in due {
            match ticket::tick(services, waiting.id).await {
                Ok(done) => progress += usize::from(done),
                // One ticket that can't be helped must not keep the others waiting.
                Err(error) => tracing::error!(ticket = %waiting.id, ?error, "a ticket's clock could not be served"),
            }
        }
        changed += progress;
        if progress == 0 || found < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(changed);
        }
    }
}

/// Puts the tickets of everyone who is away or has left back into the queue. Returns how many. Whoever disables an
/// account does so at once; this finds what a crash or an assignment at the same moment left behind.
pub async fn release_absent(services: &Services) -> Result<usize> {
    let conn = services.db.reader();
    let mut released = 0;
    for (staff, reason) in [
        (store::staff::absent_ids(conn, services.now()).await?, SystemNote::Away),
        (store::staff::gone_with_tickets(conn).await?, SystemNote::Left),
    ] {
        if !staff.is_empty() {
            released += company::release(services, &staff, reason).await?;
        }
    }
    Ok(released)
}
