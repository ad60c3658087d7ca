//! Connections: Relay's shape over our pages, with a total that is counted only when it is asked for.

use async_graphql::{
    Context, Object, OutputType,
    connection::{Connection, Edge, EmptyFields},
};
use futures_util::future::BoxFuture;

use super::context::Ask;
use crate::{
    error::Result,
    page::{Cursor, Page, Slice},
    store::list::{List, Table},
};

/// A connection with a total.
pub type Counted<T> = Connection<String, T, Total, EmptyFields>;

/// A connection without one.
pub type Plain<T> = Connection<String, T, EmptyFields, EmptyFields>;

/// Counts when asked.
pub struct Total(Box<dyn Fn() -> BoxFuture<'static, Result<u64>> + Send + Sync>);

impl Total {
    pub fn new(count: impl Fn() -> BoxFuture<'static, Result<u64>> + Send + Sync + 'static) -> Self {
        Self(Box::new(count))
    }
}

/// The total of a connection.
#[Object]
impl Total {
    /// How many there are in all pages together, as far as you may see them. Counted anew each time it is asked for.
    async fn total_count(&self) -> Result<i32> {
        Ok(i32::try_from((self.0)().await?).unwrap_or(i32::MAX))
    }
}

/// The four arguments of a connection.
pub fn page(first: Option<i32>, after: Option<String>, last: Option<i32>, before: Option<String>) -> Result<Page> {
    Page::read(first, after.as_deref(), last, before.as_deref())
}

/// A page as a connection with a total.
pub fn counted<R, T: OutputType>(
    slice: Slice<R>,
    total: Total,
    cursor: impl Fn(&R) -> Cursor,
    object: impl Fn(R) -> T,
) -> Counted<T> {
    let mut connection = Connection::with_additional_fields(slice.has_previous, slice.has_next, total);
    connection.edges = edges(slice.rows, cursor, object);
    connection
}

/// A page of a list as a connection with a total.
pub async fn listed<E, T>(ctx: &Context<'_>, list: List<E>, page: Page) -> Result<Counted<T>>
where
    E: Table,
    E::Model: Send + Sync,
    T: OutputType + From<E::Model>,
{
    let db = ctx.ask().services.db.clone();
    let slice = list.page(db.reader(), &page).await?;
    let counting = list.clone();
    let total = Total::new(move || {
        let (db, list) = (db.clone(), counting.clone());
        Box::pin(async move { list.count(db.reader()).await })
    });
    Ok(counted(slice, total, |row| list.cursor(row), T::from))
}

/// A page as a connection.
pub fn plain<R, T: OutputType>(slice: Slice<R>, cursor: impl Fn(&R) -> Cursor, object: impl Fn(R) -> T) -> Plain<T> {
    let mut connection = Connection::new(slice.has_previous, slice.has_next);
    connection.edges = edges(slice.rows, cursor, object);
    connection
}

fn edges<R, T: OutputType>(
    rows: Vec<R>,
    cursor: impl Fn(&R) -> Cursor,
    object: impl Fn(R) -> T,
) -> Vec<Edge<String, T, EmptyFields>> {
    rows.into_iter().map(|row| Edge::new(cursor(&row).encode(), object(row))).collect()
}
