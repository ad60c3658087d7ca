//! Operators' systems that are told what happens: which they are, with which secret what they are told is signed, and what they
//! are told once more. Only administrators come here.

pub mod events;
pub mod send;

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::{
    vocab::{EventKind, WebhookStatus},
    webhook_endpoint as endpoint,
};
use serde_json::json;
use uuid::Uuid;

use super::{Services, device::bad_address, overlap, record};
use crate::{
    auth::{
        signature::{Signer, new_secret},
        viewer::Viewer,
    },
    channel::{
        endpoint::{Posting, post},
        outbound::Unanswered,
    },
    domain::{
        overlap::{replaced, still_good},
        text,
    },
    error::{Error, Fault, FaultCode, Message, Result},
    page::{Cursor, bad_cursor},
    store::{
        self,
        db::Tx,
        webhook::{delivery::Ended, log::Place},
    },
};

const LONGEST_NAME: usize = 120;
const LONGEST_URL: usize = 2000;

/// How many endpoints there may be: each is called on its own.
const MOST_ENDPOINTS: u64 = 100;

/// How long a test may take: shorter than the time for an answer to whoever asks for it.
const TEST_PATIENCE: Duration = Duration::from_secs(8);

/// How much further back than an instant one looks: servers' clocks differ a little.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// An endpoint to enter.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// None for all projects.
    pub project_id: Option<Uuid>,
    pub name: String,
    pub url: String,
    pub kinds: Vec<EventKind>,
}

/// What is to change about an endpoint; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct EndpointChange {
    pub name: Option<String>,
    pub url: Option<String>,
    pub kinds: Option<Vec<EventKind>>,
}

/// An endpoint with its secret, which is told this once.
#[derive(Clone, Debug)]
pub struct Secret {
    pub endpoint: endpoint::Model,
    pub secret: String,
}

/// Enters an endpoint. It is told what happens from now on.
pub async fn create(services: &Services, viewer: &Viewer, new: NewEndpoint) -> Result<Secret> {
    let now = services.now();
    let (id, secret) = (services.new_id(now), new_secret());
    let mut row = endpoint::Model {
        id,
        project_id: new.project_id,
        name: text::required_line("name", &new.name, LONGEST_NAME)?,
        url: checked_url(services, &new.url)?,
        kinds: checked_kinds(new.kinds)?,
        status: WebhookStatus::Active,
        disabled_reason: None,
        disabled_at: None,
        secret_sealed: services.vault.seal_webhook_secret(id, &secret),
        old_secret_sealed: None,
        old_secret_until: None,
        cursor_event: 0,
        cursor_company: 0,
        next_at: now,
        claimed_until: None,
        claim: 0,
        failing_since: None,
        created_at: now,
    };
    let tx = services.db.begin().await?;
    if let Some(id) = new.project_id {
        store::company::project(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    }
    if store::webhook::count(&tx).await? >= MOST_ENDPOINTS {
        let message = Message::EndpointsAtMost { most: MOST_ENDPOINTS.into() };
        return Err(Error::Invalid(vec![Fault { code: FaultCode::NotAvailable, field: None, message }]));
    }
    store::webhook::insert(&tx, row.clone()).await?;
    note(services, &tx, viewer, "CREATE_WEBHOOK_ENDPOINT", &row).await?;
    let place = store::webhook::log::end(&tx).await?;
    store::webhook::reach(&tx, id, place).await?;
    tx.commit().await?;
    (row.cursor_event, row.cursor_company) = place;
    Ok(Secret { endpoint: row, secret })
}

/// Changes an endpoint's name, address, or of what it is told.
pub async fn update(services: &Services, viewer: &Viewer, id: Uuid, change: EndpointChange) -> Result<endpoint::Model> {
    let name = change.name.map(|name| text::required_line("name", &name, LONGEST_NAME)).transpose()?;
    let url = change.url.map(|url| checked_url(services, &url)).transpose()?;
    let kinds = change.kinds.map(checked_kinds).transpose()?;
    let tx = services.db.begin().await?;
    let row = hold(&tx, viewer, id).await?;
    let row = endpoint::Model {
        name: name.unwrap_or(row.name),
        url: url.unwrap_or(row.url),
        kinds: kinds.unwrap_or(row.kinds),
        ..row
    };
    save(services, tx, viewer, "UPDATE_WEBHOOK_ENDPOINT", row).await
}

/// Stops sending to an endpoint. What happens meanwhile is sent when it goes on.
pub async fn pause(services: &Services, viewer: &Viewer, id: Uuid) -> Result<endpoint::Model> {
    let tx = services.db.begin().await?;
    let row = hold(&tx, viewer, id).await?;
    if row.status == WebhookStatus::Disabled {
        let message = Message::EndpointGivenUp;
        return Err(Error::fault(FaultCode::IllegalTransition, "webhookEndpointId", message));
    }
    let row = endpoint::Model { status: WebhookStatus::Paused, ..row };
    save(services, tx, viewer, "PAUSE_WEBHOOK_ENDPOINT", row).await
}

/// Goes on sending to an endpoint that was paused or given up, from where it stopped. What was given up with it goes first,
/// unless it is to stay where it is.
pub async fn resume(services: &Services, viewer: &Viewer, id: Uuid, with_dead: bool) -> Result<endpoint::Model> {
    let tx = services.db.begin().await?;
    let row = hold(&tx, viewer, id).await?;
    if with_dead {
        store::webhook::delivery::revive(&tx, row.id).await?;
    }
    store::webhook::delivery::begin_anew(&tx, row.id).await?;
    let row = endpoint::Model { status: WebhookStatus::Active, disabled_reason: None, disabled_at: None, ..row };
    save(services, tx, viewer, "RESUME_WEBHOOK_ENDPOINT", row).await
}

/// What an endpoint is to be told once more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Replay {
    /// What was given up.
    Dead,
    /// Everything behind a place in the logs.
    After(Place),
    /// Everything since an instant, and perhaps a little from before.
    Since(DateTime<Utc>),
}

/// Reads what is to be told once more: one of three.
pub fn read_replay(dead: bool, after: Option<&str>, since: Option<DateTime<Utc>>) -> Result<Replay> {
    match (dead, after.map(Cursor::decode), since) {
        (true, None, None) => Ok(Replay::Dead),
        (false, Some(Some(Cursor::Place(event, company))), None) => Ok(Replay::After((event, company))),
        (false, Some(_), None) => Err(bad_cursor("after")),
        (false, None, Some(since)) => Ok(Replay::Since(since)),
        (false, None, None) => Err(Error::fault(FaultCode::Required, "after", Message::SayWhatToReplay)),
        _ => Err(Error::fault(FaultCode::Invalid, "after", Message::OneOfDeadAfterSince)),
    }
}

/// Sends an endpoint once more what it was sent before, with the same ids. It does not switch it on.
pub async fn replay(services: &Services, viewer: &Viewer, id: Uuid, what: Replay) -> Result<endpoint::Model> {
    let tx = services.db.begin().await?;
    let mut row = hold(&tx, viewer, id).await?;
    let place = match what {
        Replay::Dead => {
            store::webhook::delivery::revive(&tx, row.id).await?;
            None
        }
        Replay::After(place) => Some(place),
        Replay::Since(at) => store::webhook::log::before_instant(&tx, at - SKEW).await?,
    };
    let reached = (row.cursor_event, row.cursor_company);
    if let Some(place) = place.filter(|place| *place < reached) {
        store::webhook::delivery::take_back(&tx, row.id, place).await?;
        (row.cursor_event, row.cursor_company) = place;
    }
    save(services, tx, viewer, "REPLAY_WEBHOOK_DELIVERIES", row).await
}

/// Gives an endpoint a new secret. The old one signs beside it for so many hours.
pub async fn rotate(services: &Services, viewer: &Viewer, id: Uuid, overlap_hours: Option<i32>) -> Result<Secret> {
    let (overlap, secret) = (overlap(overlap_hours)?, new_secret());
    let tx = services.db.begin().await?;
    let mut row = hold(&tx, viewer, id).await?;
    let old = std::mem::replace(&mut row.secret_sealed, services.vault.seal_webhook_secret(row.id, &secret));
    (row.old_secret_sealed, row.old_secret_until) = replaced(Some(old), overlap, services.now());
    let endpoint = save(services, tx, viewer, "ROTATE_WEBHOOK_SECRET", row).await?;
    Ok(Secret { endpoint, secret })
}

/// Deletes an endpoint with everything that was on its way to it.
pub async fn delete(services: &Services, viewer: &Viewer, id: Uuid) -> Result<Uuid> {
    let tx = services.db.begin().await?;
    let row = hold(&tx, viewer, id).await?;
    store::webhook::delete(&tx, id).await?;
    note(services, &tx, viewer, "DELETE_WEBHOOK_ENDPOINT", &row).await?;
    tx.commit().await?;
    Ok(id)
}

/// Sends an endpoint a message of no meaning, once and now, whether it is switched on or not. Says how that ended.
pub async fn test(services: &Services, viewer: &Viewer, id: Uuid) -> Result<Ended> {
    let conn = services.db.reader();
    let row = store::webhook::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("webhookEndpointId"))?;
    let (signer, now) = (signer(services, &row)?, services.now());
    let body = json!({
        "type": "webhook.test",
        "version": 1,
        "timestamp": now.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": {},
    });
    let message = format!("msg_{}", services.new_id(now).simple());
    let posting = Posting { url: &row.url, id: &message, body: body.to_string() };
    let answered = tokio::time::timeout(TEST_PATIENCE, post(&services.outbound, &signer, posting, now)).await;
    Ok(send::ended(&answered.unwrap_or(Err(Unanswered::TooSlow))))
}

/// What signs for an endpoint at this moment.
fn signer(services: &Services, row: &endpoint::Model) -> Result<Signer> {
    let mut secrets = vec![services.vault.open_webhook_secret(row.id, &row.secret_sealed)?];
    if let Some(old) = still_good(row.old_secret_sealed.as_deref(), row.old_secret_until, services.now()) {
        secrets.push(services.vault.open_webhook_secret(row.id, old)?);
    }
    Signer::new(secrets.iter().map(String::as_str)).map_err(Error::internal)
}

async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<endpoint::Model> {
    store::webhook::hold(tx, viewer, id).await?.ok_or_else(|| Error::unknown("webhookEndpointId"))
}

/// Saves an endpoint that is held. Whoever sends to it at that moment has it no more; the next one begins at once.
async fn save(
    services: &Services,
    tx: Tx,
    viewer: &Viewer,
    action: &str,
    row: endpoint::Model,
) -> Result<endpoint::Model> {
    let row = endpoint::Model {
        claim: row.claim + 1,
        claimed_until: None,
        next_at: services.now(),
        failing_since: None,
        ..row
    };
    store::webhook::update(&tx, row.clone()).await?;
    note(services, &tx, viewer, action, &row).await?;
    tx.commit().await?;
    Ok(row)
}

async fn note(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &endpoint::Model) -> Result<()> {
    // An address may hold a key: the host is enough to know it by.
    let host = services.outbound.check(&row.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let details = json!({ "name": row.name, "host": host, "kinds": row.kinds, "status": row.status });
    record(services, tx, viewer, (action, "WebhookEndpoint", row.id), details).await
}

fn checked_url(services: &Services, url: &str) -> Result<String> {
    let url = text::required_line("url", url, LONGEST_URL)?;
    let checked = services.outbound.check(&url).map_err(|bad| {
        let message = Message::CanNotBeCalled { why: Box::new(bad_address(bad)) };
        Error::fault(FaultCode::Invalid, "url", message)
    })?;
    Ok(checked.into())
}

fn checked_kinds(mut kinds: Vec<EventKind>) -> Result<serde_json::Value> {
    kinds.sort();
    kinds.dedup();
    if kinds.is_empty() {
        return Err(Error::fault(FaultCode::Required, "kinds", Message::SayOfWhatItIsTold));
    }
    serde_json::to_value(kinds).map_err(Error::internal)
}
