//! Who sees how an owner came from stage to stage: whoever sees the owner.

use entity::{owner, owner_stage_change};
use sea_orm::{ColumnTrait, Condition};

use super::{Scoped, lists::ids};
use crate::auth::viewer::Viewer;

impl Scoped for owner_stage_change::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        let owners = ids::<owner::Entity>(owner::Column::Id, owner::Entity::scope(viewer));
        Condition::all().add(owner_stage_change::Column::OwnerId.in_subquery(owners))
    }
}
