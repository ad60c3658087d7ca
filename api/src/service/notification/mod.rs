//! Telling people: who is told of an event is decided and written in the transaction of the event itself, so that none is
//! told of what did not happen, and nothing happens that nobody is told of. Reading the inbox.

mod causes;
pub mod outbox;
mod push;
pub mod resend;
pub mod setting;
mod tickets;

use chrono::{DateTime, Utc};
use entity::{notification, vocab::NotificationKind};
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::notification::Arguments,
    error::{Error, FaultCode, Message, Result},
    page::{Cursor, bad_cursor},
    store::{self, db::Tx, notification::Which},
};

pub(super) use causes::{bulletin_delivered, handover_moved, survey_opened};
pub(super) use tickets::{append_events, news};

/// The most notifications that are marked by their ids in one call.
pub const MOST_MARKED: usize = 100;

/// What a person is told.
struct Note<'a> {
    recipient: Principal,
    kind: NotificationKind,
    /// The event: with the recipient it makes the key by which nobody is told twice.
    cause: String,
    project_id: Uuid,
    ticket_id: Option<Uuid>,
    subject_id: Uuid,
    arguments: &'a Arguments,
    is_emergency: bool,
}

/// Writes notifications, as the last thing that a transaction does but for other entries of logs. What was written before
/// is not written again.
async fn tell(services: &Services, tx: &Tx, notes: Vec<Note<'_>>, now: DateTime<Utc>) -> Result<()> {
    store::notification::append(tx, rows(services, &notes, now)?).await
}

fn rows(services: &Services, notes: &[Note<'_>], now: DateTime<Utc>) -> Result<Vec<notification::Model>> {
    notes.iter().filter_map(|note| row(services, note, now).transpose()).collect()
}

fn row(services: &Services, note: &Note<'_>, now: DateTime<Utc>) -> Result<Option<notification::Model>> {
    let recipient = Viewer::of(note.recipient);
    let Some(recipient_id) = recipient.id() else { return Ok(None) };
    Ok(Some(notification::Model {
        seq: 0,
        id: services.new_id(now),
        recipient_kind: recipient.kind(),
        recipient_id,
        kind: note.kind,
        message_key: format!("{}:{recipient_id}", note.cause),
        project_id: note.project_id,
        ticket_id: note.ticket_id,
        subject_id: note.subject_id,
        arguments: serde_json::to_value(note.arguments).map_err(Error::internal)?,
        is_emergency: note.is_emergency,
        created_at: now,
        read_at: None,
        planned_at: None,
    }))
}

/// Which of the viewer's notifications a call means: some by their ids, or all up to a cursor.
pub fn which(ids: Option<Vec<Uuid>>, through: Option<&str>) -> Result<Which> {
    match (ids, through.map(Cursor::decode)) {
        (Some(ids), None) if ids.len() > MOST_MARKED => {
            let message = Message::MarkCount { most: MOST_MARKED.into() };
            Err(Error::fault(FaultCode::OutOfRange, "notificationIds", message))
        }
        (Some(ids), None) => Ok(Which::These(ids)),
        (None, Some(Some(Cursor::Seq(seq)))) => Ok(Which::Through(seq)),
        (None, Some(_)) => Err(bad_cursor("through")),
        (None, None) => Err(Error::fault(FaultCode::Required, "notificationIds", Message::WhatWasRead)),
        (Some(_), Some(_)) => Err(Error::fault(FaultCode::Invalid, "through", Message::IdsOrCursor)),
    }
}

/// Notes what the viewer has read. Returns how many are left unread.
pub async fn mark_read(services: &Services, viewer: &Viewer, which: Which) -> Result<u64> {
    store::notification::mark_read(services.db.writer(), viewer, &which, services.now()).await?;
    store::notification::unread(services.db.writer(), viewer).await
}
