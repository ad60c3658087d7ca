//! What calls about surveys take.

use async_graphql::{ID, InputObject};

use crate::{
    domain::survey::question::{Choice, Draft},
    error::Result,
    graphql::{
        enums::{Channel, SurveyDimension, SurveyKind, SurveyQuestionKind},
        id::Kind,
    },
    service::survey::answer::Reply,
};

/// An answer to a question.
#[derive(InputObject)]
pub struct SurveyAnswerInput {
    /// The question.
    question_id: ID,
    /// The answer: a number in digits, the value of an option, several as a JSON list such as `["repair","parking"]`, or words of at most 2000 characters. Null takes an earlier answer back.
    value: Option<String>,
}

/// Keeps answers for later.
#[derive(InputObject)]
pub struct SaveSurveyAnswersInput {
    /// The invitation.
    invitation_id: ID,
    /// Answers to any of the questions, at most 100; others that were kept before stay.
    answers: Vec<SurveyAnswerInput>,
    /// For staff who ask on the customer's behalf, and required of them: by which way. Customers leave it out.
    channel: Option<Channel>,
    /// A key of your own for this call, 1 to 100 characters: repeated within seven days, the call answers the same and does nothing twice.
    idempotency_key: Option<String>,
}

/// Hands a survey in.
#[derive(InputObject)]
pub struct SubmitSurveyInput {
    /// The invitation.
    invitation_id: ID,
    /// The last answers, at most 100, beside those that were kept before.
    #[graphql(default)]
    answers: Vec<SurveyAnswerInput>,
    /// For staff who ask on the customer's behalf, and required of them: by which way. Customers leave it out.
    channel: Option<Channel>,
    /// A key of your own for this call, 1 to 100 characters: repeated within seven days, the call answers the same and does nothing twice.
    idempotency_key: Option<String>,
}

fn reply(
    invitation_id: &ID,
    answers: Vec<SurveyAnswerInput>,
    channel: Option<Channel>,
    idempotency_key: Option<String>,
) -> Result<Reply> {
    let read = |answer: SurveyAnswerInput| {
        Ok((Kind::SurveyQuestion.read("answers.questionId", &answer.question_id)?, answer.value))
    };
    Ok(Reply {
        invitation_id: Kind::SurveyInvitation.read("invitationId", invitation_id)?,
        answers: answers.into_iter().map(read).collect::<Result<_>>()?,
        channel: channel.map(Into::into),
        idempotency_key,
    })
}

impl SaveSurveyAnswersInput {
    pub fn read(self) -> Result<Reply> {
        reply(&self.invitation_id, self.answers, self.channel, self.idempotency_key)
    }
}

impl SubmitSurveyInput {
    pub fn read(self) -> Result<Reply> {
        reply(&self.invitation_id, self.answers, self.channel, self.idempotency_key)
    }
}

/// One of the answers that a choice offers.
#[derive(InputObject)]
pub struct SurveyOptionInput {
    /// What an answer gives, at most 60 characters.
    value: String,
    /// What people read, at most 60 characters.
    label: String,
}

/// On which earlier answer a question shows.
#[derive(InputObject)]
pub struct SurveyShowIfInput {
    /// The number of the earlier question in the list, from 1.
    position: i32,
    /// An answer that it takes. Words are no answer to depend on.
    equals: String,
}

/// A question of a questionnaire.
#[derive(InputObject)]
pub struct SurveyQuestionInput {
    /// How it is answered.
    kind: SurveyQuestionKind,
    /// What it is about; says which department answers for the result.
    dimension: SurveyDimension,
    /// The question as customers read it, at most 300 characters.
    prompt: String,
    /// Whether the survey can't be handed in without it, when it shows.
    is_required: bool,
    /// For choices, 2 to 20.
    #[graphql(default)]
    options: Vec<SurveyOptionInput>,
    /// On which earlier answer it shows; always when left out.
    show_if: Option<SurveyShowIfInput>,
}

impl SurveyQuestionInput {
    pub fn read(self) -> Draft {
        let options = self.options.into_iter().map(|option| Choice { value: option.value, label: option.label });
        Draft {
            kind: self.kind.into(),
            dimension: self.dimension.into(),
            prompt: self.prompt,
            is_required: self.is_required,
            options: options.collect(),
            show_if: self.show_if.map(|rule| (rule.position, rule.equals)),
        }
    }
}

/// Makes the next version of a questionnaire.
#[derive(InputObject)]
pub struct CreateSurveyTemplateInput {
    /// What it asks about.
    pub kind: SurveyKind,
    /// What it is called, at most 100 characters.
    pub title: String,
    /// The questions in their order, 1 to 50, at least one of them required.
    pub questions: Vec<SurveyQuestionInput>,
}

/// Replaces title and questions of a draft.
#[derive(InputObject)]
pub struct UpdateSurveyTemplateInput {
    /// The draft.
    pub template_id: ID,
    /// What it is called, at most 100 characters.
    pub title: String,
    /// The questions in their order, 1 to 50, at least one of them required.
    pub questions: Vec<SurveyQuestionInput>,
}

/// Puts a draft to use.
#[derive(InputObject)]
pub struct ActivateSurveyTemplateInput {
    /// The draft.
    pub template_id: ID,
}

/// Opens a survey by hand.
#[derive(InputObject)]
pub struct OpenSurveyInput {
    /// The project.
    pub project_id: ID,
    /// What it asks about; PROPERTY_SERVICE is the one that does not open by itself.
    pub kind: SurveyKind,
}

/// Ends an improvement task.
#[derive(InputObject)]
pub struct CompleteImprovementTaskInput {
    /// The task.
    pub task_id: ID,
    /// What was done, at most 2000 characters.
    pub measure: String,
}
