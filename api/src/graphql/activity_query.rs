//! Lists of activities and of who takes part.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};

use super::{
    activity::{Activity, ActivityInvitation, ActivityRegistration},
    connection::{Counted, listed, page},
    context::Ask,
    enums::{ActivityKind, ActivityStatus, RegistrationStatus},
    id::Kind,
    lecture::Partner,
    scalar::optional_instant,
};
use crate::{
    error::{Error, FaultCode, Message, Result},
    store::{self, activity::ActivityFilter, registration::RegistrationFilter},
};

/// The most values in one list of a filter.
const MOST_VALUES: usize = 10;

/// Narrows a list of activities. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "ActivityFilter")]
pub struct ActivityFilterInput {
    /// One of these kinds.
    kinds: Option<Vec<ActivityKind>>,
    /// In one of these places of their life.
    statuses: Option<Vec<ActivityStatus>>,
    /// In this project.
    project_id: Option<ID>,
    /// Starting at this instant or later.
    from: Option<DateTime<Utc>>,
    /// Starting before this instant.
    to: Option<DateTime<Utc>>,
    /// True: those at which you hold a seat or wait for one. Nothing for staff.
    registered: Option<bool>,
    /// True: over, and waiting for their evaluation.
    to_be_evaluated: Option<bool>,
}

impl ActivityFilterInput {
    fn read(self, now: DateTime<Utc>) -> Result<ActivityFilter> {
        Ok(ActivityFilter {
            kinds: values("filter.kinds", self.kinds)?,
            statuses: values("filter.statuses", self.statuses)?,
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            starts_from: optional_instant("filter.from", self.from)?,
            starts_to: optional_instant("filter.to", self.to)?,
            to_be_evaluated_at: self.to_be_evaluated.unwrap_or_default().then_some(now),
            registered: self.registered.unwrap_or_default(),
        })
    }
}

fn values<T: Into<V>, V>(field: &str, values: Option<Vec<T>>) -> Result<Vec<V>> {
    let values = values.unwrap_or_default();
    if values.len() > MOST_VALUES {
        return Err(Error::fault(FaultCode::OutOfRange, field, Message::AtMostValues { most: MOST_VALUES.into() }));
    }
    Ok(values.into_iter().map(Into::into).collect())
}

/// Narrows a list of registrations. What is left out does not narrow it.
#[derive(InputObject, Default)]
#[graphql(name = "ActivityRegistrationFilter")]
pub struct RegistrationFilterInput {
    /// For this activity.
    activity_id: Option<ID>,
    /// In this status.
    status: Option<RegistrationStatus>,
    /// True: seats at what has not begun, of which the customer was reminded.
    reminded: Option<bool>,
}

/// Reading activities.
#[derive(Default)]
pub struct ActivityQueries;

#[Object]
impl ActivityQueries {
    /// The activities that you may see, the earliest first: of an owner's own projects and those one is invited to; of the staff's own projects, drafts too.
    #[allow(clippy::too_many_arguments)]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ActivityFilterInput>,
    ) -> Result<Counted<Activity>> {
        let request = ctx.ask();
        let filter = filter.unwrap_or_default().read(request.now())?;
        listed(ctx, store::activity::list(&request.viewer, &filter), page(first, after, last, before)?).await
    }

    /// Who takes part in activities, the first to register first: an owner's own registrations; those of an ambassador's households; all of an agent's and manager's projects.
    #[allow(clippy::too_many_arguments)]
    async fn activity_registrations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<RegistrationFilterInput>,
    ) -> Result<Counted<ActivityRegistration>> {
        let request = ctx.ask();
        let filter = filter.unwrap_or_default();
        let filter = RegistrationFilter {
            activity_id: Kind::Activity.read_optional("filter.activityId", filter.activity_id.as_ref())?,
            status: filter.status.map(Into::into),
            reminded_at: filter.reminded.unwrap_or_default().then(|| request.now()),
        };
        listed(ctx, store::registration::list(&request.viewer, &filter), page(first, after, last, before)?).await
    }

    /// Who is invited to an activity, the first invited first. Owners see their own invitation.
    #[allow(clippy::too_many_arguments)]
    async fn activity_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which activity.")] activity_id: ID,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<ActivityInvitation>> {
        let activity_id = Kind::Activity.read("activityId", &activity_id)?;
        let list = store::activity::invitations(&ctx.ask().viewer, activity_id);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The decoration partners, the first known first. Those in use can be asked for lectures.
    #[allow(clippy::too_many_arguments)]
    async fn partners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "True: only those in use; false: only those that were disabled.")] is_active: Option<bool>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Partner>> {
        let list = store::partner::list(&ctx.ask().viewer, is_active);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}
