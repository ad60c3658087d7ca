//! Who sees how an owner came from stage to stage: whoever sees the owner; of somebody who only looks at homes in a
//! project, its staff see nothing that happened elsewhere. And the catalogue of touchpoints: everybody who is a customer
//! of the company or works for it.

use entity::{owner, owner_stage_change, touchpoint, vocab::OwnerStage};
use sea_orm::{ColumnTrait, Condition, sea_query::ExprTrait};

use super::{Reach, Scoped, customers_of_projects, everything, lists::ids, nothing, reach};
use crate::auth::viewer::Viewer;

impl Scoped for owner_stage_change::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use owner_stage_change::Column;
        let owners = ids::<owner::Entity>(owner::Column::Id, owner::Entity::scope(viewer));
        let visible = Condition::all().add(Column::OwnerId.in_subquery(owners));
        match customers_of_projects(viewer) {
            Some(customers) => {
                let looks = Column::ToStage.eq(OwnerStage::Prospect);
                let looks_no_more =
                    Column::FromStage.eq(OwnerStage::Prospect).and(Column::ToStage.eq(OwnerStage::Former));
                visible.add(Column::OwnerId.in_subquery(customers).or(looks).or(looks_no_more))
            }
            None => visible,
        }
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
