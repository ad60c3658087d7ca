//! Who sees bulletins, their deliveries and the milestones of construction. A customer has what was delivered; staff see
//! what their projects publish, and of a single home only what concerns their own households.

use entity::{bulletin, bulletin_delivery, milestone, ownership, project};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{
    Reach, Scoped, everything,
    lists::{ids, projects_of_staff, units_of_ambassador},
    nothing, reach,
};
use crate::auth::viewer::Viewer;

/// What was delivered to these owners: all they see, and all that is told to them.
pub fn delivered_to(owners: &[Uuid]) -> Condition {
    Condition::all().add(bulletin_delivery::Column::OwnerId.is_in(owners.iter().copied()))
}

impl Scoped for bulletin::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use bulletin::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Owner(id) => {
                let delivered =
                    ids::<bulletin_delivery::Entity>(bulletin_delivery::Column::BulletinId, delivered_to(&[id]));
                Condition::all().add(Column::Id.in_subquery(delivered))
            }
            Reach::Households(id) => Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id))).add(
                Condition::any().add(Column::UnitId.is_null()).add(Column::UnitId.in_subquery(units_of_ambassador(id))),
            ),
            Reach::Projects(id, _) => Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id))),
        }
    }
}

impl Scoped for bulletin_delivery::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use bulletin_delivery::Column;
        let visible = || ids::<bulletin::Entity>(bulletin::Column::Id, bulletin::Entity::scope(viewer));
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Owner(id) => delivered_to(&[id]),
            Reach::Households(id) => {
                let now = Condition::all()
                    .add(ownership::Column::UnitId.in_subquery(units_of_ambassador(id)))
                    .add(ownership::Column::EndedOn.is_null());
                let own = ids::<ownership::Entity>(ownership::Column::OwnerId, now);
                Condition::all().add(Column::OwnerId.in_subquery(own)).add(Column::BulletinId.in_subquery(visible()))
            }
            Reach::Projects(..) => Condition::all().add(Column::BulletinId.in_subquery(visible())),
        }
    }
}

impl Scoped for milestone::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use milestone::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            // What is planned and may still change is the company's own affair.
            Reach::Owner(_) => {
                Condition::all().add(Column::ReachedOn.is_not_null()).add(Column::ProjectId.in_subquery(ids::<
                    project::Entity,
                >(
                    project::Column::Id,
                    project::Entity::scope(viewer),
                )))
            }
            Reach::Households(id) | Reach::Projects(id, _) => {
                Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
        }
    }
}
