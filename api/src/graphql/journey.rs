//! The catalogue of touchpoints, and each customer's way along it.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{touchpoint, vocab};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{Department, JourneyStatus, OwnerStage, TouchpointAnchor},
    id::Kind,
    loaders::{Catalogue, FactsOf},
    scalar::Date,
    user_error::payloads,
};
use crate::{
    domain,
    error::{Error, Result},
    service::journey::{TouchpointChange, rule, update_touchpoint},
    store,
};

/// A touchpoint.
pub struct Touchpoint(pub touchpoint::Model);

impl From<touchpoint::Model> for Touchpoint {
    fn from(row: touchpoint::Model) -> Self {
        Self(row)
    }
}

/// A point of contact in the life of a home, as the company's service standard names it. For owners and all staff.
#[Object]
impl Touchpoint {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Touchpoint.id(self.0.id)
    }

    /// The row of the service standard, such as `T4.1`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The stage of the owner in which it takes place.
    async fn stage(&self) -> OwnerStage {
        self.0.stage.into()
    }

    /// The name in Chinese.
    async fn name(&self) -> &str {
        &self.0.name_zh
    }

    /// The name in English.
    async fn name_en(&self) -> &str {
        &self.0.name_en
    }

    /// What it is for, in Chinese (服务目标).
    async fn goal(&self) -> &str {
        &self.0.goal_zh
    }

    /// What it is for, in English.
    async fn goal_en(&self) -> &str {
        &self.0.goal_en
    }

    /// The department that leads (牵头部门).
    async fn lead_department(&self) -> Department {
        self.0.lead_department.into()
    }

    /// The departments that take part (参与部门).
    async fn participating_departments(&self) -> Result<Vec<Department>> {
        let list: Vec<vocab::Department> =
            serde_json::from_value(self.0.participating_departments.clone()).map_err(Error::internal)?;
        Ok(list.into_iter().map(Into::into).collect())
    }

    /// What has to be seen to, in Chinese (服务要点).
    async fn service_points(&self) -> Result<Vec<String>> {
        serde_json::from_value(self.0.service_points.clone()).map_err(Error::internal)
    }

    /// When it is due; null when it never falls due.
    async fn due(&self) -> Option<TouchpointDue> {
        Some(TouchpointDue { from: self.0.due_from?.into(), after_days: self.0.due_after_days.unwrap_or_default() })
    }

    /// Whether it is part of journeys.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }
}

/// When a touchpoint is due.
#[derive(SimpleObject)]
pub struct TouchpointDue {
    /// The day from which it is counted.
    from: TouchpointAnchor,
    /// How many days after it.
    after_days: i32,
}

/// Where an owner stands with a touchpoint.
#[derive(SimpleObject)]
pub struct JourneyEntry {
    /// The touchpoint.
    touchpoint: Touchpoint,
    /// Where the owner stands with it.
    status: JourneyStatus,
    /// The day by which it is to happen, in the project's time zone; null when nobody knows, and when it is done.
    due_on: Option<Date>,
    /// When it took place; for what is known by its day only, the day's first instant. Null before.
    completed_at: Option<DateTime<Utc>>,
}

/// An owner's journey along the whole catalogue.
pub(super) async fn journey(ctx: &Context<'_>, owner_id: uuid::Uuid) -> Result<Vec<JourneyEntry>> {
    let request = ctx.ask();
    let Some(facts) = request.load(FactsOf(owner_id)).await? else { return Ok(Vec::new()) };
    let catalogue = request.load(Catalogue).await?.unwrap_or_default();
    let entry = |row: &touchpoint::Model| {
        let entry = domain::journey::entry(&rule(row), facts.stage, &facts.homes, request.now());
        JourneyEntry {
            touchpoint: Touchpoint(row.clone()),
            status: entry.status.into(),
            due_on: entry.due_on.map(Date),
            completed_at: entry.completed_at,
        }
    };
    Ok(catalogue.iter().map(entry).collect())
}

/// When a touchpoint is due.
#[derive(InputObject)]
pub struct TouchpointDueInput {
    /// The day from which it is counted.
    from: TouchpointAnchor,
    /// How many days after it; negative for days before, at most ten years.
    after_days: i32,
}

/// Edits a touchpoint. What is left out stays.
#[derive(InputObject)]
pub struct UpdateTouchpointInput {
    /// Which one.
    touchpoint_id: ID,
    /// The stage of the owner in which it takes place.
    stage: Option<OwnerStage>,
    /// The name in Chinese; at most 60 characters.
    name: Option<String>,
    /// The name in English; at most 60 characters.
    name_en: Option<String>,
    /// What it is for, in Chinese; at most 500 characters.
    goal: Option<String>,
    /// What it is for, in English; at most 500 characters.
    goal_en: Option<String>,
    /// The department that leads.
    lead_department: Option<Department>,
    /// The departments that take part.
    participating_departments: Option<Vec<Department>>,
    /// What has to be seen to; at most 20 points of 500 characters each.
    service_points: Option<Vec<String>>,
    /// When it is due; null for never.
    due: MaybeUndefined<TouchpointDueInput>,
    /// Whether it is part of journeys.
    is_active: Option<bool>,
}

impl UpdateTouchpointInput {
    fn change(self) -> TouchpointChange {
        let departments = |list: Vec<Department>| list.into_iter().map(Into::into).collect();
        TouchpointChange {
            stage: self.stage.map(Into::into),
            name: self.name,
            name_en: self.name_en,
            goal: self.goal,
            goal_en: self.goal_en,
            lead_department: self.lead_department.map(Into::into),
            participating_departments: self.participating_departments.map(departments),
            service_points: self.service_points,
            due: match self.due {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(due) => Some(Some((due.from.into(), due.after_days))),
            },
            is_active: self.is_active,
        }
    }
}

payloads! {
    /// The touchpoint that was edited.
    UpdateTouchpointPayload {
        /// The touchpoint; null when the call was refused.
        touchpoint: Touchpoint
    }
}

/// The catalogue.
#[derive(Default)]
pub struct JourneyQueries;

#[Object]
impl JourneyQueries {
    /// The touchpoints of the service standard, in its order. Owners see those that are part of journeys.
    async fn touchpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Touchpoint>> {
        let list = store::journey::catalogue(&ctx.ask().viewer);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Editing the catalogue.
#[derive(Default)]
pub struct JourneyMutations;

#[Object]
impl JourneyMutations {
    /// Edits a touchpoint of the catalogue, and with it every customer's journey. Written to the audit log.
    async fn update_touchpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateTouchpointInput,
    ) -> Result<UpdateTouchpointPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Touchpoint.read("touchpointId", &input.touchpoint_id)?;
            update_touchpoint(&request.services, &request.viewer, id, input.change()).await
        };
        UpdateTouchpointPayload::of(outcome.await)
    }
}
