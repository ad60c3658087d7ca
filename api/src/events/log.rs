//! The numbered logs that can be followed.

use std::future::Future;

use entity::{notification, ticket_event};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    error::Result,
    store::{self, db::Db},
};

/// A log whose numbers have the order of commits, so that a reader at a place has missed nothing before it.
pub trait Log: Clone + Send + Sync + 'static {
    type Entry: Send + 'static;

    /// What follows a place, as far as the viewer may see it: the oldest first.
    fn after(
        &self,
        db: &Db,
        viewer: &Viewer,
        place: i64,
        limit: u64,
    ) -> impl Future<Output = Result<Vec<Self::Entry>>> + Send;

    fn place(entry: &Self::Entry) -> i64;
}

/// The events of one ticket, or of all.
#[derive(Clone, Copy, Debug)]
pub struct TicketLog {
    pub ticket_id: Option<Uuid>,
}

impl Log for TicketLog {
    type Entry = ticket_event::Model;

    async fn after(&self, db: &Db, viewer: &Viewer, place: i64, limit: u64) -> Result<Vec<Self::Entry>> {
        store::event::after(db.reader(), viewer, place, self.ticket_id, limit).await
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}

/// What a viewer is told.
#[derive(Clone, Copy, Debug)]
pub struct NotificationLog;

impl Log for NotificationLog {
    type Entry = notification::Model;

    async fn after(&self, db: &Db, viewer: &Viewer, place: i64, limit: u64) -> Result<Vec<Self::Entry>> {
        store::notification::after(db.reader(), viewer, place, limit).await
    }

    fn place(entry: &Self::Entry) -> i64 {
        entry.seq
    }
}
