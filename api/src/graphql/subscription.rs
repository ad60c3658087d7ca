//! What is pushed to clients. Every event is read from the log with the subscriber's own scope at the moment it is sent.

use async_graphql::{Context, Description, ID, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt};

use super::{bulletin::Bulletin, context::Ask, id::Kind, ticket::Ticket, ticket_event::TicketEvent};
use crate::{
    error::{Error, FaultCode, Result},
    events::{self, BulletinLog, TicketLog},
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
    ) -> Result<impl Stream<Item = Result<TicketStatusChange>>> {
        let request = ctx.ask();
        let (services, viewer, pace) = (request.services.clone(), request.viewer.clone(), request.pace.clone());
        let ticket_id = Kind::Ticket.read_optional("ticketId", ticket_id.as_ref())?;
        if let Some(id) = ticket_id {
            let ticket = store::ticket::by_id(services.db.reader(), &viewer, id).await?;
            ticket.ok_or_else(|| Error::unknown("ticketId"))?;
        }
        let head = store::event::head(services.db.reader()).await?;
        let place = place(after.as_deref(), head)?;
        let log = TicketLog { ticket_id };
        let events = events::follow(services.db.clone(), &services.hub, viewer.clone(), log, place);
        pace.waits();
        Ok(events.filter_map(move |event| {
            let (services, viewer, pace) = (services.clone(), viewer.clone(), pace.clone());
            async move {
                pace.works();
                let event = match event {
                    Ok(event) => event,
                    Err(error) => return Some(Err(error)),
                };
                match store::ticket::by_id(services.db.reader(), &viewer, event.ticket_id).await {
                    Ok(Some(ticket)) => Some(Ok(change(event, ticket))),
                    Ok(None) => {
                        pace.waits();
                        None
                    }
                    Err(error) => Some(Err(error)),
                }
            }
        }))
    }

    /// Bulletins as they are published: for owners those delivered to them, for staff those of their projects. With `after`, what was missed since that cursor comes first, in order and once. Without it, only what is published from now on.
    async fn bulletin_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last `Bulletin.cursor` that this device has seen.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Bulletin>>> {
        let request = ctx.ask();
        let (services, viewer, pace) = (request.services.clone(), request.viewer.clone(), request.pace.clone());
        let head = store::bulletin::head(services.db.reader()).await?;
        let place = place(after.as_deref(), head)?;
        let bulletins = events::follow(services.db.clone(), &services.hub, viewer, BulletinLog, place);
        pace.waits();
        Ok(bulletins.map(move |row| {
            pace.works();
            row.map(Bulletin)
        }))
    }
}

/// Where a subscription begins: after the cursor, or at the end of the log.
fn place(after: Option<&str>, head: i64) -> Result<i64> {
    match after.map(Cursor::decode) {
        None => Ok(head),
        Some(Some(Cursor::Seq(seq))) if seq <= head => Ok(seq),
        Some(Some(Cursor::Seq(_))) => Err(from_the_future()),
        Some(_) => Err(bad_cursor("after")),
    }
}

fn change(event: entity::ticket_event::Model, ticket: entity::ticket::Model) -> TicketStatusChange {
    TicketStatusChange { cursor: Cursor::Seq(event.seq).encode(), event: TicketEvent(event), ticket: Ticket(ticket) }
}

fn from_the_future() -> Error {
    let message = "This cursor lies beyond the end of the stream. Load everything anew and subscribe without it.";
    Error::fault(FaultCode::Invalid, "after", message)
}
