//! Telling those who watch over the house what waits to leave it.

use chrono::TimeDelta;

use crate::{
    error::Result,
    metrics::Shown,
    service::{Services, backlog},
};

const EVERY: TimeDelta = TimeDelta::seconds(15);

/// Counts what waits and shows it.
pub async fn tell_backlog(services: &Services, shown: &Shown) -> Result<()> {
    let measured = backlog::measure(services).await;
    shown.tell(measured.as_ref().ok().cloned());
    measured.map(drop)
}

/// Does so again and again, as long as this server does the jobs.
pub(super) async fn watch(services: &Services) {
    let shown = services.metrics.backlog();
    loop {
        if let Err(error) = tell_backlog(services, &shown).await {
            tracing::warn!(?error, "it can't be said what waits to leave the house");
        }
        services.clock.sleep(EVERY).await;
    }
}
