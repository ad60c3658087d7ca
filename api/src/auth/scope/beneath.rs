//! What exists for a viewer beneath a row that was itself found for this viewer. It is the rule of the table's own scope,
//! without what the row above has settled already: an event needs no second look at the ticket it was reached through.
//!
//! Answers that are read as a whole (`store::direct`) use it; everything else asks the scope itself. A test asks both
//! ways, as each principal, and compares.

use entity::{owner, ownership, staff, ticket, warranty_item};
use sea_orm::{ColumnTrait, Condition};

use super::{Reach, Scoped, everything, lists, nothing, papers, reach};
use crate::auth::viewer::Viewer;

/// Whoever may find tickets at all sees with a ticket its home's address, its log and its pictures.
pub fn what_a_ticket_shows(viewer: &Viewer) -> Condition {
    match reach(viewer) {
        Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => nothing(),
        Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) | Reach::Projects(..) | Reach::Everything => {
            everything()
        }
    }
}

/// Who works, or worked, on a ticket. Owners know them by that; staff see their colleagues.
pub fn staff_of_ticket(viewer: &Viewer) -> Condition {
    match reach(viewer) {
        Reach::Owner(_) => everything(),
        _ => staff::Entity::scope(viewer),
    }
}

/// The present owners of a home, as joined rows of both tables.
pub fn owners_of_home(viewer: &Viewer) -> Condition {
    match reach(viewer) {
        // Whoever is on site, or works for the project, and sees the home sees who lives there now.
        Reach::Households(_) | Reach::Assigned(_) | Reach::Projects(..) | Reach::Everything => everything(),
        Reach::Owner(id) => Condition::all().add(ownership::Column::OwnerId.eq(id)),
        Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => {
            Condition::all().add(ownership::Entity::scope(viewer)).add(owner::Entity::scope(viewer))
        }
    }
}

/// The warranties of a home.
pub fn warranties_of_home(viewer: &Viewer) -> Condition {
    match reach(viewer) {
        Reach::Households(_) | Reach::Projects(..) | Reach::Everything => everything(),
        // A former owner reads the address of what they reported, and nothing else of the home.
        Reach::Owner(_) | Reach::Assigned(_) | Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => {
            papers(viewer, warranty_item::Column::UnitId)
        }
    }
}

/// Tickets that are few already, such as those of one home. The parts of a scope are conditions here: of a list the
/// database would make the whole before it looked for the few in it.
pub fn among_few_tickets(viewer: &Viewer) -> Condition {
    ways_to_tickets(viewer).into_iter().fold(Condition::any(), Condition::add)
}

/// The ways in which tickets exist for the viewer: conditions of which one must hold, each with an index of its own.
pub fn ways_to_tickets(viewer: &Viewer) -> Vec<Condition> {
    match reach(viewer) {
        Reach::Owner(id) => lists::halves_of_owner(id).into(),
        Reach::Households(id) => lists::halves_of_ambassador(id).into(),
        _ => vec![ticket::Entity::scope(viewer)],
    }
}
