//! Visits by appointment, and how long customers waited.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::appointment;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{AppointmentKind, AppointmentStatus},
    id::Kind,
    loaders::{ContractOf, OwnerOf, ProjectOf, StaffOf},
    owner::Owner,
    scalar::{Date, optional_instant},
    staff::Staff,
    unit::{Contract, Project},
    user_error::payloads,
};
use crate::{
    domain::appointment::VisitStep,
    error::Result,
    service::appointment::{self as service, NewVisit},
    store::{self, appointment::AppointmentFilter},
};

/// A visit by appointment.
pub struct SalesAppointment(pub appointment::Model);

impl From<appointment::Model> for SalesAppointment {
    fn from(row: appointment::Model) -> Self {
        Self(row)
    }
}

/// A visit of a customer to a project's sales office. Visible to the customer and the project's agents and managers.
#[Object]
impl SalesAppointment {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::SalesAppointment.id(self.0.id)
    }

    /// What the customer comes for.
    async fn kind(&self) -> AppointmentKind {
        self.0.kind.into()
    }

    /// Where it stands.
    async fn status(&self) -> AppointmentStatus {
        self.0.status.into()
    }

    /// For when it was agreed.
    async fn scheduled_at(&self) -> DateTime<Utc> {
        self.0.scheduled_at
    }

    /// When the customer arrived; null before.
    async fn checked_in_at(&self) -> Option<DateTime<Utc>> {
        self.0.checked_in_at
    }

    /// When somebody began to attend to the customer; null before.
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }

    /// When it ended; null before.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }

    /// How long the customer waited from arrival until somebody attended to them, in seconds; null before.
    async fn waited_seconds(&self) -> Option<i64> {
        Some((self.0.started_at? - self.0.checked_in_at?).num_seconds().max(0))
    }

    /// The customer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The contract that is to be signed; null when none was named.
    async fn contract(&self, ctx: &Context<'_>) -> Option<Result<Contract>> {
        ctx.ask().find(ContractOf(self.0.contract_id?), Contract).await
    }

    /// Who attends to the customer, or will; null when that is open.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.staff_id?), Staff).await
    }
}

/// How long customers waited from arrival until somebody attended to them.
#[derive(SimpleObject)]
pub struct AppointmentStatistics {
    /// Over how many visits.
    count: i32,
    /// How many arrived in the period and were not attended to, or are still waiting.
    unattended_count: i32,
    /// The mean, in seconds; null when there was no visit.
    mean_seconds: Option<i64>,
    /// The median by nearest rank, in seconds: half of the customers did not wait longer. Null when there was no visit.
    p50_seconds: Option<i64>,
    /// The 90th percentile by nearest rank, in seconds: nine of ten did not wait longer. Null when there was no visit.
    p90_seconds: Option<i64>,
    /// The longest wait, in seconds; null when there was no visit.
    max_seconds: Option<i64>,
}

/// Visits and waiting times.
#[derive(Default)]
pub struct AppointmentQueries;

#[Object]
impl AppointmentQueries {
    /// Visits, the earliest first. Customers see their own; agents and managers those of their projects.
    #[allow(clippy::too_many_arguments)]
    async fn appointments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of one project.")] project_id: Option<ID>,
        #[graphql(desc = "Of one kind.")] kind: Option<AppointmentKind>,
        #[graphql(desc = "Only those that stand here.")] status: Option<AppointmentStatus>,
        #[graphql(desc = "Agreed for this instant or later.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Agreed for before this instant.")] to: Option<DateTime<Utc>>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<SalesAppointment>> {
        let filter = AppointmentFilter {
            project_id: Kind::Project.read_optional("projectId", project_id.as_ref())?,
            owner_id: None,
            kind: kind.map(Into::into),
            status: status.map(Into::into),
            from: optional_instant("from", from)?,
            to: optional_instant("to", to)?,
        };
        let list = store::appointment::list(&ctx.ask().viewer, &filter);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// How long the customers of a project waited who arrived in a period; null for a project that you don't see. For managers of the project, supervisors and auditors.
    async fn appointment_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] project_id: ID,
        #[graphql(desc = "The first day, in the project's time zone.")] from: Date,
        #[graphql(desc = "The last day; at most a year after the first.")] to: Date,
        #[graphql(desc = "Of one kind of visit; of all when left out.")] kind: Option<AppointmentKind>,
    ) -> Option<Result<AppointmentStatistics>> {
        statistics(ctx, &project_id, (from, to), kind).await.transpose()
    }
}

async fn statistics(
    ctx: &Context<'_>,
    project_id: &ID,
    (from, to): (Date, Date),
    kind: Option<AppointmentKind>,
) -> Result<Option<AppointmentStatistics>> {
    let request = ctx.ask();
    let visits = (Kind::Project.read("projectId", project_id)?, kind.map(Into::into));
    let found = service::waiting_times(&request.services, &request.viewer, visits, (from.0, to.0)).await?;
    Ok(found.map(|(waits, unattended)| AppointmentStatistics {
        count: i32::try_from(waits.count()).unwrap_or(i32::MAX),
        unattended_count: i32::try_from(unattended).unwrap_or(i32::MAX),
        mean_seconds: waits.mean(),
        p50_seconds: waits.percentile(50),
        p90_seconds: waits.percentile(90),
        max_seconds: waits.longest(),
    }))
}

/// Agrees a visit.
#[derive(InputObject)]
pub struct BookAppointmentInput {
    /// The project whose sales office the customer comes to.
    project_id: ID,
    /// What the customer comes for.
    kind: AppointmentKind,
    /// For staff: who comes. Customers book for themselves.
    owner_id: Option<ID>,
    /// When; to come, and within a year. Staff leave it out for a customer who is there without an appointment.
    scheduled_at: Option<DateTime<Utc>>,
    /// The contract that is to be signed: one of the customer in this project.
    contract_id: Option<ID>,
    /// Who will attend to the customer.
    staff_id: Option<ID>,
    /// Repeat the call with the same key after a failed answer: it is done once. At most 100 characters.
    idempotency_key: Option<String>,
}

/// Says that the customer has arrived.
#[derive(InputObject)]
pub struct CheckInAppointmentInput {
    /// The visit.
    appointment_id: ID,
}

/// Says that somebody attends to the customer now.
#[derive(InputObject)]
pub struct StartAppointmentInput {
    /// The visit.
    appointment_id: ID,
}

/// Says that the visit is over.
#[derive(InputObject)]
pub struct EndAppointmentInput {
    /// The visit.
    appointment_id: ID,
}

/// Calls a visit off.
#[derive(InputObject)]
pub struct CancelAppointmentInput {
    /// The visit.
    appointment_id: ID,
}

/// Says that the customer did not come.
#[derive(InputObject)]
pub struct MarkNoShowInput {
    /// The visit.
    appointment_id: ID,
}

payloads! {
    /// The visit that was agreed.
    BookAppointmentPayload {
        /// The visit; null when the call was refused.
        appointment: SalesAppointment
    }
    /// The visit as it is now.
    CheckInAppointmentPayload {
        /// The visit; null when the call was refused.
        appointment: SalesAppointment
    }
    /// The visit as it is now.
    StartAppointmentPayload {
        /// The visit; null when the call was refused.
        appointment: SalesAppointment
    }
    /// The visit as it is now.
    EndAppointmentPayload {
        /// The visit; null when the call was refused.
        appointment: SalesAppointment
    }
    /// The visit as it is now.
    CancelAppointmentPayload {
        /// The visit; null when the call was refused.
        appointment: SalesAppointment
    }
    /// The visit as it is now.
    MarkNoShowPayload {
        /// The visit; null when the call was refused.
        appointment: SalesAppointment
    }
}

/// Takes a visit one step further.
async fn advance(ctx: &Context<'_>, id: &ID, way: VisitStep) -> Result<appointment::Model> {
    let request = ctx.ask();
    let id = Kind::SalesAppointment.read("appointmentId", id)?;
    service::advance(&request.services, &request.viewer, id, way).await
}

/// Visits.
#[derive(Default)]
pub struct AppointmentMutations;

#[Object]
impl AppointmentMutations {
    /// Agrees a visit to a project's sales office. For its customers, agents and managers.
    async fn book_appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: BookAppointmentInput,
    ) -> Result<BookAppointmentPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewVisit {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                owner_id: Kind::Owner.read_optional("ownerId", input.owner_id.as_ref())?,
                contract_id: Kind::Contract.read_optional("contractId", input.contract_id.as_ref())?,
                kind: input.kind.into(),
                scheduled_at: optional_instant("scheduledAt", input.scheduled_at)?,
                staff_id: Kind::Staff.read_optional("staffId", input.staff_id.as_ref())?,
                idempotency_key: input.idempotency_key,
            };
            service::book(&request.services, &request.viewer, new).await
        };
        BookAppointmentPayload::of(outcome.await)
    }

    /// The customer has arrived: from now on the wait is measured.
    async fn check_in_appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CheckInAppointmentInput,
    ) -> Result<CheckInAppointmentPayload> {
        CheckInAppointmentPayload::of(advance(ctx, &input.appointment_id, VisitStep::CheckIn).await)
    }

    /// Somebody attends to the customer: the wait is over. When nobody was named for it, it is you.
    async fn start_appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: StartAppointmentInput,
    ) -> Result<StartAppointmentPayload> {
        StartAppointmentPayload::of(advance(ctx, &input.appointment_id, VisitStep::Start).await)
    }

    /// The visit is over.
    async fn end_appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EndAppointmentInput,
    ) -> Result<EndAppointmentPayload> {
        EndAppointmentPayload::of(advance(ctx, &input.appointment_id, VisitStep::End).await)
    }

    /// Calls a visit off that has not begun.
    async fn cancel_appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelAppointmentInput,
    ) -> Result<CancelAppointmentPayload> {
        CancelAppointmentPayload::of(advance(ctx, &input.appointment_id, VisitStep::Cancel).await)
    }

    /// The customer did not come at the time that was agreed.
    async fn mark_no_show(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: MarkNoShowInput,
    ) -> Result<MarkNoShowPayload> {
        MarkNoShowPayload::of(advance(ctx, &input.appointment_id, VisitStep::MarkNoShow).await)
    }
}
