//! What the clock starts. Every job is safe to run twice and on two servers at once: what it finds it changes under a
//! guard, and what another has changed first it leaves alone.

mod activities;
mod areas;
mod deadlines;
mod figures;
mod milestones;
mod surveys;
mod sweep;
mod warranties;

use std::time::Duration;

use chrono::TimeDelta;

use crate::{error::Result, service::Services};

pub use activities::remind_registered;
pub use areas::{settle_substitutes, transfer_areas};
pub use deadlines::{check_deadlines, release_absent};
pub use figures::freeze_figures;
pub use milestones::notify_missed;
pub use surveys::run_surveys;
pub use sweep::sweep;
pub use warranties::{collect_rectifications, notify_warranties};

/// How often deadlines are looked at: how late a breach may be noticed, at most.
const DEADLINE_EVERY: TimeDelta = TimeDelta::seconds(5);

/// How often it is looked who is to be reminded of an activity.
const REMIND_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How often old rows and pictures are cleared away.
const SWEEP_EVERY: TimeDelta = TimeDelta::minutes(10);

/// How often the ends of warranties and missed customers are looked for.
const NOTICES_EVERY: TimeDelta = TimeDelta::minutes(15);

/// How often reports are looked at for contractors' batches.
const COLLECT_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How often surveys are looked at: how late one may open or end, at most.
const SURVEYS_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How often it is looked whether a month is to be closed.
const CLOSE_EVERY: TimeDelta = TimeDelta::minutes(30);

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
        every(&services, "reminders", REMIND_EVERY, async |services: &Services| remind_registered(services).await),
        every(&services, "surveys", SURVEYS_EVERY, async |services: &Services| run_surveys(services).await),
        every(&services, "sweep", SWEEP_EVERY, async |services: &Services| sweep(services).await),
        every(&services, "milestones", NOTICES_EVERY, async |services: &Services| notify_missed(services).await),
        every(&services, "warranties", NOTICES_EVERY, async |services: &Services| notify_warranties(services).await),
        every(&services, "rectifications", COLLECT_EVERY, async |services: &Services| {
            collect_rectifications(services).await
        }),
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
