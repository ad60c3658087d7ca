//! The people around a ticket: who they are at this moment, and which of them see it. It asks for everybody: whom a
//! ticket is told to is not the affair of whoever acts on it.

use std::collections::BTreeSet;

use entity::{
    absence, ambassador_assignment as assignment, staff, staff_project, ticket,
    vocab::{Department, Role},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    auth::{
        scope::Scoped,
        viewer::{Principal, Viewer},
    },
    domain::notification::Party,
    error::Result,
    store,
};

/// Everyone who has one of these parts in a ticket, each once: with the first part that they have.
pub async fn of_ticket(
    conn: &impl ConnectionTrait,
    ticket: &ticket::Model,
    parties: &[Party],
) -> Result<Vec<(Principal, Party)>> {
    let mut people = Vec::new();
    if parties.contains(&Party::Owner) {
        let owners = store::owner::owner_ids_of_units(conn, &[ticket.unit_id]).await?;
        let owners: BTreeSet<Uuid> = owners.into_iter().map(|(_, id)| id).chain(ticket.reporter_owner_id).collect();
        people.extend(owners.into_iter().map(|id| (Principal::Owner(id), Party::Owner)));
    }
    if parties.iter().any(|party| *party != Party::Owner) {
        for (id, role, department) in staff_around(conn, ticket, parties).await? {
            let principal = Principal::Staff { id, role, department };
            people.extend(part_of((id, role), ticket, parties).map(|party| (principal, party)));
        }
    }
    Ok(people)
}

fn part_of((id, role): (Uuid, Role), ticket: &ticket::Model, parties: &[Party]) -> Option<Party> {
    let is_told = |party| parties.contains(&party);
    if is_told(Party::Assignee) && ticket.assignee_id == Some(id) {
        Some(Party::Assignee)
    } else if is_told(Party::Manager) && role == Role::Manager {
        Some(Party::Manager)
    } else {
        is_told(Party::Ambassador).then_some(Party::Ambassador)
    }
}

async fn staff_around(
    conn: &impl ConnectionTrait,
    ticket: &ticket::Model,
    parties: &[Party],
) -> Result<Vec<(Uuid, Role, Department)>> {
    let mut either = Condition::any();
    if parties.contains(&Party::Assignee) {
        either = either.add(staff::Column::Id.eq(ticket.assignee_id));
    }
    if parties.contains(&Party::Ambassador) {
        either = either.add(staff::Column::Id.in_subquery(ambassadors(ticket.unit_id)));
    }
    if parties.contains(&Party::Manager) {
        let managers = Condition::all()
            .add(staff::Column::Role.eq(Role::Manager))
            .add(staff::Column::Id.in_subquery(working_for(ticket.project_id)));
        either = either.add(managers);
    }
    let found = staff::Entity::find().filter(staff::Column::IsActive.eq(true)).filter(either);
    let columns = [staff::Column::Id, staff::Column::Role, staff::Column::Department];
    let found = found.order_by_asc(staff::Column::Id).select_only().columns(columns);
    Ok(found.into_tuple().all(conn).await?)
}

/// Who answers for a home at this moment, and whoever stands in for them.
fn ambassadors(unit_id: Uuid) -> SelectStatement {
    let named = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::StaffId)
        .filter(assignment::Column::UnitId.eq(unit_id))
        .filter(assignment::Column::EndedAt.is_null())
        .into_query();
    let standing_in = absence::Entity::find()
        .select_only()
        .column(absence::Column::SubstituteId)
        .filter(absence::Column::StandsIn.eq(true))
        .filter(absence::Column::SubstituteId.is_not_null())
        .filter(absence::Column::StaffId.in_subquery(named.clone()))
        .into_query();
    named.clone().union(UnionType::Distinct, standing_in).to_owned()
}

fn working_for(project_id: Uuid) -> SelectStatement {
    let rows = staff_project::Entity::find().filter(staff_project::Column::ProjectId.eq(project_id));
    rows.select_only().column(staff_project::Column::StaffId).into_query()
}

/// Whether somebody sees the ticket, by the same scope that they would read it through.
pub(super) fn sees(principal: Principal, ticket_id: Uuid) -> Expr {
    let this = Condition::all().add(ticket::Column::Id.eq(ticket_id));
    let seen = ticket::Entity::find().filter(ticket::Entity::scope_of(&Viewer::of(principal), this));
    Expr::exists(seen.select_only().column(ticket::Column::Id).into_query())
}
