//! Batches around bulletins and milestones.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey, batches};
use crate::store::{self, bulletin::Receipts};

batches! {
    /// A bulletin.
    BulletinOf => entity::bulletin::Model = store::bulletin::by_ids;
    /// When the viewer, an owner, read a bulletin.
    ReadingOf => DateTime<Utc> = store::bulletin::readings;
    /// To how many a bulletin was delivered, and how many have read it.
    ReceiptsOf => Receipts = store::bulletin::receipts;
    /// How many bulletins an owner has not read.
    UnreadOfOwner => i64 = store::bulletin::unread;
    /// A building.
    BuildingOf => entity::building::Model = store::company::buildings;
}
