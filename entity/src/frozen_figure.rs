//! A figure of a project's closed month, as it was when the month was closed.

use sea_orm::entity::prelude::*;

use crate::vocab::FigureKey;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen_figures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    /// Its first day.
    pub month: Date,
    pub key: FigureKey,
    pub numerator: i64,
    pub denominator: i64,
    /// How many people's answers it is made of, where it is made of answers.
    pub response_count: Option<i64>,
    pub frozen_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
