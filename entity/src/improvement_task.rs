//! What a department must improve, because a result was under its target.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, Dimension, TaskStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "improvement_tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub department: Department,
    pub campaign_id: Option<Uuid>,
    /// None for the survey as a whole.
    pub dimension: Option<Dimension>,
    /// What it came from, once: campaign and dimension.
    pub source_key: String,
    pub title: String,
    /// The same, when the house wrote it by itself: to be said in each reader's language.
    pub written: Option<Json>,
    /// Hundredths of a percent.
    pub measured_basis_points: Option<i32>,
    pub target_basis_points: Option<i32>,
    pub due_on: Date,
    pub status: TaskStatus,
    pub measure: Option<String>,
    pub completed_by: Option<Uuid>,
    pub completed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
