//! Writes JSON in the SQL of one of the databases.

use std::iter;

use sea_orm::{
    DbBackend,
    sea_query::{
        Asterisk, BinOper, CaseStatement, Expr, ExprTrait, Func, Order, Query, SelectStatement, SubQueryStatement,
    },
};

use super::{super::event::position, Cell, Field, MARK, Rows, Stretch};
use crate::{auth::viewer::Viewer, error::Result};

/// For one viewer, in the SQL of one of the databases.
pub(super) struct Writer<'a> {
    pub(super) backend: DbBackend,
    pub(super) viewer: &'a Viewer,
}

impl Writer<'_> {
    fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    pub(super) fn array(&self, cells: &[Cell]) -> Result<Expr> {
        Ok(self.array_of(cells.iter().map(|cell| self.cell(cell)).collect::<Result<_>>()?))
    }

    fn array_of(&self, values: Vec<Expr>) -> Expr {
        let function = if self.is_postgres() { "json_build_array" } else { "json_array" };
        Func::cust(function).args(values).into()
    }

    fn cell(&self, cell: &Cell) -> Result<Expr> {
        Ok(match cell {
            Cell::Value(field) => field.expression(),
            Cell::Id(field) if self.is_postgres() => field.expression(),
            Cell::Id(field) => Func::cust("hex").arg(field.expression()).into(),
            Cell::Marked(field, is_so) => {
                let marked = Expr::cust(format!("'{MARK}'")).binary(BinOper::Custom("||"), field.expression());
                CaseStatement::new().case(is_so(), marked).finally(field.expression()).into()
            }
            Cell::IsPast(field, now) => field.expression().lt(*now),
            Cell::Here(cells) => self.array(cells)?,
            Cell::One(link, cells) => self.one(link(self.viewer).from, cells)?,
            Cell::Many(link, stretch, cells) => {
                let rows = link(self.viewer);
                self.gathered(if let Some(stretch) = stretch { stretch.cut(rows)? } else { rows }, cells)?
            }
            Cell::Count(link) => sub(link(self.viewer).from.expr(Func::count(Expr::val(1))).take()),
            Cell::Row(of, id, cells) => self.one(of.find(self.viewer, *id), cells)?,
            Cell::List(list, cells) => {
                let whole = list.whole(self.viewer);
                let page = self.gathered(list.page(&whole)?, cells)?;
                let total = list.is_counted.then(|| sub(list.total(&whole)));
                whole.around(self.array_of(iter::once(page).chain(total).collect()))
            }
        })
    }

    /// What is asked for of the one row.
    fn one(&self, mut row: SelectStatement, cells: &[Cell]) -> Result<Expr> {
        Ok(sub(row.expr(self.array(cells)?).take()))
    }

    /// What is asked for of each row, as an array in their order.
    fn gathered(&self, rows: Rows, cells: &[Cell]) -> Result<Expr> {
        let each = self.array(cells)?;
        if !self.is_postgres() {
            return Ok(group(rows, each));
        }
        let all = Func::cust("ARRAY").arg(sub(ordered(rows).expr(each).take()));
        Ok(Func::cust("array_to_json").arg(all).into())
    }
}

fn ordered(rows: Rows) -> SelectStatement {
    let mut from = rows.from;
    for (column, direction) in rows.order {
        from.order_by(column, direction);
    }
    if let Some(most) = rows.most {
        from.limit(most);
    }
    from
}

/// All rows as an array on SQLite. Of what one statement hands to another inside it SQLite knows that it is JSON, but not
/// of what it reads from a statement's rows, and would have to parse it again. So what is asked for is asked for here, of
/// rows that go by their table's name also where a statement finds the first of them.
fn group(rows: Rows, each: Expr) -> Expr {
    let order = rows.order.clone();
    let mut from = match (rows.most, order.first()) {
        (Some(_), Some(((table, _), _))) => {
            let first = ordered(rows).column((table.clone(), Asterisk)).take();
            Query::select().from_subquery(first, table.clone()).take()
        }
        _ => rows.from,
    };
    let key = |(_, direction): &(_, Order)| if *direction == Order::Desc { "? DESC" } else { "?" };
    let keys = order.iter().map(key).collect::<Vec<_>>().join(", ");
    let columns = order.into_iter().map(|(column, _)| Expr::col(column));
    let all = Expr::cust_with_exprs(format!("json_group_array(? ORDER BY {keys})"), iter::once(each).chain(columns));
    sub(from.expr(all).take())
}

pub(super) fn sub(rows: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(rows)))
}

impl Stretch {
    /// These of the rows, in reading direction.
    fn cut(&self, mut rows: Rows) -> Result<Rows> {
        let by = || self.by.expression();
        if let Some(seq) = position("after", self.page.after)? {
            rows.from.and_where(by().gt(seq));
        }
        if let Some(seq) = position("before", self.page.before)? {
            rows.from.and_where(by().lt(seq));
        }
        let direction = if self.page.backward { Order::Desc } else { Order::Asc };
        let Field(table, column) = self.by.clone();
        Ok(Rows { order: vec![((table, column), direction)], most: Some(self.most), ..rows })
    }
}
