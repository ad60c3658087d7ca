//! An incident of safety, fire or equipment.

use sea_orm::entity::prelude::*;

use crate::vocab::{IncidentKind, IncidentSeverity};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "incidents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub kind: IncidentKind,
    pub severity: IncidentSeverity,
    /// Whether the company answers for it.
    pub is_liable: bool,
    pub summary: String,
    pub occurred_at: DateTimeUtc,
    pub recorded_by: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
