//! What the clock starts. Every job is safe to run twice and on two servers at once: what it finds it changes under a
//! guard, and what another has changed first it leaves alone.

mod deadlines;
mod figures;
mod sweep;

use std::time::Duration;

use chrono::TimeDelta;

use crate::{error::Result, service::Services};

pub use deadlines::{check_deadlines, release_absent};
pub use figures::freeze_figures;
pub use sweep::sweep;

/// How often deadlines are looked at: how late a breach may be noticed, at most.
const DEADLINE_EVERY: TimeDelta = TimeDelta::seconds(5);

/// How often old rows and pictures are cleared away.
const SWEEP_EVERY: TimeDelta = TimeDelta::minutes(10);

/// How often it is looked whether a month is to be closed.
const CLOSE_EVERY: TimeDelta = TimeDelta::minutes(30);

/// How long to wait after a failure, in real time: a manual clock must not turn it into a storm.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs the jobs for ever. Drop the future to stop them; what they were doing is undone or done.
pub async fn run(services: Services) {
    tokio::join!(
        every(&services, "deadlines", DEADLINE_EVERY, async |services: &Services| {
            release_absent(services).await?;
            check_deadlines(services).await
        }),
        every(&services, "sweep", SWEEP_EVERY, async |services: &Services| sweep(services).await),
        every(&services, "figures", CLOSE_EVERY, async |services: &Services| freeze_figures(services).await),
    );
}

async fn every(services: &Services, name: &str, span: TimeDelta, job: impl AsyncFn(&Services) -> Result<usize>) {
    loop {
        match job(services).await {
            Ok(0) => {}
            Ok(done) => tracing::info!(job = name, done, "job"),
            Err(error) => {
                tracing::error!(job = name, ?error, "the job failed and will run again");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
        services.clock.sleep(span).await;
    }
}
