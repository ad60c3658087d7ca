//! A ticket as the rules see it: what decides the next step, without its texts, people's names and attachments.

use chrono::{DateTime, Utc};
use entity::vocab::{Channel, Department, TicketCategory, TicketKind, TicketStatus, Triage, Urgency};
use serde::Serialize;
use uuid::Uuid;

/// The time that an owner agreed to be at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TicketState {
    pub kind: TicketKind,
    pub urgency: Urgency,
    pub status: TicketStatus,
    pub category: Option<TicketCategory>,
    pub responsible_department: Option<Department>,
    pub appointment: Option<Window>,
    pub assignee_id: Option<Uuid>,

    pub created_at: DateTime<Utc>,
    /// The first response; reopening does not ask for another.
    pub accepted_at: Option<DateTime<Utc>>,
    /// The first arrival since the ticket was created or reopened.
    pub started_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,

    pub respond_due_at: DateTime<Utc>,
    pub arrive_due_at: Option<DateTime<Utc>>,
    pub resolve_due_at: DateTime<Utc>,
    pub held_since: Option<DateTime<Utc>>,
    /// Wall-clock seconds of all holds that have ended.
    pub held_seconds: i64,
    /// The due instant that was missed, not the instant at which a job noticed.
    pub respond_breached_at: Option<DateTime<Utc>>,
    pub arrive_breached_at: Option<DateTime<Utc>>,
    pub resolve_breached_at: Option<DateTime<Utc>>,

    /// How many resolutions the owner rejected.
    pub rework_count: i32,
    pub escalation_level: i32,
    pub triage: Option<Triage>,
    pub triage_reason: Option<String>,
    pub cause: Option<String>,
    /// What the customer was told about the cause.
    pub explanation: Option<String>,
    pub resolution: Option<String>,
    pub cost_cents: Option<i64>,
    /// Absent as long as nobody said, also after confirmation by the system.
    pub satisfied: Option<bool>,
    pub rating: Option<i32>,
    pub confirmed_channel: Option<Channel>,
}

/// Whether somebody still has something to do, be it the follow-up call.
pub fn is_open(status: TicketStatus) -> bool {
    !matches!(status, TicketStatus::Closed | TicketStatus::Cancelled)
}
