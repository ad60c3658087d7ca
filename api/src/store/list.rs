//! Lists: visible rows in one order, as keyset pages and as a count. What a list shows is said by the noun's own file.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
/// What a list is of. The floors above pass it on and know no more of it.
pub use sea_orm::EntityTrait as Table;
use sea_orm::{
    ColumnTrait, ConnectionTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    error::Result,
    page::{Cursor, Page, Slice, bad_cursor},
};

/// Rows in one order. Start from `store::find`, which narrows to what the viewer may see.
pub struct List<E: Table> {
    select: Select<E>,
    order: Order<E>,
    newest_first: bool,
}

/// By what a list is ordered: columns of its index, and how a row says its place.
enum Order<E: Table> {
    Id(E::Column, fn(&E::Model) -> Uuid),
    Instant(E::Column, E::Column, fn(&E::Model) -> (DateTime<Utc>, Uuid)),
    Day(E::Column, E::Column, fn(&E::Model) -> (NaiveDate, Uuid)),
    Seq(E::Column, fn(&E::Model) -> i64),
    Place(E::Column, E::Column, fn(&E::Model) -> (i64, i64)),
}

impl<E: Table> Clone for Order<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Table> Copy for Order<E> {}

impl<E: Table> Clone for List<E> {
    fn clone(&self) -> Self {
        Self { select: self.select.clone(), order: self.order, newest_first: self.newest_first }
    }
}

impl<E> List<E>
where
    E: Table,
    E::Model: Send + Sync,
{
    /// Ordered by id, which is by creation: the oldest first.
    pub fn by_id(select: Select<E>, id: E::Column, place: fn(&E::Model) -> Uuid) -> Self {
        Self { select, order: Order::Id(id, place), newest_first: false }
    }

    /// Ordered by an instant and then the id: the earliest first.
    pub fn by_instant(
        select: Select<E>,
        (at, id): (E::Column, E::Column),
        place: fn(&E::Model) -> (DateTime<Utc>, Uuid),
    ) -> Self {
        Self { select, order: Order::Instant(at, id, place), newest_first: false }
    }

    /// Ordered by a day and then the id: the earliest first. In a cursor the day is its midnight.
    pub fn by_day(
        select: Select<E>,
        (on, id): (E::Column, E::Column),
        place: fn(&E::Model) -> (NaiveDate, Uuid),
    ) -> Self {
        Self { select, order: Order::Day(on, id, place), newest_first: false }
    }

    /// Ordered by the number of a log: the oldest first.
    pub fn by_seq(select: Select<E>, seq: E::Column, place: fn(&E::Model) -> i64) -> Self {
        Self { select, order: Order::Seq(seq, place), newest_first: false }
    }

    /// Ordered by the place in two logs: the oldest first.
    pub fn by_place(
        select: Select<E>,
        (one, other): (E::Column, E::Column),
        place: fn(&E::Model) -> (i64, i64),
    ) -> Self {
        Self { select, order: Order::Place(one, other, place), newest_first: false }
    }

    /// Turns the list around.
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Where a row stands in this list.
    pub fn cursor(&self, row: &E::Model) -> Cursor {
        match self.order {
            Order::Id(_, place) => Cursor::Id(place(row)),
            Order::Instant(_, _, place) => {
                let (at, id) = place(row);
                Cursor::Instant(at, id)
            }
            Order::Day(_, _, place) => {
                let (on, id) = place(row);
                Cursor::Instant(on.and_time(NaiveTime::MIN).and_utc(), id)
            }
            Order::Seq(_, place) => Cursor::Seq(place(row)),
            Order::Place(_, _, place) => {
                let (one, other) = place(row);
                Cursor::Place(one, other)
            }
        }
    }

    /// One page.
    pub async fn page(&self, conn: &impl ConnectionTrait, page: &Page) -> Result<Slice<E::Model>> {
        let mut select = self.select.clone();
        for (field, cursor, is_after) in [("after", page.after, true), ("before", page.before, false)] {
            let Some(cursor) = cursor else { continue };
            let above = is_after != self.newest_first;
            select = select.filter(self.beyond(cursor, above).ok_or_else(|| bad_cursor(field))?);
        }
        let descending = self.newest_first != page.backward;
        Ok(page.cut(self.ordered(select, descending).limit(page.fetch()).all(conn).await?))
    }

    /// How many rows there are in all.
    pub async fn count(&self, conn: &impl ConnectionTrait) -> Result<u64> {
        Ok(self.select.clone().count(conn).await?)
    }

    /// All rows, for lists that are short by nature.
    pub async fn all(&self, conn: &impl ConnectionTrait) -> Result<Vec<E::Model>> {
        Ok(self.ordered(self.select.clone(), self.newest_first).all(conn).await?)
    }

    /// The rows above or below a place; `None` when the cursor is of another list.
    fn beyond(&self, cursor: Cursor, above: bool) -> Option<Expr> {
        match (self.order, cursor) {
            (Order::Id(key, _), Cursor::Id(id)) => Some(cut(key, id, above)),
            (Order::Seq(key, _), Cursor::Seq(seq)) => Some(cut(key, seq, above)),
            (Order::Place(one, other, _), Cursor::Place(number, next)) => {
                Some(cut(one, number, above).or(one.eq(number).and(cut(other, next, above))))
            }
            (Order::Instant(at, id, _), Cursor::Instant(instant, place)) => {
                Some(cut(at, instant, above).or(at.eq(instant).and(cut(id, place, above))))
            }
            (Order::Day(on, id, _), Cursor::Instant(midnight, place)) => {
                let day = midnight.date_naive();
                Some(cut(on, day, above).or(on.eq(day).and(cut(id, place, above))))
            }
            _ => None,
        }
    }

    fn ordered(&self, select: Select<E>, descending: bool) -> Select<E> {
        let direction = if descending { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
        match self.order {
            Order::Id(key, _) => select.order_by(key, direction),
            Order::Seq(key, _) => select.order_by(key, direction),
            Order::Place(one, other, _) => select.order_by(one, direction.clone()).order_by(other, direction),
            Order::Instant(at, id, _) => select.order_by(at, direction.clone()).order_by(id, direction),
            Order::Day(on, id, _) => select.order_by(on, direction.clone()).order_by(id, direction),
        }
    }
}

fn cut<C: ColumnTrait>(column: C, value: impl Into<sea_orm::Value>, above: bool) -> Expr {
    if above { column.gt(value) } else { column.lt(value) }
}
