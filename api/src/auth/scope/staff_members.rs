//! Who sees members of staff.

use entity::{staff, staff_project, ticket, ticket_event};
use sea_orm::{ColumnTrait, Condition, sea_query::SelectStatement};
use uuid::Uuid;

use super::{
    Reach, Scoped, both, everything, handover,
    lists::{ambassadors_of, among, ids, is, projects_of_staff},
    nothing, presales, reach,
};
use crate::auth::viewer::Viewer;

impl Scoped for staff::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        visible(viewer, &[])
    }
}

/// Those of these members of staff who exist for the viewer.
pub fn staff_among(viewer: &Viewer, these: &[Uuid]) -> Condition {
    let visible = visible(viewer, these);
    Condition::all().add(staff::Column::Id.is_in(these.iter().copied())).add(visible)
}

/// The visible members of staff, among these at least; all of them where none are named.
fn visible(viewer: &Viewer, these: &[Uuid]) -> Condition {
    use staff::Column;
    match reach(viewer) {
        Reach::Nothing | Reach::Partner(_) => nothing(),
        Reach::Everything | Reach::Configuration(_) => everything(),
        Reach::Owner(id) => Condition::any()
            .add(Column::Id.in_subquery(ambassadors_of(id)))
            .add(Column::Id.in_subquery(presales::staff_around_buyer(id)))
            .add(Column::Id.in_subquery(assignees(viewer, these)))
            .add(Column::Id.in_subquery(actors(viewer, these)))
            .add(Column::Id.in_subquery(handover::companions(viewer))),
        Reach::Households(id) | Reach::Assigned(id) | Reach::Projects(id, _) => {
            let of_projects = Condition::all().add(staff_project::Column::ProjectId.in_subquery(projects_of_staff(id)));
            let colleagues = ids::<staff_project::Entity>(
                staff_project::Column::StaffId,
                both(of_projects, among(staff_project::Column::StaffId, these)),
            );
            Condition::any().add(is(Column::Id, id)).add(Column::Id.in_subquery(colleagues))
        }
    }
}

/// Whom a column names, among these where any are named.
fn named(column: impl ColumnTrait, these: &[Uuid]) -> Condition {
    Condition::all().add(if these.is_empty() { column.is_not_null() } else { column.is_in(these.iter().copied()) })
}

fn assignees(viewer: &Viewer, these: &[Uuid]) -> SelectStatement {
    let assigned = ticket::Entity::scope_of(viewer, named(ticket::Column::AssigneeId, these));
    ids::<ticket::Entity>(ticket::Column::AssigneeId, assigned)
}

fn actors(viewer: &Viewer, these: &[Uuid]) -> SelectStatement {
    let acted = ticket_event::Entity::scope_of(viewer, named(ticket_event::Column::ActorStaffId, these));
    ids::<ticket_event::Entity>(ticket_event::Column::ActorStaffId, acted)
}
