//! A point of contact in the life of a home, as the company's service standard names it.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, OwnerStage, TouchpointAnchor};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "touchpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The row of the service standard, such as `T4.1`.
    pub code: String,
    pub position: i32,
    pub stage: OwnerStage,
    pub name_zh: String,
    pub name_en: String,
    pub goal_zh: String,
    pub goal_en: String,
    pub lead_department: Department,
    /// A list of departments.
    pub participating_departments: Json,
    /// A list of texts.
    pub service_points: Json,
    /// The day from which it is counted when it is due; none when it never falls due.
    pub due_from: Option<TouchpointAnchor>,
    pub due_after_days: Option<i32>,
    pub is_active: bool,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
