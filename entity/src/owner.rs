//! A customer of the company. Numbers are stored encrypted, hashed for look-up, and masked for show.

use sea_orm::entity::prelude::*;

use crate::vocab::OwnerStage;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "owners")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// Keyed hash of the normalised number; at most one owner has it.
    pub phone_hash: Option<String>,
    pub phone_sealed: Option<Vec<u8>>,
    pub phone_masked: Option<String>,
    pub identity_hash: Option<String>,
    pub identity_sealed: Option<Vec<u8>>,
    pub identity_masked: Option<String>,
    pub stage: OwnerStage,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
