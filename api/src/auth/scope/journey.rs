//! Who sees how an owner came from stage to stage: whoever sees the owner. And the catalogue of touchpoints: everybody
//! who is a customer of the company or works for it.

use entity::{owner, owner_stage_change, touchpoint};
use sea_orm::{ColumnTrait, Condition};

use super::{Reach, Scoped, everything, lists::ids, nothing, reach};
use crate::auth::viewer::Viewer;

impl Scoped for owner_stage_change::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        let owners = ids::<owner::Entity>(owner::Column::Id, owner::Entity::scope(viewer));
        Condition::all().add(owner_stage_change::Column::OwnerId.in_subquery(owners))
    }
}

impl Scoped for touchpoint::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) => nothing(),
            Reach::Owner(_) => Condition::all().add(touchpoint::Column::IsActive.eq(true)),
            Reach::Households(_)
            | Reach::Assigned(_)
            | Reach::Projects(..)
            | Reach::Everything
            | Reach::Configuration(_) => everything(),
        }
    }
}
