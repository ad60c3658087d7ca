//! How a person wants to be told: language, quiet hours, an email address, and which kinds by which channels.

use entity::{
    notification_preference, notification_setting as setting,
    vocab::{Language, NotificationChannel, NotificationKind},
};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    domain::notification::{
        email,
        preference::is_usual,
        quiet::{Quiet, minute_of},
    },
    error::{Error, FaultCode, Message, Result},
    service::Services,
    store::{self, Conn},
};

/// The most choices in one call: every kind by every channel.
pub const MOST_CHOICES: usize = 100;

/// One kind by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub kind: NotificationKind,
    pub channel: NotificationChannel,
    pub is_on: bool,
}

/// How somebody is told, with what is usual where they have said nothing.
#[derive(Clone, Debug)]
pub struct Settings {
    pub language: Language,
    pub quiet: Option<Quiet>,
    pub email_masked: Option<String>,
    /// Whether pushes say only that there is something new.
    pub push_is_discreet: bool,
    pub choices: Vec<Choice>,
}

/// What to change; what is `None` or empty stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub language: Option<Language>,
    /// From and until, as `HH:MM`; the same twice for no quiet hours.
    pub quiet: Option<(String, String)>,
    /// Blank for none.
    pub email: Option<String>,
    pub push_is_discreet: Option<bool>,
    pub choices: Vec<Choice>,
}

/// What holds for whoever asks.
pub async fn of(conn: &impl Conn, viewer: &Viewer) -> Result<Settings> {
    let id = viewer.id().ok_or(Error::Forbidden(Message::OnlyPeopleAreTold))?;
    let row = store::notification::setting::of(conn, viewer, &[id]).await?.into_iter().next();
    let chosen = store::notification::setting::preferences(conn, viewer, &[id]).await?;
    let mut choices = Vec::new();
    for kind in NotificationKind::ALL {
        for channel in NotificationChannel::ALL {
            let own = chosen.iter().find(|row| (row.kind, row.channel) == (*kind, *channel));
            let is_on = own.map_or_else(|| is_usual(*kind, *channel), |row| row.is_on);
            choices.push(Choice { kind: *kind, channel: *channel, is_on });
        }
    }
    Ok(Settings {
        language: row.as_ref().map_or(Language::Zh, |row| row.language),
        quiet: row.as_ref().and_then(|row| Quiet::of(row.quiet_from, row.quiet_until)),
        push_is_discreet: row.as_ref().is_some_and(|row| row.push_is_discreet),
        email_masked: row.and_then(|row| row.email_masked),
        choices,
    })
}

/// Changes how whoever asks is told.
pub async fn update(services: &Services, viewer: &Viewer, change: Change) -> Result<Settings> {
    let id = viewer.id().ok_or(Error::Forbidden(Message::OnlyPeopleAreTold))?;
    if change.choices.len() > MOST_CHOICES {
        let message = Message::ChoiceCount { most: MOST_CHOICES.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "choices", message));
    }
    let tx = services.db.begin().await?;
    let now = services.now();
    let row = store::notification::setting::of(&tx, viewer, &[id]).await?.into_iter().next();
    let mut row = row.unwrap_or(setting::Model {
        principal_id: id,
        principal_kind: viewer.kind(),
        language: Language::Zh,
        is_language_chosen: Some(false),
        quiet_from: None,
        quiet_until: None,
        email_sealed: None,
        email_masked: None,
        updated_at: now,
        push_is_discreet: false,
    });
    row.updated_at = now;
    if let Some(language) = change.language {
        (row.language, row.is_language_chosen) = (language, Some(true));
    }
    row.push_is_discreet = change.push_is_discreet.unwrap_or(row.push_is_discreet);
    if let Some((from, until)) = &change.quiet {
        let (from, until) = (minute("quietHours.from", from)?, minute("quietHours.until", until)?);
        let is_any = from != until;
        (row.quiet_from, row.quiet_until) = (is_any.then_some(from), is_any.then_some(until));
    }
    if let Some(typed) = &change.email {
        (row.email_sealed, row.email_masked) = sealed(services, id, typed)?;
    }
    store::notification::setting::save(&tx, row).await?;
    store::session::take_language(&tx, id).await?;
    let mut choices = change.choices;
    // Of two that say something of the same, the last one holds.
    choices.reverse();
    choices.sort_by_key(|choice| (choice.kind, choice.channel));
    choices.dedup_by_key(|choice| (choice.kind, choice.channel));
    let row = |choice: Choice| notification_preference::Model {
        id: services.new_id(now),
        principal_id: id,
        principal_kind: viewer.kind(),
        kind: choice.kind,
        channel: choice.channel,
        is_on: choice.is_on,
    };
    store::notification::setting::prefer(&tx, choices.into_iter().map(row).collect()).await?;
    let settings = of(&tx, viewer).await?;
    tx.commit().await?;
    Ok(settings)
}

fn minute(field: &str, text: &str) -> Result<i32> {
    let message = Message::TimeOfDayFormat;
    minute_of(text).ok_or_else(|| Error::fault(FaultCode::Invalid, field, message))
}

type Kept = (Option<Vec<u8>>, Option<String>);

fn sealed(services: &Services, id: Uuid, typed: &str) -> Result<Kept> {
    if typed.trim().is_empty() {
        return Ok((None, None));
    }
    let message = Message::NotAnEmailAddress;
    let address = email::normalize(typed).ok_or_else(|| Error::fault(FaultCode::Invalid, "email", message))?;
    Ok((Some(services.vault.seal_email(id, &address)), Some(email::masked(&address))))
}
