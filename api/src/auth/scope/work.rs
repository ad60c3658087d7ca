//! Who sees how the property company divides its work: areas, transfers of areas, duty and absences (T5.3, S7). None of it
//! is for customers; staff see what concerns their projects.

use entity::{absence, area_duty, area_transfer, duty_shift, staff_project};
use sea_orm::{ColumnTrait, Condition};

use super::{
    Reach, Scoped, everything,
    lists::{ids, projects_of_staff},
    nothing, reach,
};
use crate::auth::viewer::Viewer;

impl Scoped for area_duty::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Households(id) | Reach::Projects(id, _) => {
                Condition::all().add(area_duty::Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
        }
    }
}

impl Scoped for area_transfer::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use area_transfer::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) | Reach::Assigned(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Households(id) => Condition::any().add(Column::FromStaffId.eq(id)).add(Column::ToStaffId.eq(id)),
            Reach::Projects(id, _) => Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id))),
        }
    }
}

impl Scoped for duty_shift::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Households(id) | Reach::Assigned(id) | Reach::Projects(id, _) => {
                Condition::all().add(duty_shift::Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
        }
    }
}

impl Scoped for absence::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use absence::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Households(id) | Reach::Assigned(id) => {
                Condition::any().add(Column::StaffId.eq(id)).add(Column::SubstituteId.eq(id))
            }
            Reach::Projects(id, _) => {
                let own = Condition::all().add(staff_project::Column::ProjectId.in_subquery(projects_of_staff(id)));
                let colleagues = ids::<staff_project::Entity>(staff_project::Column::StaffId, own);
                Condition::all().add(Column::StaffId.in_subquery(colleagues))
            }
        }
    }
}
