//! A question of one version of a questionnaire.

use sea_orm::entity::prelude::*;

use crate::vocab::{Dimension, QuestionKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_questions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub template_id: Uuid,
    pub position: i32,
    pub kind: QuestionKind,
    pub dimension: Dimension,
    pub prompt: String,
    pub is_required: bool,
    /// A list of `{value, label}`, for choices.
    pub options: Option<Json>,
    pub show_if_question_id: Option<Uuid>,
    pub show_if_equals: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
