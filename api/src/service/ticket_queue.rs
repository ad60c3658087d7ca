//! What a device did to tickets while it was offline, carried out in the order in which it was done. Each action goes the
//! way of the single call, in a transaction of its own, and is answered for itself.
//!
//! An action that is not carried out ends the queue for its ticket: whoever did the next one believed that this one had
//! been done. And what is answered stays so: a queue that is sent again, as its answer was lost, is told the same, of what
//! was refused too.

use std::collections::HashMap;

use entity::ticket;
use uuid::Uuid;

use super::{
    Services,
    idempotent::Claim,
    ticket::{self as single, Order},
};
use crate::{
    auth::{
        policy::{Verdict, may_call},
        viewer::Viewer,
    },
    error::{Error, FaultCode, Message, Result},
    store,
};

/// The most actions that one call carries out.
pub const MOST_ACTIONS: usize = 50;

/// An action of the queue.
#[derive(Debug)]
pub struct Queued {
    /// None when it is no ticket's id.
    pub ticket_id: Option<Uuid>,
    pub key: Option<String>,
    /// What is to be done, or why that can't be read.
    pub order: Result<Order>,
}

/// How an action went.
#[derive(Debug)]
pub struct Outcome {
    pub key: Option<String>,
    /// The ticket as it is now, if it exists for the viewer.
    pub ticket: Option<ticket::Model>,
    pub refusal: Option<Error>,
}

/// Carries the actions out, one after the other.
pub async fn apply(services: &Services, viewer: &Viewer, queue: Vec<Queued>) -> Result<Vec<Outcome>> {
    if queue.is_empty() || queue.len() > MOST_ACTIONS {
        let message = Message::ActionCount { most: MOST_ACTIONS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "actions", message));
    }
    let mut course = Course::default();
    let mut outcomes = Vec::with_capacity(queue.len());
    for queued in queue {
        outcomes.push(course.take(services, viewer, queued).await);
    }
    Ok(outcomes)
}

/// Why nothing more is done to a ticket.
#[derive(Clone, Copy, Debug)]
enum End {
    /// An action was refused.
    Refused,
    /// An action has to be sent again, and the next must not overtake it.
    Awaited,
}

/// How the queue has gone so far.
#[derive(Default)]
struct Course {
    ended: HashMap<Uuid, End>,
    /// The service can't go on: what is left has to be sent again.
    is_halted: bool,
}

impl Course {
    async fn take(&mut self, services: &Services, viewer: &Viewer, queued: Queued) -> Outcome {
        let (id, key) = (queued.ticket_id, queued.key.clone());
        let outcome = match self.hindrance(id) {
            Some(hindrance) => Err(hindrance),
            None => attempt(services, viewer, queued).await.inspect_err(|error| self.note(id, error)),
        };
        match outcome {
            Ok(ticket) => Outcome { key, ticket, refusal: None },
            Err(refusal) => Outcome { key, ticket: self.present(services, viewer, id).await, refusal: Some(refusal) },
        }
    }

    fn hindrance(&self, id: Option<Uuid>) -> Option<Error> {
        if self.is_halted {
            return Some(Error::Busy);
        }
        match self.ended.get(&id?)? {
            End::Refused => Some(Error::skipped()),
            End::Awaited => Some(Error::Busy),
        }
    }

    fn note(&mut self, id: Option<Uuid>, error: &Error) {
        self.is_halted |= matches!(error, Error::Busy);
        if let Some(id) = id {
            self.ended.insert(id, if error.may_pass() { End::Awaited } else { End::Refused });
        }
    }

    /// The ticket as it is, from where it is written: what the refusal is about may not have reached a replica yet. When not
    /// even that can be read, the refusal is told without it.
    async fn present(&self, services: &Services, viewer: &Viewer, id: Option<Uuid>) -> Option<ticket::Model> {
        let id = id.filter(|_| !self.is_halted)?;
        store::ticket::by_id(services.db.writer(), viewer, id).await.unwrap_or(None)
    }
}

/// The ticket, as the action has left it.
async fn attempt(services: &Services, viewer: &Viewer, queued: Queued) -> Result<Option<ticket::Model>> {
    let order = queued.order?;
    if order.idempotency_key.is_none() {
        return Err(Error::fault(FaultCode::Required, "idempotencyKey", Message::KeyInQueue));
    }
    // On the heap: what is awaited here is large.
    let acted = match may_call(viewer, order.operation()) {
        Verdict::Allowed => Box::pin(single::act_once(services, viewer, &order)).await,
        _ => Err(Error::Forbidden(Message::StepNotYours)),
    };
    match acted {
        Err(refusal) if !refusal.may_pass() => refuse(services, viewer, &order, refusal).await,
        acted => acted,
    }
}

/// Remembers a refusal under the action's key. Where another copy of the same queue was faster, what that one was told is
/// the truth.
async fn refuse(services: &Services, viewer: &Viewer, order: &Order, refusal: Error) -> Result<Option<ticket::Model>> {
    let tx = services.db.begin().await?;
    let call = order.call();
    match call.claim(&tx, viewer, &order.request(), services.now()).await? {
        Claim::Done(id) => store::ticket::by_id(&tx, viewer, id).await,
        Claim::Fresh => {
            call.refuse(&tx, viewer, refusal.clone()).await?;
            tx.commit().await?;
            Err(refusal)
        }
    }
}
