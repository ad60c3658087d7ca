//! Sending what people are told by the channels of the house: decided once for each notification, then sent until the
//! other side has taken it. Whoever sends may die at any moment: what was claimed is sent by the next, with the same id.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{
    device, notification, notification_delivery as delivery, notification_preference as preference,
    notification_setting as setting, owner, staff,
    vocab::{DeliveryFailure, DeliveryStatus, Language, NotificationChannel, PrincipalKind},
};
use futures_util::{StreamExt, stream};
use uuid::Uuid;

use super::push;
use crate::{
    auth::viewer::{Principal, Viewer},
    channel::{Channel, Message, Undelivered},
    clock::random_bytes,
    domain::notification::{
        Arguments,
        preference::is_wanted,
        quiet::{Quiet, goes_at},
        retry::{MOST_ATTEMPTS, pause},
    },
    error::{Error, Result},
    language::{discreet, tell},
    page::Cursor,
    service::{Services, ticket::time_zone},
    store::{self, notification::outbox::Outcome},
};

/// How many notifications are planned in one transaction.
const PLANNED: u64 = 200;

/// How many messages are claimed together, and sent at a time. A channel takes bounded time for one.
const CLAIMED: u64 = 32;
const AT_ONCE: usize = 8;

/// How long a message is one server's: much longer than its whole batch may take.
pub const CLAIM: TimeDelta = TimeDelta::minutes(3);

/// What is known of the people who are written to.
#[derive(Default)]
struct People {
    settings: HashMap<Uuid, setting::Model>,
    preferences: Vec<preference::Model>,
    owners: HashMap<Uuid, owner::Model>,
    staff: HashMap<Uuid, staff::Model>,
    /// The devices that this server can push to.
    devices: HashMap<Uuid, Vec<device::Model>>,
}

impl People {
    async fn of(services: &Services, conn: &impl store::Conn, ids: &[Uuid]) -> Result<Self> {
        let system = Viewer::system();
        let settings = store::notification::setting::of(conn, &system, ids).await?;
        Ok(Self {
            settings: settings.into_iter().map(|row| (row.principal_id, row)).collect(),
            preferences: store::notification::setting::preferences(conn, &system, ids).await?,
            owners: store::owner::by_ids(conn, &system, ids).await?,
            staff: store::staff::by_ids(conn, &system, ids).await?,
            devices: push::devices_of(services, conn, ids).await?,
        })
    }

    /// Whether somebody can be reached by a channel.
    fn is_reached(&self, services: &Services, id: Uuid, channel: NotificationChannel) -> Result<bool> {
        match channel {
            NotificationChannel::Push => Ok(self.devices.contains_key(&id)),
            _ => Ok(self.address(services, id, channel)?.is_some()),
        }
    }

    /// Where somebody is reached by a channel that has one address for a person.
    fn address(&self, services: &Services, id: Uuid, channel: NotificationChannel) -> Result<Option<String>> {
        match channel {
            NotificationChannel::Email => {
                let sealed = self.settings.get(&id).and_then(|row| row.email_sealed.as_deref());
                sealed.map(|sealed| services.vault.open_email(id, sealed)).transpose()
            }
            NotificationChannel::Sms | NotificationChannel::Wechat => match self.owners.get(&id) {
                Some(owner) => {
                    let sealed = owner.phone_sealed.as_deref();
                    sealed.map(|sealed| services.vault.open_phone(id, sealed)).transpose()
                }
                None => Ok(self.staff.get(&id).and_then(|member| member.work_phone.clone())),
            },
            NotificationChannel::Push => Ok(None),
        }
    }

    fn wants(&self, row: &notification::Model, channel: NotificationChannel) -> bool {
        let key = (row.recipient_id, row.kind, channel);
        let own = self.preferences.iter().find(|row| (row.principal_id, row.kind, row.channel) == key);
        is_wanted(row.kind, channel, row.is_emergency, own.map(|row| row.is_on))
    }

    fn quiet(&self, id: Uuid) -> Option<Quiet> {
        self.settings.get(&id).and_then(|row| Quiet::of(row.quiet_from, row.quiet_until))
    }

    /// Whoever was told, as a viewer; none for those who are gone.
    fn viewer(&self, row: &notification::Model) -> Option<Viewer> {
        let principal = match row.recipient_kind {
            PrincipalKind::Owner => Principal::Owner(self.owners.get(&row.recipient_id)?.id),
            PrincipalKind::Staff => {
                let member = self.staff.get(&row.recipient_id).filter(|member| member.is_active)?;
                Principal::Staff { id: member.id, role: member.role, department: member.department }
            }
            PrincipalKind::Partner | PrincipalKind::System => return None,
        };
        Some(Viewer::of(principal))
    }
}

/// Decides by which channels each new notification goes, and when. Returns how many messages that makes.
pub async fn plan(services: &Services) -> Result<usize> {
    let mut planned = 0;
    loop {
        let rows = store::notification::outbox::to_plan(services.db.writer(), PLANNED).await?;
        if rows.is_empty() {
            return Ok(planned);
        }
        let deliveries = if services.channels.is_empty() { Vec::new() } else { deliveries(services, &rows).await? };
        planned += deliveries.len();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let tx = services.db.begin().await?;
        store::notification::outbox::plan(&tx, &ids, deliveries, services.now()).await?;
        tx.commit().await?;
    }
}

async fn deliveries(services: &Services, rows: &[notification::Model]) -> Result<Vec<delivery::Model>> {
    let (conn, now) = (services.db.writer(), services.now());
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.recipient_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = People::of(services, conn, &ids).await?;
    let zones = zones(conn).await?;
    let mut deliveries = Vec::new();
    for row in rows {
        for channel in services.channels.kinds() {
            if !people.wants(row, channel) || !people.is_reached(services, row.recipient_id, channel)? {
                continue;
            }
            let zone = zones.get(&row.project_id).copied().unwrap_or(Tz::UTC);
            deliveries.push(delivery::Model {
                id: services.new_id(now),
                notification_id: row.id,
                kind: row.kind,
                channel,
                status: DeliveryStatus::Waiting,
                attempts: 0,
                next_at: goes_at(now, zone, people.quiet(row.recipient_id), row.is_emergency),
                sent_at: None,
                failure: None,
                created_at: now,
            });
        }
    }
    Ok(deliveries)
}

async fn zones(conn: &impl store::Conn) -> Result<HashMap<Uuid, Tz>> {
    let projects = store::company::every_project(conn).await?;
    projects.iter().map(|project| Ok((project.id, time_zone(project)?))).collect()
}

/// Sends what is due. Returns how many messages the other sides took.
pub async fn send(services: &Services) -> Result<usize> {
    if services.channels.is_empty() {
        return Ok(0);
    }
    let mut sent = 0;
    loop {
        let now = services.now();
        let claimed = store::notification::outbox::claim(services.db.writer(), (now, now + CLAIM), CLAIMED).await?;
        if claimed.is_empty() {
            return Ok(sent);
        }
        let attempts = stream::iter(claimed).map(|attempt| attempt_once(services, attempt)).buffer_unordered(AT_ONCE);
        // Each is seen through before one that failed is told of: none is left half sent because of another.
        let ended: Vec<Result<bool>> = attempts.collect().await;
        for taken in ended {
            sent += usize::from(taken?);
        }
    }
}

/// One attempt with one message; says whether the other side took it.
async fn attempt_once(services: &Services, attempt: delivery::Model) -> Result<bool> {
    let outcome = outcome(services, &attempt).await?;
    if let Outcome::Dead(failure) = outcome {
        tracing::warn!(delivery = %attempt.id, channel = ?attempt.channel, ?failure, "a message was given up");
    }
    store::notification::outbox::settle(services.db.writer(), &attempt, outcome, services.now()).await?;
    services.metrics.message(&format!("{:?}", attempt.channel), word(outcome));
    Ok(outcome == Outcome::Sent)
}

/// What an outcome is called among the figures.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => "sent",
        Outcome::Dropped => "dropped",
        Outcome::Postponed(_) => "postponed",
        Outcome::Again(..) => "again",
        Outcome::Dead(_) => "dead",
    }
}

async fn outcome(services: &Services, attempt: &delivery::Model) -> Result<Outcome> {
    if attempt.attempts > MOST_ATTEMPTS {
        // Whoever tried before did not live to say how it ended; perhaps to say that one device has it.
        let is_reached = attempt.sent_at.is_some();
        return Ok(if is_reached { Outcome::Sent } else { Outcome::Dead(DeliveryFailure::Unavailable) });
    }
    let Some(ready) = ready(services, attempt).await? else { return Ok(Outcome::Dropped) };
    let now = services.now();
    let at = ready.goes_at(now);
    if at > now {
        return Ok(Outcome::Postponed(at));
    }
    let sent = match &ready.way {
        Way::Address(channel) => channel.send(&ready.message).await,
        Way::Devices(devices) => push::to_devices(services, attempt, devices, &ready.message).await?,
    };
    Ok(match sent {
        Ok(()) => Outcome::Sent,
        Err(Undelivered::Refused) => Outcome::Dead(DeliveryFailure::Refused),
        // Nobody is left there to be told.
        Err(Undelivered::Gone) => Outcome::Dropped,
        Err(Undelivered::Unavailable) => again(services, attempt, &ready, Duration::ZERO),
        Err(Undelivered::Later(wait)) => again(services, attempt, &ready, wait),
    })
}

/// Tried again later, and not in the recipient's quiet hours.
fn again(services: &Services, attempt: &delivery::Model, ready: &Ready, wait: Duration) -> Outcome {
    let failure = DeliveryFailure::Unavailable;
    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
    match pause(attempt.attempts, u16::from_be_bytes(random_bytes()), wait) {
        Some(pause) => Outcome::Again(failure, ready.goes_at(services.now() + pause)),
        None => Outcome::Dead(failure),
    }
}

/// How a message leaves.
enum Way {
    Address(Arc<dyn Channel>),
    Devices(Vec<device::Model>),
}

/// A message as it is to be sent now.
struct Ready {
    message: Message,
    way: Way,
    quiet: Option<Quiet>,
    zone: Tz,
}

impl Ready {
    fn goes_at(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        goes_at(instant, self.zone, self.quiet, self.message.is_emergency)
    }
}

/// The message as it is to be sent now; none when it is not worth sending any more: the recipient has read it, may no
/// longer see what it is about, can't be reached any more, or the house has given the channel up.
async fn ready(services: &Services, attempt: &delivery::Model) -> Result<Option<Ready>> {
    let conn = services.db.writer();
    let Some(row) = store::notification::outbox::told(conn, attempt.notification_id).await? else { return Ok(None) };
    let people = People::of(services, conn, &[row.recipient_id]).await?;
    let Some(viewer) = people.viewer(&row) else { return Ok(None) };
    let seen = store::notification::outbox::as_seen(conn, &viewer, row.id).await?;
    let Some(row) = seen.filter(|row| row.read_at.is_none()) else { return Ok(None) };
    let (to, way) = match attempt.channel {
        NotificationChannel::Push => match people.devices.get(&row.recipient_id) {
            Some(devices) => (String::new(), Way::Devices(devices.clone())),
            None => return Ok(None),
        },
        channel => match (services.channels.get(channel), people.address(services, row.recipient_id, channel)?) {
            (Some(way), Some(to)) => (to, Way::Address(Arc::clone(way))),
            _ => return Ok(None),
        },
    };
    let project = store::company::project(conn, &Viewer::system(), row.project_id).await?;
    let zone = project.map_or(Ok(Tz::UTC), |project| time_zone(&project))?;
    let quiet = people.quiet(row.recipient_id);
    Ok(Some(Ready { message: written(attempt, row, to, &people)?, way, quiet, zone }))
}

fn written(attempt: &delivery::Model, row: notification::Model, to: String, people: &People) -> Result<Message> {
    let settings = people.settings.get(&row.recipient_id);
    let language = settings.map_or(Language::Zh, |row| row.language);
    let is_discreet = attempt.channel == NotificationChannel::Push && settings.is_some_and(|row| row.push_is_discreet);
    let text = if is_discreet {
        discreet(row.is_emergency, language)
    } else {
        let arguments: Arguments = serde_json::from_value(row.arguments).map_err(Error::internal)?;
        tell(row.kind, &arguments, row.is_emergency, language)
    };
    Ok(Message {
        id: attempt.id,
        to,
        kind: row.kind,
        language,
        title: text.title,
        body: text.body,
        is_emergency: row.is_emergency,
        at: row.created_at,
        cursor: Cursor::Seq(row.seq).encode(),
    })
}
