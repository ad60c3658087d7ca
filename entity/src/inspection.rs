//! One round of a plan.

use sea_orm::entity::prelude::*;

use crate::vocab::InspectionSubject;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inspections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub project_id: Uuid,
    pub subject: InspectionSubject,
    pub performed_by: Uuid,
    pub performed_at: DateTimeUtc,
    /// The project's local day.
    pub performed_on: Date,
    pub checked_count: i32,
    pub sound_count: i32,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
