//! That the owners were told of the end of a warranty: one an item.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "warranty_notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub item_id: Uuid,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub bulletin_id: Uuid,
    /// Two calendar months before the end.
    pub due_on: Date,
    pub noticed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
