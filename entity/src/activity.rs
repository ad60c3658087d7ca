//! An event for customers: of the customer club, an open day, or a decoration lecture.

use sea_orm::entity::prelude::*;

use crate::vocab::{ActivityKind, ActivityStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub partner_id: Option<Uuid>,
    pub kind: ActivityKind,
    pub title: String,
    pub description: String,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub venue: String,
    pub capacity: i32,
    pub status: ActivityStatus,
    /// Until then only owners handed over and not yet renovating may register.
    pub priority_until: Option<DateTimeUtc>,
    /// The last place that was given out; wait lists move up in its order.
    pub last_place: i64,
    pub cancel_reason: Option<String>,
    pub evaluation: Option<String>,
    pub evaluated_by: Option<Uuid>,
    pub evaluated_at: Option<DateTimeUtc>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
