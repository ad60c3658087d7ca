//! How much the server takes on at once: requests in work, and open sockets and event streams. What is over a bound is
//! refused at once, so that a crowd costs one small answer each and no memory. Health is never refused.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::accept::Media;
use super::answer::Answer;
use super::{HttpConfig, HttpState};
use crate::error::Error;
use crate::metrics::Open;

/// The places of one server. Cheap to clone.
#[derive(Clone)]
pub struct Admission {
    requests: Arc<Semaphore>,
    sockets: Arc<Semaphore>,
}

/// A place that is taken until this is dropped.
pub(super) struct Admitted {
    _place: OwnedSemaphorePermit,
    _open: Open,
}

impl Admission {
    pub fn new(config: &HttpConfig) -> Self {
        let places = |count: u32| Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(Semaphore::MAX_PERMITS)));
        Self { requests: places(config.max_in_flight), sockets: places(config.max_sockets) }
    }
}

impl<B> HttpState<B> {
    /// A place among the requests in work; none when all are taken.
    pub(super) fn admit_request(&self) -> Option<Admitted> {
        let place = Arc::clone(&self.admission.requests).try_acquire_owned();
        self.admitted(place.ok(), "requests", || self.metrics.in_flight())
    }

    /// A place among the open sockets and event streams; none when all are taken.
    pub(super) fn admit_socket(&self, transport: &'static str) -> Option<Admitted> {
        let place = Arc::clone(&self.admission.sockets).try_acquire_owned();
        self.admitted(place.ok(), "sockets", || self.metrics.connection(transport))
    }

    fn admitted(
        &self,
        place: Option<OwnedSemaphorePermit>,
        bound: &'static str,
        open: impl FnOnce() -> Open,
    ) -> Option<Admitted> {
        let admitted = place.map(|place| Admitted { _place: place, _open: open() });
        if admitted.is_none() {
            self.metrics.shed(bound);
        }
        admitted
    }

    /// Work beside GraphQL: admitted, and within the time that a request has.
    pub(super) async fn in_turn<T, E: From<Error>>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let _admitted = self.admit_request().ok_or(Error::Busy)?;
        timeout(self.config.request_timeout, work).await.unwrap_or_else(|_| Err(Error::Busy.into()))
    }
}

/// The answer to whoever opens one socket too many: clients come back after it.
pub(super) fn no_socket_left() -> HttpResponse {
    Answer::busy().with_status(StatusCode::SERVICE_UNAVAILABLE, Media::Json)
}
