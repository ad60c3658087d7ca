//! The progress of construction as customers follow it, and how many of them were told.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::milestone;

use super::{
    bulletin::Bulletin,
    context::Ask,
    enums::MilestoneKind,
    id::Kind,
    loaders::{BuildingOf, BulletinOf, CoverageOf, ProjectOf},
    scalar::Date,
    unit::{Building, Project},
    user_error::payloads,
};
use crate::{
    error::Result,
    service::milestone::{self as service, Mark},
};

/// A step of construction.
pub struct Milestone(pub milestone::Model);

impl From<milestone::Model> for Milestone {
    fn from(row: milestone::Model) -> Self {
        Self(row)
    }
}

/// A step of construction (工程节点) of a project or one of its buildings. Owners see those that were reached; staff those of their projects.
#[Object]
impl Milestone {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Milestone.id(self.0.id)
    }

    /// Which step.
    async fn kind(&self) -> MilestoneKind {
        self.0.kind.into()
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The building it is about; null when it is about the whole project.
    async fn building(&self, ctx: &Context<'_>) -> Option<Result<Building>> {
        ctx.ask().find(BuildingOf(self.0.building_id?), Building::from).await
    }

    /// For staff: the day it is planned for; null when no day was planned, and for owners.
    async fn planned_on(&self, ctx: &Context<'_>) -> Option<Date> {
        self.0.planned_on.filter(|_| ctx.ask().viewer.owner_id().is_none()).map(Date)
    }

    /// The day it was reached; null before.
    async fn reached_on(&self) -> Option<Date> {
        self.0.reached_on.map(Date)
    }

    /// What was said about it to the customers; null when nothing more was said.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What told the customers; null before it was reached, and for owners who were not told.
    async fn bulletin(&self, ctx: &Context<'_>) -> Option<Result<Bulletin>> {
        ctx.ask().find(BulletinOf(self.0.bulletin_id?), Bulletin).await
    }

    /// For staff: how many of the customers concerned were told. Null before it was reached, and for owners.
    async fn coverage(&self, ctx: &Context<'_>) -> Option<Result<MilestoneCoverage>> {
        self.0.reached_on?;
        if ctx.ask().viewer.owner_id().is_some() {
            return None;
        }
        let coverage = ctx.ask().load(CoverageOf(self.0.id)).await.map(Option::unwrap_or_default);
        Some(coverage.map(|coverage| MilestoneCoverage { notified: coverage.notified, in_scope: coverage.in_scope }))
    }
}

/// How many customers were told of a milestone. All of them should be.
#[derive(SimpleObject)]
pub struct MilestoneCoverage {
    /// How many of the customers in scope it was delivered to.
    notified: i64,
    /// How many customers had signed a contract in its scope by the day it was reached.
    in_scope: i64,
}

/// Plans a milestone, or moves the plan.
#[derive(InputObject)]
pub struct PlanMilestoneInput {
    /// The project.
    project_id: ID,
    /// Only this building of the project.
    building_id: Option<ID>,
    /// Which step.
    kind: MilestoneKind,
    /// The day it is planned for.
    planned_on: Date,
}

/// Notes that a milestone was reached.
#[derive(InputObject)]
pub struct ReachMilestoneInput {
    /// The project.
    project_id: ID,
    /// Only this building of the project.
    building_id: Option<ID>,
    /// Which step.
    kind: MilestoneKind,
    /// The day it was reached, not after today; today when left out.
    reached_on: Option<Date>,
    /// What else to tell the customers; at most 1000 characters.
    note: Option<String>,
}

payloads! {
    /// The milestone that was planned.
    PlanMilestonePayload {
        /// The milestone; null when the call was refused.
        milestone: Milestone
    }
    /// The milestone that was reached.
    ReachMilestonePayload {
        /// The milestone; null when the call was refused.
        milestone: Milestone
    }
}

/// The progress of construction.
#[derive(Default)]
pub struct MilestoneMutations;

#[Object]
impl MilestoneMutations {
    /// Plans a milestone of construction for a day, or moves the plan. Customers are not told.
    async fn plan_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PlanMilestoneInput,
    ) -> Result<PlanMilestonePayload> {
        let request = ctx.ask();
        let outcome = async {
            let mark = mark(&input.project_id, input.building_id.as_ref(), input.kind)?;
            service::plan(&request.services, &request.viewer, mark, input.planned_on.0).await
        };
        PlanMilestonePayload::of(outcome.await)
    }

    /// Notes that a milestone was reached and publishes a bulletin to every customer with a contract in its scope. Once: a second call is refused.
    async fn reach_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ReachMilestoneInput,
    ) -> Result<ReachMilestonePayload> {
        let request = ctx.ask();
        let outcome = async {
            let mark = mark(&input.project_id, input.building_id.as_ref(), input.kind)?;
            let reached_on = input.reached_on.map(|day| day.0);
            service::reach(&request.services, &request.viewer, mark, reached_on, input.note.as_deref()).await
        };
        ReachMilestonePayload::of(outcome.await)
    }
}

fn mark(project_id: &ID, building_id: Option<&ID>, kind: MilestoneKind) -> Result<Mark> {
    Ok(Mark {
        project_id: Kind::Project.read("projectId", project_id)?,
        building_id: Kind::Building.read_optional("buildingId", building_id)?,
        kind: kind.into(),
    })
}
