//! How much each principal, and each address of those who are not signed in, has asked this server for lately. In memory
//! and bounded: who has not asked for longest is forgotten, and has a full bucket again. The rule is the domain's.

use std::{
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use async_graphql::ServerError;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::error::coded;
use crate::{
    auth::viewer::Viewer,
    domain::throttle::{Bucket, Rate, neighbourhood},
    error::Message,
    recent::Recent,
};

/// How many principals, and how many addresses, are remembered.
const CAPACITY: usize = 100_000;

/// The meter of one server.
pub struct Meter {
    rate: Option<Rate>,
    principals: Mutex<Recent<Uuid, Bucket>>,
    /// Kept apart, so that addresses without number make nobody's account forgotten.
    addresses: Mutex<Recent<IpAddr, Bucket>>,
}

impl Meter {
    /// Without a rate everything is let through.
    pub fn new(rate: Option<Rate>) -> Self {
        Self { rate, principals: Mutex::new(Recent::new(CAPACITY)), addresses: Mutex::new(Recent::new(CAPACITY)) }
    }

    /// Takes the cost from whoever asks, or refuses them for as long as they have to wait.
    pub fn charge(
        &self,
        viewer: &Viewer,
        address: Option<IpAddr>,
        cost: u64,
        now: DateTime<Utc>,
    ) -> Result<(), TooMuch> {
        let Some(rate) = self.rate else { return Ok(()) };
        let taken = match (viewer.id(), address) {
            (Some(principal), _) => take(&self.principals, principal, (rate, cost, now)),
            (None, Some(address)) => take(&self.addresses, neighbourhood(address), (rate, cost, now)),
            (None, None) => Ok(()),
        };
        taken.map_err(|wait| TooMuch { wait })
    }
}

/// Somebody has asked for too much, and may come again after this time.
#[derive(Clone, Copy, Debug)]
pub struct TooMuch {
    wait: TimeDelta,
}

impl TooMuch {
    /// In whole seconds, of which none is too short.
    pub fn wait_seconds(&self) -> i64 {
        self.wait.num_seconds() + 1
    }
}

impl From<TooMuch> for ServerError {
    fn from(too_much: TooMuch) -> Self {
        let seconds = too_much.wait_seconds();
        let mut error = coded("RATE_LIMITED", Message::TooMuchAskedFor { seconds: seconds.into() });
        error.extensions.get_or_insert_default().set("retryAfter", seconds);
        error
    }
}

fn take<K: Hash + Eq>(
    buckets: &Mutex<Recent<K, Bucket>>,
    payer: K,
    (rate, cost, now): (Rate, u64, DateTime<Utc>),
) -> Result<(), TimeDelta> {
    let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
    let bucket = buckets.find(&payer).unwrap_or_else(|| Bucket::full(rate, now));
    let taken = bucket.take(rate, cost, now);
    buckets.keep(payer, taken.unwrap_or(bucket));
    taken.map(drop)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::auth::viewer::Principal;

    fn start() -> DateTime<Utc> {
        "2026-11-23T01:00:00Z".parse().unwrap()
    }

    fn hundred() -> Option<Rate> {
        Some(Rate { burst: NonZeroU32::new(100).unwrap(), per_second: NonZeroU32::new(1).unwrap() })
    }

    #[test]
    fn each_principal_and_each_address_of_the_anonymous_has_a_bucket_of_its_own() {
        let meter = Meter::new(hundred());
        let (zhang, li) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let signed_in = |id| Viewer::of(Principal::Owner(id));
        let (home, office) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        let let_in = |viewer: &Viewer, address| meter.charge(viewer, address, 100, start()).is_ok();
        assert!(let_in(&signed_in(zhang), home));
        assert!(!let_in(&signed_in(zhang), home) && !let_in(&signed_in(zhang), office));
        assert!(let_in(&signed_in(li), home));
        assert!(let_in(&Viewer::anonymous(), home) && !let_in(&Viewer::anonymous(), home));
        assert!(let_in(&Viewer::anonymous(), office));
        let wait = meter.charge(&signed_in(zhang), home, 30, start()).unwrap_err().wait;
        assert_eq!(wait, TimeDelta::seconds(30));
        assert!(meter.charge(&signed_in(zhang), home, 30, start() + wait).is_ok());
    }

    #[test]
    fn one_network_of_version_6_is_one_address() {
        let meter = Meter::new(hundred());
        let charge = |address: &str| meter.charge(&Viewer::anonymous(), address.parse().ok(), 60, start()).is_ok();
        assert!(charge("2001:db8::1") && !charge("2001:db8::2") && charge("2001:db8:0:1::1"));
    }

    #[test]
    fn without_a_rate_everything_is_let_through() {
        let meter = Meter::new(None);
        assert!(meter.charge(&Viewer::anonymous(), "192.0.2.1".parse().ok(), u64::MAX, start()).is_ok());
    }
}
