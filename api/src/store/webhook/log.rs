//! Both logs as one: what operators' systems are told, in the order in which it was committed.

use chrono::{DateTime, Utc};
use entity::{company_event, ticket_event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    auth::viewer::Viewer,
    clock::ids_since,
    error::Result,
    store::{company_event as company, db::Tx, event},
};

/// A place between two events: the last number in the tickets' log, and that in the company's.
pub type Place = (i64, i64);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Happening {
    Ticket(Box<ticket_event::Model>),
    Company(company_event::Model),
}

/// What follows a place, each with the place that is reached by it: the oldest first.
///
/// The tickets' log is read up to the head that it had before the company's was read. Whatever stands in the company's log
/// before a ticket event was committed before it, so that nothing turns up later in front of what was read.
pub async fn after(conn: &impl ConnectionTrait, place: Place, limit: u64) -> Result<Vec<(Place, Happening)>> {
    let head = event::head(conn).await?;
    let company = company::after(conn, place.1, head, limit).await?;
    let tickets = event::after(conn, &Viewer::system(), place.0, None, limit).await?;
    let tickets = tickets.into_iter().take_while(|event| event.seq <= head).collect();
    let mut merged = merge(place, tickets, company);
    merged.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(merged)
}

fn merge(
    mut place: Place,
    tickets: Vec<ticket_event::Model>,
    company: Vec<company_event::Model>,
) -> Vec<(Place, Happening)> {
    let (mut tickets, mut company) = (tickets.into_iter().peekable(), company.into_iter().peekable());
    let mut merged = Vec::with_capacity(tickets.len() + company.len());
    loop {
        let is_company = match (tickets.peek(), company.peek()) {
            (None, None) => return merged,
            (Some(ticket), Some(other)) => other.after_event < ticket.seq,
            (None, Some(_)) => true,
            (Some(_), None) => false,
        };
        if let Some(other) = company.next_if(|_| is_company) {
            place.1 = other.seq;
            merged.push((place, Happening::Company(other)));
        } else if let Some(ticket) = tickets.next() {
            place.0 = ticket.seq;
            merged.push((place, Happening::Ticket(Box::new(ticket))));
        }
    }
}

/// The end of both logs. Nothing is committed to them before the transaction ends.
pub async fn end(tx: &Tx) -> Result<Place> {
    event::take_log_order(tx).await?;
    Ok((event::head(tx).await?, company::head(tx).await?))
}

/// A place before everything that happened at an instant or later; none when nothing did. Ids are made by servers whose clocks
/// may differ a little: callers look a little further back.
pub async fn before_instant(conn: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<Option<Place>> {
    let bound = ids_since(at);
    let ticket = ticket_event::Entity::find()
        .filter(ticket_event::Column::Id.gte(bound))
        // What came from another system is told to nobody, whenever it happened there.
        .filter(ticket_event::Column::Seq.gte(event::FIRST))
        .order_by_asc(ticket_event::Column::Id)
        .one(conn)
        .await?;
    let other = company_event::Entity::find()
        .filter(company_event::Column::Id.gte(bound))
        .order_by_asc(company_event::Column::Id)
        .limit(1)
        .one(conn)
        .await?;
    Ok(match (ticket, other) {
        (None, None) => None,
        (Some(ticket), None) => Some((ticket.seq - 1, company::last_before(conn, ticket.seq).await?)),
        (None, Some(other)) => Some((other.after_event, other.seq - 1)),
        (Some(ticket), Some(other)) if other.after_event < ticket.seq => Some((other.after_event, other.seq - 1)),
        (Some(ticket), Some(_)) => Some((ticket.seq - 1, company::last_before(conn, ticket.seq).await?)),
    })
}

#[cfg(test)]
mod tests {
    use entity::vocab::{EventKind, PrincipalKind, TicketAction, TicketStatus};
    use uuid::Uuid;

    use super::*;

    fn ticket(seq: i64) -> ticket_event::Model {
        ticket_event::Model {
            seq,
            id: Uuid::nil(),
            ticket_id: Uuid::nil(),
            project_id: Uuid::nil(),
            unit_id: Uuid::nil(),
            action: TicketAction::Create,
            from_status: None,
            to_status: TicketStatus::Submitted,
            note: None,
            actor_kind: PrincipalKind::Owner,
            actor_owner_id: None,
            actor_staff_id: None,
            details: None,
            occurred_at: DateTime::UNIX_EPOCH,
            made_at: None,
        }
    }

    fn other(seq: i64, after_event: i64) -> company_event::Model {
        company_event::Model {
            seq,
            id: Uuid::nil(),
            after_event,
            kind: EventKind::SurveySubmitted,
            project_id: Uuid::nil(),
            subject_id: Uuid::nil(),
            details: serde_json::Value::Null,
            occurred_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn two_logs_are_one_whose_places_rise() {
        let tickets = [3, 4, 9].map(ticket).to_vec();
        let company = [other(1, 2), other(2, 4), other(3, 4), other(5, 9)].to_vec();
        let places: Vec<Place> = merge((2, 0), tickets, company).into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, [(2, 1), (3, 1), (4, 1), (4, 2), (4, 3), (9, 3), (9, 5)]);
        assert!(places.is_sorted());
    }
}
