//! What the clock starts. Every job is safe to run twice and on two servers at once: what it finds it changes under a
//! guard, and what another has changed first it leaves alone.

mod areas;
mod deadlines;
mod milestones;
mod sweep;
mod warranties;

use std::time::Duration;

use chrono::TimeDelta;

use crate::{error::Result, service::Services};

pub use areas::{settle_substitutes, transfer_areas};
pub use deadlines::{check_deadlines, release_absent};
pub use milestones::notify_missed;
pub use sweep::sweep;
pub use warranties::{collect_rectifications, notify_warranties};

/// How often deadlines are looked at: how late a breach may be noticed, at most.
const DEADLINE_EVERY: TimeDelta = TimeDelta::seconds(5);

/// How often old rows and pictures are cleared away.
const SWEEP_EVERY: TimeDelta = TimeDelta::minutes(10);

/// How often the ends of warranties and missed customers are looked for.
const NOTICES_EVERY: TimeDelta = TimeDelta::minutes(15);

/// How often reports are looked at for contractors' batches.
const COLLECT_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How long to wait after a failure, in real time: a manual clock must not turn it into a storm.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs the jobs for ever. Drop the future to stop them; what they were doing is undone or done.
pub async fn run(services: Services) {
    tokio::join!(
        every(&services, "deadlines", DEADLINE_EVERY, async |services: &Services| {
            settle_substitutes(services).await?;
            transfer_areas(services).await?;
            release_absent(services).await?;
            check_deadlines(services).await
        }),
        every(&services, "sweep", SWEEP_EVERY, async |services: &Services| sweep(services).await),
        every(&services, "milestones", NOTICES_EVERY, async |services: &Services| notify_missed(services).await),
        every(&services, "warranties", NOTICES_EVERY, async |services: &Services| notify_warranties(services).await),
        every(&services, "rectifications", COLLECT_EVERY, async |services: &Services| {
            collect_rectifications(services).await
        }),
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
