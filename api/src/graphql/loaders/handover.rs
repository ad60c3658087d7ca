//! Batches of handovers and customers' files.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    handover, handover_slot, handover_step, owner_document, ticket,
    vocab::{DocumentKind, OwnerStage},
};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey};
use crate::{
    error::Result,
    store::{self, db::in_time},
};

batches! {
    /// The last handover of a unit that was not cancelled.
    HandoverOfUnit => handover::Model = store::handover::of_units;
    /// A time at which homes are handed over.
    HandoverSlotOf => handover_slot::Model = store::handover::slots_by_ids;
    /// The checklist of a handover.
    StepsOfHandover => Vec<handover_step::Model> = store::handover::steps;
    /// The tickets of the defects found at a handover.
    DefectsOfHandover => Vec<ticket::Model> = store::handover::defects;
    /// What the file of an owner holds.
    DocumentsOfOwner => Vec<owner_document::Model> = store::customer_file::of_owners;
}

/// What files at a stage must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequiredAt(pub OwnerStage);

impl LoadKey for RequiredAt {
    type Value = Vec<DocumentKind>;
}

impl Loader<RequiredAt> for Batch {
    type Value = Vec<DocumentKind>;
    type Error = LoadFailure;

    async fn load(&self, _: &[RequiredAt]) -> Result<HashMap<RequiredAt, Self::Value>, LoadFailure> {
        let by_stage = in_time(store::customer_file::required(self.db.reader(), &self.viewer)).await?;
        Ok(by_stage.into_iter().map(|(stage, kinds)| (RequiredAt(stage), kinds)).collect())
    }
}
