//! How much the server takes on at once: requests in work, and open sockets and event streams; and how much from one
//! address at the doors beside GraphQL. What is over a bound is refused at once, so that a crowd costs one small answer
//! each and no memory. Health is never refused.

mod exports;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::accept::Media;
use super::answer::Answer;
use super::languages::spoken;
use super::{HttpConfig, HttpState, address};
use crate::auth::viewer::Viewer;
use crate::error::Error;
use crate::graphql::backend::Backend;
use crate::graphql::meter::{Meter, TooMuch};
use crate::language::Language;
use crate::metrics::Open;
use exports::{Exports, Place};

/// The places of one server. Cheap to clone.
#[derive(Clone)]
pub struct Admission {
    requests: Arc<Semaphore>,
    sockets: Arc<Semaphore>,
    doors: Arc<Meter>,
    exports: Exports,
}

/// A place that is taken until this is dropped.
pub(super) struct Admitted {
    _place: OwnedSemaphorePermit,
    _open: Open,
}

/// An export in work, until this is dropped.
pub(super) struct Exporting {
    _place: Place,
    _open: Open,
}

impl Admission {
    pub fn new(config: &HttpConfig) -> Self {
        let places = |count: u32| Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(Semaphore::MAX_PERMITS)));
        let doors = Arc::new(Meter::new(config.guard.doors));
        Self {
            requests: places(config.max_in_flight),
            sockets: places(config.max_sockets),
            doors,
            exports: Exports::default(),
        }
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

    /// A place among the exports; none when all are taken, or when this principal has one.
    pub(super) fn admit_export(&self, viewer: &Viewer) -> Option<Exporting> {
        let place = viewer.id().and_then(|id| self.admission.exports.enter(id));
        if place.is_none() {
            self.metrics.shed("exports");
        }
        place.map(|place| Exporting { _place: place, _open: self.metrics.export() })
    }

    /// Work beside GraphQL: admitted, and within the time that a request has.
    pub(super) async fn in_turn<T, E: From<Error>>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let _admitted = self.admit_request().ok_or(Error::Busy)?;
        timeout(self.config.request_timeout, work).await.unwrap_or_else(|_| Err(Error::Busy.into()))
    }
}

/// The answer to an address that has asked for too much at the doors beside GraphQL.
pub(super) fn slow_down(too_much: TooMuch, request: &HttpRequest) -> HttpResponse {
    let answer = Answer::Refused(vec![too_much.into()]).finished("", spoken(request));
    answer.with_status(StatusCode::TOO_MANY_REQUESTS, Media::Json)
}

impl<B: Backend> HttpState<B> {
    /// Takes what a request costs from the address it comes from, whoever is signed in there.
    pub(super) fn charge(&self, request: &HttpRequest, cost: u64) -> Result<(), TooMuch> {
        let from = address::of(request, &self.config.trusted_proxies);
        let charged = self.admission.doors.charge(&Viewer::anonymous(), from, cost, self.backend.now());
        charged.inspect_err(|_| self.metrics.shed("address"))
    }
}

/// The answer to whoever opens one socket too many: clients come back after it.
pub(super) fn no_socket_left(language: Language) -> HttpResponse {
    Answer::busy().finished("", language).with_status(StatusCode::SERVICE_UNAVAILABLE, Media::Json)
}
