//! Keys that another process has changed: a running server takes them over.

use chrono::TimeDelta;

use super::Services;

/// How often it is looked: how late a server notices, at most, while the database answers. A new signing key waits many
/// times as long before it signs.
const EVERY: TimeDelta = TimeDelta::seconds(10);

/// Looks for changed keys for ever. What can't be opened leaves the keys as they were.
pub async fn watch(services: Services) {
    loop {
        match services.vault.refresh(&services.db, services.now()).await {
            Ok(false) => {}
            Ok(true) => tracing::info!("the stored keys have changed and were taken over"),
            Err(error) => tracing::error!(?error, "the stored keys could not be read; those in use stay"),
        }
        services.clock.sleep(EVERY).await;
    }
}
