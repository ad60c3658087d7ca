//! Who sees activities, who takes part in them, what visitors said, and calendar links.

use entity::{
    activity, activity_invitation, activity_opinion, activity_registration, calendar_feed, contract, contract_party,
    customer_club, owner, project, prospect, unit,
    vocab::{ActivityKind, ActivityStatus},
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{
    Reach, Scoped, everything,
    lists::{either, ids, projects_of_staff, units_of_owner},
    nothing, reach,
};
use crate::auth::viewer::Viewer;
use sea_orm::sea_query::SelectStatement;

/// The projects in which a customer owns or buys a home, or is interested.
pub(super) fn projects_of_customer(owner: Uuid) -> SelectStatement {
    let homes = ids::<unit::Entity>(
        unit::Column::ProjectId,
        Condition::all().add(unit::Column::Id.in_subquery(units_of_owner(owner))),
    );
    let bought = ids::<contract_party::Entity>(
        contract_party::Column::ContractId,
        Condition::all().add(contract_party::Column::OwnerId.eq(owner)),
    );
    let contracts = ids::<contract::Entity>(
        contract::Column::ProjectId,
        Condition::all().add(contract::Column::Id.in_subquery(bought)),
    );
    let interests =
        ids::<prospect::Entity>(prospect::Column::ProjectId, Condition::all().add(prospect::Column::OwnerId.eq(owner)));
    either(either(homes, contracts), interests)
}

/// Activities that were announced, whether they are over or not.
fn announced() -> Condition {
    Condition::all().add(activity::Column::Status.is_in([ActivityStatus::Published, ActivityStatus::Closed]))
}

/// The lectures of the schedule.
pub(super) fn announced_lectures() -> Condition {
    announced().add(activity::Column::Kind.eq(ActivityKind::Lecture))
}

fn of_customer(owner: Uuid) -> Condition {
    let invited = ids::<activity_invitation::Entity>(
        activity_invitation::Column::ActivityId,
        Condition::all().add(activity_invitation::Column::OwnerId.eq(owner)),
    );
    let registered = ids::<activity_registration::Entity>(
        activity_registration::Column::ActivityId,
        Condition::all().add(activity_registration::Column::OwnerId.eq(owner)),
    );
    let for_them = Condition::any()
        .add(activity::Column::ProjectId.in_subquery(projects_of_customer(owner)))
        .add(activity::Column::Id.in_subquery(either(invited, registered.clone())));
    // Who has registered reads that it was called off; for everybody else it is gone.
    let called_off = Condition::all()
        .add(activity::Column::Status.eq(ActivityStatus::Cancelled))
        .add(activity::Column::Id.in_subquery(registered));
    Condition::any().add(announced().add(for_them)).add(called_off)
}

impl Scoped for activity::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Partner(_) => announced_lectures(),
            Reach::Owner(id) => of_customer(id),
            Reach::Households(id) | Reach::Assigned(id) | Reach::Projects(id, _) => {
                Condition::all().add(activity::Column::ProjectId.in_subquery(projects_of_staff(id)))
            }
        }
    }
}

/// What a customer did at an activity: seen by the customer, by whoever serves the customer, and by those who run
/// activities in the project.
fn of_visitors(viewer: &Viewer, visitor: impl ColumnTrait, activity_id: impl ColumnTrait) -> Condition {
    match reach(viewer) {
        Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Assigned(_) => nothing(),
        Reach::Everything => everything(),
        Reach::Owner(id) => Condition::all().add(visitor.eq(id)),
        Reach::Households(_) => Condition::all()
            .add(visitor.in_subquery(ids::<owner::Entity>(owner::Column::Id, owner::Entity::scope(viewer)))),
        Reach::Projects(..) => {
            let own = ids::<activity::Entity>(activity::Column::Id, activity::Entity::scope(viewer));
            Condition::all().add(activity_id.in_subquery(own))
        }
    }
}

impl Scoped for activity_registration::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use activity_registration::Column;
        of_visitors(viewer, Column::OwnerId, Column::ActivityId)
    }
}

impl Scoped for activity_invitation::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use activity_invitation::Column;
        of_visitors(viewer, Column::OwnerId, Column::ActivityId)
    }
}

impl Scoped for activity_opinion::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use activity_opinion::Column;
        of_visitors(viewer, Column::OwnerId, Column::ActivityId)
    }
}

impl Scoped for calendar_feed::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use calendar_feed::Column;
        match viewer.id() {
            Some(id) => Condition::all().add(Column::PrincipalId.eq(id)).add(Column::PrincipalKind.eq(viewer.kind())),
            None => nothing(),
        }
    }
}

impl Scoped for customer_club::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        let projects = ids::<project::Entity>(project::Column::Id, project::Entity::scope(viewer));
        let shown = ids::<activity::Entity>(activity::Column::ProjectId, activity::Entity::scope(viewer));
        Condition::all().add(customer_club::Column::ProjectId.in_subquery(either(projects, shown)))
    }
}
