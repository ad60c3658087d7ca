//! The mutations that make a ticket and move it.

use async_graphql::{Context, Object};

use super::{
    context::Ask,
    ticket::{ChangedTicket, Ticket},
    ticket_input::{
        AcceptTicketInput, AssignTicketInput, CancelTicketInput, ConfirmTicketInput, CreateTicketInput,
        EscalateTicketInput, HoldTicketInput, Ordering, RecordFollowUpInput, RejectResolutionInput, ReopenTicketInput,
        RescheduleTicketInput, ResolveTicketInput, ResumeTicketInput, StartTicketInput, TriageTicketInput,
    },
    user_error::{UserError, payloads, settle},
};
use crate::{error::Result, service::ticket};

/// The ticket that was made.
pub struct CreateTicketPayload {
    row: Option<entity::ticket::Model>,
    user_errors: Vec<UserError>,
}

/// The ticket that was made.
#[Object]
impl CreateTicketPayload {
    /// The ticket; null when the call was refused.
    async fn ticket(&self) -> Option<ChangedTicket> {
        self.row.clone().map(ChangedTicket::from)
    }

    /// An open ticket of the same unit and category, or of the same kind where no category was chosen, of the seven days before. Show it: the report may be a repetition.
    async fn similar_ticket(&self, ctx: &Context<'_>) -> Option<Result<Ticket>> {
        let found = ticket::similar(&ctx.ask().services, &ctx.ask().viewer, self.row.as_ref()?).await;
        found.transpose().map(|found| found.map(Ticket))
    }

    /// What is wrong with the call; empty when it was carried out.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}

/// Declares payloads that hold the changed ticket.
macro_rules! ticket_payloads {
    ($($name:ident),+) => {
        payloads! {$(
            /// The ticket as it is after the call.
            $name {
                /// The ticket; null when the call was refused.
                ticket: ChangedTicket
            }
        )+}
    };
}

ticket_payloads!(
    AcceptTicketPayload,
    AssignTicketPayload,
    StartTicketPayload,
    HoldTicketPayload,
    ResumeTicketPayload,
    ResolveTicketPayload,
    ConfirmTicketPayload,
    RejectResolutionPayload,
    RecordFollowUpPayload,
    EscalateTicketPayload,
    CancelTicketPayload,
    ReopenTicketPayload,
    TriageTicketPayload,
    RescheduleTicketPayload
);

/// On the heap, as with the report: what is awaited here is large, and an unoptimised build keeps room on the stack for
/// every mutation of this file at once.
async fn act(ctx: &Context<'_>, input: impl Ordering) -> Result<entity::ticket::Model> {
    Box::pin(ticket::act(&ctx.ask().services, &ctx.ask().viewer, input.order()?)).await
}

/// Making and moving tickets.
#[derive(Default)]
pub struct TicketMutations;

#[Object]
impl TicketMutations {
    /// Reports a repair, complaint, inquiry, suggestion or rectification. By an owner for an own home, an ambassador for an assigned household, an agent or manager in the project.
    async fn create_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateTicketInput,
    ) -> Result<CreateTicketPayload> {
        let request = ctx.ask();
        let outcome = async {
            let report = input.read(request.viewer.owner_id().is_some())?;
            Box::pin(ticket::create(&request.services, &request.viewer, report)).await
        };
        let (row, user_errors) = settle(outcome.await)?;
        Ok(CreateTicketPayload { row, user_errors })
    }

    /// SUBMITTED → ACCEPTED, by the household's ambassador, an agent or a manager: the first response.
    async fn accept_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AcceptTicketInput,
    ) -> Result<AcceptTicketPayload> {
        AcceptTicketPayload::of(act(ctx, input).await)
    }

    /// ACCEPTED, ASSIGNED, IN_PROGRESS or ON_HOLD → ASSIGNED, by an agent, a manager or the household's ambassador.
    async fn assign_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignTicketInput,
    ) -> Result<AssignTicketPayload> {
        AssignTicketPayload::of(act(ctx, input).await)
    }

    /// ASSIGNED → IN_PROGRESS, by the assignee on arrival.
    async fn start_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: StartTicketInput,
    ) -> Result<StartTicketPayload> {
        StartTicketPayload::of(act(ctx, input).await)
    }

    /// IN_PROGRESS → ON_HOLD, by the assignee, an agent or a manager. The resolve clock stands still.
    async fn hold_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: HoldTicketInput,
    ) -> Result<HoldTicketPayload> {
        HoldTicketPayload::of(act(ctx, input).await)
    }

    /// ON_HOLD → IN_PROGRESS, by the assignee, an agent or a manager.
    async fn resume_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ResumeTicketInput,
    ) -> Result<ResumeTicketPayload> {
        ResumeTicketPayload::of(act(ctx, input).await)
    }

    /// IN_PROGRESS → RESOLVED, by the assignee.
    async fn resolve_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ResolveTicketInput,
    ) -> Result<ResolveTicketPayload> {
        ResolveTicketPayload::of(act(ctx, input).await)
    }

    /// RESOLVED → CONFIRMED, by the owner, or by an agent who asked the owner and did not work on it.
    async fn confirm_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ConfirmTicketInput,
    ) -> Result<ConfirmTicketPayload> {
        ConfirmTicketPayload::of(act(ctx, input).await)
    }

    /// RESOLVED → IN_PROGRESS, by the owner. Counts as rework; the third time goes to the manager.
    async fn reject_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RejectResolutionInput,
    ) -> Result<RejectResolutionPayload> {
        RejectResolutionPayload::of(act(ctx, input).await)
    }

    /// CONFIRMED → CLOSED, by an agent, an ambassador or a manager after the call.
    async fn record_follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordFollowUpInput,
    ) -> Result<RecordFollowUpPayload> {
        RecordFollowUpPayload::of(act(ctx, input).await)
    }

    /// Takes any open ticket one level up, to the manager's queue, by the owner, an agent or the household's ambassador.
    async fn escalate_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EscalateTicketInput,
    ) -> Result<EscalateTicketPayload> {
        EscalateTicketPayload::of(act(ctx, input).await)
    }

    /// SUBMITTED, ACCEPTED or ASSIGNED → CANCELLED, by the owner, an agent or a manager.
    async fn cancel_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelTicketInput,
    ) -> Result<CancelTicketPayload> {
        CancelTicketPayload::of(act(ctx, input).await)
    }

    /// CONFIRMED or CLOSED → ACCEPTED within seven days, by the owner or an agent.
    async fn reopen_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ReopenTicketInput,
    ) -> Result<ReopenTicketPayload> {
        ReopenTicketPayload::of(act(ctx, input).await)
    }

    /// Says whether a complaint holds, by an agent or a manager. A valid one can't be resolved without cause, responsible department and explanation.
    async fn triage_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: TriageTicketInput,
    ) -> Result<TriageTicketPayload> {
        TriageTicketPayload::of(act(ctx, input).await)
    }

    /// Agrees another window for a ticket whose urgency is APPOINTMENT, before work begins.
    async fn reschedule_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RescheduleTicketInput,
    ) -> Result<RescheduleTicketPayload> {
        RescheduleTicketPayload::of(act(ctx, input).await)
    }
}
