//! A document in a customer's file.

use sea_orm::entity::prelude::*;

use crate::vocab::DocumentKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "owner_documents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    pub unit_id: Option<Uuid>,
    pub kind: DocumentKind,
    /// Where the paper or the scan is kept.
    pub reference: String,
    pub filed_by: Option<Uuid>,
    pub filed_on: Date,
    pub created_at: DateTimeUtc,
    pub removed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
