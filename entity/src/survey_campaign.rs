//! A survey of one cohort of a project.

use sea_orm::entity::prelude::*;

use crate::vocab::SurveyKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub kind: SurveyKind,
    pub template_id: Uuid,
    /// `2026-10` for a month, `batch:…` for a rectification batch.
    pub cohort: String,
    /// The first day of the month that the cohort is of.
    pub cohort_month: Option<Date>,
    pub title: String,
    /// The same, when the house wrote it by itself: to be said in each reader's language.
    pub written: Option<Json>,
    pub opened_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub closed_at: Option<DateTimeUtc>,
    /// The project's local day on which it was last looked for customers of the cohort.
    pub gathered_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
