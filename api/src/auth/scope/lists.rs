//! Lists of ids as statements, for use inside a scope's condition: whose homes, whose tickets, whose projects. Which of
//! them a viewer's scope consists of is said in `scope`.

use entity::{absence, ambassador_assignment, ownership, staff_project, ticket, unit};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::both;

/// Instead of an id: each of the people whom a statement asks about.
pub(super) const EACH: Uuid = Uuid::max();

/// As what a statement knows the list of those people, and their ids in it. Both databases name the column so.
pub const ASKED: (&str, &str) = ("asked", "column1");

/// Whether a column holds somebody's id.
pub(super) fn is(column: impl ColumnTrait, id: Uuid) -> Expr {
    if id == EACH { column.into_expr().eq(Expr::col(ASKED)) } else { column.eq(id) }
}

/// Whether a column names one of these; whatever it names where none are given.
pub(super) fn among(column: impl ColumnTrait, these: &[Uuid]) -> Condition {
    let any = Condition::all();
    if these.is_empty() { any } else { any.add(column.is_in(these.iter().copied())) }
}

/// `SELECT column FROM table WHERE condition`, for use inside another condition.
pub fn ids<E: EntityTrait>(column: E::Column, condition: Condition) -> SelectStatement {
    Query::select().column((E::default(), column)).from(E::default().table_ref()).cond_where(condition).take()
}

/// What is in one of two lists of ids. As one list each half finds its rows by an index; as two conditions joined by OR,
/// PostgreSQL would look at every row of the table to ask whether it is in one of them.
pub fn either(mut first: SelectStatement, second: SelectStatement) -> SelectStatement {
    first.union(UnionType::Distinct, second).to_owned()
}

pub fn units_of_owner(owner: Uuid) -> SelectStatement {
    let now = is(ownership::Column::OwnerId, owner).and(ownership::Column::EndedOn.is_null());
    ids::<ownership::Entity>(ownership::Column::UnitId, Condition::all().add(now))
}

/// The units an ambassador answers for at this moment: the own ones, and those of colleagues whom the ambassador stands
/// in for.
pub fn units_of_ambassador(staff: Uuid) -> SelectStatement {
    use ambassador_assignment::Column;
    let own = is(Column::StaffId, staff).and(Column::EndedAt.is_null());
    let stood_in = Column::StaffId.in_subquery(replaced_by(staff)).and(Column::EndedAt.is_null());
    let units = |which| ids::<ambassador_assignment::Entity>(Column::UnitId, Condition::all().add(which));
    either(units(own), units(stood_in))
}

/// Those who are away at this moment and have named somebody who stands in.
pub fn replaced_by(substitute: Uuid) -> SelectStatement {
    use absence::Column;
    let now = is(Column::SubstituteId, substitute).and(Column::StandsIn.eq(true));
    ids::<absence::Entity>(Column::StaffId, Condition::all().add(now))
}

/// The projects a member of staff works for.
pub fn projects_of_staff(staff: Uuid) -> SelectStatement {
    let own = Condition::all().add(is(staff_project::Column::StaffId, staff));
    ids::<staff_project::Entity>(staff_project::Column::ProjectId, own)
}

/// Of these homes, a condition on their table, those in the projects that a member of staff works for.
pub fn units_in_projects_of(staff: Uuid, units: Condition) -> SelectStatement {
    let of_projects = Condition::all().add(unit::Column::ProjectId.in_subquery(projects_of_staff(staff)));
    ids::<unit::Entity>(unit::Column::Id, both(of_projects, units))
}

pub fn units_of_tickets(tickets: Condition) -> SelectStatement {
    ids::<ticket::Entity>(ticket::Column::UnitId, tickets)
}

pub fn tickets_where(condition: Condition) -> SelectStatement {
    ids::<ticket::Entity>(ticket::Column::Id, condition)
}

/// An owner's tickets: those of the owner's homes, and those that the owner reported for a home that was sold since.
pub fn halves_of_owner(owner: Uuid) -> [Condition; 2] {
    use ticket::Column;
    let at_home = Condition::all().add(Column::UnitId.in_subquery(units_of_owner(owner)));
    [at_home, Condition::all().add(is(Column::ReporterOwnerId, owner))]
}

/// An ambassador's tickets: those of the households, and those assigned to the ambassador elsewhere.
pub fn halves_of_ambassador(staff: Uuid) -> [Condition; 2] {
    use ticket::Column;
    let of_households = Condition::all().add(Column::UnitId.in_subquery(units_of_ambassador(staff)));
    [of_households, sent_to(staff)]
}

/// The tickets to which somebody was sent, in the projects for which they still work: who has left one sees nothing of it
/// any more, the customers visited there among them.
pub fn sent_to(staff: Uuid) -> Condition {
    use ticket::Column;
    Condition::all().add(is(Column::AssigneeId, staff)).add(Column::ProjectId.in_subquery(projects_of_staff(staff)))
}

/// Of these tickets those of an owner.
pub fn tickets_of_owner(owner: Uuid, rows: Condition) -> SelectStatement {
    tickets_of(halves_of_owner(owner), rows)
}

/// Of these tickets those of an ambassador.
pub fn tickets_of_ambassador(staff: Uuid, rows: Condition) -> SelectStatement {
    tickets_of(halves_of_ambassador(staff), rows)
}

fn tickets_of([one, other]: [Condition; 2], rows: Condition) -> SelectStatement {
    either(tickets_where(both(one, rows.clone())), tickets_where(both(other, rows)))
}

/// The homes an ambassador answers for, and those that the ambassador was sent to.
pub fn homes_of_ambassador(staff: Uuid) -> SelectStatement {
    either(units_of_ambassador(staff), units_of_tickets(sent_to(staff)))
}

/// Whoever answers for an owner's homes at this moment, and whoever stands in for them.
pub fn ambassadors_of(owner: Uuid) -> SelectStatement {
    use ambassador_assignment::Column;
    let own = Column::UnitId.in_subquery(units_of_owner(owner)).and(Column::EndedAt.is_null());
    let named = ids::<ambassador_assignment::Entity>(Column::StaffId, Condition::all().add(own));
    let standing_in = Condition::all()
        .add(absence::Column::StandsIn.eq(true))
        .add(absence::Column::SubstituteId.is_not_null())
        .add(absence::Column::StaffId.in_subquery(named.clone()));
    either(named, ids::<absence::Entity>(absence::Column::SubstituteId, standing_in))
}
