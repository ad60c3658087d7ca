//! Batches of defects that a contractor puts right together by a deadline.

use std::borrow::Cow;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::rectification_batch;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    contractor::Contractor,
    enums::{BatchKind, BatchStatus},
    id::Kind,
    loaders::{ContractorOf, ProgressOf, ProjectOf},
    scalar::Date,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::rectification::is_overdue,
    error::Result,
    language::written,
    service::rectification::{self as service, NewBatch},
    store::{self, rectification::BatchFilter},
};

/// Defects that a contractor puts right together.
pub struct RectificationBatch(pub rectification_batch::Model);

impl From<rectification_batch::Model> for RectificationBatch {
    fn from(row: rectification_batch::Model) -> Self {
        Self(row)
    }
}

/// Defects that a contractor puts right together by a deadline (整改批次). Visible to the project's staff who deal with contractors. Its tickets are listed by `tickets(filter: { batchId: … })`.
#[Object]
impl RectificationBatch {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::RectificationBatch.id(self.0.id)
    }

    /// Why it was made.
    async fn kind(&self) -> BatchKind {
        self.0.kind.into()
    }

    /// What it is, in one line: in your language when the system made it, and else as it was typed.
    async fn title(&self, ctx: &Context<'_>) -> Cow<'_, str> {
        written(self.0.written.as_ref(), &self.0.title, ctx.ask().language)
    }

    /// Where it stands.
    async fn status(&self) -> BatchStatus {
        self.0.status.into()
    }

    /// By when everything must be resolved; also the deadline of each of its tickets.
    async fn deadline_at(&self) -> DateTime<Utc> {
        self.0.deadline_at
    }

    /// Whether the deadline has passed and it is not completed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> bool {
        is_overdue(self.0.status, self.0.deadline_at, ctx.ask().now())
    }

    /// When it was completed; null before.
    async fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.0.completed_at
    }

    /// The project's local day on which it was completed; null before.
    async fn completed_on(&self) -> Option<Date> {
        self.0.completed_on.map(Date)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// Who puts it right.
    async fn contractor(&self, ctx: &Context<'_>) -> Option<Result<Contractor>> {
        ctx.ask().find(ContractorOf(self.0.contractor_id), Contractor).await
    }

    /// How many tickets are in it, as far as you may see them.
    async fn ticket_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.ask().load(ProgressOf(self.0.id)).await?.unwrap_or_default().tickets)
    }

    /// How many of them are resolved, confirmed, closed or cancelled.
    async fn done_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.ask().load(ProgressOf(self.0.id)).await?.unwrap_or_default().done)
    }
}

/// Narrows a list of batches. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "RectificationBatchFilter")]
pub struct RectificationBatchFilterInput {
    /// In this project.
    project_id: Option<ID>,
    /// Of this contractor.
    contractor_id: Option<ID>,
    /// Of this kind.
    kind: Option<BatchKind>,
    /// In this status.
    status: Option<BatchStatus>,
    /// True: the deadline has passed and it is not completed. False: one of these does not hold.
    overdue: Option<bool>,
}

impl RectificationBatchFilterInput {
    fn read(self) -> Result<BatchFilter> {
        Ok(BatchFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            contractor_id: Kind::Contractor.read_optional("filter.contractorId", self.contractor_id.as_ref())?,
            kind: self.kind.map(Into::into),
            status: self.status.map(Into::into),
            overdue: self.overdue,
        })
    }
}

/// Makes a batch by hand.
#[derive(InputObject)]
pub struct CreateRectificationBatchInput {
    /// The project.
    project_id: ID,
    /// An active contractor of the project.
    contractor_id: ID,
    /// What it is, in one line of at most 120 characters.
    title: String,
    /// The last day for the contractor's work: today or later, within a year.
    deadline_on: Date,
    /// Tickets of the project to begin with, at most 100: rectifications, or repairs that are not urgent and not begun.
    #[graphql(default)]
    ticket_ids: Vec<ID>,
}

/// Puts a ticket into a batch.
#[derive(InputObject)]
pub struct AddTicketToBatchInput {
    /// A batch that still collects.
    batch_id: ID,
    /// A ticket of its project that is in no batch: a rectification, or a repair that is not urgent and not begun.
    ticket_id: ID,
}

/// Hands a batch to its contractor.
#[derive(InputObject)]
pub struct SendRectificationBatchInput {
    /// The batch.
    batch_id: ID,
}

/// Completes a batch.
#[derive(InputObject)]
pub struct CompleteRectificationBatchInput {
    /// The batch.
    batch_id: ID,
}

payloads! {
    /// The batch that was made.
    CreateRectificationBatchPayload {
        /// The batch; null when the call was refused.
        batch: RectificationBatch
    }
    /// The batch that was added to.
    AddTicketToBatchPayload {
        /// The batch; null when the call was refused.
        batch: RectificationBatch
    }
    /// The batch that was sent.
    SendRectificationBatchPayload {
        /// The batch; null when the call was refused.
        batch: RectificationBatch
    }
    /// The batch that was completed.
    CompleteRectificationBatchPayload {
        /// The batch; null when the call was refused.
        batch: RectificationBatch
    }
}

/// Reading batches.
#[derive(Default)]
pub struct RectificationQueries;

#[Object]
impl RectificationQueries {
    /// The batches that you may see, the earliest deadline first. With `overdue: true` it is the list of what contractors are late with.
    async fn rectification_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<RectificationBatchFilterInput>,
    ) -> Result<Counted<RectificationBatch>> {
        let request = ctx.ask();
        let list = store::rectification::list(&request.viewer, filter.unwrap_or_default().read()?, request.now());
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Making batches and moving them on.
#[derive(Default)]
pub struct RectificationMutations;

#[Object]
impl RectificationMutations {
    /// Makes a batch of defects for a contractor, such as those found at handovers. Its deadline becomes that of its tickets.
    async fn create_rectification_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateRectificationBatchInput,
    ) -> Result<CreateRectificationBatchPayload> {
        let request = ctx.ask();
        let outcome = async {
            let ids = input.ticket_ids.iter().map(|id| Kind::Ticket.read("ticketIds", id));
            let new = NewBatch {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                contractor_id: Kind::Contractor.read("contractorId", &input.contractor_id)?,
                title: input.title,
                deadline_on: input.deadline_on.0,
                ticket_ids: ids.collect::<Result<_>>()?,
            };
            service::create(&request.services, &request.viewer, new).await
        };
        CreateRectificationBatchPayload::of(outcome.await)
    }

    /// Puts a ticket into a batch that still collects. The ticket becomes a RECTIFICATION with the batch's deadline.
    async fn add_ticket_to_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AddTicketToBatchInput,
    ) -> Result<AddTicketToBatchPayload> {
        let request = ctx.ask();
        let outcome = async {
            let batch_id = Kind::RectificationBatch.read("batchId", &input.batch_id)?;
            let ticket_id = Kind::Ticket.read("ticketId", &input.ticket_id)?;
            service::add_ticket(&request.services, &request.viewer, batch_id, ticket_id).await
        };
        AddTicketToBatchPayload::of(outcome.await)
    }

    /// Hands a batch to its contractor: nothing is added to it any more. Batches before a warranty's end are sent by themselves when the month is over.
    async fn send_rectification_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SendRectificationBatchInput,
    ) -> Result<SendRectificationBatchPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::RectificationBatch.read("batchId", &input.batch_id)?;
            service::send(&request.services, &request.viewer, id).await
        };
        SendRectificationBatchPayload::of(outcome.await)
    }

    /// Completes a batch that was sent, when all its tickets are resolved or ended.
    async fn complete_rectification_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CompleteRectificationBatchInput,
    ) -> Result<CompleteRectificationBatchPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::RectificationBatch.read("batchId", &input.batch_id)?;
            service::complete(&request.services, &request.viewer, id).await
        };
        CompleteRectificationBatchPayload::of(outcome.await)
    }
}
