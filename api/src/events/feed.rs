//! One subscriber's way through a log: what it missed, in order, once; then live.

use std::{collections::VecDeque, time::Duration};

use futures_util::{Stream, stream};
use tokio::time::Instant;

use super::{
    hub::{Hub, Subscription},
    log::{Ahead, Log, Place, Question},
};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
    store::db::{Db, in_time},
};

/// How many entries are read ahead.
const AHEAD: u64 = 32;

/// How long entries that were read may wait for the reader before they are read again, if they are still to be seen.
const FRESH: Duration = Duration::from_millis(10);

/// How long a reader waits whose database is gone, before it looks again.
const AGAIN: Duration = Duration::from_millis(500);

struct Feed<L: Log> {
    db: Db,
    viewer: Viewer,
    log: L,
    place: Place,
    subscription: Subscription,
    ahead: VecDeque<L::Entry>,
    /// Up to where was looked for what is ahead.
    looked: i64,
    /// Nothing followed what is ahead when it was read.
    is_all: bool,
    read_at: Instant,
    failed: bool,
}

/// The entries after `place` that the viewer may see; then each new one as it is committed. The stream is pulled: a
/// reader that does not read holds at most a few entries. It ends after an error.
pub fn follow<L: Log>(
    db: Db,
    hub: &Hub,
    viewer: Viewer,
    log: L,
    place: i64,
) -> impl Stream<Item = Result<L::Entry>> + Send + use<L> {
    // Registered before the first read, so that nothing falls between reading and waiting.
    let subscription = hub.subscribe(L::WHICH, &viewer);
    let feed = Feed {
        db,
        viewer,
        log,
        place: Place { shown: place, looked: place },
        subscription,
        ahead: VecDeque::new(),
        looked: place,
        is_all: false,
        read_at: Instant::now(),
        failed: false,
    };
    stream::unfold(feed, |mut feed| async move {
        if feed.failed {
            return None;
        }
        let next = feed.next().await;
        feed.failed = next.is_err();
        Some((next, feed))
    })
}

impl<L: Log> Feed<L> {
    async fn next(&mut self) -> Result<L::Entry> {
        loop {
            if !self.ahead.is_empty() && self.read_at.elapsed() > FRESH {
                self.ahead.clear();
                (self.looked, self.is_all) = (self.place.looked, false);
            }
            if let Some(entry) = self.ahead.pop_front() {
                self.place.shown = L::place(&entry);
                // What is ahead was found up to where was looked; without it, all that was found up to there has been shown.
                let looked = if self.ahead.is_empty() { self.looked } else { self.place.looked };
                self.place.looked = looked.max(self.place.shown);
                return Ok(entry);
            }
            self.place.looked = self.looked;
            // What is seldom done has its place made when it is done: most of the time there is nothing to read.
            match self.ask().await {
                Ok(Some(ahead)) => self.take(ahead),
                Ok(None) => Box::pin(self.read_alone()).await?,
                // A database that is gone takes no place in the log away: the reader stays and reads on when it is back.
                Err(Error::Busy) => Box::pin(self.rest()).await,
                Err(error) => return Err(error),
            }
        }
    }

    /// What follows, once there is something; none when it has to be looked for alone.
    async fn ask(&mut self) -> Result<Option<Ahead<L::Entry>>> {
        let Question { put, answer } = self.log.ask(&self.viewer, self.place, AHEAD);
        if self.is_all {
            // What was committed since the log was read has woken this, or will.
            self.subscription.when_woken(put);
        } else {
            put();
        }
        answer.await.unwrap_or(Err(Error::Busy))
    }

    async fn read_alone(&mut self) -> Result<()> {
        match in_time(self.log.alone(&self.db, &self.viewer, self.place, AHEAD)).await {
            Ok(ahead) => self.take(ahead),
            Err(Error::Busy) => self.rest().await,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn rest(&mut self) {
        tokio::time::sleep(AGAIN).await;
        self.is_all = false;
    }

    fn take(&mut self, Ahead { entries, looked, is_all }: Ahead<L::Entry>) {
        (self.looked, self.is_all) = (looked, is_all || entries.is_empty());
        self.ahead = entries.into();
        self.read_at = Instant::now();
    }
}
