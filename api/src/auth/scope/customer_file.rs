//! Who sees customers' files (S1): whoever serves the customer, and the customer. Whoever is sent to a home does not.

use entity::{owner, owner_document, required_document};
use sea_orm::{ColumnTrait, Condition};

use super::{Reach, Scoped, everything, lists::ids, nothing, reach};
use crate::auth::viewer::Viewer;

impl Scoped for owner_document::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Owner(_) | Reach::Households(_) | Reach::Projects(..) => {
                let owners = ids::<owner::Entity>(owner::Column::Id, owner::Entity::scope(viewer));
                Condition::all().add(owner_document::Column::OwnerId.in_subquery(owners))
            }
        }
    }
}

impl Scoped for required_document::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) => nothing(),
            Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_)
            | Reach::Projects(..)
            | Reach::Everything
            | Reach::Configuration(_) => everything(),
        }
    }
}
