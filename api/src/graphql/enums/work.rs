//! Closed lists about how the property company divides its work.

use async_graphql::Enum;

/// Where the transfer of an area stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaTransferStatus {
    /// Its time has not come.
    Planned,
    /// The households changed hands.
    Applied,
    /// Called off before its time.
    Cancelled,
    /// Could not be carried out when its time came; `failedBecause` says why.
    Failed,
}
