//! Who sees contractors and their batches: the departments that deal with them, in their own projects.

use entity::{
    contractor, rectification_batch,
    vocab::Department::{self, Cost, ProjectManagement},
};
use sea_orm::{ColumnTrait, Condition};

use super::{Reach, Scoped, everything, lists::projects_of_staff, nothing, reach, serves_customers};
use crate::auth::viewer::Viewer;

fn deals_with_contractors(department: Department) -> bool {
    serves_customers(department) || matches!(department, ProjectManagement | Cost)
}

impl Scoped for contractor::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) => {
                nothing()
            }
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Projects(id, department) if deals_with_contractors(department) => {
                Condition::all().add(contractor::Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
            Reach::Projects(..) => nothing(),
        }
    }
}

impl Scoped for rectification_batch::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_)
            | Reach::Configuration(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Projects(id, department) if deals_with_contractors(department) => {
                Condition::all().add(rectification_batch::Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
            Reach::Projects(..) => nothing(),
        }
    }
}
