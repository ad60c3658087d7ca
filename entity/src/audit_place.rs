//! The places of the audit log's entries, in an order that never changes: what an export goes on from.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_places")]
pub struct Model {
    /// Given by the database when the entry is written.
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub entry_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::audit_entry::Entity",
        from = "Column::EntryId",
        to = "super::audit_entry::Column::Id"
    )]
    Entry,
}

impl Related<super::audit_entry::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Entry.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
