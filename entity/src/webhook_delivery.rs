//! An event on its way to an endpoint.

use sea_orm::entity::prelude::*;

use crate::vocab::{CertificateFault, EventKind, WebhookDeliveryStatus, WebhookFailure};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    /// Made of the endpoint's id and the event's: the other side knows the message by it, whenever and however often it comes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub endpoint_id: Uuid,
    pub kind: EventKind,
    /// Where it stands in both logs together: the numbers that were reached with it.
    pub place_event: i64,
    pub place_company: i64,
    /// What is told of the event.
    pub data: Json,
    pub occurred_at: DateTimeUtc,
    pub status: WebhookDeliveryStatus,
    /// How often it was begun to send it.
    pub attempts: i32,
    pub first_attempt_at: Option<DateTimeUtc>,
    pub last_attempt_at: Option<DateTimeUtc>,
    pub delivered_at: Option<DateTimeUtc>,
    pub failure: Option<WebhookFailure>,
    pub last_http_status: Option<i32>,
    /// What was wrong with the endpoint's certificate at the last attempt, when it was that.
    pub certificate_fault: Option<CertificateFault>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
