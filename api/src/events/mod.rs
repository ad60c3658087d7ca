//! The event streams: the logs in the database, of tickets, bulletins and notifications, are the truth; everything here only wakes.
//!
//! A writer commits, then calls `Hub::committed`. The relay reads what is new in the logs once for the whole process,
//! works out whom it may concern, and wakes those who follow that log; each reads its log for itself from its own place, with
//! its own scope, so waking the wrong one shows it nothing. The relay also looks by itself from time to time: a lost
//! wake is late and never lost. Between servers the bus carries wakes, where there is one; without it, or while it is down,
//! what another server wrote is found at the next look. The log's order is explained in `store/event.rs`.

mod bell;
mod bus;
mod feed;
mod hub;
mod log;
mod relay;

pub use bus::{Bus, BusError};
pub use feed::follow;
pub use hub::{Hub, Subscription, Topic};
pub use log::{Ahead, Log, News, Place, Question, Which};
pub use relay::run as run_relay;
