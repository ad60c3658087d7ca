//! An answer to a question.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invitation_id: Uuid,
    pub question_id: Uuid,
    /// As the client sent it; several choices as a JSON list.
    pub value: String,
    /// Of RATING and NPS.
    pub number: Option<i32>,
    pub answered_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::survey_invitation::Entity",
        from = "Column::InvitationId",
        to = "super::survey_invitation::Column::Id"
    )]
    Invitation,
}

impl ActiveModelBehavior for ActiveModel {}
