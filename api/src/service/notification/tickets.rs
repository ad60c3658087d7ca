//! Telling those around a ticket of each of its events.

use entity::{
    ticket, ticket_event,
    vocab::{NotificationKind, PrincipalKind},
};

use super::{Note, row};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::notification::{Arguments, Party, told},
    error::Result,
    service::Services,
    store::{self, db::Tx, notification::party},
};

/// What happened to a ticket, and the people around it whom that concerns.
pub struct News {
    events: Vec<ticket_event::Model>,
    people: Vec<(Principal, Party)>,
}

/// Asks whom a ticket's events concern. It is asked before anything is written for which others wait.
pub async fn news(tx: &Tx, ticket: &ticket::Model, events: Vec<ticket_event::Model>) -> Result<News> {
    let mut parties: Vec<Party> =
        events.iter().flat_map(|event| concerned(event).iter().map(|(party, _)| *party)).collect();
    parties.sort_unstable();
    parties.dedup();
    let people = if parties.is_empty() { Vec::new() } else { party::of_ticket(tx, ticket, &parties).await? };
    Ok(News { events, people })
}

/// Appends a ticket's events to the log and tells those whom they concern and who see the ticket as it is now. The one
/// way by which events are appended. From the log's order on, all others who write wait.
pub async fn append_events(services: &Services, tx: &Tx, ticket: &ticket::Model, news: News) -> Result<()> {
    let News { events, people } = news;
    let arguments = Arguments { number: Some(ticket.number.clone()), ..Arguments::default() };
    let (now, mut told) = (services.now(), Vec::new());
    for event in &events {
        for (recipient, part) in &people {
            let Some((_, kind)) = concerned(event).iter().find(|(party, _)| party == part) else { continue };
            let actor = event.actor_owner_id.or(event.actor_staff_id);
            if actor.is_some() && actor == Viewer::of(*recipient).id() {
                continue;
            }
            let note = Note {
                recipient: *recipient,
                kind: *kind,
                cause: format!("event:{}", event.id),
                project_id: ticket.project_id,
                ticket_id: Some(ticket.id),
                subject_id: ticket.id,
                arguments: &arguments,
                is_emergency: false,
            };
            told.extend(row(services, &note, now)?.map(|row| (*recipient, row)));
        }
    }
    store::notification::append_with(tx, ticket.id, events, told).await
}

fn concerned(event: &ticket_event::Model) -> &'static [(Party, NotificationKind)] {
    told(event.action, event.actor_kind == PrincipalKind::System)
}
