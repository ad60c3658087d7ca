//! Work lists over tickets: calls that are due, and cases that went to the manager.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    id::Kind,
    scalar::instant,
    ticket::Ticket,
};
use crate::{
    domain::reaction::percentage,
    error::{Error, FaultCode, Message, Result},
    store::{self, follow_up::Span},
};

/// The longest period that is summed up.
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(731);

/// A project and a period of it.
pub(super) fn span(project_id: &ID, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Span> {
    let project_id = Kind::Project.read("projectId", project_id)?;
    let (from, to) = (instant("from", from)?, instant("to", to)?);
    if to <= from || to - from > LONGEST_PERIOD {
        return Err(Error::fault(FaultCode::OutOfRange, "to", Message::PeriodOfTwoYears));
    }
    Ok(Span { project_id, from, to })
}

/// How many completed repairs and complaints got their call.
#[derive(SimpleObject)]
pub struct FollowUpRate {
    /// How many repairs and complaints were confirmed in the period.
    confirmed_count: i32,
    /// How many of these were followed up.
    followed_up_count: i32,
    /// The share in percent; null when none was confirmed.
    rate: Option<f64>,
}

/// Work lists over tickets.
#[derive(Default)]
pub struct FollowUpQueries;

#[Object]
impl FollowUpQueries {
    /// Repairs and complaints that were confirmed and wait for the call (回访), the one that waits longest first. `recordFollowUp` takes one off the list.
    #[allow(clippy::too_many_arguments)]
    async fn follow_ups_due(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this project.")] project_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Ticket>> {
        let page = page(first, after, last, before)?;
        let project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        listed(ctx, store::follow_up::due(&ctx.ask().viewer, project_id), page).await
    }

    /// How many of the repairs and complaints of a project that were confirmed in a period got their call.
    async fn follow_up_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] project_id: ID,
        #[graphql(desc = "The first instant of the period.")] from: DateTime<Utc>,
        #[graphql(desc = "The first instant after the period; at most two years after its start.")] to: DateTime<Utc>,
    ) -> Result<FollowUpRate> {
        let request = ctx.ask();
        let span = span(&project_id, from, to)?;
        let counts = store::follow_up::rate(request.services.db.reader(), &request.viewer, span).await?;
        let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let (confirmed, followed_up) = (count(counts.0), count(counts.1));
        Ok(FollowUpRate {
            confirmed_count: i32::try_from(confirmed).unwrap_or(i32::MAX),
            followed_up_count: i32::try_from(followed_up).unwrap_or(i32::MAX),
            rate: percentage(followed_up, confirmed),
        })
    }

    /// The manager's queue (升级): open tickets that went up at least once, by request, by a missed deadline or by the third rejection; the earliest running deadline first.
    #[allow(clippy::too_many_arguments)]
    async fn escalations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this project.")] project_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Ticket>> {
        let page = page(first, after, last, before)?;
        let project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        listed(ctx, store::follow_up::escalated(&ctx.ask().viewer, project_id), page).await
    }
}
