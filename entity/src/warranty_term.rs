//! How long a part is under warranty: for all, for a project, or for a contract.

use sea_orm::entity::prelude::*;

use crate::vocab::WarrantyPart;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "warranty_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `all`, or the id of the project or contract.
    pub scope_key: String,
    pub project_id: Option<Uuid>,
    pub contract_id: Option<Uuid>,
    pub part: WarrantyPart,
    pub years: Option<i32>,
    /// Heating or cooling seasons, where those are counted.
    pub seasons: Option<i32>,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
