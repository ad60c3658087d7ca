//! Activities as the API shows them, and who takes part.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::{activity, activity_invitation, activity_registration, vocab};

use super::{
    context::{Ask, RequestContext},
    enums::{ActivityKind, ActivityStatus, RegistrationStatus},
    id::Kind,
    lecture::Partner,
    loaders::{ActivityOf, ClubNameOf, MyInvitationTo, MyRegistrationFor, OwnerOf, PartnerOf, PositionOf, ProjectOf},
    loaders::{SeatsOfActivity, StaffOf},
    owner::Owner,
    staff::Staff,
    unit::Project,
};
use crate::{domain::activity::CLUB_NAME, error::Result};

/// An event for customers.
pub struct Activity(pub activity::Model);

impl From<activity::Model> for Activity {
    fn from(row: activity::Model) -> Self {
        Self(row)
    }
}

/// An event for customers: of the customer club, an open day, or a decoration lecture. Owners see those of their projects and those they are invited to, once they are published; staff those of their projects.
#[Object]
impl Activity {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Activity.id(self.0.id)
    }

    /// What kind of event.
    async fn kind(&self) -> ActivityKind {
        self.0.kind.into()
    }

    /// The name of the project's customer club (客户俱乐部) under which it takes place. Show it with the title.
    async fn club_name(&self, ctx: &Context<'_>) -> Result<String> {
        club_name(ctx.ask(), self.0.project_id).await
    }

    /// What it is about, in one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it is about, in full; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// When it starts. Registration ends then.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// When it ends.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// Where it takes place.
    async fn venue(&self) -> &str {
        &self.0.venue
    }

    /// How many seats there are.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// How many seats are taken.
    async fn registration_count(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        Some(ctx.ask().load(SeatsOfActivity(self.0.id)).await.map(Option::unwrap_or_default))
    }

    /// How many seats are free. At 0 whoever registers waits for one.
    async fn seats_left(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        let taken = ctx.ask().load(SeatsOfActivity(self.0.id)).await.map(Option::unwrap_or_default);
        Some(taken.map(|taken| (i64::from(self.0.capacity) - taken).max(0)))
    }

    /// Where it stands.
    async fn status(&self) -> ActivityStatus {
        self.0.status.into()
    }

    /// Of a lecture: until then only owners in stage HANDED_OVER may register, who are about to renovate. Null when it is open to all.
    async fn open_to_all_at(&self) -> Option<DateTime<Utc>> {
        self.0.priority_until
    }

    /// Why it was called off; null when it was not.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }

    /// How it went, as staff wrote it down. Null before, and for owners.
    async fn evaluation(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.evaluation.as_deref().filter(|_| is_staff(ctx))
    }

    /// When it was evaluated. Null before, and for owners.
    async fn evaluated_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        self.0.evaluated_at.filter(|_| is_staff(ctx))
    }

    /// Who evaluated it. Null before, and for owners.
    async fn evaluated_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        let id = self.0.evaluated_by.filter(|_| is_staff(ctx))?;
        ctx.ask().find(StaffOf(id), Staff).await
    }

    /// The project whose customers it is for.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The partner who gives the lecture; null when the company does.
    async fn partner(&self, ctx: &Context<'_>) -> Option<Result<Partner>> {
        ctx.ask().find(PartnerOf(self.0.partner_id?), Partner).await
    }

    /// Your own registration, also a cancelled one. Null for staff, and when you have not registered.
    async fn my_registration(&self, ctx: &Context<'_>) -> Option<Result<ActivityRegistration>> {
        ctx.ask().find(MyRegistrationFor(self.0.id), ActivityRegistration).await
    }

    /// When you were invited. Null for staff, and when you were not.
    async fn invited_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime<Utc>>> {
        ctx.ask().load(MyInvitationTo(self.0.id)).await.transpose()
    }
}

fn is_staff(ctx: &Context<'_>) -> bool {
    ctx.ask().viewer.staff_id().is_some()
}

/// What a project calls its customer club.
pub(super) async fn club_name(request: &RequestContext, project_id: uuid::Uuid) -> Result<String> {
    Ok(request.load(ClubNameOf(project_id)).await?.unwrap_or_else(|| CLUB_NAME.to_owned()))
}

/// A customer's registration.
pub struct ActivityRegistration(pub activity_registration::Model);

impl From<activity_registration::Model> for ActivityRegistration {
    fn from(row: activity_registration::Model) -> Self {
        Self(row)
    }
}

/// A customer's seat at an activity, or place in its wait list. Owners see their own; ambassadors those of their households; the project's agents and managers all.
#[Object]
impl ActivityRegistration {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::ActivityRegistration.id(self.0.id)
    }

    /// Where it stands.
    async fn status(&self) -> RegistrationStatus {
        self.0.status.into()
    }

    /// The place in the wait list, from 1, which is the next to get a seat. Null unless the status is WAITLISTED.
    async fn waitlist_position(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        if self.0.status != vocab::RegistrationStatus::Waitlisted {
            return None;
        }
        ctx.ask().load(PositionOf(self.0.id)).await.transpose()
    }

    /// When the customer first registered.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When a freed seat was given to the customer; null when there was no wait. Show it as good news.
    async fn promoted_at(&self) -> Option<DateTime<Utc>> {
        self.0.promoted_at
    }

    /// When the reminder became due, at most 24 hours before the start; null before. Show it once.
    async fn reminded_at(&self) -> Option<DateTime<Utc>> {
        self.0.reminded_at
    }

    /// When the customer was seen there; null when not.
    async fn attended_at(&self) -> Option<DateTime<Utc>> {
        self.0.attended_at
    }

    /// The activity.
    async fn activity(&self, ctx: &Context<'_>) -> Option<Result<Activity>> {
        ctx.ask().find(ActivityOf(self.0.activity_id), Activity).await
    }

    /// The customer, as far as you may see them.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }
}

/// That a customer was invited.
pub struct ActivityInvitation(activity_invitation::Model);

impl From<activity_invitation::Model> for ActivityInvitation {
    fn from(row: activity_invitation::Model) -> Self {
        Self(row)
    }
}

/// That a customer was invited to an activity.
#[Object]
impl ActivityInvitation {
    /// When.
    async fn invited_at(&self) -> DateTime<Utc> {
        self.0.invited_at
    }

    /// The activity.
    async fn activity(&self, ctx: &Context<'_>) -> Option<Result<Activity>> {
        ctx.ask().find(ActivityOf(self.0.activity_id), Activity).await
    }

    /// The customer, as far as you may see them.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }
}
