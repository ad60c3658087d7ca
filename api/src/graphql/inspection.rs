//! Rounds as the API shows them: plans with their points, the rounds that were made, what they found.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{inspection, inspection_finding, inspection_plan, inspection_point};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{Department, InspectionSubject},
    id::Kind,
    loaders::{
        BuildingOf, FindingsOfInspection, InspectionOf, LatestOfPlan, PlanOf, PointOf, PointsOfPlan, ProjectOf,
        StaffOf, TicketOf,
    },
    scalar::Date,
    staff::Staff,
    ticket::Ticket,
    unit::{Building, Project},
};
use crate::{
    error::Result,
    service::inspection::today,
    store::{
        self,
        inspection::{PlanFilter, RoundFilter},
    },
};

/// Declares objects that wrap a row.
macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident($row:path);)+) => {$(
        $(#[$doc])*
        pub struct $name($row);

        impl From<$row> for $name {
            fn from(row: $row) -> Self {
                Self(row)
            }
        }
    )+};
}

rows! {
    /// A plan of rounds.
    InspectionPlan(inspection_plan::Model);
    /// A point of a plan.
    InspectionPoint(inspection_point::Model);
    /// A round.
    Inspection(inspection::Model);
    /// What a round found.
    InspectionFinding(inspection_finding::Model);
}

/// What is checked how often (巡检计划). Visible to the project's agents and managers, outside customer service only their own department's; to administrators, supervisors and auditors.
#[Object]
impl InspectionPlan {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::InspectionPlan.id(self.0.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What is checked.
    async fn subject(&self) -> InspectionSubject {
        self.0.subject.into()
    }

    /// How many days after a round the next one is due.
    async fn every_days(&self) -> i32 {
        self.0.every_days
    }

    /// The department that answers for it.
    async fn department(&self) -> Department {
        self.0.department.into()
    }

    /// The day of the first round.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// The day by which the next round is due.
    async fn next_due_on(&self) -> Date {
        Date(self.0.next_due_on)
    }

    /// Whether rounds are made.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The building; null when the plan is about the grounds or the project as a whole.
    async fn building(&self, ctx: &Context<'_>) -> Option<Result<Building>> {
        ctx.ask().find(BuildingOf(self.0.building_id?), Building::from).await
    }

    /// What is checked in a round, in its order; without retired points.
    async fn points(&self, ctx: &Context<'_>) -> Result<Vec<InspectionPoint>> {
        let rows = ctx.ask().load(PointsOfPlan(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(InspectionPoint).collect())
    }

    /// The round that was made last; null before the first. Not visible to administrators.
    async fn latest_inspection(&self, ctx: &Context<'_>) -> Option<Result<Inspection>> {
        ctx.ask().find(LatestOfPlan(self.0.id), Inspection).await
    }
}

/// A thing or place that a plan checks.
#[Object]
impl InspectionPoint {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::InspectionPoint.id(self.0.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its place in the round, counted from 1; places of retired points stay empty.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Since when it is not checked any more; null while it is.
    async fn retired_at(&self) -> Option<DateTime<Utc>> {
        self.0.retired_at
    }
}

/// A round (巡检). Visible to whoever sees its plan, except administrators.
#[Object]
impl Inspection {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Inspection.id(self.0.id)
    }

    /// What was checked.
    async fn subject(&self) -> InspectionSubject {
        self.0.subject.into()
    }

    /// When it was made.
    async fn performed_at(&self) -> DateTime<Utc> {
        self.0.performed_at
    }

    /// The day on which it was made, in the project's time zone.
    async fn performed_on(&self) -> Date {
        Date(self.0.performed_on)
    }

    /// How many points were checked.
    async fn checked_count(&self) -> i32 {
        self.0.checked_count
    }

    /// How many of them were sound.
    async fn sound_count(&self) -> i32 {
        self.0.sound_count
    }

    /// A remark on the whole round.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The plan.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<InspectionPlan>> {
        ctx.ask().find(PlanOf(self.0.plan_id), InspectionPlan).await
    }

    /// Who made it.
    async fn performed_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.performed_by), Staff).await
    }

    /// What was not sound, in the order of the plan.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<InspectionFinding>> {
        let rows = ctx.ask().load(FindingsOfInspection(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(InspectionFinding).collect())
    }
}

/// A point that was not sound. Visible where its round is.
#[Object]
impl InspectionFinding {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::InspectionFinding.id(self.0.id)
    }

    /// What was wrong.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The point.
    async fn point(&self, ctx: &Context<'_>) -> Option<Result<InspectionPoint>> {
        ctx.ask().find(PointOf(self.0.point_id), InspectionPoint).await
    }

    /// The round.
    async fn inspection(&self, ctx: &Context<'_>) -> Option<Result<Inspection>> {
        ctx.ask().find(InspectionOf(self.0.inspection_id), Inspection).await
    }

    /// The ticket that sees to it, about the public areas of the building or project; null when nobody was sent, or when the ticket is not visible to you.
    async fn ticket(&self, ctx: &Context<'_>) -> Option<Result<Ticket>> {
        ctx.ask().find(TicketOf(self.0.ticket_id?), Ticket).await
    }
}

/// Narrows a list of plans. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "InspectionPlanFilter")]
pub struct PlanFilterInput {
    /// In this project.
    project_id: Option<ID>,
    /// About this building.
    building_id: Option<ID>,
    /// Of this subject.
    subject: Option<InspectionSubject>,
    /// True: rounds are made. False: they are not any more.
    is_active: Option<bool>,
}

impl PlanFilterInput {
    fn read(self) -> Result<PlanFilter> {
        Ok(PlanFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            building_id: Kind::Building.read_optional("filter.buildingId", self.building_id.as_ref())?,
            subject: self.subject.map(Into::into),
            is_active: self.is_active,
        })
    }
}

/// Narrows a list of rounds. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "InspectionFilter")]
pub struct RoundFilterInput {
    /// In this project.
    project_id: Option<ID>,
    /// Of this plan.
    plan_id: Option<ID>,
    /// Of this subject.
    subject: Option<InspectionSubject>,
    /// Made on this day or later, in the project's time zone.
    from: Option<Date>,
    /// Made on this day or before, in the project's time zone.
    to: Option<Date>,
}

impl RoundFilterInput {
    fn read(self) -> Result<RoundFilter> {
        Ok(RoundFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            plan_id: Kind::InspectionPlan.read_optional("filter.planId", self.plan_id.as_ref())?,
            subject: self.subject.map(Into::into),
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
        })
    }
}

/// Reading rounds.
#[derive(Default)]
pub struct InspectionQueries;

#[Object]
impl InspectionQueries {
    /// The plans of rounds that you may see, in the order in which they were made.
    #[allow(clippy::too_many_arguments)]
    async fn inspection_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<PlanFilterInput>,
    ) -> Result<Counted<InspectionPlan>> {
        let list = store::inspection::plans(&ctx.ask().viewer, &filter.unwrap_or_default().read()?);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The work list of rounds: the active plans whose round is due today or was before, in each project's own time zone, the longest due first.
    #[allow(clippy::too_many_arguments)]
    async fn inspections_due(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<PlanFilterInput>,
    ) -> Result<Counted<InspectionPlan>> {
        let page = page(first, after, last, before)?;
        let request = ctx.ask();
        let today = today(&request.services, request.now()).await?;
        let list = store::inspection::due(&request.viewer, &filter.unwrap_or_default().read()?, &today);
        listed(ctx, list, page).await
    }

    /// The rounds that you may see, the latest first.
    #[allow(clippy::too_many_arguments)]
    async fn inspections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<RoundFilterInput>,
    ) -> Result<Counted<Inspection>> {
        let list = store::inspection::rounds(&ctx.ask().viewer, &filter.unwrap_or_default().read()?);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}
