//! The ways out of the house: for notifications the port and what stands behind it, for operators' systems signed calls. What is told to whom, when, and
//! how often it is tried, is not decided here.

pub mod address;
pub mod endpoint;
pub mod outbound;
pub mod smtp;
pub mod webhook;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use entity::vocab::{Language, NotificationChannel, NotificationKind};
use uuid::Uuid;

/// One message to one person.
#[derive(Clone, Debug)]
pub struct Message {
    /// The same over all attempts: the other side can drop a repetition by it.
    pub id: Uuid,
    /// An email address, or a phone number.
    pub to: String,
    pub kind: NotificationKind,
    pub language: Language,
    pub title: String,
    pub body: String,
    pub is_emergency: bool,
    pub at: DateTime<Utc>,
}

/// Why a message did not go out. It never holds an address or a word of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    #[error("the other side is not available; trying again later may help")]
    Unavailable,
    #[error("the other side will not take this message")]
    Refused,
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
pub struct Channels(BTreeMap<NotificationChannel, Arc<dyn Channel>>);

impl Channels {
    /// With one more way.
    #[must_use]
    pub fn with(mut self, kind: NotificationChannel, channel: Arc<dyn Channel>) -> Self {
        self.0.insert(kind, channel);
        self
    }

    pub fn get(&self, kind: NotificationChannel) -> Option<&Arc<dyn Channel>> {
        self.0.get(&kind)
    }

    pub fn kinds(&self) -> impl Iterator<Item = NotificationChannel> {
        self.0.keys().copied()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
