//! One subscriber's way through the log: what it missed, in order, once; then live.

use std::{collections::VecDeque, time::Duration};

use entity::ticket_event::Model as Event;
use futures_util::{Stream, stream};
use tokio::time::Instant;
use uuid::Uuid;

use super::hub::{Hub, Subscription};
use crate::{
    auth::viewer::Viewer,
    error::Result,
    store::{self, db::Db},
};

/// How many events are read ahead.
const AHEAD: u64 = 32;

/// How long events that were read may wait for a slow reader before their visibility is checked again.
const FRESH: Duration = Duration::from_secs(1);

struct Feed {
    db: Db,
    viewer: Viewer,
    ticket_id: Option<Uuid>,
    place: i64,
    subscription: Subscription,
    ahead: VecDeque<Event>,
    read_at: Instant,
    failed: bool,
}

/// The events after `place` that the viewer may see, of one ticket or of all; then each new one as it is committed.
/// The stream is pulled: a reader that does not read holds at most a few events. It ends after an error.
pub fn follow(
    db: Db,
    hub: &Hub,
    viewer: Viewer,
    ticket_id: Option<Uuid>,
    place: i64,
) -> impl Stream<Item = Result<Event>> + Send + use<> {
    // Registered before the first read, so that nothing falls between reading and waiting.
    let subscription = hub.subscribe(&viewer);
    let feed = Feed {
        db,
        viewer,
        ticket_id,
        place,
        subscription,
        ahead: VecDeque::new(),
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

impl Feed {
    async fn next(&mut self) -> Result<Event> {
        loop {
            if self.read_at.elapsed() > FRESH {
                self.ahead.clear();
            }
            if let Some(event) = self.ahead.pop_front() {
                self.place = event.seq;
                return Ok(event);
            }
            self.read().await?;
            if self.ahead.is_empty() {
                self.subscription.woken().await;
            }
        }
    }

    async fn read(&mut self) -> Result<()> {
        let events = store::event::after(self.db.reader(), &self.viewer, self.place, self.ticket_id, AHEAD).await?;
        self.ahead = events.into();
        self.read_at = Instant::now();
        Ok(())
    }
}
