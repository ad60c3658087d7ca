//! How a person wants to be written to.

use sea_orm::entity::prelude::*;

use crate::vocab::{Language, PrincipalKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal_id: Uuid,
    pub principal_kind: PrincipalKind,
    pub language: Language,
    /// Whether the person chose the language; unknown of settings that were made before this was noted.
    pub is_language_chosen: Option<bool>,
    /// Minutes after midnight where the project stands; both or neither.
    pub quiet_from: Option<i32>,
    pub quiet_until: Option<i32>,
    pub email_sealed: Option<Vec<u8>>,
    pub email_masked: Option<String>,
    pub updated_at: DateTimeUtc,
    /// Whether pushes say only that there is something new.
    pub push_is_discreet: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
