//! A step of construction that customers are told of.

use sea_orm::entity::prelude::*;

use crate::vocab::MilestoneKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "milestones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    /// The building, or the project when it is about all of it.
    pub scope_id: Uuid,
    pub kind: MilestoneKind,
    pub planned_on: Option<Date>,
    pub reached_on: Option<Date>,
    pub note: Option<String>,
    /// What told the customers.
    pub bulletin_id: Option<Uuid>,
    pub recorded_by: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
