//! Defects that a contractor puts right together, by a deadline.

use sea_orm::entity::prelude::*;

use crate::vocab::{BatchKind, BatchStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub contractor_id: Uuid,
    pub kind: BatchKind,
    pub title: String,
    /// The same, when the house wrote it by itself: to be said in each reader's language.
    pub written: Option<Json>,
    pub status: BatchStatus,
    /// Of the batch that is open for new reports: contractor and month; none once it was sent.
    pub collects_key: Option<String>,
    pub deadline_at: DateTimeUtc,
    pub completed_at: Option<DateTimeUtc>,
    pub completed_on: Option<Date>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
