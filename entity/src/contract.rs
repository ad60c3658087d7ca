//! A purchase contract over a unit.

use sea_orm::entity::prelude::*;

use crate::vocab::ContractStatus;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contracts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub number: String,
    pub signed_on: Option<Date>,
    pub handover_due_on: Option<Date>,
    pub handed_over_on: Option<Date>,
    pub status: ContractStatus,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
