//! Calls that a client may repeat without harm: on a bad network it can't know whether the first one arrived.

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    auth::{secret::token_hash, viewer::Viewer},
    error::{Error, Fault, FaultCode, Message, Result},
    store::{self, db::Tx, idempotency::Outcome},
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
        self.claim_with(tx, viewer, (request, now), Outcome::default()).await
    }

    /// The same of a call whose result is known beforehand: there is nothing to complete.
    pub async fn claim_for(
        &self,
        tx: &Tx,
        viewer: &Viewer,
        (request, now): (&str, DateTime<Utc>),
        (result_id, version): (Uuid, i32),
    ) -> Result<Claim> {
        let outcome = Outcome { result_id: Some(result_id), result_version: Some(version), refusal: None };
        self.claim_with(tx, viewer, (request, now), outcome).await
    }

    async fn claim_with(
        &self,
        tx: &Tx,
        viewer: &Viewer,
        (request, now): (&str, DateTime<Utc>),
        outcome: Outcome,
    ) -> Result<Claim> {
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
            result_id: outcome.result_id,
            result_version: outcome.result_version,
            refusal: outcome.refusal,
            created_at: now,
        };
        let Some(earlier) = store::idempotency::claim(tx, row).await? else { return Ok(Claim::Fresh) };
        if earlier.operation != self.operation || earlier.request_hash != request_hash {
            let message = Message::KeyReused;
            return Err(Error::fault(FaultCode::KeyReused, "idempotencyKey", message));
        }
        match earlier.refusal {
            Some(refusal) => Err(refused_before(refusal)?),
            None => earlier.result_id.map(Claim::Done).ok_or(Error::Busy),
        }
    }

    /// Remembers the result; in the same transaction as the work.
    pub async fn complete(&self, tx: &Tx, viewer: &Viewer, result_id: Uuid) -> Result<()> {
        self.remember(tx, viewer, Outcome { result_id: Some(result_id), ..Outcome::default() }).await
    }

    /// The same, with the version in which the call left it: another call may build on that.
    pub async fn complete_at(&self, tx: &Tx, viewer: &Viewer, result_id: Uuid, version: i32) -> Result<()> {
        let outcome = Outcome { result_id: Some(result_id), result_version: Some(version), refusal: None };
        self.remember(tx, viewer, outcome).await
    }

    /// Remembers that the call was refused: a repetition is told the same, whatever has become of things since. Of a call
    /// that stands alone nothing is remembered, so that it can be corrected.
    pub async fn refuse(&self, tx: &Tx, viewer: &Viewer, refusal: Error) -> Result<()> {
        let refusal = serde_json::to_value(refusal.into_faults()).map_err(Error::internal)?;
        self.remember(tx, viewer, Outcome { refusal: Some(refusal), ..Outcome::default() }).await
    }

    async fn remember(&self, tx: &Tx, viewer: &Viewer, outcome: Outcome) -> Result<()> {
        match (self.key, viewer.id()) {
            (Some(key), Some(principal_id)) => store::idempotency::complete(tx, principal_id, key, outcome).await,
            _ => Ok(()),
        }
    }
}

/// A fault as it is remembered: what it says as a code with what is filled in, so that a repetition is told in the language
/// of whoever sends it then.
#[derive(Deserialize)]
struct Remembered {
    code: FaultCode,
    field: Option<String>,
    message: serde_json::Value,
}

impl From<Remembered> for Fault {
    fn from(remembered: Remembered) -> Self {
        // Another version of this program may have said what this one can't.
        let message = serde_json::from_value(remembered.message).unwrap_or(Message::RefusedBefore);
        Self { code: remembered.code, field: remembered.field, message }
    }
}

/// A refusal that was remembered.
fn refused_before(refusal: serde_json::Value) -> Result<Error> {
    let remembered: Vec<Remembered> = serde_json::from_value(refusal).map_err(Error::internal)?;
    let faults: Vec<Fault> = remembered.into_iter().map(Fault::from).collect();
    match faults.iter().find(|fault| fault.code == FaultCode::Forbidden) {
        Some(fault) => Ok(Error::Forbidden(fault.message.clone())),
        None => Ok(Error::Invalid(faults)),
    }
}

/// In which version the viewer's earlier call with this key left the thing that the next one is about.
pub async fn left_by(tx: &Tx, viewer: &Viewer, key: &str, id: Uuid) -> Result<i32> {
    let earlier = match viewer.id() {
        Some(principal_id) => store::idempotency::by_key(tx, principal_id, key).await?,
        None => None,
    };
    if earlier.as_ref().is_some_and(|earlier| earlier.refusal.is_some()) {
        return Err(Error::skipped());
    }
    let left = earlier.filter(|earlier| earlier.result_id == Some(id)).and_then(|earlier| earlier.result_version);
    left.ok_or_else(|| Error::fault(FaultCode::NotFound, "follows", Message::NoSuchActionBefore))
}

#[cfg(test)]
mod tests {
    use entity::vocab::{TicketAction, TicketStatus};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_says_the_same_when_it_is_remembered() {
        let message =
            Message::NotPossibleIn { action: TicketAction::Start.into(), status: TicketStatus::OnHold.into() };
        let what = Box::new(Message::IsTooLongAgo { days: 6.into() });
        let faults = vec![
            Fault { code: FaultCode::IllegalTransition, field: None, message },
            Fault::new(FaultCode::TooLate, "madeAt", Message::AboutField { field: "madeAt".to_owned(), what }),
        ];
        let written = serde_json::to_value(&faults).unwrap();
        let Error::Invalid(read) = refused_before(written).unwrap() else { panic!("it was no refusal of rights") };
        assert_eq!(read, faults);
        let forbidden = Error::Forbidden(Message::TicketStepNotYours).into_faults();
        let read = refused_before(serde_json::to_value(forbidden).unwrap()).unwrap();
        assert!(matches!(read, Error::Forbidden(Message::TicketStepNotYours)), "{read:?}");
    }

    #[test]
    fn a_refusal_of_another_version_is_one_still() {
        let said =
            json!([{ "code": "TooEarly", "field": "ticketId", "message": { "NobodyKnowsThis": { "days": 1 } } }]);
        let Error::Invalid(faults) = refused_before(said).unwrap() else { panic!("it was no refusal of rights") };
        assert_eq!(faults, [Fault::new(FaultCode::TooEarly, "ticketId", Message::RefusedBefore)]);
    }
}
