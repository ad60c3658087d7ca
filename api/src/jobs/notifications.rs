//! Notifications that go out by the channels of the house.

use crate::{
    error::Result,
    service::{Services, notification},
};

/// Decides by which channels what people were told goes out, and sends what is due. Returns how many messages that were.
pub async fn send_notifications(services: &Services) -> Result<usize> {
    let planned = notification::outbox::plan(services).await?;
    Ok(planned + notification::outbox::send(services).await?)
}
