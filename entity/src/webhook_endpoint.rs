//! An address of an operator's system that is told what happens.

use sea_orm::entity::prelude::*;

use crate::vocab::{WebhookEnd, WebhookStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The project it is told of; none for all of them.
    pub project_id: Option<Uuid>,
    pub name: String,
    pub url: String,
    /// Of what it is told: a list of `EventKind`.
    pub kinds: Json,
    pub status: WebhookStatus,
    pub disabled_reason: Option<WebhookEnd>,
    pub disabled_at: Option<DateTimeUtc>,
    pub secret_sealed: Vec<u8>,
    /// The secret before, which signs as well until an instant.
    pub old_secret_sealed: Option<Vec<u8>>,
    pub old_secret_until: Option<DateTimeUtc>,
    /// Up to where the logs were looked through for it: the number in the tickets' log, and that in the company's.
    pub cursor_event: i64,
    pub cursor_company: i64,
    /// When it is sent something again.
    pub next_at: DateTimeUtc,
    /// Until when one server alone sends to it, and which claim that is.
    pub claimed_until: Option<DateTimeUtc>,
    pub claim: i64,
    /// Since when the message that is next has failed.
    pub failing_since: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
