//! The mutation that takes what a device did to tickets while it was offline.

use async_graphql::{Context, Enum, InputObject, Object, OneofObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    context::Ask,
    id::Kind,
    ticket::Ticket,
    ticket_input::{
        AcceptTicketInput, AssignTicketInput, CancelTicketInput, ConfirmTicketInput, EscalateTicketInput,
        HoldTicketInput, Ordering, RecordFollowUpInput, RejectResolutionInput, ReopenTicketInput,
        RescheduleTicketInput, ResolveTicketInput, ResumeTicketInput, StartTicketInput, TriageTicketInput,
    },
    user_error::{UserError, settle},
};
use crate::{
    error::{Error, Fault, FaultCode, Message, Result},
    service::{
        ticket::{Offline, Order},
        ticket_queue::{self, Outcome, Queued},
    },
};

/// Declares the choice of one action, and what all of them have in common.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident($input:ident),)+) => {
        /// One action: exactly one of the fields, with the input of the mutation of that name. The `idempotencyKey` is required here.
        #[derive(OneofObject)]
        pub enum TicketActionInput {
            $($(#[$doc])* $name($input),)+
        }

        impl TicketActionInput {
            fn queued(self, offline: Offline) -> Queued {
                match self {
                    $(Self::$name(input) => queued(input, offline),)+
                }
            }
        }
    };
}

actions! {
    /// As `acceptTicket` takes it.
    AcceptTicket(AcceptTicketInput),
    /// As `assignTicket` takes it.
    AssignTicket(AssignTicketInput),
    /// As `startTicket` takes it.
    StartTicket(StartTicketInput),
    /// As `holdTicket` takes it.
    HoldTicket(HoldTicketInput),
    /// As `resumeTicket` takes it.
    ResumeTicket(ResumeTicketInput),
    /// As `resolveTicket` takes it.
    ResolveTicket(ResolveTicketInput),
    /// As `confirmTicket` takes it.
    ConfirmTicket(ConfirmTicketInput),
    /// As `rejectResolution` takes it.
    RejectResolution(RejectResolutionInput),
    /// As `recordFollowUp` takes it.
    RecordFollowUp(RecordFollowUpInput),
    /// As `escalateTicket` takes it.
    EscalateTicket(EscalateTicketInput),
    /// As `cancelTicket` takes it.
    CancelTicket(CancelTicketInput),
    /// As `reopenTicket` takes it.
    ReopenTicket(ReopenTicketInput),
    /// As `triageTicket` takes it.
    TriageTicket(TriageTicketInput),
    /// As `rescheduleTicket` takes it.
    RescheduleTicket(RescheduleTicketInput),
}

fn queued(input: impl Ordering, offline: Offline) -> Queued {
    let (ticket_id, key) = input.head();
    let (ticket_id, key) = (Kind::Ticket.read("ticketId", ticket_id).ok(), key.map(str::to_owned));
    let order = input.order().and_then(|order| following(order, offline));
    Queued { ticket_id, key, order }
}

fn following(order: Order, offline: Offline) -> Result<Order> {
    if order.expected_version.is_some() && offline.follows.is_some() {
        return Err(Error::fault(FaultCode::Invalid, "follows", Message::VersionOrAction));
    }
    Ok(Order { offline: Some(offline), ..order })
}

/// An action that was done while the device was offline.
#[derive(InputObject)]
pub struct QueuedTicketActionInput {
    /// When it was done, by the device's clock; at most 6 days ago. It is shown beside the event and decides nothing: deadlines count when the action arrives. A clock that is a little ahead is taken as now, and a time before the ticket was made as that.
    made_at: DateTime<Utc>,
    /// The `idempotencyKey` of the earlier action on the same ticket that it stands on, as a start stands on its assignment; in this call or sent before. It is carried out only if that one was, and nobody else changed the ticket since. In the place of `expectedVersion`, which can't be known then.
    follows: Option<String>,
    /// What was done.
    action: TicketActionInput,
}

impl QueuedTicketActionInput {
    fn queued(self) -> Queued {
        self.action.queued(Offline { made_at: self.made_at, follows: self.follows })
    }
}

/// What was done while the device was offline.
#[derive(InputObject)]
pub struct ApplyTicketActionsInput {
    /// 1 to 50 actions, in the order in which they were done.
    actions: Vec<QueuedTicketActionInput>,
}

/// What becomes of an action of the queue.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketActionStatus {
    /// Carried out, now or by an earlier call with the same key. Take it out of the queue.
    Applied,
    /// Somebody was faster: the ticket is not as the action expects it. Take it out of the queue, show the person the ticket as it is now, and let them decide anew, with a new key.
    Conflict,
    /// It can't be carried out: `userErrors` say why. Take it out of the queue.
    Refused,
    /// Not tried, as an action before it on the same ticket was not carried out. Take it out of the queue, and ask the person about both.
    Skipped,
    /// Not at the moment: it was not carried out, or not even tried. Keep it, with the same key.
    Retry,
}

/// How one action of the queue went. It says nothing about the others.
#[derive(SimpleObject)]
pub struct TicketActionOutcome {
    /// The action's key.
    idempotency_key: Option<String>,
    /// What becomes of it.
    status: TicketActionStatus,
    /// The ticket: as the action left it, or, when it was not carried out or had been before, as it is now. Null when there is no such ticket for you, and when it could not be read at the moment.
    ticket: Option<Ticket>,
    /// What is wrong with the action; empty when it was carried out.
    user_errors: Vec<UserError>,
}

impl TicketActionOutcome {
    fn of(outcome: Outcome) -> Self {
        if let Some(Error::Internal(cause)) = &outcome.refusal {
            tracing::error!(%cause, "internal error");
        }
        let faults = outcome.refusal.map(Error::into_faults).unwrap_or_default();
        let status = TicketActionStatus::of(&faults);
        let user_errors = faults.into_iter().map(UserError::from).collect();
        Self { idempotency_key: outcome.key, status, ticket: outcome.ticket.map(Ticket), user_errors }
    }
}

impl TicketActionStatus {
    /// What these faults mean for the queue.
    fn of(faults: &[Fault]) -> Self {
        use FaultCode as Code;
        let has = |codes: &[Code]| faults.iter().any(|fault| codes.contains(&fault.code));
        match faults {
            [] => Self::Applied,
            _ if has(&[Code::Busy, Code::Internal]) => Self::Retry,
            _ if has(&[Code::Conflict, Code::IllegalTransition]) => Self::Conflict,
            _ if has(&[Code::Skipped]) => Self::Skipped,
            _ => Self::Refused,
        }
    }
}

/// How the queue went.
#[derive(SimpleObject)]
pub struct ApplyTicketActionsPayload {
    /// An outcome for each action, in the order of the input; null when the call as a whole was refused.
    outcomes: Option<Vec<TicketActionOutcome>>,
    /// What is wrong with the call as a whole, such as too many actions; what is wrong with one action stands in its outcome.
    user_errors: Vec<UserError>,
}

/// Catching up after a time offline.
#[derive(Default)]
pub struct TicketQueueMutations;

#[Object]
impl TicketQueueMutations {
    /// Carries out what was done while the device was offline: up to 50 actions, in order, each for itself and with the rights and rules of its own mutation. An action that is not carried out ends the queue for its ticket, and for no other. After a lost answer send the same actions with the same keys: nothing is done twice, and each is told the same again.
    async fn apply_ticket_actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ApplyTicketActionsInput,
    ) -> Result<ApplyTicketActionsPayload> {
        let request = ctx.ask();
        let queue = input.actions.into_iter().map(QueuedTicketActionInput::queued).collect();
        let outcome = Box::pin(ticket_queue::apply(&request.services, &request.viewer, queue)).await;
        let (outcomes, user_errors) = settle(outcome)?;
        let outcomes = outcomes.map(|outcomes| outcomes.into_iter().map(TicketActionOutcome::of).collect());
        Ok(ApplyTicketActionsPayload { outcomes, user_errors })
    }
}
