//! Who sees which rows: product section 6, one match per table. Lists, counts, look-ups by id, `node`, batch loaders
//! and subscriptions all pass here. The trait has no default: a table without a scope can't be read through the store.

mod activities;
mod audit;
pub mod beneath;
mod bulletin;
mod customer_file;
mod handover;
mod journey;
mod knowledge;
mod lists;
mod notification;
mod presales;
mod staff_members;
mod survey;
mod tickets;
mod upkeep;
mod warranty;
mod webhook;
mod work;

use entity::{
    activity, ambassador_assignment, building, device, interaction, owner, ownership, partner, project, ticket, unit,
    vocab::{Department, Role},
    warranty_item,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, sea_query::Expr};
use uuid::Uuid;

pub use bulletin::delivered_to;

use super::viewer::{Principal, Viewer};
use activities::announced_lectures;
pub use lists::{ASKED, ambassadors_of, projects_of_staff, replaced_by};
use lists::{
    EACH, among, either, homes_of_ambassador, ids, units_in_projects_of, units_of_ambassador, units_of_owner,
    units_of_tickets,
};
pub use notification::sees_by_ticket;
pub use presales::customers_of_projects;
pub use staff_members::staff_among;
use tickets::with_ticket;
pub use tickets::{on_tickets, part_of_log, short_part_of_log};

/// A table whose rows are shown by who asks.
pub trait Scoped: EntityTrait {
    /// The rows of this table that exist for the viewer.
    fn scope(viewer: &Viewer) -> Condition;

    /// Those of `rows`, a condition on columns of this table, that exist for the viewer. A scope that is a list of this
    /// table's own ids takes the condition into the list: the database would otherwise make the whole list first, all that
    /// an ambassador may see, to show one ticket or the open ones.
    fn scope_of(viewer: &Viewer, rows: Condition) -> Condition {
        both(Self::scope(viewer), rows)
    }
}

fn both(one: Condition, other: Condition) -> Condition {
    if other.is_empty() { one } else { Condition::all().add(one).add(other) }
}

/// How far a principal sees.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reach {
    Nothing,
    Owner(Uuid),
    /// The households assigned to an ambassador now.
    Households(Uuid),
    /// What a technician is sent to.
    Assigned(Uuid),
    /// The projects one works for; outside customer service only what one's department answers for.
    Projects(Uuid, Department),
    /// Everything about customers, read-only.
    Everything,
    /// Staff, projects and settings, and no customer.
    Configuration(Uuid),
    Partner(Uuid),
}

fn reach(viewer: &Viewer) -> Reach {
    match viewer.principal {
        Principal::Anonymous => Reach::Nothing,
        Principal::Owner(id) => Reach::Owner(id),
        Principal::Partner(id) => Reach::Partner(id),
        Principal::System => Reach::Everything,
        Principal::Staff { id, role, department } => match role {
            Role::Ambassador => Reach::Households(id),
            Role::Technician => Reach::Assigned(id),
            Role::ServiceAgent | Role::SalesAgent | Role::Manager => Reach::Projects(id, department),
            Role::GroupSupervisor | Role::Auditor => Reach::Everything,
            Role::Admin => Reach::Configuration(id),
        },
    }
}

/// Whether a viewer sees so few rows that a list of them is quickly made whole.
pub fn is_narrow(viewer: &Viewer) -> bool {
    match reach(viewer) {
        Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) | Reach::Nothing | Reach::Partner(_) => true,
        Reach::Projects(..) | Reach::Everything | Reach::Configuration(_) => false,
    }
}

/// Those who see whole projects are many who hear of the same, and one statement asks about all of a kind: as whom it asks.
/// None for others. Of whoever sees few rows few hear of an event, and they are quickly asked for alone.
pub fn each_like(principal: Principal) -> Option<Principal> {
    match principal {
        Principal::Staff { role, department, .. } if !is_narrow(&Viewer::of(principal)) => {
            Some(Principal::Staff { id: EACH, role, department })
        }
        _ => None,
    }
}

/// The homes that a member of staff answers for, as far as they exist for the viewer. All of one's own exist for an
/// ambassador: that is what being one means.
pub fn homes_answered_for(viewer: &Viewer, staff: Uuid) -> Condition {
    let theirs = Condition::all().add(unit::Column::Id.in_subquery(units_of_ambassador(staff)));
    match reach(viewer) {
        Reach::Households(own) if own == staff => theirs,
        _ => unit::Entity::scope_of(viewer, theirs),
    }
}

/// The homes for which the viewer may report something: an owner for the own ones, others wherever they see the home.
pub fn reportable_homes(viewer: &Viewer, homes: Condition) -> Condition {
    match reach(viewer) {
        Reach::Owner(id) => both(Condition::all().add(unit::Column::Id.in_subquery(units_of_owner(id))), homes),
        _ => unit::Entity::scope_of(viewer, homes),
    }
}

/// Departments that triage and dispatch, and so see every ticket of their projects.
pub fn serves_customers(department: Department) -> bool {
    matches!(department, Department::CustomerService | Department::PropertyCompany)
}

fn nothing() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

fn everything() -> Condition {
    Condition::all()
}

impl Scoped for unit::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use unit::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => nothing(),
            Reach::Everything => everything(),
            // A former owner still reads the address of what they reported.
            Reach::Owner(id) => {
                let reported = Condition::all().add(ticket::Column::ReporterOwnerId.eq(id));
                let own = either(units_of_owner(id), presales::units_of_drafts(id));
                let addresses = either(own, units_of_tickets(reported));
                Condition::all().add(Column::Id.in_subquery(addresses))
            }
            Reach::Households(id) => Condition::all().add(Column::Id.in_subquery(homes_of_ambassador(id))),
            Reach::Assigned(_) => {
                Condition::all().add(Column::Id.in_subquery(units_of_tickets(ticket::Entity::scope(viewer))))
            }
            Reach::Projects(id, _) => Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id))),
        }
    }
}

/// The units of which a viewer may see owners, contracts and warranties. Narrower than the units whose address shows.
fn households(viewer: &Viewer, column: impl ColumnTrait) -> Condition {
    households_among(viewer, column, everything())
}

/// The same where only some units matter, a condition on these. Where the list is of whole projects it goes into the list.
fn households_among(viewer: &Viewer, column: impl ColumnTrait, units: Condition) -> Condition {
    match reach(viewer) {
        Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => nothing(),
        Reach::Everything => everything(),
        Reach::Owner(id) => Condition::all().add(column.in_subquery(units_of_owner(id))),
        Reach::Households(id) => Condition::all().add(column.in_subquery(homes_of_ambassador(id))),
        Reach::Assigned(_) => Condition::all().add(column.in_subquery(units_of_tickets(ticket::Entity::scope(viewer)))),
        Reach::Projects(id, _) => Condition::all().add(column.in_subquery(units_in_projects_of(id, units))),
    }
}

impl Scoped for ownership::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        ownerships(viewer, everything())
    }
}

/// Who owns, or owned, these homes, as far as it exists for the viewer.
pub fn ownerships_of(viewer: &Viewer, homes: &[Uuid]) -> Condition {
    let these = Condition::all().add(unit::Column::Id.is_in(homes.iter().copied()));
    ownerships(viewer, these).add(ownership::Column::UnitId.is_in(homes.iter().copied()))
}

/// The visible ownerships, of these units at least.
fn ownerships(viewer: &Viewer, units: Condition) -> Condition {
    match viewer.principal {
        Principal::Owner(id) => Condition::all().add(ownership::Column::OwnerId.eq(id)),
        _ => households_among(viewer, ownership::Column::UnitId, units),
    }
}

impl Scoped for owner::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        owners(viewer, &[])
    }
}

/// Those of these owners who exist for the viewer.
pub fn owners_among(viewer: &Viewer, these: &[Uuid]) -> Condition {
    owners(viewer, these).add(owner::Column::Id.is_in(these.iter().copied()))
}

/// The visible owners, among these at least; all of them where none are named.
fn owners(viewer: &Viewer, these: &[Uuid]) -> Condition {
    match reach(viewer) {
        Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => nothing(),
        Reach::Everything => everything(),
        Reach::Owner(id) => Condition::all().add(owner::Column::Id.eq(id)),
        // Those on site see who lives there now, and nobody who has left.
        Reach::Households(_) | Reach::Assigned(_) => {
            let now = households(viewer, ownership::Column::UnitId).add(ownership::Column::EndedOn.is_null());
            owners_where(both(now, among(ownership::Column::OwnerId, these)))
        }
        Reach::Projects(..) => presales::owners_of_projects(viewer, these),
    }
}

fn owners_where(ownerships: Condition) -> Condition {
    Condition::all()
        .add(owner::Column::Id.in_subquery(ids::<ownership::Entity>(ownership::Column::OwnerId, ownerships)))
}

/// What a household has signed and is owed. Whoever is sent to a home learns its address and contact, and no more.
fn papers(viewer: &Viewer, column: impl ColumnTrait) -> Condition {
    match reach(viewer) {
        Reach::Assigned(_) => nothing(),
        Reach::Nothing
        | Reach::Partner(_)
        | Reach::Configuration(_)
        | Reach::Everything
        | Reach::Owner(_)
        | Reach::Households(_)
        | Reach::Projects(..) => households(viewer, column),
    }
}

impl Scoped for warranty_item::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        papers(viewer, warranty_item::Column::UnitId)
    }
}

impl Scoped for ambassador_assignment::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use ambassador_assignment::Column;
        let homes = households(viewer, Column::UnitId);
        match reach(viewer) {
            // Owners, and whoever is sent to them, learn who answers for the home, and not who did before.
            Reach::Owner(_) | Reach::Assigned(_) => homes.add(Column::EndedAt.is_null()),
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Everything
            | Reach::Households(_)
            | Reach::Projects(..) => homes,
        }
    }
}

impl Scoped for interaction::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use interaction::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) | Reach::Owner(_) | Reach::Assigned(_) => {
                nothing()
            }
            Reach::Everything => everything(),
            // Also one's own notes stay with the household when it is handed over.
            Reach::Households(id) => Condition::all().add(Column::UnitId.in_subquery(units_of_ambassador(id))),
            Reach::Projects(id, _) => {
                let of_projects = Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)));
                presales::about_visible_owners(viewer, of_projects, Column::OwnerId)
            }
        }
    }
}

impl Scoped for project::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use project::Column;
        match reach(viewer) {
            Reach::Nothing => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Owner(id) => {
                let of_homes = ids::<unit::Entity>(unit::Column::ProjectId, unit::Entity::scope(viewer));
                let own = either(of_homes, presales::projects_of_prospect(id));
                Condition::all().add(Column::Id.in_subquery(own))
            }
            Reach::Households(id) | Reach::Assigned(id) | Reach::Projects(id, _) => {
                Condition::all().add(Column::Id.in_subquery(projects_of_staff(id)))
            }
            Reach::Partner(_) => Condition::all().add(
                Column::Id.in_subquery(ids::<activity::Entity>(activity::Column::ProjectId, announced_lectures())),
            ),
        }
    }
}

impl Scoped for building::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) | Reach::Projects(..) => Condition::all().add(
                building::Column::Id
                    .in_subquery(ids::<unit::Entity>(unit::Column::BuildingId, unit::Entity::scope(viewer))),
            ),
        }
    }
}

impl Scoped for partner::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Partner(id) => Condition::any().add(partner::Column::Id.eq(id)).add(gives_lectures(viewer)),
            Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) => gives_lectures(viewer),
            // Whoever plans lectures chooses among all.
            Reach::Projects(..) => everything(),
        }
    }
}

fn gives_lectures(viewer: &Viewer) -> Condition {
    let visible = Condition::all().add(activity::Entity::scope(viewer)).add(activity::Column::PartnerId.is_not_null());
    Condition::all().add(partner::Column::Id.in_subquery(ids::<activity::Entity>(activity::Column::PartnerId, visible)))
}

impl Scoped for device::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match viewer.id() {
            Some(id) => Condition::all()
                .add(device::Column::PrincipalId.eq(id))
                .add(device::Column::PrincipalKind.eq(viewer.kind())),
            // Whoever sends messages finds out where to.
            None if viewer.principal == Principal::System => everything(),
            None => nothing(),
        }
    }
}
