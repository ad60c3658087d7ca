//! The numbered logs that can be followed.

use std::future::Future;

use tokio::sync::oneshot;

use super::bell::Act;
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

/// A question that was made and not yet put: what follows a place for a viewer?
pub struct Question<E> {
    /// Puts it.
    pub put: Act,
    /// It comes in bounded time after the question was put, or is lost with whoever answers.
    pub answer: oneshot::Receiver<News<E>>,
}

/// What a question is answered; none when the viewer has to look alone.
pub type News<E> = Result<Option<Ahead<E>>>;

impl<E: Send + 'static> Question<E> {
    /// For one who can't be answered together with others.
    pub fn alone() -> Self {
        let (tell, answer) = oneshot::channel();
        // Who has gone meanwhile needs no answer.
        Self { put: Box::new(|| drop(tell.send(Ok(None)))), answer }
    }
}

/// A log whose numbers have the order of commits, so that a reader at a place has missed nothing before it.
pub trait Log: Clone + Send + Sync + 'static {
    type Entry: Send + 'static;

    const WHICH: Which;

    /// What follows a place, as far as the viewer may see it, at the moment when it is put: asked for together with whoever
    /// else asks. Of what was passed over there may come what has come into sight since.
    fn ask(&self, viewer: &Viewer, place: Place, limit: u64) -> Question<Self::Entry>;

    /// The same, asked for at once and alone.
    fn alone(
        &self,
        db: &Db,
        viewer: &Viewer,
        place: Place,
        limit: u64,
    ) -> impl Future<Output = Result<Ahead<Self::Entry>>> + Send;

    fn place(entry: &Self::Entry) -> i64;
}
