//! Whom the messages of a notice have reached.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use super::enums::{DeliveryFailure, DeliveryStatus, NotificationChannel};
use crate::store::notification::reach::{Arrival, Reach};

/// What became of the messages of one channel. Each customer counts once.
#[derive(SimpleObject)]
pub struct ChannelReach {
    /// The channel.
    channel: NotificationChannel,
    /// To be sent, or to be tried again.
    waiting: i64,
    /// The other side took them.
    reached: i64,
    /// Not sent, because the customer read of it in the app before, or could not be reached there any more.
    dropped: i64,
    /// Given up.
    failed: i64,
}

impl From<Reach> for ChannelReach {
    fn from(reach: Reach) -> Self {
        let Reach { channel, waiting, reached, dropped, failed } = reach;
        Self { channel: channel.into(), waiting, reached, dropped, failed }
    }
}

/// What became of the message to one customer by one channel.
#[derive(SimpleObject)]
pub struct ChannelMessage {
    /// The channel.
    channel: NotificationChannel,
    /// Where it stands.
    status: DeliveryStatus,
    /// When the other side took it; null before.
    sent_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed; null when it did not.
    failure: Option<DeliveryFailure>,
}

impl From<Arrival> for ChannelMessage {
    fn from(arrival: Arrival) -> Self {
        Self {
            channel: arrival.channel.into(),
            status: arrival.status.into(),
            sent_at: arrival.sent_at,
            failure: arrival.failure.map(Into::into),
        }
    }
}
