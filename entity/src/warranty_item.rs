//! A part of a home under warranty.

use sea_orm::entity::prelude::*;

use crate::vocab::WarrantyPart;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "warranty_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub contract_id: Option<Uuid>,
    pub part: WarrantyPart,
    pub starts_on: Date,
    pub expires_on: Date,
    pub noticed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
