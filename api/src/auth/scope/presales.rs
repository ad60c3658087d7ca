//! Who sees what lies before and at the signing: publications and disclosures of a project, potential customers, the
//! clauses of contracts, visits by appointment. Sales agents see their own potential customers, and those nobody has yet.

use entity::{
    appointment, clause_acknowledgement, contract, contract_clause, contract_party, disclosure, owner, ownership,
    project, prospect, publication, publication_review, show_home_deviation, unit,
    vocab::{ContractStatus, PublicationStatus, Role},
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{ExprTrait, SelectStatement},
};
use uuid::Uuid;

use super::{
    Reach, Scoped, both, everything, households_among,
    lists::{among, either, ids, is, projects_of_staff, units_of_owner},
    nothing, papers, reach,
};
use crate::auth::viewer::Viewer;

impl Scoped for prospect::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use prospect::Column;
        match reach(viewer) {
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Owner(id) => Condition::all().add(Column::OwnerId.eq(id)),
            Reach::Projects(id, _) => {
                let of_projects = Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)));
                if viewer.role() == Some(Role::SalesAgent) {
                    of_projects.add(is(Column::SalesAgentId, id).or(Column::SalesAgentId.is_null()))
                } else {
                    of_projects
                }
            }
        }
    }
}

/// Whoever lives in, owns or buys a home of the viewer's projects; none for those who do not see by project.
pub fn customers_of_projects(viewer: &Viewer) -> Option<SelectStatement> {
    customers_among(viewer, &[])
}

/// The same among these at least. Each list is made of what these have to do with: who is asked for together with others
/// has it made for each of them, and all homes of a project are many.
fn customers_among(viewer: &Viewer, these: &[Uuid]) -> Option<SelectStatement> {
    use {contract_party::Column as Party, ownership::Column as Ownership};
    let Reach::Projects(id, _) = reach(viewer) else { return None };
    let mut units = everything();
    let mut contracts = Condition::all().add(contract::Column::ProjectId.in_subquery(projects_of_staff(id)));
    if !these.is_empty() {
        let theirs = ids::<ownership::Entity>(Ownership::UnitId, among(Ownership::OwnerId, these));
        units = units.add(unit::Column::Id.in_subquery(theirs));
        let theirs = ids::<contract_party::Entity>(Party::ContractId, among(Party::OwnerId, these));
        contracts = contracts.add(contract::Column::Id.in_subquery(theirs));
    }
    let homes = both(households_among(viewer, Ownership::UnitId, units), among(Ownership::OwnerId, these));
    let contracts = ids::<contract::Entity>(contract::Column::Id, contracts);
    let buyers = both(Condition::all().add(Party::ContractId.in_subquery(contracts)), among(Party::OwnerId, these));
    Some(either(
        ids::<ownership::Entity>(Ownership::OwnerId, homes),
        ids::<contract_party::Entity>(Party::OwnerId, buyers),
    ))
}

/// Customers of the viewer's projects, those of tomorrow among them; among these at least where any are named.
pub(super) fn owners_of_projects(viewer: &Viewer, these: &[Uuid]) -> Condition {
    let visible = both(prospect::Entity::scope(viewer), among(prospect::Column::OwnerId, these));
    let prospects = ids::<prospect::Entity>(prospect::Column::OwnerId, visible);
    match customers_among(viewer, these) {
        Some(customers) => Condition::all().add(owner::Column::Id.in_subquery(either(customers, prospects))),
        None => nothing(),
    }
}

/// Narrows rows about customers to the customers whom the viewer sees.
pub(super) fn about_visible_owners(viewer: &Viewer, rows: Condition, column: impl ColumnTrait) -> Condition {
    if viewer.role() == Some(Role::SalesAgent) {
        rows.add(column.in_subquery(ids::<owner::Entity>(owner::Column::Id, owner::Entity::scope(viewer))))
    } else {
        rows
    }
}

/// The homes that an owner is about to buy.
pub(super) fn units_of_drafts(owner: Uuid) -> SelectStatement {
    use contract::Column;
    let draft = Column::Status.eq(ContractStatus::Draft).and(Column::Id.in_subquery(contracts_of_buyer(owner)));
    ids::<contract::Entity>(Column::UnitId, Condition::all().add(draft))
}

/// The projects that an owner looks at.
pub(super) fn projects_of_prospect(owner: Uuid) -> SelectStatement {
    ids::<prospect::Entity>(prospect::Column::ProjectId, Condition::all().add(prospect::Column::OwnerId.eq(owner)))
}

/// Who attends to an owner before the signing: sales agents and hosts.
pub(super) fn staff_around_buyer(owner: Uuid) -> SelectStatement {
    use {appointment::Column as Visit, prospect::Column as Prospect};
    let agents = Prospect::OwnerId.eq(owner).and(Prospect::SalesAgentId.is_not_null());
    let hosts = Visit::OwnerId.eq(owner).and(Visit::StaffId.is_not_null());
    either(
        ids::<prospect::Entity>(Prospect::SalesAgentId, Condition::all().add(agents)),
        ids::<appointment::Entity>(Visit::StaffId, Condition::all().add(hosts)),
    )
}

fn contracts_of_buyer(owner: Uuid) -> SelectStatement {
    use contract_party::Column;
    ids::<contract_party::Entity>(Column::ContractId, Condition::all().add(Column::OwnerId.eq(owner)))
}

impl Scoped for contract::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use contract::Column;
        match reach(viewer) {
            // One's own as a buyer, whatever became of it, and what is in force for a home that came without a buyer's list.
            Reach::Owner(id) => {
                let in_force = Column::UnitId
                    .in_subquery(units_of_owner(id))
                    .and(Column::Status.is_in([ContractStatus::Signed, ContractStatus::HandedOver]));
                let of_homes = ids::<contract::Entity>(Column::Id, Condition::all().add(in_force));
                Condition::all().add(Column::Id.in_subquery(either(of_homes, contracts_of_buyer(id))))
            }
            Reach::Projects(id, _) => Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id))),
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Everything
            | Reach::Households(_)
            | Reach::Assigned(_) => papers(viewer, Column::UnitId),
        }
    }
}

fn of_contracts(viewer: &Viewer, column: impl ColumnTrait) -> Condition {
    let contracts = ids::<contract::Entity>(contract::Column::Id, contract::Entity::scope(viewer));
    Condition::all().add(column.in_subquery(contracts))
}

impl Scoped for contract_party::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        of_contracts(viewer, contract_party::Column::ContractId)
    }
}

impl Scoped for contract_clause::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        of_contracts(viewer, contract_clause::Column::ContractId)
    }
}

impl Scoped for clause_acknowledgement::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use clause_acknowledgement::Column;
        match viewer.owner_id() {
            Some(id) => Condition::all().add(Column::OwnerId.eq(id)),
            None => {
                let clauses =
                    ids::<contract_clause::Entity>(contract_clause::Column::Id, contract_clause::Entity::scope(viewer));
                Condition::all().add(Column::ClauseId.in_subquery(clauses))
            }
        }
    }
}

impl Scoped for appointment::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use appointment::Column;
        match reach(viewer) {
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
            Reach::Everything => everything(),
            Reach::Owner(id) => Condition::all().add(Column::OwnerId.eq(id)),
            Reach::Projects(id, _) => {
                let of_projects = Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)));
                about_visible_owners(viewer, of_projects, Column::OwnerId)
            }
        }
    }
}

/// What a project shows: whoever works on it sees all, drafts too; others of the project see what is on show.
fn on_show(viewer: &Viewer, project: impl ColumnTrait, shown: Condition) -> Condition {
    match reach(viewer) {
        Reach::Nothing | Reach::Partner(_) => nothing(),
        Reach::Everything | Reach::Configuration(_) => everything(),
        Reach::Owner(_) => {
            let own = ids::<project::Entity>(project::Column::Id, project::Entity::scope(viewer));
            shown.add(project.in_subquery(own))
        }
        Reach::Households(id) | Reach::Assigned(id) => shown.add(project.in_subquery(projects_of_staff(id))),
        Reach::Projects(id, _) => Condition::all().add(project.in_subquery(projects_of_staff(id))),
    }
}

impl Scoped for publication::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use publication::Column;
        let shown = Condition::all().add(Column::Status.eq(PublicationStatus::Published));
        on_show(viewer, Column::ProjectId, shown)
    }
}

impl Scoped for publication_review::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Owner(_) | Reach::Households(_) | Reach::Assigned(_) => {
                nothing()
            }
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Projects(..) => {
                let visible = ids::<publication::Entity>(publication::Column::Id, publication::Entity::scope(viewer));
                Condition::all().add(publication_review::Column::PublicationId.in_subquery(visible))
            }
        }
    }
}

impl Scoped for disclosure::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use disclosure::Column;
        let shown = Condition::all().add(Column::PublishedAt.is_not_null()).add(Column::WithdrawnAt.is_null());
        on_show(viewer, Column::ProjectId, shown)
    }
}

impl Scoped for show_home_deviation::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use show_home_deviation::Column;
        let notices = ids::<disclosure::Entity>(disclosure::Column::Id, disclosure::Entity::scope(viewer));
        on_show(viewer, Column::ProjectId, Condition::all().add(Column::NoticeId.in_subquery(notices)))
    }
}
