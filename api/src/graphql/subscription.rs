//! What is pushed to clients: the fields of subscriptions, each run once to open it and once for each entry it shows, as
//! `live` says. Every entry is read from its log with the subscriber's own scope, at most a second before it is sent.

use async_graphql::{Context, Description, ID, SimpleObject, Subscription};
use futures_util::{Stream, stream};

use super::{
    bulletin::Bulletin,
    context::Ask,
    id::Kind,
    live::{Entry, Followed, Turn},
    notification::Notification,
    ticket::Ticket,
    ticket_event::TicketEvent,
};
use crate::{
    error::{Error, FaultCode, Message, Result},
    page::{Cursor, bad_cursor},
    store,
};

/// Something happened to a ticket.
#[derive(SimpleObject)]
pub struct TicketStatusChange {
    /// The place in the stream. Keep it: the next subscription goes on after it.
    cursor: String,
    /// What happened.
    event: TicketEvent,
    /// The ticket as it is now, which may be further on than the event.
    ticket: Ticket,
}

/// Following live. Each stream ends with your access token or session.
#[derive(Default, Description)]
pub struct Subscriptions;

#[Subscription(name = "Subscription", use_type_description)]
impl Subscriptions {
    /// What happens to the tickets that you may see. With `after`, what was missed since that cursor comes first, in order and once; then what happens from now on. Without it, only what happens from now on. The stream ends with your access token or session: subscribe again with a new token and the last cursor.
    async fn ticket_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this ticket.")] ticket_id: Option<ID>,
        #[graphql(desc = "The last cursor that this device has seen.")] after: Option<String>,
    ) -> Result<impl Stream<Item = TicketStatusChange>> {
        if let Some(Turn::Show(Entry::Ticket(shown))) = ctx.turn() {
            let (event, ticket) = shown.as_ref().clone();
            return Ok(stream::iter(Some(change(event, ticket))));
        }
        let request = ctx.ask();
        let reader = request.services.db.reader();
        let ticket_id = Kind::Ticket.read_optional("ticketId", ticket_id.as_ref())?;
        if let Some(id) = ticket_id {
            let ticket = store::ticket::by_id(reader, &request.viewer, id).await?;
            ticket.ok_or_else(|| Error::unknown("ticketId"))?;
        }
        let place = place(after.as_deref(), store::event::head(reader).await?)?;
        open(ctx, Followed::Tickets { ticket_id, place })?;
        Ok(stream::iter(None))
    }

    /// Bulletins as they are published: for owners those delivered to them, for staff those of their projects. With `after`, what was missed since that cursor comes first, in order and once. Without it, only what is published from now on.
    async fn bulletin_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last `Bulletin.cursor` that this device has seen.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Bulletin>> {
        if let Some(Turn::Show(Entry::Bulletin(shown))) = ctx.turn() {
            return Ok(stream::iter(Some(Bulletin(shown.as_ref().clone()))));
        }
        let head = store::bulletin::head(ctx.ask().services.db.reader()).await?;
        open(ctx, Followed::Bulletins { place: place(after.as_deref(), head)? })?;
        Ok(stream::iter(None))
    }

    /// Your notifications as they are made. With `after`, what was missed since that cursor comes first, in order and once: a phone without a push service catches up so. Without it, only what is made from now on.
    async fn notification_received(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last `Notification.cursor` that this device has seen.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Notification>> {
        if let Some(Turn::Show(Entry::Notification(shown))) = ctx.turn() {
            return Ok(stream::iter(Some(Notification(shown.as_ref().clone()))));
        }
        let head = store::notification::head(ctx.ask().services.db.reader()).await?;
        open(ctx, Followed::Notifications { place: place(after.as_deref(), head)? })?;
        Ok(stream::iter(None))
    }
}

/// Says what is followed to whoever opens the subscription.
fn open(ctx: &Context<'_>, followed: Followed) -> Result<()> {
    match ctx.turn() {
        Some(Turn::Open(opened)) => {
            opened.get_or_init(|| followed);
            Ok(())
        }
        _ => Err(Error::internal("this field is not run for what a subscription shows")),
    }
}

/// Where a subscription begins: after the cursor, or at the end of the log.
fn place(after: Option<&str>, head: i64) -> Result<i64> {
    match after.map(Cursor::decode) {
        None => Ok(head),
        // What came from another system lies before the beginning, and is no news.
        Some(Some(Cursor::Seq(seq))) if seq <= head => Ok(seq.max(0)),
        Some(Some(Cursor::Seq(_))) => Err(from_the_future()),
        Some(_) => Err(bad_cursor("after")),
    }
}

fn change(event: entity::ticket_event::Model, ticket: entity::ticket::Model) -> TicketStatusChange {
    TicketStatusChange { cursor: Cursor::Seq(event.seq).encode(), event: TicketEvent(event), ticket: Ticket(ticket) }
}

fn from_the_future() -> Error {
    let message = Message::CursorBeyondEnd;
    Error::fault(FaultCode::Invalid, "after", message)
}
