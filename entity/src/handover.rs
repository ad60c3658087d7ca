//! The handing over of one home.

use sea_orm::entity::prelude::*;

use crate::vocab::HandoverStatus;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "handovers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub contract_id: Uuid,
    /// Who comes to take the home over.
    pub owner_id: Uuid,
    pub slot_id: Option<Uuid>,
    pub accompanied_by: Option<Uuid>,
    pub status: HandoverStatus,
    pub version: i32,
    pub started_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
    /// The project's local day.
    pub completed_on: Option<Date>,
    pub cancelled_at: Option<DateTimeUtc>,
    pub cancel_reason: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
