//! What waits to leave the house, for those who watch over it.

use entity::vocab::NotificationChannel;

use super::Services;
use crate::{error::Result, metrics::Backlog, store};

/// Counts it.
pub async fn measure(services: &Services) -> Result<Backlog> {
    let conn = services.db.reader();
    let (webhooks, since) = store::webhook::delivery::backlog(conn).await?;
    let oldest_webhook = since.map_or(0.0, |since| (services.now() - since).as_seconds_f64().max(0.0));
    let dead = store::notification::outbox::dead_by_channel(conn).await?;
    let count = |channel: &NotificationChannel| {
        let found = dead.iter().find(|(of, _)| of == channel).map_or(0, |(_, count)| *count);
        (format!("{channel:?}").to_lowercase(), u64::try_from(found).unwrap_or(0))
    };
    Ok(Backlog { webhooks, oldest_webhook, given_up: NotificationChannel::ALL.iter().map(count).collect() })
}
