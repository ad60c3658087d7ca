//! How long a long-lived connection may go on for its viewer: until the token ends by the backend's clock, or until the
//! session is ended from elsewhere. Both transports that outlive a request stand on this.

use std::future::pending;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use crate::graphql::backend::Backend;

#[derive(Clone)]
pub(super) struct Session<B: Backend> {
    backend: B,
    viewer: B::Viewer,
    expires_at: Option<DateTime<Utc>>,
    /// The token's end as it looked at the beginning: a clock that is set back gives nobody more time.
    at_the_latest: Option<Instant>,
}

impl<B: Backend> Session<B> {
    pub(super) fn new(backend: B, viewer: B::Viewer) -> Self {
        let expires_at = backend.expires_at(&viewer);
        let mut session = Self { backend, viewer, expires_at, at_the_latest: None };
        session.at_the_latest = session.left().map(|left| Instant::now() + left);
        session
    }

    pub(super) fn viewer(&self) -> &B::Viewer {
        &self.viewer
    }

    /// To be asked before each message: none is sent after the token's end.
    pub(super) fn is_expired(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }

    /// Resolves when the viewer may no longer listen. `check` bounds how long a clock that jumped goes unnoticed on an idle
    /// connection.
    pub(super) fn over(&self, check: Duration) -> BoxFuture<'static, ()> {
        let session = self.clone();
        let over = async move {
            tokio::select! {
                () = session.backend.ended(&session.viewer) => {}
                () = session.expired(check) => {}
            }
        };
        over.boxed()
    }

    async fn expired(&self, check: Duration) {
        loop {
            match self.left() {
                None => pending().await,
                Some(left) if left.is_zero() => return,
                Some(left) => sleep(left.min(check)).await,
            }
        }
    }

    fn left(&self) -> Option<Duration> {
        let left = (self.expires_at? - self.backend.now()).to_std().unwrap_or(Duration::ZERO);
        let at_most = self.at_the_latest.map_or(left, |end| end.saturating_duration_since(Instant::now()));
        Some(left.min(at_most))
    }
}
