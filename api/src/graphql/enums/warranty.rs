//! The closed lists around warranties and what contractors put right.

use async_graphql::Enum;
use entity::vocab;

use crate::service;

/// Why defects are put right together.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::BatchKind")]
pub enum BatchKind {
    /// 集中整改: what was found at handovers.
    Centralised,
    /// 保修期到期整改: what owners reported before a warranty ended. Made by itself.
    Warranty,
}

/// Where a batch stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::BatchStatus")]
pub enum BatchStatus {
    /// Tickets are being added.
    Collecting,
    /// Handed to the contractor; nothing is added any more.
    Sent,
    /// Nothing is left to do.
    Completed,
}

/// Where a warranty term comes from. The narrowest one holds.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "service::warranty::TermScope")]
pub enum WarrantyTermScope {
    /// The whole company.
    Company,
    /// The project.
    Project,
    /// The single contract.
    Contract,
}
