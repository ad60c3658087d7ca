//! A notification on its way through one channel.

use sea_orm::entity::prelude::*;

use crate::vocab::{DeliveryFailure, DeliveryStatus, NotificationChannel, NotificationKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_deliveries")]
pub struct Model {
    /// Also what the other side knows the message by, over all attempts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub notification_id: Uuid,
    pub kind: NotificationKind,
    pub channel: NotificationChannel,
    pub status: DeliveryStatus,
    /// How often it was begun to send it.
    pub attempts: i32,
    /// When it is to be sent, or, once somebody has begun to, when another may.
    pub next_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    pub failure: Option<DeliveryFailure>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
