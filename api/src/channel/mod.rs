//! The ways out of the house: for notifications the port and what stands behind it, for operators' systems signed calls. What is told to whom, when, and
//! how often it is tried, is not decided here.

pub mod address;
pub mod endpoint;
pub mod outbound;
pub mod push;
pub mod smtp;
pub mod webhook;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use entity::vocab::{Language, NotificationChannel, NotificationKind, PushService};
use uuid::Uuid;

/// One message to one person.
#[derive(Clone, Debug)]
pub struct Message {
    /// The same over all attempts: the other side can drop a repetition by it.
    pub id: Uuid,
    /// An email address, a phone number, a device's token, or the JSON of a browser's subscription.
    pub to: String,
    pub kind: NotificationKind,
    pub language: Language,
    pub title: String,
    pub body: String,
    pub is_emergency: bool,
    pub at: DateTime<Utc>,
    /// Its place among what the person was told, by which an app catches up.
    pub cursor: String,
}

/// Why a message did not go out. It never holds an address or a word of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    #[error("the other side is not available; trying again later may help")]
    Unavailable,
    #[error("the other side takes nothing for {0:?}")]
    Later(Duration),
    #[error("the other side will not take this message")]
    Refused,
    #[error("there is nobody at this address any more")]
    Gone,
}

/// A channel that can't be used as it is configured.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadChannel(pub String);

/// A way to a person.
#[async_trait]
pub trait Channel: Send + Sync + 'static {
    /// Hands a message over, in bounded time. `Ok` means that the other side took it, not that anybody has read it.
    async fn send(&self, message: &Message) -> Result<(), Undelivered>;
}

/// The channels of this server.
#[derive(Clone, Default)]
pub struct Channels {
    ways: BTreeMap<NotificationChannel, Arc<dyn Channel>>,
    to_devices: BTreeMap<PushService, Arc<dyn Channel>>,
    /// What a browser subscribes with.
    web_push_key: Option<String>,
}

impl Channels {
    /// With one more way to a person.
    #[must_use]
    pub fn with(mut self, kind: NotificationChannel, channel: Arc<dyn Channel>) -> Self {
        self.ways.insert(kind, channel);
        self
    }

    /// With one more way to devices.
    #[must_use]
    pub fn with_push(mut self, service: PushService, channel: Arc<dyn Channel>) -> Self {
        self.to_devices.insert(service, channel);
        self
    }

    /// With the way to browsers.
    #[must_use]
    pub fn with_web_push(mut self, web: push::web::WebPush) -> Self {
        self.web_push_key = Some(web.public_key().to_owned());
        self.with_push(PushService::WebPush, Arc::new(web))
    }

    pub fn get(&self, kind: NotificationChannel) -> Option<&Arc<dyn Channel>> {
        self.ways.get(&kind)
    }

    pub fn push(&self, service: PushService) -> Option<&Arc<dyn Channel>> {
        self.to_devices.get(&service)
    }

    pub fn web_push_key(&self) -> Option<&str> {
        self.web_push_key.as_deref()
    }

    pub fn kinds(&self) -> impl Iterator<Item = NotificationChannel> {
        let push = (!self.to_devices.is_empty()).then_some(NotificationChannel::Push);
        self.ways.keys().copied().chain(push)
    }

    pub fn is_empty(&self) -> bool {
        self.ways.is_empty() && self.to_devices.is_empty()
    }
}
