//! What clients send to plan rounds and to write them down.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};

use super::{
    context::Ask,
    enums::{Department, InspectionSubject, Urgency},
    id::Kind,
    inspection::{Inspection, InspectionPlan},
    scalar::{Date, optional_instant},
    user_error::payloads,
};
use crate::{
    domain::inspection::PointResult,
    error::Result,
    service::inspection::{self, NewPlan, NewRound, PlanChanges},
};

/// Plans rounds.
#[derive(InputObject)]
pub struct CreateInspectionPlanInput {
    /// The project.
    project_id: ID,
    /// The building; left out for the grounds or the project as a whole.
    building_id: Option<ID>,
    /// What is checked.
    subject: InspectionSubject,
    /// What it is called; at most 50 characters.
    name: String,
    /// How many days after a round the next one is due; 1 to 1830.
    every_days: i32,
    /// The department that answers for it.
    department: Department,
    /// The day of the first round, in the project's time zone.
    starts_on: Date,
    /// What is checked, in the order of the round: 1 to 200 names of at most 50 characters, each once.
    points: Vec<String>,
}

impl CreateInspectionPlanInput {
    fn read(self) -> Result<NewPlan> {
        Ok(NewPlan {
            project_id: Kind::Project.read("projectId", &self.project_id)?,
            building_id: Kind::Building.read_optional("buildingId", self.building_id.as_ref())?,
            subject: self.subject.into(),
            name: self.name,
            every_days: self.every_days,
            department: self.department.into(),
            starts_on: self.starts_on.0,
            points: self.points,
        })
    }
}

/// Changes a plan. What is left out stays.
#[derive(InputObject)]
pub struct UpdateInspectionPlanInput {
    /// The plan.
    plan_id: ID,
    /// What it is called; at most 50 characters.
    name: Option<String>,
    /// How many days after a round the next one is due; 1 to 1830.
    every_days: Option<i32>,
    /// The department that answers for it.
    department: Option<Department>,
    /// The day by which the next round is due, in the project's time zone.
    next_due_on: Option<Date>,
    /// Whether rounds are made.
    is_active: Option<bool>,
    /// What is checked as well from now on, after the present points.
    #[graphql(default)]
    add_points: Vec<String>,
    /// The points that are not checked any more. Rounds that were made keep them.
    #[graphql(default)]
    retire_point_ids: Vec<ID>,
}

impl UpdateInspectionPlanInput {
    fn read(self) -> Result<PlanChanges> {
        let retired = self.retire_point_ids.iter().map(|id| Kind::InspectionPoint.read("retirePointIds", id));
        Ok(PlanChanges {
            retire_point_ids: retired.collect::<Result<_>>()?,
            name: self.name,
            every_days: self.every_days,
            department: self.department.map(Into::into),
            next_due_on: self.next_due_on.map(|day| day.0),
            is_active: self.is_active,
            add_points: self.add_points,
        })
    }
}

/// What a round says of one point.
#[derive(InputObject)]
pub struct InspectionPointResultInput {
    /// The point.
    point_id: ID,
    /// Whether it is as it should be; a security post is sound when it is manned.
    is_sound: bool,
    /// What is wrong; at most 1000 characters. For a point that is not sound, and only there.
    finding: Option<String>,
    /// Whether the finding becomes a ticket, so that somebody is sent; true when left out for a point that is not sound.
    opens_ticket: Option<bool>,
    /// How soon the ticket must be served: URGENT or NORMAL.
    #[graphql(default_with = "Urgency::Normal")]
    urgency: Urgency,
}

impl InspectionPointResultInput {
    fn read(self) -> Result<PointResult> {
        Ok(PointResult {
            point_id: Kind::InspectionPoint.read("points.pointId", &self.point_id)?,
            is_sound: self.is_sound,
            finding: self.finding,
            opens_ticket: self.opens_ticket.unwrap_or(!self.is_sound),
            urgency: self.urgency.into(),
        })
    }
}

/// Writes a round down.
#[derive(InputObject)]
pub struct RecordInspectionInput {
    /// The plan.
    plan_id: ID,
    /// Who made it: somebody who works for the project; you when left out.
    performed_by_id: Option<ID>,
    /// When it was made, within the last seven days; now when left out.
    performed_at: Option<DateTime<Utc>>,
    /// Each point of the plan, once. How many were checked and sound is counted from this.
    points: Vec<InspectionPointResultInput>,
    /// A remark on the whole round; at most 1000 characters.
    note: Option<String>,
    /// Makes a repeated call harmless: the same key carries the call out once.
    idempotency_key: Option<String>,
}

impl RecordInspectionInput {
    fn read(self) -> Result<NewRound> {
        Ok(NewRound {
            plan_id: Kind::InspectionPlan.read("planId", &self.plan_id)?,
            performed_by: Kind::Staff.read_optional("performedById", self.performed_by_id.as_ref())?,
            performed_at: optional_instant("performedAt", self.performed_at)?,
            points: self.points.into_iter().map(InspectionPointResultInput::read).collect::<Result<_>>()?,
            note: self.note,
            idempotency_key: self.idempotency_key,
        })
    }
}

payloads! {
    /// The plan that was made.
    CreateInspectionPlanPayload {
        /// The plan; null when the call was refused.
        plan: InspectionPlan
    }
    /// The plan that was changed.
    UpdateInspectionPlanPayload {
        /// The plan; null when the call was refused.
        plan: InspectionPlan
    }
    /// The round that was written down.
    RecordInspectionPayload {
        /// The round, with its findings and their tickets; null when the call was refused.
        inspection: Inspection
    }
}

/// Rounds.
#[derive(Default)]
pub struct InspectionMutations;

#[Object]
impl InspectionMutations {
    /// Plans rounds over a building or a project's grounds. Managers plan for their own projects. Written to the audit log.
    async fn create_inspection_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateInspectionPlanInput,
    ) -> Result<CreateInspectionPlanPayload> {
        let request = ctx.ask();
        let outcome = async { inspection::create_plan(&request.services, &request.viewer, input.read()?).await };
        CreateInspectionPlanPayload::of(outcome.await)
    }

    /// Changes a plan: its rhythm, its points, whether rounds are made at all. Written to the audit log.
    async fn update_inspection_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateInspectionPlanInput,
    ) -> Result<UpdateInspectionPlanPayload> {
        let request = ctx.ask();
        let outcome = async {
            let plan_id = Kind::InspectionPlan.read("planId", &input.plan_id)?;
            inspection::update_plan(&request.services, &request.viewer, plan_id, input.read()?).await
        };
        UpdateInspectionPlanPayload::of(outcome.await)
    }

    /// Writes a round down. Findings become repairs of the public areas at the same moment, and the next round is due so many days after this one.
    async fn record_inspection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordInspectionInput,
    ) -> Result<RecordInspectionPayload> {
        let request = ctx.ask();
        let outcome = async { inspection::record(&request.services, &request.viewer, input.read()?).await };
        RecordInspectionPayload::of(outcome.await)
    }
}
