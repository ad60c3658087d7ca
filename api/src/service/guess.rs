//! Tries at guessing a code, a password or a secret. They are counted in the database, so for all servers together: for what
//! is guessed at, for the address they come from, and for everybody. Whoever is right takes the count back.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::Services;
use crate::{
    domain::throttle::{Tries, neighbourhood},
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn},
};

/// How long windows full of wrong tries are remembered after the wait: until then the next wait is longer.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// How often one address may be wrong, whatever it guesses at. Many people may share one.
const ONE_ADDRESS: (i32, TimeDelta) = (50, TimeDelta::minutes(15));

/// How often all addresses together may be wrong: those who guess from thousands of them are slowed down too.
const EVERYBODY: (i32, TimeDelta) = (5_000, TimeDelta::minutes(15));
const EVERYBODY_KEY: &str = "wrong";

/// One try, counted as wrong until it is known to be right.
pub(super) struct Guess {
    key: String,
    address_key: Option<String>,
}

impl Guess {
    /// Counts the try under `key`, and refuses it when there were too many.
    pub(super) async fn begin(
        services: &Services,
        (key, tries): (String, Tries),
        from: Option<IpAddr>,
        field: &'static str,
    ) -> Result<Self> {
        let (conn, now) = (services.db.writer(), services.now());
        let window = store::sign_in::hit(conn, &key, (tries.window, tries.longest_wait), now).await?;
        if window.count > tries.most {
            let ends_at = match window.count - tries.most {
                1 => shut_out(services, &key, tries, now).await?,
                _ => window.window_ends_at,
            };
            return Err(too_many(field, ends_at - now));
        }
        let guess = Self { key, address_key: from.map(|address| address_key(services, "wrong-from", address)) };
        if let Err(error) = guess.count_elsewhere(services, field).await {
            // An address that may not guess locks nobody out.
            store::sign_in::give_back(conn, &[&guess.key]).await?;
            return Err(error);
        }
        Ok(guess)
    }

    async fn count_elsewhere(&self, services: &Services, field: &'static str) -> Result<()> {
        if let Some(key) = &self.address_key {
            throttle(services, key, ONE_ADDRESS, field).await?;
        }
        throttle(services, EVERYBODY_KEY, EVERYBODY, field).await
    }

    /// It was right: what came before it is forgotten, and it was no try of a guesser's.
    pub(super) async fn was_right(&self, conn: &impl Conn) -> Result<()> {
        forget(conn, &self.key).await?;
        let mut keys = vec![EVERYBODY_KEY];
        keys.extend(self.address_key.as_deref());
        store::sign_in::give_back(conn, &keys).await
    }
}

/// Forgets the wrong tries under a key, and how long the last wait was.
pub(super) async fn forget(conn: &impl Conn, key: &str) -> Result<()> {
    store::sign_in::forget(conn, &[key, &rounds_key(key)]).await
}

/// The window is full: the wait begins now, and is longer than the last one.
async fn shut_out(services: &Services, key: &str, tries: Tries, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let conn = services.db.writer();
    let remembered = tries.longest_wait + REMEMBERED;
    let rounds = store::sign_in::count_for(conn, &rounds_key(key), remembered, now).await?;
    let ends_at = now + tries.wait(rounds);
    store::sign_in::prolong(conn, key, ends_at).await?;
    Ok(ends_at)
}

fn rounds_key(key: &str) -> String {
    format!("full:{key}")
}

/// An address is personal data, so only its hash is kept.
pub(super) fn address_key(services: &Services, what: &str, address: IpAddr) -> String {
    format!("{what}:{}", services.vault.address_hash(neighbourhood(address)))
}

/// Counts a try and refuses it when there were too many in the window.
pub(super) async fn throttle(
    services: &Services,
    key: &str,
    (most, window): (i32, TimeDelta),
    field: &str,
) -> Result<()> {
    let now = services.now();
    let window = store::sign_in::hit(services.db.writer(), key, (window, window), now).await?;
    if window.count <= most { Ok(()) } else { Err(too_many(field, window.window_ends_at - now)) }
}

fn too_many(field: &str, wait: TimeDelta) -> Error {
    let minutes = wait.num_minutes() + 1;
    Error::fault(FaultCode::Throttled, field, Message::TooManyTries { minutes: minutes.into() })
}
