//! Who sees how an owner came from stage to stage: whoever sees the owner. Of somebody who only looks at homes in a
//! project, its staff see nothing that happened elsewhere.

use entity::{owner, owner_stage_change, vocab::OwnerStage};
use sea_orm::{ColumnTrait, Condition, sea_query::ExprTrait};

use super::{Scoped, customers_of_projects, lists::ids};
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
