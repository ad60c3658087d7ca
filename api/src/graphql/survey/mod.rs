//! Surveys as the API shows them: questionnaires, campaigns, invitations and answers.

mod improvement;
mod input;
mod mutation;
mod query;
mod statistics;

use std::borrow::Cow;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{survey_campaign, survey_invitation, survey_question, survey_template, vocab::InvitationStatus};

use super::{
    context::Ask,
    enums::{Channel, SurveyDimension, SurveyInvitationStatus, SurveyKind, SurveyQuestionKind, SurveyTemplateStatus},
    id::Kind,
    loaders::{
        AnswersOfInvitation, OwnerOf, PlaceOf, ProjectOf, QuestionsOfTemplate, StaffOf, SurveyOf, TemplateOf,
        TurnoutOfSurvey,
    },
    owner::Owner,
    staff::Staff,
    unit::{Project, Unit},
};
use crate::{domain::survey::calendar, error::Result, language::written, service::survey::template::options};

pub use improvement::ImprovementTask;
pub use mutation::SurveyMutations;
pub use query::SurveyQueries;

/// A question of a questionnaire.
pub struct SurveyQuestion(pub survey_question::Model);

impl From<survey_question::Model> for SurveyQuestion {
    fn from(row: survey_question::Model) -> Self {
        Self(row)
    }
}

/// One of the answers that a choice offers.
#[derive(SimpleObject)]
pub struct SurveyOption {
    /// What an answer gives.
    value: String,
    /// What people read.
    label: String,
}

/// A question shows only when an earlier one was answered like this; otherwise it is not asked.
#[derive(SimpleObject)]
pub struct SurveyShowIf {
    /// The earlier question. When that one is hidden itself, this one is hidden too.
    question_id: ID,
    /// The answer on which this one shows; of a multiple choice one of those chosen.
    equals: String,
}

/// A question of a questionnaire.
#[Object]
impl SurveyQuestion {
    /// Global id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::SurveyQuestion.id(self.0.id)
    }

    /// The place in the questionnaire, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// How it is answered.
    async fn kind(&self) -> SurveyQuestionKind {
        self.0.kind.into()
    }

    /// What it is about.
    async fn dimension(&self) -> SurveyDimension {
        self.0.dimension.into()
    }

    /// The question as customers read it.
    async fn prompt(&self) -> &str {
        &self.0.prompt
    }

    /// Whether the survey can't be handed in without it, when it shows.
    async fn is_required(&self) -> bool {
        self.0.is_required
    }

    /// What there is to choose from; empty for questions that are no choice.
    async fn options(&self) -> Vec<SurveyOption> {
        let options = options(&self.0).into_iter();
        options.map(|option| SurveyOption { value: option.value, label: option.label }).collect()
    }

    /// On which earlier answer it shows; null when it always does.
    async fn show_if(&self) -> Option<SurveyShowIf> {
        let question_id = Kind::SurveyQuestion.id(self.0.show_if_question_id?);
        Some(SurveyShowIf { question_id, equals: self.0.show_if_equals.clone()? })
    }
}

async fn questions(ctx: &Context<'_>, template_id: uuid::Uuid) -> Result<Vec<SurveyQuestion>> {
    let rows = ctx.ask().load(QuestionsOfTemplate(template_id)).await?.unwrap_or_default();
    Ok(rows.into_iter().map(SurveyQuestion).collect())
}

/// One version of a questionnaire.
pub struct SurveyTemplate(pub survey_template::Model);

impl From<survey_template::Model> for SurveyTemplate {
    fn from(row: survey_template::Model) -> Self {
        Self(row)
    }
}

/// One version of a questionnaire. Staff see all versions; what is in use never changes.
#[Object]
impl SurveyTemplate {
    /// Global id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::SurveyTemplate.id(self.0.id)
    }

    /// What it asks about.
    async fn kind(&self) -> SurveyKind {
        self.0.kind.into()
    }

    /// The number of the version, from 1 for each kind.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it stands.
    async fn status(&self) -> SurveyTemplateStatus {
        self.0.status.into()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The questions, in order.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<SurveyQuestion>> {
        questions(ctx, self.0.id).await
    }
}

/// A survey of one cohort of a project's customers.
pub struct Survey(pub survey_campaign::Model);

impl From<survey_campaign::Model> for Survey {
    fn from(row: survey_campaign::Model) -> Self {
        Self(row)
    }
}

/// A survey of one cohort of a project's customers. Customers see those that they were invited to.
#[Object]
impl Survey {
    /// Global id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Survey.id(self.0.id)
    }

    /// What it is called, for customers to read, in your language.
    async fn title(&self, ctx: &Context<'_>) -> Cow<'_, str> {
        written(self.0.written.as_ref(), &self.0.title, ctx.ask().language)
    }

    /// What it asks about.
    async fn kind(&self) -> SurveyKind {
        self.0.kind.into()
    }

    /// The calendar month that is surveyed, as `2026-11`.
    async fn month(&self) -> Option<String> {
        self.0.cohort_month.map(calendar::written)
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The version of the questionnaire that it asks.
    async fn template(&self, ctx: &Context<'_>) -> Option<Result<SurveyTemplate>> {
        ctx.ask().find(TemplateOf(self.0.template_id), SurveyTemplate).await
    }

    /// The questions, in order.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<SurveyQuestion>> {
        questions(ctx, self.0.template_id).await
    }

    /// When it opened.
    async fn opened_at(&self) -> DateTime<Utc> {
        self.0.opened_at
    }

    /// Until when it can be answered.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When it was closed, after which its results show in `surveyStatistics`; null before.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.0.closed_at
    }

    /// How many customers were invited. Null for customers.
    async fn invitation_count(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        ctx.ask().viewer.staff_id()?;
        Some(ctx.ask().load(TurnoutOfSurvey(self.0.id)).await.map(|turnout| turnout.unwrap_or_default().invitations))
    }

    /// How many have handed it in so far. Null for customers.
    async fn response_count(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        ctx.ask().viewer.staff_id()?;
        Some(ctx.ask().load(TurnoutOfSurvey(self.0.id)).await.map(|turnout| turnout.unwrap_or_default().responses))
    }
}

/// An answer to a question.
#[derive(SimpleObject)]
pub struct SurveyAnswer {
    /// The question.
    question_id: ID,
    /// The answer: a number in digits, the value of an option, several as a JSON list such as `["repair","parking"]`, or words.
    value: String,
}

/// One customer's invitation to a survey.
pub struct SurveyInvitation(pub survey_invitation::Model);

impl From<survey_invitation::Model> for SurveyInvitation {
    fn from(row: survey_invitation::Model) -> Self {
        Self(row)
    }
}

/// One customer's invitation to a survey. Visible to the customer, to the project's staff whom the survey concerns, and to the group.
#[Object]
impl SurveyInvitation {
    /// Global id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::SurveyInvitation.id(self.0.id)
    }

    /// Where it stands.
    async fn status(&self, ctx: &Context<'_>) -> SurveyInvitationStatus {
        let is_over = self.0.status == InvitationStatus::Open && self.0.expires_at <= ctx.ask().now();
        if is_over { SurveyInvitationStatus::Expired } else { self.0.status.into() }
    }

    /// The survey.
    async fn survey(&self, ctx: &Context<'_>) -> Option<Result<Survey>> {
        ctx.ask().find(SurveyOf(self.0.campaign_id), Survey).await
    }

    /// Who is asked; null when the customer's data were erased.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id?), Owner).await
    }

    /// The home it is about.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.ask().find(PlaceOf(self.0.unit_id?), Unit::from).await
    }

    /// When it was sent.
    async fn invited_at(&self) -> DateTime<Utc> {
        self.0.invited_at
    }

    /// Until when it can be answered.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When the customer was reminded, once, four days before the end; null before and when there was no need.
    async fn reminded_at(&self) -> Option<DateTime<Utc>> {
        self.0.reminded_at
    }

    /// When it was handed in.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.submitted_at
    }

    /// By which way the last answers came; null before the first.
    async fn channel(&self) -> Option<Channel> {
        self.0.channel.map(Into::into)
    }

    /// Who asked on the customer's behalf; null when the customer answered in the app.
    async fn interviewer(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.interviewer_id?), Staff).await
    }

    /// The answers so far, in the order in which the questions were first answered. Only the customer, whoever asked on the customer's behalf, and the group read them; empty for everybody else.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<SurveyAnswer>> {
        let rows = ctx.ask().load(AnswersOfInvitation(self.0.id)).await?.unwrap_or_default();
        let answer = |row: entity::survey_answer::Model| SurveyAnswer {
            question_id: Kind::SurveyQuestion.id(row.question_id),
            value: row.value,
        };
        Ok(rows.into_iter().map(answer).collect())
    }
}
