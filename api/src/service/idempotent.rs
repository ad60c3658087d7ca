//! Calls that a client may repeat without harm: on a bad network it can't know whether the first one arrived.

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use uuid::Uuid;

use crate::{
    auth::{secret::token_hash, viewer::Viewer},
    error::{Error, FaultCode, Message, Result},
    store::{self, db::Tx},
};

const LONGEST_KEY: usize = 100;

/// A call that may be a repetition.
#[derive(Clone, Copy, Debug)]
pub struct Repeatable<'a> {
    pub key: Option<&'a str>,
    pub operation: &'a str,
}

/// What a key says about a call.
#[derive(Debug, PartialEq)]
pub enum Claim {
    /// Never seen: do the work, then `complete`.
    Fresh,
    /// Done before, with this result.
    Done(Uuid),
}

impl Repeatable<'_> {
    /// Claims the key for this request. The same key with another request is refused, so that a client's mistake does
    /// not look like success.
    pub async fn claim(&self, tx: &Tx, viewer: &Viewer, request: &str, now: DateTime<Utc>) -> Result<Claim> {
        let (Some(key), Some(principal_id)) = (self.key, viewer.id()) else { return Ok(Claim::Fresh) };
        if key.is_empty() || key.chars().count() > LONGEST_KEY {
            let message = Message::KeyLength { most: LONGEST_KEY.into() };
            return Err(Error::fault(FaultCode::OutOfRange, "idempotencyKey", message));
        }
        if key.chars().any(char::is_control) {
            let message = Message::KeyControl;
            return Err(Error::fault(FaultCode::Invalid, "idempotencyKey", message));
        }
        let request_hash = token_hash(request);
        let row = idempotency_key::Model {
            principal_id,
            key: key.to_owned(),
            operation: self.operation.to_owned(),
            request_hash: request_hash.clone(),
            result_id: None,
            created_at: now,
        };
        let Some(earlier) = store::idempotency::claim(tx, row).await? else { return Ok(Claim::Fresh) };
        if earlier.operation != self.operation || earlier.request_hash != request_hash {
            let message = Message::KeyReused;
            return Err(Error::fault(FaultCode::KeyReused, "idempotencyKey", message));
        }
        earlier.result_id.map(Claim::Done).ok_or(Error::Busy)
    }

    /// Remembers the result; in the same transaction as the work.
    pub async fn complete(&self, tx: &Tx, viewer: &Viewer, result_id: Uuid) -> Result<()> {
        match (self.key, viewer.id()) {
            (Some(key), Some(principal_id)) => store::idempotency::complete(tx, principal_id, key, result_id).await,
            _ => Ok(()),
        }
    }
}
