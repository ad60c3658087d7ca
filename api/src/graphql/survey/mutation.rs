//! Answering surveys and running them.

use async_graphql::{Context, Object};

use super::{
    ImprovementTask, Survey, SurveyInvitation, SurveyTemplate,
    input::{
        ActivateSurveyTemplateInput, CompleteImprovementTaskInput, CreateSurveyTemplateInput, OpenSurveyInput,
        SaveSurveyAnswersInput, SubmitSurveyInput, SurveyQuestionInput, UpdateSurveyTemplateInput,
    },
};
use crate::{
    error::Result,
    graphql::{context::Ask, id::Kind, user_error::payloads},
    service::survey::{answer, campaign, improvement, template},
};

payloads! {
    /// The survey whose answers were kept.
    SaveSurveyAnswersPayload {
        /// The invitation; null when the call was refused.
        invitation: SurveyInvitation
    }
    /// The survey that was handed in.
    SubmitSurveyPayload {
        /// The invitation; null when the call was refused.
        invitation: SurveyInvitation
    }
    /// The questionnaire that was made.
    CreateSurveyTemplatePayload {
        /// The draft; null when the call was refused.
        template: SurveyTemplate
    }
    /// The questionnaire that was changed.
    UpdateSurveyTemplatePayload {
        /// The draft; null when the call was refused.
        template: SurveyTemplate
    }
    /// The questionnaire that was put to use.
    ActivateSurveyTemplatePayload {
        /// The version in use; null when the call was refused.
        template: SurveyTemplate
    }
    /// The survey that was opened.
    OpenSurveyPayload {
        /// The survey; null when the call was refused.
        survey: Survey
    }
    /// The task that was done.
    CompleteImprovementTaskPayload {
        /// The task; null when the call was refused.
        task: ImprovementTask
    }
}

/// Answering surveys and running them.
#[derive(Default)]
pub struct SurveyMutations;

#[Object]
impl SurveyMutations {
    /// Keeps answers to an open survey for later. By the customer, or by staff who ask on the customer's behalf and whose own work the survey is not about.
    async fn save_survey_answers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SaveSurveyAnswersInput,
    ) -> Result<SaveSurveyAnswersPayload> {
        let request = ctx.ask();
        let outcome = async { answer::save(&request.services, &request.viewer, input.read()?).await };
        SaveSurveyAnswersPayload::of(outcome.await)
    }

    /// Hands a survey in, once: OPEN → SUBMITTED. Every required question that shows must be answered; answers to questions that do not show are dropped.
    async fn submit_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SubmitSurveyInput,
    ) -> Result<SubmitSurveyPayload> {
        let request = ctx.ask();
        let outcome = async { answer::submit(&request.services, &request.viewer, input.read()?).await };
        SubmitSurveyPayload::of(outcome.await)
    }

    /// Makes the next version of a questionnaire, as a draft.
    async fn create_survey_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateSurveyTemplateInput,
    ) -> Result<CreateSurveyTemplatePayload> {
        let (request, questions) = (ctx.ask(), drafts(input.questions));
        let outcome =
            template::create(&request.services, &request.viewer, input.kind.into(), &input.title, questions.collect());
        CreateSurveyTemplatePayload::of(outcome.await)
    }

    /// Replaces title and questions of a draft. What is or was in use never changes.
    async fn update_survey_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateSurveyTemplateInput,
    ) -> Result<UpdateSurveyTemplatePayload> {
        let (request, questions) = (ctx.ask(), drafts(input.questions));
        let outcome = async {
            let id = Kind::SurveyTemplate.read("templateId", &input.template_id)?;
            template::update(&request.services, &request.viewer, id, &input.title, questions.collect()).await
        };
        UpdateSurveyTemplatePayload::of(outcome.await)
    }

    /// Puts a draft to use: DRAFT → ACTIVE. Surveys that open from now on ask it; the version before it retires.
    async fn activate_survey_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ActivateSurveyTemplateInput,
    ) -> Result<ActivateSurveyTemplatePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::SurveyTemplate.read("templateId", &input.template_id)?;
            template::activate(&request.services, &request.viewer, id).await
        };
        ActivateSurveyTemplatePayload::of(outcome.await)
    }

    /// Asks every household of a project about the property company's service, at most once a calendar month.
    async fn open_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: OpenSurveyInput,
    ) -> Result<OpenSurveyPayload> {
        let request = ctx.ask();
        let outcome = async {
            let project_id = Kind::Project.read("projectId", &input.project_id)?;
            campaign::open_by_hand(&request.services, &request.viewer, project_id, input.kind.into()).await
        };
        OpenSurveyPayload::of(outcome.await)
    }

    /// Writes down what was done about a result under its target, and so ends the task: OPEN → DONE.
    async fn complete_improvement_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CompleteImprovementTaskInput,
    ) -> Result<CompleteImprovementTaskPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::ImprovementTask.read("taskId", &input.task_id)?;
            improvement::complete(&request.services, &request.viewer, id, &input.measure).await
        };
        CompleteImprovementTaskPayload::of(outcome.await)
    }
}

fn drafts(questions: Vec<SurveyQuestionInput>) -> impl Iterator<Item = crate::domain::survey::question::Draft> {
    questions.into_iter().map(SurveyQuestionInput::read)
}
