//! A link under which a calendar program reads someone's schedule.

use sea_orm::entity::prelude::*;

use crate::vocab::PrincipalKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feeds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub principal_kind: PrincipalKind,
    pub principal_id: Uuid,
    pub token_hash: String,
    /// What its owner calls it.
    pub name: Option<String>,
    pub created_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
