//! What hangs on a row: each a statement about the row around it, by whose table's name its columns go. No table may hang
//! on itself, whose rows would then be taken for each other.

use entity::{
    attachment, building, owner, ownership, project, staff, ticket, ticket_event,
    unit::{self, Column as Unit},
    warranty_item,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{Name, Rows, column};
use crate::auth::{
    scope::{Scoped, beneath},
    viewer::Viewer,
};

/// Rows of a table whose column is that of the row around it.
fn hanging<E: EntityTrait>(table: E, (own, around): (E::Column, impl ColumnTrait), visible: Condition) -> Rows {
    let same = Expr::col(column(own)).eq(Expr::col(column(around)));
    Rows::of(Query::select().from(table.table_ref()).and_where(same).cond_where(visible).to_owned())
}

/// The building and the project of a unit, of which each has one.
pub(super) fn with_surroundings(units: &mut SelectStatement) {
    let same = |of_unit: Unit, id: Name| Expr::col(column(of_unit)).eq(Expr::col(id));
    units
        .inner_join(building::Entity, same(Unit::BuildingId, column(building::Column::Id)))
        .inner_join(project::Entity, same(Unit::ProjectId, column(project::Column::Id)));
}

pub fn unit_of_ticket(viewer: &Viewer) -> Rows {
    let around = (Unit::Id, ticket::Column::UnitId);
    let mut rows = hanging(unit::Entity, around, beneath::what_a_ticket_shows(viewer));
    with_surroundings(&mut rows.from);
    rows
}

pub fn assignee_of_ticket(viewer: &Viewer) -> Rows {
    hanging(staff::Entity, (staff::Column::Id, ticket::Column::AssigneeId), beneath::staff_of_ticket(viewer))
}

pub fn events_of_ticket(viewer: &Viewer) -> Rows {
    let around = (ticket_event::Column::TicketId, ticket::Column::Id);
    hanging(ticket_event::Entity, around, beneath::what_a_ticket_shows(viewer))
}

pub fn pictures_of_ticket(viewer: &Viewer) -> Rows {
    let around = (attachment::Column::TicketId, ticket::Column::Id);
    hanging(attachment::Entity, around, beneath::what_a_ticket_shows(viewer)).by(attachment::Column::Id, Order::Asc)
}

pub fn owner_of_event(viewer: &Viewer) -> Rows {
    let around = (owner::Column::Id, ticket_event::Column::ActorOwnerId);
    hanging(owner::Entity, around, owner::Entity::scope(viewer))
}

pub fn staff_of_event(viewer: &Viewer) -> Rows {
    let around = (staff::Column::Id, ticket_event::Column::ActorStaffId);
    hanging(staff::Entity, around, beneath::staff_of_ticket(viewer))
}

/// The present owners, in the order of the contract.
pub fn owners_of_unit(viewer: &Viewer) -> Rows {
    let same = Expr::col(column(owner::Column::Id)).eq(Expr::col(column(ownership::Column::OwnerId)));
    let present = beneath::owners_of_home(viewer).add(ownership::Column::EndedOn.is_null());
    let mut rows = hanging(ownership::Entity, (ownership::Column::UnitId, Unit::Id), present);
    rows.from.inner_join(owner::Entity, same);
    rows.by(ownership::Column::Position, Order::Asc).by(ownership::Column::Id, Order::Asc)
}

/// The first to expire first.
pub fn warranties_of_unit(viewer: &Viewer) -> Rows {
    let around = (warranty_item::Column::UnitId, Unit::Id);
    let rows = hanging(warranty_item::Entity, around, beneath::warranties_of_home(viewer));
    rows.by(warranty_item::Column::ExpiresOn, Order::Asc).by(warranty_item::Column::Id, Order::Asc)
}

pub fn open_tickets_of_unit(viewer: &Viewer) -> Rows {
    let open = Condition::all().add(beneath::among_few_tickets(viewer)).add(ticket::Column::IsOpen.eq(true));
    hanging(ticket::Entity, (ticket::Column::UnitId, Unit::Id), open)
}
