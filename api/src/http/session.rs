//! How long a long-lived connection may go on for its viewer: until the token ends by the backend's clock, or until the
//! session is ended from elsewhere. Both transports that outlive a request stand on this.

use std::future::pending;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use crate::graphql::backend::Backend;

pub(super) struct Session<B: Backend> {
    backend: B,
    expires_at: Option<DateTime<Utc>>,
    /// The token's end as it looked at the beginning: a clock that is set back gives nobody more time.
    at_the_latest: Option<Instant>,
    ended: BoxFuture<'static, ()>,
    check: Duration,
}

impl<B: Backend> Session<B> {
    /// `check` bounds how long a clock that jumped goes unnoticed on an idle connection.
    pub(super) fn new(backend: B, viewer: B::Viewer, check: Duration) -> Self {
        let expires_at = backend.expires_at(&viewer);
        let watcher = backend.clone();
        let ended = async move { watcher.ended(&viewer).await };
        let mut session = Self { backend, expires_at, at_the_latest: None, ended: ended.boxed(), check };
        session.at_the_latest = session.left().map(|left| Instant::now() + left);
        session
    }

    /// To be asked before each message: none is sent after the token's end.
    pub(super) fn is_expired(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }

    /// Resolves when the viewer may no longer listen.
    pub(super) async fn over(&mut self) {
        loop {
            let left = self.left();
            if left.is_some_and(|left| left.is_zero()) {
                return;
            }
            let wait = async {
                match left {
                    Some(left) => sleep(left.min(self.check)).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = &mut self.ended => {
                    // A finished future must not be polled again.
                    self.ended = pending().boxed();
                    self.expires_at = Some(DateTime::<Utc>::MIN_UTC);
                    return;
                }
                () = wait => {}
            }
        }
    }

    fn left(&self) -> Option<Duration> {
        let left = (self.expires_at? - self.backend.now()).to_std().unwrap_or(Duration::ZERO);
        let at_most = self.at_the_latest.map_or(left, |end| end.saturating_duration_since(Instant::now()));
        Some(left.min(at_most))
    }
}
