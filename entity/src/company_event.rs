//! The append-only log of what happened beside tickets and is told to operators' systems, in the order of commits.

use sea_orm::entity::prelude::*;

use crate::vocab::EventKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "company_events")]
pub struct Model {
    /// The place in this log: a later commit has a higher number.
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Uuid,
    /// The last number in the tickets' log at that moment: it happened after that one and before the next.
    pub after_event: i64,
    pub kind: EventKind,
    pub project_id: Uuid,
    /// What it happened to: an invitation to a survey, or a handover.
    pub subject_id: Uuid,
    /// What is told of it beside: no personal data.
    pub details: Json,
    pub occurred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
