//! Writes JSON in the SQL of one of the databases.

use sea_orm::{
    DbBackend,
    sea_query::{Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, Order, Query, SubQueryStatement},
};

use super::{super::event::position, Cell, MARK, Rows, Stretch};
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
            Cell::One(link, cells) => self.json(sub(self.each(link(self.viewer), cells)?)),
            Cell::Many(link, stretch, cells) => {
                let mut rows = link(self.viewer);
                if let Some(stretch) = stretch {
                    stretch.cut(&mut rows)?;
                }
                self.gathered(self.each(rows, cells)?)
            }
            Cell::Count(link) => sub(link(self.viewer).expr(Func::count(Expr::val(1))).to_owned()),
            Cell::Row(of, id, cells) => self.json(sub(self.each(of.find(self.viewer, *id), cells)?)),
            Cell::List(list, cells) => {
                let whole = list.whole(self.viewer);
                let page = self.gathered(self.each(list.page(&whole)?, cells)?);
                let total = list.is_counted.then(|| sub(list.total(&whole)));
                whole.around(self.array_of(std::iter::once(page).chain(total).collect()))
            }
        })
    }

    /// What is asked for of each row.
    fn each(&self, mut rows: Rows, cells: &[Cell]) -> Result<Rows> {
        rows.expr_as(self.array(cells)?, Alias::new(VALUE));
        Ok(rows)
    }

    /// What is JSON already must be said to be, on SQLite, once it has left a statement.
    fn json(&self, value: Expr) -> Expr {
        if self.is_postgres() { value } else { Func::cust("json").arg(value).into() }
    }

    /// All rows of a statement as an array in their order.
    fn gathered(&self, rows: Rows) -> Expr {
        if self.is_postgres() {
            let all = Func::cust("ARRAY").arg(sub(rows));
            return Func::cust("array_to_json").arg(all).into();
        }
        let gathered = Alias::new("gathered");
        let each = self.json(Expr::col((gathered.clone(), Alias::new(VALUE))));
        let array = Func::cust("json_group_array").arg(each);
        self.json(sub(Query::select().expr(array).from_subquery(rows, gathered).to_owned()))
    }
}

/// The name of what a statement inside another selects.
const VALUE: &str = "value";

pub(super) fn sub(rows: Rows) -> Expr {
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(rows)))
}

impl Stretch {
    fn cut(&self, rows: &mut Rows) -> Result<()> {
        let by = || self.by.expression();
        if let Some(seq) = position("after", self.page.after)? {
            rows.and_where(by().gt(seq));
        }
        if let Some(seq) = position("before", self.page.before)? {
            rows.and_where(by().lt(seq));
        }
        let direction = if self.page.backward { Order::Desc } else { Order::Asc };
        rows.order_by_expr(by(), direction).limit(self.most);
        Ok(())
    }
}
