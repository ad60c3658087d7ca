//! Lists that hang on nothing, and single rows.
//!
//! The rows of the page are found first, by their ids alone, and only of them is looked for what hangs on them. A list
//! that is short by the viewer's nature is made once, for its page and its total; of one that may be whole projects the
//! page is the first rows of an index, which making it whole would spoil.

use chrono::{DateTime, Utc};
use entity::{staff, ticket, unit};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    super::{
        keyset, ticket as tickets,
        ticket::{TicketFilter, TicketOrder},
        unit as units,
        unit::UnitFilter,
    },
    Rows, column, links,
    write::sub,
};
use crate::{
    auth::{
        scope::{Scoped, beneath, is_narrow},
        viewer::Viewer,
    },
    error::Result,
    page::Page,
};

/// Whose row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOf {
    Ticket,
    Unit,
    Staff,
}

impl RowOf {
    /// The row of this id, if the viewer may see it.
    pub(super) fn find(self, viewer: &Viewer, id: Uuid) -> SelectStatement {
        match self {
            Self::Ticket => row(ticket::Entity, is(ticket::Column::Id, id).add(beneath::among_few_tickets(viewer))),
            Self::Unit => {
                let mut rows = row(unit::Entity, unit::Entity::scope_of(viewer, is(unit::Column::Id, id)));
                links::with_surroundings(&mut rows);
                rows
            }
            Self::Staff => row(staff::Entity, staff::Entity::scope_of(viewer, is(staff::Column::Id, id))),
        }
    }
}

fn is(key: impl ColumnTrait, id: Uuid) -> Condition {
    Condition::all().add(key.eq(id))
}

fn row(table: impl EntityTrait, condition: Condition) -> SelectStatement {
    Query::select().from(table.table_ref()).cond_where(condition).to_owned()
}

/// A list of the API.
#[derive(Clone, Debug)]
pub struct List {
    pub of: ListOf,
    pub page: Page,
    pub is_counted: bool,
}

/// Which list.
#[derive(Clone, Debug)]
pub enum ListOf {
    Tickets { filter: TicketFilter, order: TicketOrder, now: DateTime<Utc> },
    Units(UnitFilter),
}

/// All of a list: the ids of its rows, and what they are ordered by.
pub(super) struct Whole {
    rows: SelectStatement,
    is_narrow: bool,
}

/// The name of a list that is made once.
const WHOLE: &str = "whole";

/// The name of the ids that a page shows.
const SHOWN: &str = "shown";

impl Whole {
    /// The list, under the name of its table.
    fn under(&self, rows: &mut SelectStatement, table: &str) {
        if self.is_narrow {
            rows.from_as(Alias::new(WHOLE), Alias::new(table));
        } else {
            rows.from_subquery(self.rows.clone(), Alias::new(table));
        }
    }

    /// A value for which the list was made once, where it is.
    pub(super) fn around(self, value: Expr) -> Expr {
        if !self.is_narrow {
            return value;
        }
        let whole = CommonTableExpression::new().table_name(Alias::new(WHOLE)).query(self.rows).to_owned();
        sub(Query::select().expr(value).with_cte(whole).to_owned())
    }
}

impl List {
    pub(super) fn whole(&self, viewer: &Viewer) -> Whole {
        let rows = match &self.of {
            ListOf::Tickets { filter, now, .. } => {
                let asked = tickets::condition(filter, *now);
                let way = |visible| {
                    let keys = [ticket::Column::Id, ticket::Column::QueueDeadlineAt].map(column);
                    Query::select()
                        .columns(keys)
                        .from(ticket::Entity)
                        .cond_where(visible)
                        .cond_where(asked.clone())
                        .take()
                };
                let ways = beneath::ways_to_tickets(viewer).into_iter().map(way);
                let union = |mut rows: SelectStatement, other| rows.union(UnionType::Distinct, other).take();
                ways.reduce(union).unwrap_or_default()
            }
            ListOf::Units(filter) => units::ids(viewer, filter).into_query(),
        };
        Whole { rows, is_narrow: is_narrow(viewer) }
    }

    /// The page and the row after it, in reading direction.
    pub(super) fn page(&self, whole: &Whole) -> Result<Rows> {
        match &self.of {
            ListOf::Tickets { order, .. } => {
                let ids = ticket::Entity::find().select_only().column(ticket::Column::Id);
                let ids = tickets::in_order(ids, *order, &self.page)?;
                let mut rows = Rows::of(shown(whole, ids, ticket::Column::Id));
                let direction = direction((*order == TicketOrder::CreatedAtDesc) != self.page.backward);
                if *order == TicketOrder::DeadlineAsc {
                    rows = rows.by(ticket::Column::QueueDeadlineAt, direction.clone());
                }
                Ok(rows.by(ticket::Column::Id, direction))
            }
            ListOf::Units(_) => {
                let ids = unit::Entity::find().select_only().column(unit::Column::Id);
                let ids = keyset(ids, unit::Column::Id, &self.page, false)?;
                let mut rows = shown(whole, ids, unit::Column::Id);
                links::with_surroundings(&mut rows);
                Ok(Rows::of(rows).by(unit::Column::Id, direction(self.page.backward)))
            }
        }
    }

    /// How many there are in all.
    pub(super) fn total(&self, whole: &Whole) -> SelectStatement {
        let mut rows = Query::select().expr(Func::count(Expr::val(1))).to_owned();
        whole.under(&mut rows, "counted");
        rows
    }
}

/// The rows of a page of ids.
fn shown<E: EntityTrait>(whole: &Whole, ids: Select<E>, key: E::Column) -> SelectStatement {
    let table = E::default();
    let mut ids = ids.into_query();
    whole.under(ids.from_clear(), table.table_name());
    let same = Expr::col((Alias::new(SHOWN), key)).eq(Expr::col(column(key)));
    Query::select().from_subquery(ids, Alias::new(SHOWN)).inner_join(table.table_ref(), same).take()
}

fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}
