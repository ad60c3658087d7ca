//! The use cases, one function each: load, allow, decide, save, record the event, commit. They know neither GraphQL
//! nor HTTP; rules are the domain's, rights the policy's, statements the store's.

pub mod activity;
pub mod appointment;
pub mod area;
pub mod article;
pub mod assignment;
pub mod attachment;
pub mod backlog;
pub mod bulletin;
pub mod calendar_feed;
pub mod company;
pub mod complaint;
pub mod contract;
pub mod contractor;
pub mod customer_file;
pub mod device;
pub mod disclosure;
mod dispatch;
pub mod duty;
pub mod erasure;
pub mod export;
pub mod figure;
mod guess;
pub mod handover;
pub mod household;
pub mod idempotent;
pub mod import_ledger;
pub mod incident;
pub mod inspection;
pub mod intake;
pub mod journey;
pub mod keys;
mod leaving;
pub mod milestone;
pub mod notification;
pub mod oauth;
pub mod opinion;
pub mod partner;
pub mod password;
pub mod policy;
pub mod privacy;
pub mod project;
pub mod prospect;
pub mod publication;
pub mod rectification;
pub mod registration;
pub mod session;
pub mod sign_in;
pub mod sign_in_count;
pub mod staff;
pub mod stage;
pub mod survey;
pub mod ticket;
mod ticket_order;
pub mod ticket_queue;
mod ticket_rows;
pub mod warranty;
pub mod webhook;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    auth::{delivery::CodeDelivery, password::Passwords},
    channel::{Channels, outbound::Outbound},
    clock::{Clock, Ids},
    domain::overlap::of_hours,
    error::{Error, FaultCode, Result},
    events::Hub,
    media::{blob::BlobStore, upload::Uploads},
    metrics::Metrics,
    store::{
        self,
        audit::Act,
        db::{Db, Tx},
        vault::Vault,
    },
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
    pub metrics: Arc<Metrics>,
    /// By which ways notifications leave the house.
    pub channels: Channels,
    /// The way to addresses that people enter.
    pub outbound: Outbound,
    /// How ids look outside.
    pub global_id: fn(webhook::events::Subject, Uuid) -> String,
}

impl Services {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn new_id(&self, now: DateTime<Utc>) -> Uuid {
        self.ids.new_id(now)
    }
}

/// For how long an old secret stays good, as a call's `overlapHours` says it.
fn overlap(hours: Option<i32>) -> Result<TimeDelta> {
    of_hours(hours).map_err(|message| Error::fault(FaultCode::OutOfRange, "overlapHours", message))
}

/// Writes an act on an object into the audit log: what was done, to what kind of object, to which.
pub(crate) async fn record(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (action, object_type, object_id): (&str, &str, Uuid),
    details: serde_json::Value,
) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type,
        object_id: Some(object_id),
        details: Some(details),
    };
    store::audit::record(tx, viewer, act).await
}
