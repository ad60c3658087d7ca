//! The append-only log of what happened to tickets, in the order of commits.

use sea_orm::entity::prelude::*;

use crate::vocab::{PrincipalKind, TicketAction, TicketStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_events")]
pub struct Model {
    /// The place in the log: a later commit has a higher number.
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub action: TicketAction,
    pub from_status: Option<TicketStatus>,
    pub to_status: TicketStatus,
    pub note: Option<String>,
    pub actor_kind: PrincipalKind,
    pub actor_owner_id: Option<Uuid>,
    pub actor_staff_id: Option<Uuid>,
    pub details: Option<Json>,
    pub occurred_at: DateTimeUtc,
    /// When it was done, as the clock of a device that was offline says.
    pub made_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
