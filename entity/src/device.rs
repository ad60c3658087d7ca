//! A phone that a principal signed in on.

use sea_orm::entity::prelude::*;

use crate::vocab::{DevicePlatform, PrincipalKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub principal_kind: PrincipalKind,
    pub principal_id: Uuid,
    pub platform: DevicePlatform,
    pub push_token: Option<String>,
    pub name: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
