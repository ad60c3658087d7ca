//! A ticket as the API shows it, and its pictures.

use std::borrow::Cow;

use async_graphql::{
    ComplexObject, Context, ContextSelectionSet, ID, Object, OutputType, Positioned, ServerResult, SimpleObject, Value,
    parser::types::Field, registry::Registry,
};
use chrono::{DateTime, Utc};
use entity::{attachment, ticket};

use super::{
    complaint::ComplaintAnalysis,
    connection::{Plain, page, plain},
    context::Ask,
    direct,
    enums::{Channel, Department, TicketAction, TicketCategory, TicketKind, TicketStatus, Triage, Urgency},
    id::Kind,
    loaders::{AnalysisOfTicket, AttachmentsOfTicket, EventsOfTicket, OwnerOf, PlaceOf, StaffOf},
    staff::Staff,
    ticket_event::{Actor, TicketEvent},
    unit::Unit,
};
use crate::{
    domain::ticket::allowed_actions,
    error::Result,
    page::{Cursor, Page},
};

/// A repair, complaint, inquiry, suggestion or rectification, from the report to the call after it is done.
pub struct Ticket(pub ticket::Model);

impl From<ticket::Model> for Ticket {
    fn from(row: ticket::Model) -> Self {
        Self(row)
    }
}

/// A repair, complaint, inquiry, suggestion or rectification, from the report to the call after it is done. Visible to the owners of the unit, who reported it, the household's ambassador, the assignee, and the project's agents and managers.
#[Object]
impl Ticket {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Ticket.id(self.0.id)
    }

    /// For people: project code, day and running number, such as `YT-20261123-0042`.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// What it asks for.
    async fn kind(&self) -> TicketKind {
        self.0.kind.into()
    }

    /// The trade or subject; null until it was accepted, unless the reporter chose one.
    async fn category(&self) -> Option<TicketCategory> {
        self.0.category.map(Into::into)
    }

    /// How soon it must be served.
    async fn urgency(&self) -> Urgency {
        self.0.urgency.into()
    }

    /// Where it stands.
    async fn status(&self) -> TicketStatus {
        self.0.status.into()
    }

    /// What it is about, in one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it is about, in full; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Grows with every change. Send it back as `expectedVersion` so that you never act on something you have not seen.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How it reached the company.
    async fn channel(&self) -> Channel {
        self.0.channel.into()
    }

    /// The department that answers for it; null until it was accepted.
    async fn responsible_department(&self) -> Option<Department> {
        self.0.responsible_department.map(Into::into)
    }

    /// The home it is about.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.look().find(PlaceOf(self.0.unit_id), Unit::from).await
    }

    /// Who it was given to.
    async fn assignee(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.look().find(StaffOf(self.0.assignee_id?), Staff).await
    }

    /// The owner who reported it; null when staff did so on nobody's behalf, or when the owner is not visible to you.
    async fn reporter(&self, ctx: &Context<'_>) -> Option<Result<Actor>> {
        match self.0.reporter_owner_id {
            Some(id) => ctx.look().find(OwnerOf(id), Actor::owner).await,
            None => ctx.look().find(StaffOf(self.0.reporter_staff_id?), Actor::staff).await,
        }
    }

    /// The agreed window; null unless the urgency is APPOINTMENT.
    async fn appointment(&self) -> Option<Appointment> {
        let window = self.0.appointment_starts_at.zip(self.0.appointment_ends_at);
        window.map(|(starts_at, ends_at)| Appointment { starts_at, ends_at })
    }

    /// When it was reported.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// When the first response was given.
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.0.accepted_at
    }

    /// When the first assignee arrived.
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }

    /// When the work was reported as done.
    async fn resolved_at(&self) -> Option<DateTime<Utc>> {
        self.0.resolved_at
    }

    /// When the result was taken as done.
    async fn confirmed_at(&self) -> Option<DateTime<Utc>> {
        self.0.confirmed_at
    }

    /// When it was followed up and finished.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.0.closed_at
    }

    /// When it was withdrawn.
    async fn cancelled_at(&self) -> Option<DateTime<Utc>> {
        self.0.cancelled_at
    }

    /// Until when the first response is due.
    async fn respond_due_at(&self) -> DateTime<Utc> {
        self.0.respond_due_at
    }

    /// Until when someone must be there; null for kinds that need no visit.
    async fn arrive_due_at(&self) -> Option<DateTime<Utc>> {
        self.0.arrive_due_at
    }

    /// Until when it must be resolved. While the ticket is ON_HOLD the clock stands still, and this moves when work goes on.
    async fn resolve_due_at(&self) -> DateTime<Utc> {
        self.0.resolve_due_at
    }

    /// Whether a deadline that is running has passed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> bool {
        self.0.queue_deadline_at < ctx.look().now()
    }

    /// How many seconds it was on hold so far, not counting the present hold.
    async fn held_seconds(&self) -> i64 {
        self.0.held_seconds
    }

    /// How many times it went one level up; above 0 it is in the manager's queue.
    async fn escalation_level(&self) -> i32 {
        self.0.escalation_level
    }

    /// How many times the owner rejected the result.
    async fn rework_count(&self) -> i32 {
        self.0.rework_count
    }

    /// Whether a complaint holds; null for other kinds and until it was judged.
    async fn triage(&self) -> Option<Triage> {
        self.0.triage.map(Into::into)
    }

    /// Why a complaint was judged so.
    async fn triage_reason(&self) -> Option<&str> {
        self.0.triage_reason.as_deref()
    }

    /// The root cause of a complaint.
    async fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// What the customer was told about a complaint.
    async fn explanation(&self) -> Option<&str> {
        self.0.explanation.as_deref()
    }

    /// What was done.
    async fn resolution(&self) -> Option<&str> {
        self.0.resolution.as_deref()
    }

    /// What it cost the owner, in hundredths of a yuan.
    async fn cost_cents(&self) -> Option<i64> {
        self.0.cost_cents
    }

    /// Whether the owner was satisfied; null until confirmed, and when the system confirmed.
    async fn satisfied(&self) -> Option<bool> {
        self.0.satisfied
    }

    /// The owner's rating, 1 to 5; null when none was given.
    async fn rating(&self) -> Option<i32> {
        self.0.rating
    }

    /// How the owner was asked when an agent confirmed in the owner's place.
    async fn confirmed_channel(&self) -> Option<Channel> {
        self.0.confirmed_channel.map(Into::into)
    }

    /// Why a complaint came about and what follows from it; null for other kinds and until it was analysed, and for customers and technicians.
    async fn analysis(&self, ctx: &Context<'_>) -> Option<Result<ComplaintAnalysis>> {
        ctx.ask().find(AnalysisOfTicket(self.0.id), ComplaintAnalysis::from).await
    }

    /// The steps that exist where the ticket stands now. Whether one is yours to take depends on your role.
    async fn possible_actions(&self) -> Vec<TicketAction> {
        allowed_actions(self.0.status).map(Into::into).collect()
    }

    /// The pictures, the oldest first.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = ctx.ask().load(AttachmentsOfTicket(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Attachment::from).collect())
    }

    /// What happened so far, the oldest first.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Plain<TicketEvent>> {
        let page = page(first, after, last, before)?;
        let slice = ctx.look().load(EventsOfTicket { ticket_id: self.0.id, page }).await?;
        let slice = slice.unwrap_or_else(|| page.cut(Vec::new()));
        Ok(plain(slice, |event| Cursor::Seq(event.seq), TicketEvent))
    }

    /// What happened last.
    async fn latest_event(&self, ctx: &Context<'_>) -> Option<Result<TicketEvent>> {
        let page = Page { limit: 1, backward: true, after: None, before: None };
        let slice = ctx.look().load(EventsOfTicket { ticket_id: self.0.id, page }).await;
        slice.map(|slice| slice.and_then(|slice| slice.rows.into_iter().next()).map(TicketEvent)).transpose()
    }
}

/// A ticket in the answer to a change: what was asked for of it is read by one statement where that is possible.
pub struct ChangedTicket(Ticket);

impl<T: Into<Ticket>> From<T> for ChangedTicket {
    fn from(ticket: T) -> Self {
        Self(ticket.into())
    }
}

impl OutputType for ChangedTicket {
    fn type_name() -> Cow<'static, str> {
        <Ticket as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Ticket::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match direct::ticket(ctx, self.0.0.id).await {
            Some(value) => Ok(value),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

/// An agreed window of time.
#[derive(SimpleObject)]
pub struct Appointment {
    /// From when on.
    starts_at: DateTime<Utc>,
    /// Until when.
    ends_at: DateTime<Utc>,
}

/// A picture of a ticket. Location data was taken out when it was uploaded.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Attachment {
    #[graphql(skip)]
    row: attachment::Model,
    /// The type of the content, such as `image/jpeg`.
    content_type: String,
    /// The size in bytes.
    byte_size: i64,
    /// The width in pixels.
    width: i32,
    /// The height in pixels.
    height: i32,
    /// When it was uploaded.
    created_at: DateTime<Utc>,
}

impl From<attachment::Model> for Attachment {
    fn from(row: attachment::Model) -> Self {
        Self {
            content_type: row.content_type.clone(),
            byte_size: row.byte_size,
            width: row.width,
            height: row.height,
            created_at: row.created_at,
            row,
        }
    }
}

#[ComplexObject]
impl Attachment {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Attachment.id(self.row.id)
    }

    /// Where to fetch it, relative to the API's address, with the same access token.
    async fn url(&self) -> String {
        format!("/attachments/{}", Kind::Attachment.encode(self.row.id))
    }

    /// Where to fetch a JPEG of at most 320 pixels, relative to the API's address, with the same access token.
    async fn thumbnail_url(&self) -> String {
        format!("/attachments/{}/thumbnail", Kind::Attachment.encode(self.row.id))
    }
}
