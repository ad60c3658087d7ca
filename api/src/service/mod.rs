//! The use cases, one function each: load, allow, decide, save, record the event, commit. They know neither GraphQL
//! nor HTTP; rules are the domain's, rights the policy's, statements the store's.

pub mod area;
pub mod assignment;
pub mod attachment;
pub mod bulletin;
pub mod company;
pub mod contractor;
pub mod customer_file;
mod dispatch;
pub mod duty;
pub mod erasure;
pub mod handover;
pub mod household;
pub mod idempotent;
pub mod import_ledger;
pub mod milestone;
pub mod oauth;
pub mod privacy;
pub mod rectification;
pub mod session;
pub mod sign_in;
pub mod stage;
pub mod ticket;
mod ticket_rows;
pub mod warranty;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    auth::{delivery::CodeDelivery, password::Passwords},
    clock::{Clock, Ids},
    events::Hub,
    media::{blob::BlobStore, upload::Uploads},
    store::{db::Db, vault::Vault},
};

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<Ids>,
    pub hub: Hub,
    pub vault: Arc<Vault>,
    pub delivery: Arc<dyn CodeDelivery>,
    pub passwords: Passwords,
    pub blobs: BlobStore,
    pub uploads: Uploads,
}

impl Services {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn new_id(&self, now: DateTime<Utc>) -> Uuid {
        self.ids.new_id(now)
    }
}
