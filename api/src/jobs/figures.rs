//! Closing months.

use crate::{
    error::Result,
    service::{Services, figure},
};

/// Takes down the figures of every month that is closed and has not been taken down. Returns how many months that were.
pub async fn freeze_figures(services: &Services) -> Result<usize> {
    let mut frozen = 0;
    for (project, month) in figure::due(services).await? {
        match figure::freeze(services, &project, month).await {
            Ok(is_ours) => frozen += usize::from(is_ours),
            // One project that can't be counted must not keep the others open.
            Err(error) => tracing::error!(project = %project.id, %month, ?error, "a month could not be closed"),
        }
    }
    Ok(frozen)
}
