//! Batches around bulletins, milestones, contractors and their work.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey, batches};
use crate::store::{
    self,
    bulletin::Receipts,
    milestone::Coverage,
    notification::reach::{Arrival, Reach},
    rectification::Progress,
};

batches! {
    /// A bulletin.
    BulletinOf => entity::bulletin::Model = store::bulletin::by_ids;
    /// When the viewer, an owner, read a bulletin.
    ReadingOf => DateTime<Utc> = store::bulletin::readings;
    /// To how many a bulletin was delivered, and how many have read it.
    ReceiptsOf => Receipts = store::bulletin::receipts;
    /// How many bulletins an owner has not read.
    UnreadOfOwner => i64 = store::bulletin::unread;
    /// The milestones of a project.
    MilestonesOfProject => Vec<entity::milestone::Model> = store::milestone::of_projects;
    /// How many of the customers concerned were told of a milestone.
    CoverageOf => Coverage = store::milestone::coverage;
    /// A contractor.
    ContractorOf => entity::contractor::Model = store::contractor::by_ids;
    /// The parts that a contractor answers for.
    PartsOfContractor => Vec<entity::vocab::WarrantyPart> = store::contractor::parts;
    /// How many tickets a batch has, and how many are done.
    ProgressOf => Progress = store::rectification::progress;
    /// Whom the messages of a bulletin have reached.
    ReachOf => Vec<Reach> = store::notification::reach::of_bulletins;
    /// What became of the messages to one recipient of a bulletin.
    ArrivalsOf => Vec<Arrival> = store::notification::reach::of_receipts;
    /// A building.
    BuildingOf => entity::building::Model = store::company::buildings;
}
