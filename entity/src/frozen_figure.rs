//! A figure of a closed month.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, FigureKey};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen_figures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Key, month, project, department and member of staff in one word.
    pub scope_key: String,
    pub key: FigureKey,
    /// Its first day.
    pub month: Date,
    pub project_id: Option<Uuid>,
    pub department: Option<Department>,
    pub staff_id: Option<Uuid>,
    pub numerator: i64,
    pub denominator: i64,
    pub frozen_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
