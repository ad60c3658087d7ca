//! What would be found: of rows that are looked for by their ids, those that exist for somebody, or for each of many. It is
//! asked by the scopes by which the rows themselves are loaded, in one statement whatever is looked for.

use std::{
    collections::{BTreeSet, HashMap},
    iter,
};

use entity::{owner, ownership, project, staff, ticket, unit};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryResult,
    sea_query::{Asterisk, CommonTableExpression, Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::owner::living_in;
use crate::{
    auth::{
        scope::{ASKED, Scoped, owners_among, staff_among},
        viewer::{Principal, Viewer},
    },
    error::{Error, Result},
};

/// What is looked for by an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    Home,
    /// The present owners of a home.
    OwnersOfHome,
    Owner,
    Staff,
    Project,
    Ticket,
    /// The viewer, as this owner.
    Oneself,
}

/// As what number a statement knows each that it asks for.
const NUMBERED: [What; 6] = [What::Home, What::OwnersOfHome, What::Owner, What::Staff, What::Project, What::Ticket];

/// Something that is looked for by this id.
pub type Sought = (What, Uuid);

/// What was found of what was looked for: the ids of the rows.
pub type Sight = BTreeSet<(Sought, Uuid)>;

/// What of this exists for somebody.
pub async fn of_one(conn: &impl ConnectionTrait, viewer: &Viewer, sought: &BTreeSet<Sought>) -> Result<Sight> {
    let oneself = viewer.owner_id().map(|id| ((What::Oneself, id), id));
    let mut sight: Sight = oneself.filter(|(own, _)| sought.contains(own)).into_iter().collect();
    if let Some(rows) = rows(viewer, sought, false) {
        for row in conn.query_all(&rows).await? {
            sight.insert(found(&row)?);
        }
    }
    Ok(sight)
}

/// The same for each of these people, who are all of the kind that `each` stands for: one statement asks for all of them.
/// Whoever sees nothing of it is left out.
pub async fn of_each(
    conn: &impl ConnectionTrait,
    (each, people): (Principal, &[Uuid]),
    sought: &BTreeSet<Sought>,
) -> Result<HashMap<Uuid, Sight>> {
    let mut sights: HashMap<Uuid, Sight> = HashMap::new();
    let Some(mut rows) = rows(&Viewer::of(each), sought, true).filter(|_| !people.is_empty()) else {
        return Ok(sights);
    };
    let people = Query::select().column(Asterisk).from_values(padded(people), "people").take();
    rows.with_cte(CommonTableExpression::new().query(people).table_name(ASKED.0).column(ASKED.1).to_owned());
    for row in conn.query_all(&rows).await? {
        sights.entry(row.try_get_by_index(3)?).or_default().insert(found(&row)?);
    }
    Ok(sights)
}

/// As many as a power of two, of which the last comes again: few statements have to be known by the database.
pub(super) fn padded(ids: &[Uuid]) -> Vec<Uuid> {
    let last = ids.last().into_iter().cycle();
    ids.iter().chain(last).take(ids.len().next_power_of_two()).copied().collect()
}

/// What is found of it: the id by which it was looked for, the row's own, and the number of what it is; where it is asked for
/// each of many, also for whom. None where no table has to be asked.
fn rows(viewer: &Viewer, sought: &BTreeSet<Sought>, is_for_each: bool) -> Option<SelectStatement> {
    let parts = iter::zip(0.., NUMBERED).filter_map(|(number, what)| {
        let ids: Vec<Uuid> = sought.iter().filter(|of| of.0 == what).map(|(_, id)| *id).collect();
        let mut part = if ids.is_empty() { None } else { table(viewer, what, &padded(&ids)) }?;
        part.expr(Expr::cust(i32::to_string(&number)));
        if is_for_each {
            part.expr(Expr::col(ASKED)).from(ASKED.0);
        }
        Some(part)
    });
    parts.reduce(|mut all, part| all.union(UnionType::All, part).take())
}

/// Of what is looked for by these ids, the ids and those of the rows that exist for the viewer.
fn table(viewer: &Viewer, what: What, ids: &[Uuid]) -> Option<SelectStatement> {
    match what {
        What::Home => Some(scoped::<unit::Entity>(viewer, unit::Column::Id, ids)),
        What::OwnersOfHome => {
            let is_joined = Expr::col(owner::Column::Id.as_column_ref()).eq(ownership::Column::OwnerId.into_expr());
            let mut select = listed::<ownership::Entity>(ownership::Column::UnitId, ownership::Column::OwnerId);
            Some(select.from(owner::Entity).and_where(is_joined).cond_where(living_in(viewer, ids)).take())
        }
        What::Owner => Some(these::<owner::Entity>(owner::Column::Id, owners_among(viewer, ids))),
        What::Staff => Some(these::<staff::Entity>(staff::Column::Id, staff_among(viewer, ids))),
        What::Project => Some(scoped::<project::Entity>(viewer, project::Column::Id, ids)),
        What::Ticket => Some(scoped::<ticket::Entity>(viewer, ticket::Column::Id, ids)),
        What::Oneself => None,
    }
}

fn scoped<E: Scoped>(viewer: &Viewer, key: E::Column, ids: &[Uuid]) -> SelectStatement {
    let rows = Condition::all().add(key.is_in(ids.iter().copied()));
    these::<E>(key, E::scope_of(viewer, rows))
}

fn these<E: EntityTrait>(key: E::Column, rows: Condition) -> SelectStatement {
    listed::<E>(key, key).cond_where(rows).take()
}

fn listed<E: EntityTrait>(sought: E::Column, found: E::Column) -> SelectStatement {
    let table = E::default();
    Query::select().column((table, sought)).column((table, found)).from(table.table_ref()).take()
}

fn found(row: &QueryResult) -> Result<(Sought, Uuid)> {
    let number: i32 = row.try_get_by_index(2)?;
    let what = usize::try_from(number).ok().and_then(|number| NUMBERED.get(number));
    let what = what.ok_or_else(|| Error::internal("a statement found what it was not asked for"))?;
    Ok(((*what, row.try_get_by_index(0)?), row.try_get_by_index(1)?))
}
