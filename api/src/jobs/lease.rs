//! Which server runs the jobs. Every job is safe on two servers at once, so that a lease that two believe to hold for a
//! moment, because their clocks differ, costs work and breaks nothing.

use chrono::TimeDelta;
use entity::lease::Model;
use uuid::Uuid;

use crate::{error::Result, service::Services, store::lease};

const NAME: &str = "jobs";

/// How long a lease lasts: how long nobody does the jobs after their server died, at most.
const LASTS: TimeDelta = TimeDelta::seconds(20);

/// How often the holder renews it and the others look for it. Several renewals may fail before it is lost.
const EVERY: TimeDelta = TimeDelta::seconds(5);

/// A server's claim to the jobs.
#[derive(Clone)]
pub struct Lease {
    services: Services,
    holder: Uuid,
}

impl Lease {
    /// A claim of this server's own.
    pub fn new(services: Services) -> Self {
        let holder = services.new_id(services.now());
        Self { services, holder }
    }

    /// Resolves when this server may do the jobs.
    pub(super) async fn taken(&self) {
        loop {
            match self.take().await {
                Ok(true) => return tracing::info!("this server runs the jobs"),
                Ok(false) => {}
                Err(error) => tracing::warn!(?error, "it can't be said who runs the jobs"),
            }
            self.services.clock.sleep(EVERY).await;
        }
    }

    /// Renews the lease as long as that works; resolves when another server may have it.
    pub(super) async fn lost(&self) {
        let mut renewed_at = self.services.now();
        loop {
            self.services.clock.sleep(EVERY).await;
            let now = self.services.now();
            match self.take().await {
                Ok(true) => renewed_at = now,
                Ok(false) => return tracing::warn!("another server runs the jobs"),
                Err(error) => {
                    tracing::warn!(?error, "the jobs' lease was not renewed");
                    if now - renewed_at >= LASTS {
                        return;
                    }
                }
            }
        }
    }

    async fn take(&self) -> Result<bool> {
        let now = self.services.now();
        let lease = Model { name: NAME.to_owned(), holder: self.holder, expires_at: now + LASTS };
        lease::take(self.services.db.writer(), lease, now).await
    }

    /// Lets the next server begin at once.
    pub async fn give_back(self) {
        if let Err(error) = lease::give_back(self.services.db.writer(), NAME, self.holder).await {
            tracing::warn!(?error, "the jobs' lease runs out by itself");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jobs_of_a_dead_server_rest_for_less_than_half_a_minute() {
        assert!(LASTS + EVERY < TimeDelta::seconds(30));
        assert!(EVERY * 3 < LASTS, "a renewal or two may fail");
    }
}
