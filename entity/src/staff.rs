//! A member of staff.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, Role};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Staff number (工号).
    pub number: String,
    pub login: String,
    /// Argon2id; none until a password was set.
    pub password_hash: Option<String>,
    pub name: String,
    pub role: Role,
    pub department: Department,
    pub work_phone: Option<String>,
    pub is_active: bool,
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
