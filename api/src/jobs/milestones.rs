//! Customers whom a milestone missed, such as those whose contract was entered late.

use crate::{
    error::Result,
    service::{Services, milestone},
};

/// Tells them. Returns how many.
pub async fn notify_missed(services: &Services) -> Result<usize> {
    milestone::notify_missed(services).await
}
