//! What the end of warranties brings: notices, batches of what is reported, and batches sent when their month is over.

use crate::{
    error::Result,
    service::{Services, rectification, warranty},
};

/// Tells owners of warranties that end in two months. Returns how many bulletins went out.
pub async fn notify_warranties(services: &Services) -> Result<usize> {
    warranty::send_notices(services).await
}

/// Collects what was reported before warranties end, and sends what is complete. Returns how many tickets and batches.
pub async fn collect_rectifications(services: &Services) -> Result<usize> {
    let collected = rectification::collect_reports(services).await?;
    Ok(collected + rectification::send_collected(services).await?)
}
