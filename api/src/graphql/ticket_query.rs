//! Lists of tickets and of their events.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};

use super::{
    connection::{Counted, Plain, Total, counted, page, plain},
    context::Ask,
    enums::{Department, TicketCategory, TicketKind, TicketOrder, TicketStatus, Urgency},
    id::Kind,
    scalar::optional_instant,
    ticket::Ticket,
    ticket_event::TicketEvent,
};
use crate::{
    domain::text,
    error::{Error, FaultCode, Message, Result},
    page::Cursor,
    store::{self, ticket::TicketFilter},
};

/// The most values in one list of a filter.
const MOST_VALUES: usize = 20;

/// Narrows a list of tickets. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "TicketFilter")]
pub struct TicketFilterInput {
    /// True: neither closed nor cancelled. False: one of these.
    open: Option<bool>,
    /// True: a running deadline has passed. False: none has.
    overdue: Option<bool>,
    /// True: escalated at least once. False: never.
    escalated: Option<bool>,
    /// One of these statuses.
    statuses: Option<Vec<TicketStatus>>,
    /// One of these kinds.
    kinds: Option<Vec<TicketKind>>,
    /// One of these urgencies.
    urgencies: Option<Vec<Urgency>>,
    /// One of these categories.
    categories: Option<Vec<TicketCategory>>,
    /// The department that answers for it.
    responsible_department: Option<Department>,
    /// In this project.
    project_id: Option<ID>,
    /// About this unit.
    unit_id: Option<ID>,
    /// Given to this member of staff.
    assignee_id: Option<ID>,
    /// In this rectification batch.
    batch_id: Option<ID>,
    /// Reported at this instant or later.
    created_from: Option<DateTime<Utc>>,
    /// Reported before this instant.
    created_to: Option<DateTime<Utc>>,
    /// Part of the number or of the title, at most 60 characters.
    search: Option<String>,
}

impl TicketFilterInput {
    pub(super) fn read(self) -> Result<TicketFilter> {
        Ok(TicketFilter {
            open: self.open,
            overdue: self.overdue,
            escalated: self.escalated,
            statuses: values("filter.statuses", self.statuses)?,
            kinds: values("filter.kinds", self.kinds)?,
            urgencies: values("filter.urgencies", self.urgencies)?,
            categories: values("filter.categories", self.categories)?,
            responsible_department: self.responsible_department.map(Into::into),
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            unit_id: Kind::Unit.read_optional("filter.unitId", self.unit_id.as_ref())?,
            assignee_id: Kind::Staff.read_optional("filter.assigneeId", self.assignee_id.as_ref())?,
            batch_id: Kind::RectificationBatch.read_optional("filter.batchId", self.batch_id.as_ref())?,
            created_from: optional_instant("filter.createdFrom", self.created_from)?,
            created_to: optional_instant("filter.createdTo", self.created_to)?,
            search: text::optional_line("filter.search", self.search.as_deref(), 60)?,
        })
    }
}

fn values<T: Into<V>, V>(field: &str, values: Option<Vec<T>>) -> Result<Vec<V>> {
    let values = values.unwrap_or_default();
    if values.len() > MOST_VALUES {
        return Err(Error::fault(FaultCode::OutOfRange, field, Message::AtMostValues { most: MOST_VALUES.into() }));
    }
    Ok(values.into_iter().map(Into::into).collect())
}

/// Reading tickets.
#[derive(Default)]
pub struct TicketQueries;

#[Object]
impl TicketQueries {
    /// The tickets that you may see: an owner's own, an ambassador's households', a technician's assigned ones, an agent's and manager's projects'.
    #[allow(clippy::too_many_arguments)]
    async fn tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<TicketFilterInput>,
        #[graphql(
            desc = "The order. A cursor belongs to the order it was given in.",
            default_with = "TicketOrder::CreatedAtDesc"
        )]
        order_by: TicketOrder,
    ) -> Result<Counted<Ticket>> {
        let (page, order_by) = (page(first, after, last, before)?, order_by.into());
        let filter = filter.unwrap_or_default().read()?;
        let request = ctx.ask();
        let (db, viewer, now) = (request.services.db.clone(), request.viewer.clone(), request.now());
        let slice = store::ticket::list(db.reader(), &viewer, &filter, order_by, &page, now).await?;
        let total = Total::new(move || {
            let (db, viewer, filter) = (db.clone(), viewer.clone(), filter.clone());
            Box::pin(async move { store::ticket::count(db.reader(), &viewer, &filter, now).await })
        });
        Ok(counted(slice, total, |ticket| store::ticket::cursor(ticket, order_by), Ticket))
    }

    /// What happened to the tickets that you may see, in the order in which it became known, the oldest first. For a device that was away: give the last cursor it saw, take page after page, then subscribe with the last cursor.
    async fn ticket_events(
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
        let request = ctx.ask();
        let slice = store::event::page(request.services.db.reader(), &request.viewer, &page).await?;
        Ok(plain(slice, |event| Cursor::Seq(event.seq), TicketEvent))
    }
}
