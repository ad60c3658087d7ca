//! How long things are kept that nobody needs any more.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a picture waits for its ticket.
const WAITING_PICTURE: TimeDelta = TimeDelta::hours(24);

/// How long a call may be repeated with its key: longer than what was done offline may wait.
const REPEATABLE: TimeDelta = TimeDelta::days(7);

/// How long windows and codes are kept after their end.
const OVER: TimeDelta = TimeDelta::days(1);

/// How long a session that is over is remembered: long enough to look into a misuse.
const SESSION: TimeDelta = TimeDelta::days(30);

/// How long what people were told is in their inbox, read or not, with what became of its messages.
const TOLD: TimeDelta = TimeDelta::days(365);
/// How long it is remembered that an operator's system took a message.
const DELIVERED: TimeDelta = TimeDelta::days(30);

/// What is from before these instants, or was over before them, may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    pub keys: DateTime<Utc>,
    pub sessions: DateTime<Utc>,
    pub sign_in: DateTime<Utc>,
    pub pictures: DateTime<Utc>,
    pub told: DateTime<Utc>,
    pub delivered: DateTime<Utc>,
}

impl Stale {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            keys: now - REPEATABLE,
            sessions: now - SESSION,
            sign_in: now - OVER,
            pictures: now - WAITING_PICTURE,
            told: now - TOLD,
            delivered: now - DELIVERED,
        }
    }
}
