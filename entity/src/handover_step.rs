//! A step of the checklist of a handover.

use sea_orm::entity::prelude::*;

use crate::vocab::HandoverStepKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "handover_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub handover_id: Uuid,
    pub kind: HandoverStepKind,
    pub is_mandatory: bool,
    /// Such as meter readings.
    pub note: Option<String>,
    pub ticked_by: Option<Uuid>,
    pub ticked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
