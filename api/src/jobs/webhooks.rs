//! What operators' systems are told.

use crate::{
    error::Result,
    service::{Services, webhook},
};

/// Sends operators' systems what has happened. Returns how many messages they took.
pub async fn send_webhooks(services: &Services) -> Result<usize> {
    webhook::send::send(services).await
}
