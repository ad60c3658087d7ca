//! The closed lists of surveys as the API shows them.

use async_graphql::Enum;
use entity::vocab;

use crate::domain::survey::statistics;

/// What a survey asks about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::SurveyKind")]
pub enum SurveyKind {
    /// 销售满意度: opens each month for the contracts signed in the month before.
    Sales,
    /// 交付满意度: opens each month for the homes handed over in the month before.
    Handover,
    /// 集中整改满意度: opens each month for the centralised rectifications finished in the month before.
    CentralisedRectification,
    /// 房屋整改满意度: opens when a rectification batch is finished.
    Rectification,
    /// 物业服务满意度: opened by the group for all households of a project.
    PropertyService,
}

/// Where a version of a questionnaire stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TemplateStatus")]
pub enum SurveyTemplateStatus {
    /// In preparation; can be changed.
    Draft,
    /// New surveys ask it; can't be changed any more. One version of each kind.
    Active,
    /// Replaced by a later version.
    Retired,
}

/// How a question is answered.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::QuestionKind")]
pub enum SurveyQuestionKind {
    /// A whole number from 1 (bad) to 5 (good).
    Rating,
    /// Whether one would recommend the company: a whole number from 0 to 10.
    Nps,
    /// One of the options.
    SingleChoice,
    /// One or several of the options.
    MultipleChoice,
    /// Words, at most 2000 characters.
    Text,
}

/// What a question is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Dimension")]
pub enum SurveyDimension {
    /// 内容: what was offered and said.
    Content,
    /// 质量: how well it was done.
    Quality,
    /// 态度: how people behaved.
    Attitude,
    /// 时效: how quick it was.
    Timeliness,
    /// 环境: the surroundings.
    Environment,
}

/// Where a survey invitation stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::InvitationStatus")]
pub enum SurveyInvitationStatus {
    /// Can be answered until `expiresAt`.
    Open,
    /// Handed in.
    Submitted,
    /// The time was over before it was handed in.
    Expired,
}

/// Where a task stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TaskStatus")]
pub enum TaskStatus {
    /// To be done.
    Open,
    /// Done.
    Done,
}

/// By what survey results are broken down.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "statistics::Grouping")]
pub enum SurveyGrouping {
    /// By housing project.
    Project,
    /// By the department that answers for what was asked.
    Department,
    /// By the customer ambassador of the household when the survey was sent.
    Ambassador,
    /// By the calendar month that was surveyed.
    Month,
}
