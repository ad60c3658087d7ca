//! Batches: what many objects of one answer need is loaded in one statement, through the viewer's scope.

mod alike;
mod figure;

use std::{collections::HashMap, hash::Hash};

use async_graphql::dataloader::Loader;
use entity::{attachment, contract, owner, partner, project, staff, ticket_event, warranty_item};
use uuid::Uuid;

mod bulletin;

pub use bulletin::*;

use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
    page::{Page, Slice},
    store::{
        self,
        db::{Db, in_time},
        unit::Place,
    },
};

pub use alike::Alike;
pub use figure::{Catalogue, PublishedFiguresOf};

/// Loads for one viewer.
pub struct Batch {
    pub db: Db,
    pub viewer: Viewer,
}

/// A load that failed; its cause is in the log.
#[derive(Clone, Copy, Debug)]
pub enum LoadFailure {
    Busy,
    Failed,
}

impl From<Error> for LoadFailure {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy => Self::Busy,
            error => {
                tracing::error!(?error, "a batch could not be loaded");
                Self::Failed
            }
        }
    }
}

impl From<LoadFailure> for Error {
    fn from(failure: LoadFailure) -> Self {
        match failure {
            LoadFailure::Busy => Self::Busy,
            LoadFailure::Failed => Self::internal("a batch could not be loaded"),
        }
    }
}

/// A key of a batch and what it leads to.
pub trait LoadKey: Copy + Eq + Hash + Send + Sync + 'static {
    type Value: Clone + Send + Sync + 'static;
}

/// Declares keys that wrap an id, each with the store's batch function for it.
macro_rules! batches {
    ($($(#[$doc:meta])* $key:ident => $value:ty = $load:path;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub Uuid);

        impl LoadKey for $key {
            type Value = $value;
        }

        impl Loader<$key> for Batch {
            type Value = $value;
            type Error = LoadFailure;

            /// In bounded time: a batch is a task of its own, which nobody ends when its request has ended, and would keep
            /// its connection.
            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, LoadFailure> {
                let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                let found = $crate::store::db::in_time($load(self.db.reader(), &self.viewer, &ids)).await?;
                Ok(found.into_iter().map(|(id, value)| ($key(id), value)).collect())
            }
        }
    )+};
}

use batches;

mod ambassador;
mod handover;

pub use ambassador::*;
pub use handover::*;

mod activity;

pub use activity::*;

mod survey;
pub use survey::*;

mod upkeep;

pub use upkeep::*;

batches! {
    /// A unit and where it stands.
    PlaceOf => Place = store::unit::places;
    /// An owner.
    OwnerOf => owner::Model = store::owner::by_ids;
    /// A member of staff.
    StaffOf => staff::Model = store::staff::by_ids;
    /// A project.
    ProjectOf => project::Model = store::company::projects;
    /// The projects that a member of staff works for.
    ProjectsOfStaff => Vec<project::Model> = store::company::projects_by_staff;
    /// A partner.
    PartnerOf => partner::Model = store::lecture::partners;
    /// The present owners of a unit.
    OwnersOfUnit => Vec<owner::Model> = store::owner::of_units;
    /// The present ambassador of a unit.
    AmbassadorOfUnit => staff::Model = store::ambassador::of_units;
    /// The contract in force for a unit.
    ContractOfUnit => contract::Model = store::unit::contracts;
    /// The warranty items of a unit.
    WarrantiesOfUnit => Vec<warranty_item::Model> = store::unit::warranties;
    /// How many open tickets a unit has.
    OpenTicketsOfUnit => i64 = store::ticket::open_by_unit;
    /// The pictures of a ticket.
    AttachmentsOfTicket => Vec<attachment::Model> = store::attachment::of_tickets;
    /// The tickets that events are about.
    TicketOf => entity::ticket::Model = store::ticket::by_ids;
    /// What happened to an owner.
    FactsOf => store::journey::Facts = store::journey::facts;
    /// Whether a member of staff is one of the viewer's own ambassadors.
    IsMyAmbassador => bool = store::ambassador::are_mine;
}

mod presales;
pub use presales::*;
/// A page of a ticket's own events. The same page of many tickets is one statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventsOfTicket {
    pub ticket_id: Uuid,
    pub page: Page,
}

impl Eq for EventsOfTicket {}

impl Hash for EventsOfTicket {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.ticket_id.hash(state);
        self.page.limit.hash(state);
        self.page.backward.hash(state);
    }
}

impl LoadKey for EventsOfTicket {
    type Value = Slice<ticket_event::Model>;
}

impl Loader<EventsOfTicket> for Batch {
    type Value = Slice<ticket_event::Model>;
    type Error = LoadFailure;

    async fn load(&self, keys: &[EventsOfTicket]) -> Result<HashMap<EventsOfTicket, Self::Value>, LoadFailure> {
        let mut loaded = HashMap::new();
        let mut pages: Vec<Page> = Vec::new();
        for key in keys {
            if !pages.contains(&key.page) {
                pages.push(key.page);
            }
        }
        for page in pages {
            let tickets: Vec<Uuid> = keys.iter().filter(|key| key.page == page).map(|key| key.ticket_id).collect();
            let pages = store::event::pages_of_tickets(self.db.reader(), &self.viewer, &tickets, &page);
            let found = in_time(pages).await?;
            loaded.extend(found.into_iter().map(|(ticket_id, slice)| (EventsOfTicket { ticket_id, page }, slice)));
        }
        Ok(loaded)
    }
}
