//! Responses that are only ever shown together: at least five, so that nobody is identified.

use sea_orm::entity::prelude::*;

use crate::vocab::SurveyKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_cells")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub kind: SurveyKind,
    /// The first days of the cohorts' months, which are the same month in most cells.
    pub first_month: Date,
    pub last_month: Date,
    /// None when the households had several ambassadors, or none.
    pub ambassador_id: Option<Uuid>,
    pub response_count: i32,
    pub sealed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
