//! Handovers as the API shows them: times, bookings, checklists and defects.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{handover, handover_slot, handover_step};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{HandoverStatus, HandoverStepKind},
    id::Kind,
    loaders::{DefectsOfHandover, HandoverSlotOf, OwnerOf, PlaceOf, ProjectOf, StaffOf, StepsOfHandover},
    owner::Owner,
    scalar::{Date, optional_instant},
    staff::Staff,
    ticket::Ticket,
    unit::{Project, Unit},
};
use crate::{
    error::Result,
    store::{self, handover as rows},
};

/// A time at which homes are handed over.
pub struct HandoverSlot(pub handover_slot::Model);

impl From<handover_slot::Model> for HandoverSlot {
    fn from(row: handover_slot::Model) -> Self {
        Self(row)
    }
}

/// A time at which homes of a project are handed over. Visible to the project's owners, ambassadors, agents and managers.
#[Object]
impl HandoverSlot {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::HandoverSlot.id(self.0.id)
    }

    /// When it starts.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// When it ends.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// How many homes can be handed over at this time.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// How many places are left. Somebody may take the last one before you do.
    async fn free_places(&self) -> i32 {
        self.0.capacity - self.0.booked_count
    }

    /// The building it is for; null when it is for the whole project.
    async fn building_id(&self) -> Option<ID> {
        self.0.building_id.map(|id| Kind::Building.id(id))
    }

    /// The project whose homes are handed over.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }
}

/// The handing over of one home.
pub struct Handover(pub handover::Model);

impl From<handover::Model> for Handover {
    fn from(row: handover::Model) -> Self {
        Self(row)
    }
}

/// The handing over of one home (入住办理). Visible to its owners, the household's ambassador and the project's agents and managers.
#[Object]
impl Handover {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Handover.id(self.0.id)
    }

    /// Where it stands.
    async fn status(&self) -> HandoverStatus {
        self.0.status.into()
    }

    /// Grows with each change. Send it back as `expectedVersion` to act on what you saw only.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The home.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.ask().find(PlaceOf(self.0.unit_id), Unit::from).await
    }

    /// The owner who comes; null for co-owners, who do not see each other.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// The agreed time.
    async fn slot(&self, ctx: &Context<'_>) -> Option<Result<HandoverSlot>> {
        ctx.ask().find(HandoverSlotOf(self.0.slot_id?), HandoverSlot).await
    }

    /// Who accompanies the customer from the first step to the last; null before somebody is named, and again when that colleague leaves before the end.
    async fn accompanied_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.accompanied_by?), Staff).await
    }

    /// The checklist, in the order of the visit.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<HandoverStep>> {
        let rows = ctx.ask().load(StepsOfHandover(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(HandoverStep).collect())
    }

    /// The rectifications of the defects that were found, as far as you may see them; the first found first.
    async fn defects(&self, ctx: &Context<'_>) -> Result<Vec<Ticket>> {
        let rows = ctx.ask().load(DefectsOfHandover(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Ticket).collect())
    }

    /// When the visit began.
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }

    /// When it was completed.
    async fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.0.completed_at
    }

    /// The project's day on which it was completed: the first day of the warranties.
    async fn completed_on(&self) -> Option<Date> {
        self.0.completed_on.map(Date)
    }

    /// When it was called off.
    async fn cancelled_at(&self) -> Option<DateTime<Utc>> {
        self.0.cancelled_at
    }

    /// Why it was called off.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }
}

/// A step of a checklist.
pub struct HandoverStep(handover_step::Model);

/// A step of a handover's checklist.
#[Object]
impl HandoverStep {
    /// Which step.
    async fn kind(&self) -> HandoverStepKind {
        self.0.kind.into()
    }

    /// Whether the handover can't be completed without it.
    async fn is_mandatory(&self) -> bool {
        self.0.is_mandatory
    }

    /// What was written down about it, such as the readings of the meters.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it was ticked; null while it is open.
    async fn ticked_at(&self) -> Option<DateTime<Utc>> {
        self.0.ticked_at
    }

    /// Who ticked it; null while it is open, or when that colleague is not visible to you.
    async fn ticked_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.ticked_by?), Staff).await
    }
}

/// Which handovers to list. Conditions add up.
#[derive(InputObject, Default)]
pub struct HandoverFilter {
    /// Only those of this project.
    project_id: Option<ID>,
    /// Only those that stand here.
    status: Option<HandoverStatus>,
    /// Only those at this time.
    slot_id: Option<ID>,
    /// Only those that this member of staff accompanies.
    accompanied_by_id: Option<ID>,
    /// Only those that somebody accompanies; with false, only those for which somebody is to be named.
    is_accompanied: Option<bool>,
}

impl HandoverFilter {
    fn read(self) -> Result<rows::HandoverFilter> {
        Ok(rows::HandoverFilter {
            project_id: Kind::Project.read_optional("projectId", self.project_id.as_ref())?,
            status: self.status.map(Into::into),
            slot_id: Kind::HandoverSlot.read_optional("slotId", self.slot_id.as_ref())?,
            accompanied_by: Kind::Staff.read_optional("accompaniedById", self.accompanied_by_id.as_ref())?,
            is_accompanied: self.is_accompanied,
        })
    }
}

/// Handovers and their times.
#[derive(Default)]
pub struct HandoverQueries;

#[Object]
impl HandoverQueries {
    /// The times at which homes of a project are handed over, the earliest first.
    #[allow(clippy::too_many_arguments)]
    async fn handover_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] project_id: ID,
        #[graphql(desc = "Only those that start at or after this instant; now when left out.")] from: Option<
            DateTime<Utc>,
        >,
        #[graphql(desc = "Only those with a place left.", default = false)] is_free: bool,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<HandoverSlot>> {
        let page = page(first, after, last, before)?;
        let project_id = Kind::Project.read("projectId", &project_id)?;
        let from = optional_instant("from", from)?.unwrap_or_else(|| ctx.ask().now());
        let filter = rows::SlotFilter { project_id, from, is_free };
        listed(ctx, store::handover::slots(&ctx.ask().viewer, filter), page).await
    }

    /// Handovers in the order in which they were booked: an owner's own, an ambassador's households', a project's.
    #[allow(clippy::too_many_arguments)]
    async fn handovers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which handovers; all that you may see when left out.")] filter: Option<HandoverFilter>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Handover>> {
        let page = page(first, after, last, before)?;
        let filter = filter.unwrap_or_default().read()?;
        listed(ctx, store::handover::list(&ctx.ask().viewer, filter), page).await
    }
}
