//! Lists of surveys and of what they consist of, and their results.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    ImprovementTask, Survey, SurveyInvitation, SurveyTemplate,
    statistics::{SurveyStatistics, SurveyStatisticsFilter},
};
use crate::{
    domain::survey::calendar,
    error::Result,
    graphql::{
        connection::{Counted, listed, page},
        context::Ask,
        enums::{Department, SurveyGrouping, SurveyInvitationStatus, SurveyKind, SurveyTemplateStatus, TaskStatus},
        id::Kind,
        unit::Project,
    },
    service::survey::{campaign, statistics},
    store::survey::{
        campaign::{self as campaigns, CampaignFilter},
        improvement::{self, TaskFilter},
        invitation::{self, InvitationFilter},
        template::{self, TemplateFilter},
    },
};

/// Narrows a list of survey invitations. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "SurveyInvitationFilter")]
pub struct InvitationFilterInput {
    /// Where they stand. One whose time is over is EXPIRED.
    status: Option<SurveyInvitationStatus>,
    /// To surveys of this kind.
    kind: Option<SurveyKind>,
    /// To this survey.
    survey_id: Option<ID>,
    /// In this project.
    project_id: Option<ID>,
}

impl InvitationFilterInput {
    fn read(self) -> Result<InvitationFilter> {
        Ok(InvitationFilter {
            status: self.status.map(Into::into),
            kind: self.kind.map(Into::into),
            campaign_id: Kind::Survey.read_optional("filter.surveyId", self.survey_id.as_ref())?,
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
        })
    }
}

/// Narrows a list of surveys.
#[derive(InputObject, Default)]
#[graphql(name = "SurveyFilter")]
pub struct SurveyFilterInput {
    /// Of this kind.
    kind: Option<SurveyKind>,
    /// In this project.
    project_id: Option<ID>,
    /// True: not closed yet. False: closed.
    open: Option<bool>,
}

/// Narrows a list of questionnaires.
#[derive(InputObject, Default)]
#[graphql(name = "SurveyTemplateFilter")]
pub struct TemplateFilterInput {
    /// Of this kind.
    kind: Option<SurveyKind>,
    /// Where they stand.
    status: Option<SurveyTemplateStatus>,
}

/// Narrows a list of improvement tasks.
#[derive(InputObject, Default)]
#[graphql(name = "ImprovementTaskFilter")]
pub struct TaskFilterInput {
    /// Where they stand.
    status: Option<TaskStatus>,
    /// The department that answers for them.
    department: Option<Department>,
    /// In this project.
    project_id: Option<ID>,
}

/// A monthly survey that did not open in the first five days of the month.
#[derive(SimpleObject)]
pub struct SurveyAlert {
    /// The project.
    project: Project,
    /// What the survey asks about.
    kind: SurveyKind,
    /// The calendar month that should be surveyed, as `2026-11`.
    month: String,
    /// When it opened after all; null while it is missing.
    opened_at: Option<DateTime<Utc>>,
}

impl From<campaign::Alert> for SurveyAlert {
    fn from(alert: campaign::Alert) -> Self {
        Self {
            project: Project(alert.project),
            kind: alert.kind.into(),
            month: calendar::written(alert.month),
            opened_at: alert.opened_at,
        }
    }
}

/// Reading surveys.
#[derive(Default)]
pub struct SurveyQueries;

#[Object]
impl SurveyQueries {
    /// The survey invitations that you may see, the newest first: a customer's own; in one's projects those of surveys that concern one's department.
    async fn survey_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<InvitationFilterInput>,
    ) -> Result<Counted<SurveyInvitation>> {
        let (request, filter) = (ctx.ask(), filter.unwrap_or_default().read()?);
        let list = invitation::list(&request.viewer, &filter, request.now());
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The surveys of your projects that concern your department, the newest first. Each is of one cohort.
    async fn surveys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<SurveyFilterInput>,
    ) -> Result<Counted<Survey>> {
        let filter = filter.unwrap_or_default();
        let filter = CampaignFilter {
            kind: filter.kind.map(Into::into),
            project_id: Kind::Project.read_optional("filter.projectId", filter.project_id.as_ref())?,
            open: filter.open,
        };
        listed(ctx, campaigns::list(&ctx.ask().viewer, &filter), page(first, after, last, before)?).await
    }

    /// The versions of questionnaires, the newest first.
    async fn survey_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<TemplateFilterInput>,
    ) -> Result<Counted<SurveyTemplate>> {
        let filter = filter.unwrap_or_default();
        let filter = TemplateFilter { kind: filter.kind.map(Into::into), status: filter.status.map(Into::into) };
        listed(ctx, template::list(&ctx.ask().viewer, &filter), page(first, after, last, before)?).await
    }

    /// What departments must improve after bad results, the oldest first. Members of a department see its tasks in their projects; customer service and the property company see all of the project.
    async fn improvement_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<TaskFilterInput>,
    ) -> Result<Counted<ImprovementTask>> {
        let filter = filter.unwrap_or_default();
        let filter = TaskFilter {
            status: filter.status.map(Into::into),
            department: filter.department.map(Into::into),
            project_id: Kind::Project.read_optional("filter.projectId", filter.project_id.as_ref())?,
        };
        listed(ctx, improvement::list(&ctx.ask().viewer, &filter), page(first, after, last, before)?).await
    }

    /// Results of the closed surveys that you may see. Groups of fewer than five responses are not shown, nor what could be found by comparing others.
    async fn survey_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the results.")] filter: Option<SurveyStatisticsFilter>,
        #[graphql(desc = "By what they are broken down; only the total when left out.")] group_by: Option<
            SurveyGrouping,
        >,
    ) -> Result<SurveyStatistics> {
        let request = ctx.ask();
        let filter = filter.unwrap_or_default().read(request.now())?;
        let grouping = group_by.map(Into::into);
        let found = statistics::statistics(&request.services, &request.viewer, &filter, grouping).await?;
        Ok(found.into())
    }

    /// The monthly surveys of your projects that did not open in the first five days of this month.
    async fn survey_alerts(&self, ctx: &Context<'_>) -> Result<Vec<SurveyAlert>> {
        let request = ctx.ask();
        let alerts = campaign::alerts(&request.services, &request.viewer).await?;
        Ok(alerts.into_iter().map(SurveyAlert::from).collect())
    }
}
