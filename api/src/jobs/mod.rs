//! What the clock starts. Every job is safe to run twice and on two servers at once: what it finds it changes under a
//! guard, and what another has changed first it leaves alone.

mod activities;
mod agenda;
mod areas;
mod backlog;
mod deadlines;
mod figures;
mod lease;
mod milestones;
mod notifications;
mod surveys;
mod sweep;
mod warranties;
mod webhooks;

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use tracing::{Instrument, Span, field::Empty};

use crate::{error::Result, service::Services};

pub use crate::store::agenda::Chore;
pub use activities::remind_registered;
pub use areas::{settle_substitutes, transfer_areas};
pub use backlog::tell_backlog;
pub use deadlines::{check_deadlines, release_absent};
pub use figures::freeze_figures;
pub use lease::Lease;
pub use milestones::notify_missed;
pub use notifications::send_notifications;
pub use surveys::run_surveys;
pub use sweep::sweep;
pub use warranties::{collect_rectifications, notify_warranties};
pub use webhooks::send_webhooks;

/// How often deadlines are looked at: how late a breach may be noticed, at most.
const DEADLINE_EVERY: TimeDelta = TimeDelta::seconds(5);

/// How often it is looked what is to be sent. Nothing else is done in its rounds: the other side may be slow.
const SEND_EVERY: TimeDelta = TimeDelta::seconds(2);

/// How often it is looked what operators' systems are to be told, in rounds of their own for the same reason.
const CALL_EVERY: TimeDelta = TimeDelta::seconds(1);

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

/// What finding out what is due is called among the jobs' figures.
const AGENDA: &str = "agenda";

/// How often each job's agenda is looked at.
fn span(chore: Chore) -> TimeDelta {
    match chore {
        Chore::Substitutes | Chore::Transfers | Chore::Absences | Chore::Deadlines => DEADLINE_EVERY,
        Chore::Reminders => REMIND_EVERY,
        Chore::Surveys => SURVEYS_EVERY,
        Chore::Sweep => SWEEP_EVERY,
        Chore::Milestones | Chore::Warranties => NOTICES_EVERY,
        Chore::Rectifications => COLLECT_EVERY,
        Chore::Figures => CLOSE_EVERY,
        Chore::Notifications => SEND_EVERY,
        Chore::Webhooks => CALL_EVERY,
    }
}

/// Does one job, whatever its agenda says. Returns how many things changed.
pub async fn work(services: &Services, chore: Chore) -> Result<usize> {
    match chore {
        Chore::Substitutes => settle_substitutes(services).await,
        Chore::Transfers => transfer_areas(services).await,
        Chore::Absences => release_absent(services).await,
        Chore::Deadlines => check_deadlines(services).await,
        Chore::Reminders => remind_registered(services).await,
        Chore::Surveys => run_surveys(services).await,
        Chore::Sweep => sweep(services).await,
        Chore::Milestones => notify_missed(services).await,
        Chore::Warranties => notify_warranties(services).await,
        Chore::Rectifications => collect_rectifications(services).await,
        Chore::Figures => freeze_figures(services).await,
        Chore::Notifications => send_notifications(services).await,
        Chore::Webhooks => send_webhooks(services).await,
    }
}

/// Does every job that has something to do, once. Returns how many things changed. A job that fails does not keep the
/// others from their work; the first failure is told when they are done.
pub async fn run_once(services: &Services) -> Result<usize> {
    round(services, Chore::ALL).await
}

fn span_of(chore: Chore) -> Span {
    let name = format_args!("job {chore:?}");
    tracing::trace_span!("job", otel.name = %name, otel.status_code = Empty, changed = Empty)
}

/// Does one job, as a collector of traces sees it.
async fn traced(services: &Services, chore: Chore) -> Result<usize> {
    let span = span_of(chore);
    let outcome = work(services, chore).instrument(span.clone()).await;
    match &outcome {
        Ok(changed) => span.record("changed", i64::try_from(*changed).unwrap_or(i64::MAX)),
        Err(_) => span.record("otel.status_code", "ERROR"),
    };
    outcome
}

async fn round(services: &Services, chores: &[Chore]) -> Result<usize> {
    let (mut done, mut failure) = (0, None);
    let due = agenda::due(services, chores).await;
    // What is due is looked up all the time: its count stands still when the jobs do.
    services.metrics.job(AGENDA, due.as_ref().ok().map(|_| 0));
    for chore in due? {
        let outcome = traced(services, chore).await;
        services.metrics.job(&format!("{chore:?}"), outcome.as_ref().ok().copied());
        match outcome {
            Ok(0) => {}
            Ok(some) => {
                tracing::info!(job = ?chore, done = some, "job");
                done += some;
            }
            Err(error) => {
                tracing::error!(job = ?chore, ?error, "the job failed and will run again");
                failure = failure.or(Some(error));
            }
        }
    }
    failure.map_or(Ok(done), Err)
}

/// Runs the jobs for ever, as long as and whenever this server has their lease. Drop the future to stop them; what they
/// were doing is undone or done.
pub async fn run(services: Services, lease: Lease) {
    loop {
        lease.taken().await;
        tokio::select! {
            () = rounds(&services) => {}
            () = lease.lost() => {}
        }
    }
}

/// Jobs that are looked at equally often take turns, so that they run in their order.
async fn rounds(services: &Services) {
    let mut rounds: Vec<(TimeDelta, Vec<Chore>)> = Vec::new();
    for chore in Chore::ALL {
        match rounds.iter_mut().find(|(every, _)| *every == span(*chore)) {
            Some((_, chores)) => chores.push(*chore),
            None => rounds.push((span(*chore), vec![*chore])),
        }
    }
    let rounds = join_all(rounds.iter().map(|(every, chores)| repeat(services, *every, chores)));
    tokio::join!(rounds, backlog::watch(services));
}

async fn repeat(services: &Services, every: TimeDelta, chores: &[Chore]) {
    loop {
        if let Err(error) = round(services, chores).await {
            tracing::error!(?chores, ?error, "a round of jobs failed and will run again");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        services.clock.sleep(every).await;
    }
}
