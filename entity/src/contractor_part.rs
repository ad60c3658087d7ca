//! Which contractor answers for a part in a project.

use sea_orm::entity::prelude::*;

use crate::vocab::WarrantyPart;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contractor_parts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub contractor_id: Uuid,
    pub project_id: Uuid,
    pub part: WarrantyPart,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
