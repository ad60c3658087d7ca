//! What is inspected how often.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, InspectionSubject};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inspection_plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    pub subject: InspectionSubject,
    pub name: String,
    pub every_days: i32,
    pub department: Department,
    pub starts_on: Date,
    pub next_due_on: Date,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
