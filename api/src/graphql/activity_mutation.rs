//! What organisers do with activities.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};

use super::{
    activity::Activity,
    context::Ask,
    enums::ActivityKind,
    id::Kind,
    loaders::ProjectOf,
    scalar::{instant, optional_instant},
    unit::Project,
    user_error::payloads,
};
use crate::{
    error::{Error, Result},
    service::activity::{self, Changes, NewActivity},
};

/// Plans an activity.
#[derive(InputObject)]
pub struct CreateActivityInput {
    /// The project whose customers it is for; one of your own.
    project_id: ID,
    /// What kind of event.
    kind: ActivityKind,
    /// The partner who gives the lecture; only for lectures.
    partner_id: Option<ID>,
    /// What it is about, in one line; at most 100 characters. The club's name is shown with it and needs not be in it.
    title: String,
    /// What it is about, in full; at most 4000 characters.
    description: Option<String>,
    /// When it starts; in the future.
    starts_at: DateTime<Utc>,
    /// When it ends; within 31 days of the start.
    ends_at: DateTime<Utc>,
    /// Where it takes place; at most 200 characters.
    venue: String,
    /// How many seats there are, 1 to 10,000.
    capacity: i32,
    /// Of a lecture: until then only owners in stage HANDED_OVER may register. When left out, three days from publication, but at most half of the time that is left.
    open_to_all_at: Option<DateTime<Utc>>,
}

/// Changes an activity. What is left out stays.
#[derive(InputObject)]
pub struct UpdateActivityInput {
    /// Which activity; it has not begun.
    activity_id: ID,
    /// Another title.
    title: Option<String>,
    /// Another description.
    description: Option<String>,
    /// Another start.
    starts_at: Option<DateTime<Utc>>,
    /// Another end.
    ends_at: Option<DateTime<Utc>>,
    /// Another place.
    venue: Option<String>,
    /// Another number of seats, not below those taken. More seats go to those who wait.
    capacity: Option<i32>,
    /// Another instant from which everybody may register.
    open_to_all_at: Option<DateTime<Utc>>,
}

/// Announces an activity.
#[derive(InputObject)]
pub struct PublishActivityInput {
    /// Which activity.
    activity_id: ID,
}

/// Calls an activity off.
#[derive(InputObject)]
pub struct CancelActivityInput {
    /// Which activity.
    activity_id: ID,
    /// Why; those who registered read it. At most 500 characters.
    reason: String,
}

/// Invites customers.
#[derive(InputObject)]
pub struct InviteToActivityInput {
    /// Which activity; published, and not begun.
    activity_id: ID,
    /// Whom: 1 to 100 customers whom you serve. Who is invited already stays so.
    owner_ids: Vec<ID>,
}

/// Looks back on an activity.
#[derive(InputObject)]
pub struct EvaluateActivityInput {
    /// Which activity; it is over.
    activity_id: ID,
    /// How it went and what to learn from it; at most 4000 characters. Replaces an earlier evaluation.
    evaluation: String,
}

/// Closes an activity.
#[derive(InputObject)]
pub struct CloseActivityInput {
    /// Which activity; over and evaluated.
    activity_id: ID,
}

/// Names a project's customer club.
#[derive(InputObject)]
pub struct NameCustomerClubInput {
    /// Which project.
    project_id: ID,
    /// The name, at most 40 characters.
    name: String,
}

payloads! {
    /// The activity that was planned.
    CreateActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The activity that was changed.
    UpdateActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The activity that was announced.
    PublishActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The activity that was called off.
    CancelActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The activity to which customers were invited.
    InviteToActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The activity that was evaluated.
    EvaluateActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The activity that was closed.
    CloseActivityPayload {
        /// The activity; null when the call was refused.
        activity: Activity
    }
    /// The project whose customer club was named.
    NameCustomerClubPayload {
        /// The project; null when the call was refused.
        project: Project
    }
}

/// Organising.
#[derive(Default)]
pub struct ActivityMutations;

#[Object]
impl ActivityMutations {
    /// Plans an activity for the customers of a project. Nobody but staff sees it until it is published.
    async fn create_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateActivityInput,
    ) -> Result<CreateActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewActivity {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                kind: input.kind.into(),
                partner_id: Kind::Partner.read_optional("partnerId", input.partner_id.as_ref())?,
                title: input.title,
                description: input.description,
                starts_at: instant("startsAt", input.starts_at)?,
                ends_at: instant("endsAt", input.ends_at)?,
                venue: input.venue,
                capacity: input.capacity,
                priority_until: optional_instant("openToAllAt", input.open_to_all_at)?,
            };
            activity::create(&request.services, &request.viewer, new).await
        };
        CreateActivityPayload::of(outcome.await)
    }

    /// Changes an activity that has not begun.
    async fn update_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateActivityInput,
    ) -> Result<UpdateActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            let changes = Changes {
                title: input.title,
                description: input.description,
                starts_at: optional_instant("startsAt", input.starts_at)?,
                ends_at: optional_instant("endsAt", input.ends_at)?,
                venue: input.venue,
                capacity: input.capacity,
                priority_until: optional_instant("openToAllAt", input.open_to_all_at)?,
            };
            activity::update(&request.services, &request.viewer, id, changes).await
        };
        UpdateActivityPayload::of(outcome.await)
    }

    /// Announces an activity: customers see it from now on and may register.
    async fn publish_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PublishActivityInput,
    ) -> Result<PublishActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            activity::publish(&request.services, &request.viewer, id).await
        };
        PublishActivityPayload::of(outcome.await)
    }

    /// Calls an activity off. Those who registered go on seeing it, with the reason.
    async fn cancel_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelActivityInput,
    ) -> Result<CancelActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            activity::cancel(&request.services, &request.viewer, id, &input.reason).await
        };
        CancelActivityPayload::of(outcome.await)
    }

    /// Invites customers, also those who are only interested so far: they see the activity from then on.
    async fn invite_to_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: InviteToActivityInput,
    ) -> Result<InviteToActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            let owners: Result<Vec<_>, Error> =
                input.owner_ids.iter().map(|id| Kind::Owner.read("ownerIds", id)).collect();
            activity::invite(&request.services, &request.viewer, id, &owners?).await
        };
        InviteToActivityPayload::of(outcome.await)
    }

    /// Writes down how an activity went. Without it the activity can't be closed.
    async fn evaluate_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EvaluateActivityInput,
    ) -> Result<EvaluateActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            activity::evaluate(&request.services, &request.viewer, id, &input.evaluation).await
        };
        EvaluateActivityPayload::of(outcome.await)
    }

    /// Closes an activity that is over. Refused with REQUIRED `evaluation` when it was not evaluated.
    async fn close_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CloseActivityInput,
    ) -> Result<CloseActivityPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Activity.read("activityId", &input.activity_id)?;
            activity::close(&request.services, &request.viewer, id).await
        };
        CloseActivityPayload::of(outcome.await)
    }

    /// Names the customer club under which a project's activities take place.
    async fn name_customer_club(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: NameCustomerClubInput,
    ) -> Result<NameCustomerClubPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Project.read("projectId", &input.project_id)?;
            let id = activity::name_club(&request.services, &request.viewer, id, &input.name).await?;
            request.load(ProjectOf(id)).await?.map(Project).ok_or_else(|| Error::unknown("projectId"))
        };
        NameCustomerClubPayload::of(outcome.await)
    }
}
