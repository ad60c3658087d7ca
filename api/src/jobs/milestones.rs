//! Customers whom a bulletin missed: contracts that were entered late, and newcomers.

use crate::{
    error::Result,
    service::{Services, bulletin, milestone},
};

/// Tells those whom a milestone missed, and newcomers of what is still news. Returns how many deliveries that were.
pub async fn notify_missed(services: &Services) -> Result<usize> {
    let told = milestone::notify_missed(services).await?;
    Ok(told + bulletin::welcome_newcomers(services).await?)
}
