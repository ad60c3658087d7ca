//! Keys that lead everybody to the same, if they are led anywhere: rows by their ids, as they are for all who may see them.
//! What is counted, left out or hidden for one viewer and not for another has no place here.

use uuid::Uuid;

use super::{EventsOfTicket, LoadKey, OwnerOf, OwnersOfUnit, PlaceOf, ProjectOf, StaffOf, TicketOf};
use crate::store::sight::{Sought, What};

/// A key whose value is the same for all who see the same of what it looks for.
pub trait Alike: LoadKey {
    /// What it looks for.
    fn sought(&self) -> Sought;

    /// The rows behind the value, by their ids; none when it does not say whether there are any.
    fn found(&self, value: Option<&Self::Value>) -> Option<Vec<Uuid>>;
}

/// Keys that are the id of the one row that they lead to.
macro_rules! rows {
    ($($key:ident => $what:ident, $id:expr;)+) => {$(
        impl Alike for $key {
            fn sought(&self) -> Sought {
                (What::$what, self.0)
            }

            fn found(&self, value: Option<&Self::Value>) -> Option<Vec<Uuid>> {
                Some(value.map($id).into_iter().collect())
            }
        }
    )+};
}

rows! {
    PlaceOf => Home, |place| place.unit.id;
    OwnerOf => Owner, |owner| owner.id;
    StaffOf => Staff, |member| member.id;
    ProjectOf => Project, |project| project.id;
    TicketOf => Ticket, |ticket| ticket.id;
}

impl Alike for OwnersOfUnit {
    fn sought(&self) -> Sought {
        (What::OwnersOfHome, self.0)
    }

    fn found(&self, value: Option<&Self::Value>) -> Option<Vec<Uuid>> {
        Some(value.into_iter().flatten().map(|owner| owner.id).collect())
    }
}

/// Whoever sees a ticket sees its log.
impl Alike for EventsOfTicket {
    fn sought(&self) -> Sought {
        (What::Ticket, self.ticket_id)
    }

    fn found(&self, value: Option<&Self::Value>) -> Option<Vec<Uuid>> {
        // A page without events is one that nobody may see, or one beyond the end.
        value.filter(|slice| !slice.rows.is_empty()).map(|_| vec![self.ticket_id])
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::project;

    use super::*;
    use crate::page::Page;

    #[test]
    fn a_row_that_is_not_there_was_looked_for_too() {
        let (id, code, name) = (Uuid::from_u128(7), "YT".to_owned(), "云庭".to_owned());
        let row = project::Model { id, code, name, time_zone: "UTC".to_owned(), created_at: DateTime::UNIX_EPOCH };
        assert_eq!(ProjectOf(id).sought(), (What::Project, id));
        assert_eq!(ProjectOf(id).found(Some(&row)), Some(vec![id]));
        assert_eq!(ProjectOf(id).found(None), Some(Vec::new()));
    }

    #[test]
    fn a_page_without_events_does_not_say_whether_there_is_a_ticket() {
        let page = Page { limit: 1, backward: true, after: None, before: None };
        let (ticket_id, empty) = (Uuid::from_u128(7), page.cut(Vec::new()));
        let key = EventsOfTicket { ticket_id, page };
        assert_eq!(key.sought(), (What::Ticket, ticket_id));
        assert_eq!((key.found(Some(&empty)), key.found(None)), (None, None));
    }
}
