//! Surveys that open, remind, end and close by the clock.

use crate::{
    error::Result,
    service::{
        Services,
        survey::{campaign, closing},
    },
};

/// Does what the clocks of surveys have come to. Returns how many things changed. What is over ends before anything new
/// opens, so that a server which was away does not remind of what is past.
pub async fn run_surveys(services: &Services) -> Result<usize> {
    let expired = closing::expire(services).await?;
    let closed = closing::close_due(services).await?;
    let reminded = closing::remind(services).await?;
    let opened = campaign::open_monthly(services).await?;
    Ok(usize::try_from(expired + reminded).unwrap_or(usize::MAX).saturating_add(closed + opened))
}
