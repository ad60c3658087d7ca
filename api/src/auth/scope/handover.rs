//! Who sees handovers (T4.1): whoever sees what the household has signed. Times are open to those of the project who
//! book them.

use entity::{handover, handover_defect, handover_slot, handover_step, unit};
use sea_orm::{ColumnTrait, Condition, sea_query::SelectStatement};

use super::{
    Reach, Scoped, everything,
    lists::{ids, projects_of_staff, units_of_owner},
    nothing, papers, reach,
};
use crate::auth::viewer::Viewer;

impl Scoped for handover::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        papers(viewer, handover::Column::UnitId)
    }
}

/// Whoever accompanies, or accompanied, one of the viewer's handovers.
pub(super) fn companions(viewer: &Viewer) -> SelectStatement {
    let own = handover::Entity::scope(viewer).add(handover::Column::AccompaniedBy.is_not_null());
    ids::<handover::Entity>(handover::Column::AccompaniedBy, own)
}

/// Rows that hang on a handover are visible exactly where the handover is.
fn with_handover(viewer: &Viewer, column: impl ColumnTrait) -> Condition {
    let visible = ids::<handover::Entity>(handover::Column::Id, handover::Entity::scope(viewer));
    Condition::all().add(column.in_subquery(visible))
}

impl Scoped for handover_step::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        with_handover(viewer, handover_step::Column::HandoverId)
    }
}

impl Scoped for handover_defect::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        with_handover(viewer, handover_defect::Column::HandoverId)
    }
}

impl Scoped for handover_slot::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use handover_slot::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Owner(id) => {
                let homes = Condition::all().add(unit::Column::Id.in_subquery(units_of_owner(id)));
                Condition::all().add(Column::ProjectId.in_subquery(ids::<unit::Entity>(unit::Column::ProjectId, homes)))
            }
            Reach::Households(id) | Reach::Projects(id, _) => {
                Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
        }
    }
}
