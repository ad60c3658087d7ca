//! Messages that the company's own gateway brings to a phone, handed to it as signed webhooks (Standard Webhooks).

use async_trait::async_trait;
use chrono::SecondsFormat;
use entity::vocab::NotificationChannel;
use serde_json::json;

use super::{Channel, Message, Undelivered};
use crate::auth::delivery::{DeliveryError, WebhookDelivery};

/// A gateway for one channel.
pub struct Webhook {
    channel: NotificationChannel,
    gateway: WebhookDelivery,
}

impl Webhook {
    pub fn new(channel: NotificationChannel, gateway: WebhookDelivery) -> Self {
        Self { channel, gateway }
    }
}

#[async_trait]
impl Channel for Webhook {
    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let id = format!("msg_{}", message.id.simple());
        let body = json!({
            "type": "notification",
            "timestamp": message.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            "data": {
                "channel": self.channel,
                "phone": message.to,
                "kind": message.kind,
                "language": message.language,
                "title": message.title,
                "body": message.body,
                "isEmergency": message.is_emergency,
            },
        });
        self.gateway.post(&id, &body.to_string()).await.map_err(|error| match error {
            DeliveryError::Unavailable => Undelivered::Unavailable,
            // That the gateway knows neither us nor the address is for the operator to mend.
            DeliveryError::Refused(401 | 403 | 404 | 405 | 408) => Undelivered::Unavailable,
            DeliveryError::Refused(_) => Undelivered::Refused,
        })
    }
}
