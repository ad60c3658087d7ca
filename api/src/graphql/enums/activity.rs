//! The closed lists of activities and standard answers.

use async_graphql::Enum;
use entity::vocab;

/// Where a lecture stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ActivityStatus")]
pub enum LectureStatus {
    /// In preparation; only staff see it.
    Draft,
    /// In the schedule.
    Published,
    /// Over and evaluated; still in the schedule of the past.
    Closed,
    /// Called off.
    Cancelled,
}

/// Where an activity stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ActivityStatus")]
pub enum ActivityStatus {
    /// In preparation; only staff see it.
    Draft,
    /// Announced. Customers register until it begins.
    Published,
    /// Over and evaluated.
    Closed,
    /// Called off. Customers see it only when they had registered.
    Cancelled,
}

/// What kind of event for customers.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ActivityKind")]
pub enum ActivityKind {
    /// An event of the customer club (客户俱乐部活动).
    ClubEvent,
    /// A day on which customers look at the building site (工地开放日).
    OpenDay,
    /// A decoration lecture (装修讲座), mostly given by a partner.
    Lecture,
}

/// Where a registration stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::RegistrationStatus")]
pub enum RegistrationStatus {
    /// Holds a seat.
    Registered,
    /// Waits for a seat; `waitlistPosition` says behind how many.
    Waitlisted,
    /// Gave it up. Registering again starts at the end of the list.
    Cancelled,
}

/// Whom a standard answer is for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ArticleAudience")]
pub enum ArticleAudience {
    /// For staff only: what to say and do.
    Staff,
    /// For owners too.
    Everyone,
}

/// Where a standard answer stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ArticleStatus")]
pub enum ArticleStatus {
    /// Being written; only those who write answers see it.
    Draft,
    /// In use.
    Published,
    /// Does not hold any more.
    Retired,
}
