//! A repair, complaint, inquiry, suggestion or rectification.

use sea_orm::entity::prelude::*;

use crate::vocab::{Channel, Department, TicketCategory, TicketKind, TicketStatus, Triage, Urgency};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub project_id: Uuid,
    pub unit_id: Uuid,
    pub kind: TicketKind,
    pub category: Option<TicketCategory>,
    pub urgency: Urgency,
    pub status: TicketStatus,
    pub title: String,
    pub description: String,
    pub channel: Channel,
    pub responsible_department: Option<Department>,
    pub reporter_owner_id: Option<Uuid>,
    pub reporter_staff_id: Option<Uuid>,
    pub assignee_id: Option<Uuid>,
    pub version: i32,
    pub is_open: bool,
    pub appointment_starts_at: Option<DateTimeUtc>,
    pub appointment_ends_at: Option<DateTimeUtc>,
    pub respond_due_at: DateTimeUtc,
    pub arrive_due_at: Option<DateTimeUtc>,
    pub resolve_due_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub started_at: Option<DateTimeUtc>,
    pub resolved_at: Option<DateTimeUtc>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub cancelled_at: Option<DateTimeUtc>,
    pub held_since: Option<DateTimeUtc>,
    pub held_seconds: i64,
    pub respond_breached_at: Option<DateTimeUtc>,
    pub arrive_breached_at: Option<DateTimeUtc>,
    pub resolve_breached_at: Option<DateTimeUtc>,
    /// Earliest deadline that is running; the end of time when none is.
    pub queue_deadline_at: DateTimeUtc,
    /// When the clock next has something to do.
    pub next_check_at: Option<DateTimeUtc>,
    pub rework_count: i32,
    pub escalation_level: i32,
    pub triage: Option<Triage>,
    pub triage_reason: Option<String>,
    pub cause: Option<String>,
    pub explanation: Option<String>,
    pub resolution: Option<String>,
    pub cost_cents: Option<i64>,
    pub satisfied: Option<bool>,
    pub rating: Option<i32>,
    pub confirmed_channel: Option<Channel>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
