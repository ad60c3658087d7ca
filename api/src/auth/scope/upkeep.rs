//! Who sees what the property company learns and looks after: analyses of complaints, incidents, rounds, trainings.
//! Customers see none of it.

use entity::{
    complaint_analysis, incident, inspection, inspection_finding, inspection_plan, inspection_point, staff_project,
    training, vocab::Role,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{
    Reach, Scoped, everything,
    lists::{ids, projects_of_staff},
    nothing, reach, serves_customers, with_ticket,
};
use crate::auth::viewer::Viewer;

impl Scoped for complaint_analysis::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            // Whose fault a complaint was is no business of the customer's, nor of whoever was sent.
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Owner(_) | Reach::Assigned(_) => {
                nothing()
            }
            Reach::Everything | Reach::Households(_) | Reach::Projects(..) => {
                with_ticket(viewer, complaint_analysis::Column::TicketId)
            }
        }
    }
}

impl Scoped for incident::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            // A manager of any department answers for the figures that incidents make.
            Reach::Projects(id, department) => {
                if serves_customers(department) || viewer.role() == Some(Role::Manager) {
                    Condition::all().add(incident::Column::ProjectId.in_subquery(projects_of_staff(id)))
                } else {
                    nothing()
                }
            }
        }
    }
}

impl Scoped for inspection_plan::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use inspection_plan::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) => {
                nothing()
            }
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Projects(id, department) => {
                let own = Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)));
                if serves_customers(department) { own } else { own.add(Column::Department.eq(department)) }
            }
        }
    }
}

impl Scoped for inspection_point::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        let plans = ids::<inspection_plan::Entity>(inspection_plan::Column::Id, inspection_plan::Entity::scope(viewer));
        Condition::all().add(inspection_point::Column::PlanId.in_subquery(plans))
    }
}

impl Scoped for inspection::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            // A plan is a setting, a round is not.
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Projects(..) => {
                let plans = inspection_plan::Entity::scope(viewer);
                let plans = ids::<inspection_plan::Entity>(inspection_plan::Column::Id, plans);
                Condition::all().add(inspection::Column::PlanId.in_subquery(plans))
            }
        }
    }
}

impl Scoped for inspection_finding::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        let rounds = ids::<inspection::Entity>(inspection::Column::Id, inspection::Entity::scope(viewer));
        Condition::all().add(inspection_finding::Column::InspectionId.in_subquery(rounds))
    }
}

impl Scoped for training::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use training::Column;
        let own = |id: Uuid| Condition::all().add(Column::StaffId.eq(id));
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Projects(id, _) if viewer.role() == Some(Role::Manager) => {
                let projects =
                    Condition::all().add(staff_project::Column::ProjectId.in_subquery(projects_of_staff(id)));
                let people = ids::<staff_project::Entity>(staff_project::Column::StaffId, projects);
                Condition::any().add(own(id)).add(Column::StaffId.in_subquery(people))
            }
            Reach::Households(id) | Reach::Assigned(id) | Reach::Projects(id, _) => own(id),
        }
    }
}
