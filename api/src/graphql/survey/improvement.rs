//! Tasks that bad results open.

use std::borrow::Cow;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::improvement_task;

use crate::{
    error::Result,
    graphql::{
        context::Ask,
        enums::{Department, SurveyDimension, TaskStatus},
        id::Kind,
        loaders::{ProjectOf, StaffOf, SurveyOf},
        scalar::Date,
        staff::Staff,
        survey::Survey,
        unit::Project,
    },
    language::written,
};

/// What a department must improve.
pub struct ImprovementTask(pub improvement_task::Model);

impl From<improvement_task::Model> for ImprovementTask {
    fn from(row: improvement_task::Model) -> Self {
        Self(row)
    }
}

/// What a department must improve, because a survey's result was under its target. Visible to the department and to customer service in the project, and to the group.
#[Object]
impl ImprovementTask {
    /// Global id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::ImprovementTask.id(self.0.id)
    }

    /// What it is about, in one line and in your language.
    async fn title(&self, ctx: &Context<'_>) -> Cow<'_, str> {
        written(self.0.written.as_ref(), &self.0.title, ctx.ask().language)
    }

    /// The department that answers for it.
    async fn department(&self) -> Department {
        self.0.department.into()
    }

    /// The side of the survey that missed its target; null for the survey as a whole.
    async fn dimension(&self) -> Option<SurveyDimension> {
        self.0.dimension.map(Into::into)
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The survey that opened it.
    async fn survey(&self, ctx: &Context<'_>) -> Option<Result<Survey>> {
        ctx.ask().find(SurveyOf(self.0.campaign_id?), Survey).await
    }

    /// The satisfaction index that was reached, as a percentage.
    async fn measured_percentage(&self) -> Option<f64> {
        self.0.measured_basis_points.map(percentage)
    }

    /// The satisfaction index that should be reached, as a percentage.
    async fn target_percentage(&self) -> Option<f64> {
        self.0.target_basis_points.map(percentage)
    }

    /// The last day for it.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// Where it stands.
    async fn status(&self) -> TaskStatus {
        self.0.status.into()
    }

    /// What was done; null before.
    async fn measure(&self) -> Option<&str> {
        self.0.measure.as_deref()
    }

    /// Who did it; null before.
    async fn completed_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.completed_by?), Staff).await
    }

    /// When it was done; null before.
    async fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.0.completed_at
    }

    /// When it was opened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

fn percentage(basis_points: i32) -> f64 {
    f64::from(basis_points) / 100.0
}
