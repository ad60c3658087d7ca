//! An event of a ticket's log, and who was behind it.

use std::borrow::Cow;

use async_graphql::{Context, ID, Object, Union};
use chrono::{DateTime, Utc};
use entity::{owner, staff, ticket_event, vocab::PrincipalKind};

use super::{
    context::Ask,
    enums::{TicketAction, TicketStatus},
    id::Kind,
    loaders::{OwnerOf, StaffOf, TicketOf},
    owner::Owner,
    staff::Staff,
    ticket::Ticket,
};
use crate::{domain::ticket::SystemNote, error::Result, language::say, page::Cursor, store::event::is_noted_by_house};

/// Who did something.
#[derive(Union)]
pub enum Actor {
    Owner(Owner),
    Staff(Staff),
}

impl Actor {
    pub fn owner(row: owner::Model) -> Self {
        Self::Owner(Owner(row))
    }

    pub fn staff(row: staff::Model) -> Self {
        Self::Staff(Staff(row))
    }
}

/// One thing that happened to a ticket.
pub struct TicketEvent(pub ticket_event::Model);

impl From<ticket_event::Model> for TicketEvent {
    fn from(row: ticket_event::Model) -> Self {
        Self(row)
    }
}

/// One thing that happened to a ticket. Events are never changed or removed.
#[Object]
impl TicketEvent {
    /// Global id. The same event has the same id in every answer and subscription.
    pub(super) async fn id(&self) -> ID {
        Kind::TicketEvent.id(self.0.id)
    }

    /// The place in the stream of events. Keep the last one you saw: subscriptions and `ticketEvents` go on after it.
    async fn cursor(&self) -> String {
        Cursor::Seq(self.0.seq).encode()
    }

    /// What happened.
    async fn action(&self) -> TicketAction {
        self.0.action.into()
    }

    /// Where the ticket stood before; null for its creation.
    async fn from_status(&self) -> Option<TicketStatus> {
        self.0.from_status.map(Into::into)
    }

    /// Where the ticket stood after.
    async fn to_status(&self) -> TicketStatus {
        self.0.to_status.into()
    }

    /// What was said about it: a reason, the outcome of a call, what was done. What the system said by itself comes in your language, what people wrote as they wrote it.
    async fn note(&self, ctx: &Context<'_>) -> Option<Cow<'_, str>> {
        let note = self.0.note.as_deref()?;
        match is_noted_by_house(&self.0).then(|| SystemNote::read(note)).flatten() {
            Some(known) => Some(say(&known.message(), ctx.look().language()).into()),
            None => Some(note.into()),
        }
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// When it was done, as the clock of the device says that sent it later with `applyTicketActions`; null for what was sent at once. Show it beside `occurredAt`, which alone decides on deadlines and order.
    async fn made_at(&self) -> Option<DateTime<Utc>> {
        self.0.made_at
    }

    /// Whether the system did it by itself, as with a missed deadline.
    async fn is_by_system(&self) -> bool {
        self.0.actor_kind == PrincipalKind::System
    }

    /// Who did it; null when the system did, or when that person is not visible to you.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<Actor>> {
        match self.0.actor_owner_id {
            Some(id) => ctx.look().find(OwnerOf(id), Actor::owner).await,
            None => ctx.look().find(StaffOf(self.0.actor_staff_id?), Actor::staff).await,
        }
    }

    /// The ticket as it is now.
    async fn ticket(&self, ctx: &Context<'_>) -> Option<Result<Ticket>> {
        ctx.look().find(TicketOf(self.0.ticket_id), Ticket).await
    }
}
