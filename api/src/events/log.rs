//! The numbered logs that can be followed.

use std::future::Future;

use crate::{auth::viewer::Viewer, error::Result, store::db::Db};

/// Which log it is. Who follows one is not woken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    Tickets,
    Bulletins,
    Notifications,
}

/// Where a reader stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The last entry that it was shown.
    pub shown: i64,
    /// Up to here, which is not before that, it was looked for what it may see.
    pub looked: i64,
}

/// What was read of a log.
pub struct Ahead<E> {
    /// What the viewer may see, the oldest first.
    pub entries: Vec<E>,
    /// Up to here it was looked. It counts once all the entries are shown.
    pub looked: i64,
    /// Nothing followed them when it was read: there is no more before the reader is woken.
    pub is_all: bool,
}

/// A log whose numbers have the order of commits, so that a reader at a place has missed nothing before it.
pub trait Log: Clone + Send + Sync + 'static {
    type Entry: Send + 'static;

    const WHICH: Which;

    /// What follows a place, as far as the viewer may see it. Of what was passed over there may come what has come into
    /// sight since.
    fn after(
        &self,
        db: &Db,
        viewer: &Viewer,
        place: Place,
        limit: u64,
    ) -> impl Future<Output = Result<Ahead<Self::Entry>>> + Send;

    fn place(entry: &Self::Entry) -> i64;
}
