//! A customer's visit, and how long it was waited for.

use sea_orm::entity::prelude::*;

use crate::vocab::{AppointmentKind, AppointmentStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "appointments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub owner_id: Uuid,
    pub contract_id: Option<Uuid>,
    pub kind: AppointmentKind,
    pub status: AppointmentStatus,
    pub staff_id: Option<Uuid>,
    pub scheduled_at: DateTimeUtc,
    pub checked_in_at: Option<DateTimeUtc>,
    pub started_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
