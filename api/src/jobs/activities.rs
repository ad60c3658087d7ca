//! Reminders of activities that are about to begin.

use crate::{
    error::Result,
    service::{Services, registration},
};

/// Reminds who holds a seat, once each. Returns how many.
pub async fn remind_registered(services: &Services) -> Result<usize> {
    registration::remind(services).await
}
