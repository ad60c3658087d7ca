//! One statement for a whole answer: what a selection needs of its rows, and of what hangs on them, as JSON arrays that
//! the database nests. It knows no field of the API: `graphql::direct` says which values it wants, and spells them.
//!
//! Who sees what is not said here. Single rows and lists pass their table's scope, and what hangs on a row passes
//! `auth::scope::beneath`.

pub mod links;
mod list;
mod template;
mod write;

use chrono::{DateTime, Utc};
/// A column of an entity. The floors above pass it on and know no more of it.
pub use sea_orm::ColumnTrait as Column;
use sea_orm::sea_query::{DynIden, Expr, Order, SelectStatement};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, page::Page};

pub use list::{List, ListOf, RowOf};
pub use template::{Template, is_placeholder, placeholder};

/// A column, of whatever table.
#[derive(Clone, Debug)]
pub struct Field(DynIden, DynIden);

impl Field {
    pub fn of(column: impl Column) -> Self {
        let (table, column) = column.as_column_ref();
        Self(table, column)
    }

    fn expression(&self) -> Expr {
        Expr::col((self.0.clone(), self.1.clone()))
    }
}

/// Rows of which something is asked.
#[derive(Clone, Debug)]
pub struct Rows {
    /// FROM and WHERE, and nothing selected yet.
    from: SelectStatement,
    /// The order in which they are shown; rows of which there can be many have one.
    order: Vec<(Name, Order)>,
    /// The first of them at most; then they are of a single table.
    most: Option<u64>,
}

impl Rows {
    fn of(from: SelectStatement) -> Self {
        Self { from, order: Vec::new(), most: None }
    }

    fn by(mut self, column: impl Column, direction: Order) -> Self {
        self.order.push((self::column(column), direction));
        self
    }
}

/// The rows that hang on a row of the statement around it, as far as the viewer may see them.
pub type Link = fn(&Viewer) -> Rows;

/// Stands before a text that is marked. No text that people write holds it.
pub const MARK: char = '\u{1}';

/// One value of an array.
#[derive(Clone, Debug)]
pub enum Cell {
    /// As the database spells it in JSON.
    Value(Field),
    Id(Field),
    /// A text, after `MARK` where this holds.
    Marked(Field, fn() -> Expr),
    /// Whether an instant has passed.
    IsPast(Field, DateTime<Utc>),
    /// Of the same row: an array in the array.
    Here(Vec<Cell>),
    /// An array of what one row holds; null when there is none.
    One(Link, Vec<Cell>),
    /// An array of arrays, a row each; of a page of them in reading direction.
    Many(Link, Option<Stretch>, Vec<Cell>),
    /// How many there are.
    Count(Link),
    /// An array of what the row of this id holds; null when there is none.
    Row(RowOf, Uuid, Vec<Cell>),
    /// A list that hangs on nothing: an array of its rows as `Many`, and how many there are in all.
    List(Box<List>, Vec<Cell>),
}

/// A page of a log, by its number.
#[derive(Clone, Debug)]
pub struct Stretch {
    pub by: Field,
    pub page: Page,
    /// How many rows at most.
    pub most: u64,
}

/// The name of a table, and of its column.
type Name = (DynIden, DynIden);

fn column(column: impl Column) -> Name {
    column.as_column_ref()
}
