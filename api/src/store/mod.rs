//! The only door to the database. Every read passes the viewer's scope; rules and decisions live elsewhere.

pub mod absence;
pub mod account;
pub mod activity;
pub mod agenda;
pub mod ambassador;
pub mod appointment;
pub mod area;
pub mod article;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod bulletin;
pub mod calendar_feed;
pub mod company;
pub mod company_event;
pub mod complaint;
pub mod contract;
pub mod contractor;
pub mod coverage;
pub mod customer;
pub mod customer_file;
pub mod db;
pub mod device;
pub mod direct;
pub mod disclosure;
pub mod duty;
pub mod erasure;
pub mod event;
pub mod figure;
pub mod follow_up;
pub mod handover;
pub mod heads;
pub mod idempotency;
pub mod incident;
pub mod inspection;
pub mod intake;
pub mod interaction;
pub mod journey;
pub mod lease;
pub mod leaving;
pub mod lecture;
pub mod ledger;
pub mod list;
pub mod milestone;
pub mod notification;
pub mod opinion;
pub mod owner;
pub mod partner;
pub mod personal_data;
pub mod policy;
pub mod prospect;
pub mod publication;
pub mod rectification;
pub mod registration;
pub mod replica;
pub mod session;
pub mod sight;
pub mod sign_in;
pub mod staff;
pub mod stage;
pub mod survey;
pub mod ticket;
pub mod training;
pub mod unit;
pub mod vault;
pub mod warranty;
pub mod webhook;

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{BinOper, Expr, ExprTrait, Func, IntoColumnRef, IntoCondition, OnConflict},
};
use uuid::Uuid;

/// What a statement runs on: a pool, or the transaction of a use case. The services pass it on and know no more of it.
pub use sea_orm::ConnectionTrait as Conn;

use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    error::Result,
    page::{Cursor, Page, bad_cursor},
};

/// Starts every read: the rows of a table that exist for the viewer.
pub fn find<E: Scoped>(viewer: &Viewer) -> Select<E> {
    E::find().filter(E::scope(viewer))
}

/// Starts a read of some rows only: those of them that exist for the viewer.
pub fn find_of<E: Scoped>(viewer: &Viewer, rows: Condition) -> Select<E> {
    E::find().filter(E::scope_of(viewer, rows))
}

/// The visible rows with these ids, by id.
pub async fn by_ids<E, K>(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    key: E::Column,
    ids: &[K],
    id_of: impl Fn(&E::Model) -> K,
) -> Result<HashMap<K, E::Model>>
where
    E: Scoped,
    K: Copy + Eq + std::hash::Hash + Into<sea_orm::Value>,
    E::Model: ModelTrait + Send + Sync,
{
    let these = Condition::all().add(key.is_in(ids.iter().copied()));
    let rows = find_of::<E>(viewer, these).all(conn).await?;
    Ok(rows.into_iter().map(|row| (id_of(&row), row)).collect())
}

/// The visible row with this id.
pub async fn by_id<E>(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    key: E::Column,
    id: Uuid,
) -> Result<Option<E::Model>>
where
    E: Scoped,
    E::Model: Send + Sync,
{
    Ok(find_of::<E>(viewer, Condition::all().add(key.eq(id))).one(conn).await?)
}

/// Adds a row as a whole.
pub(crate) async fn insert<E>(_: E, conn: &impl ConnectionTrait, row: E::Model) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    E::insert(row.into_active_model().reset_all()).exec_without_returning(conn).await?;
    Ok(())
}

/// Adds rows as a whole, by one statement.
pub(crate) async fn insert_all<E>(
    _: E,
    conn: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = E::Model>,
) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    E::insert_many(rows).exec_without_returning(conn).await?;
    Ok(())
}

/// Adds a row as a whole, unless there is one that is equal in what must be unique: in these columns, or in any when none is
/// named. Says whether it did: of two at once, one does.
pub(crate) async fn insert_new<E>(
    _: E,
    conn: &impl ConnectionTrait,
    row: E::Model,
    unique: impl IntoIterator<Item = E::Column>,
) -> Result<bool>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let nothing = OnConflict::columns(unique).do_nothing().to_owned();
    let insert = E::insert(row.into_active_model().reset_all()).on_conflict(nothing);
    Ok(insert.exec_without_returning(conn).await? == 1)
}

/// Writes a row back as a whole, by its key.
pub(crate) async fn write_back<E>(_: E, conn: &impl ConnectionTrait, row: E::Model) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    E::update(row.into_active_model().reset_all()).exec_without_returning(conn).await?;
    Ok(())
}

/// The same where what is stored still stands as `seen` says. Says whether it did: of two at once, one wins.
pub(crate) async fn write_back_if<E>(
    _: E,
    conn: &impl ConnectionTrait,
    row: E::Model,
    seen: impl IntoCondition,
) -> Result<bool>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let update = E::update(row.into_active_model().reset_all()).validate()?.filter(seen);
    match update.exec_without_returning(conn).await {
        Ok(_) => Ok(true),
        Err(DbErr::RecordNotUpdated) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// What a row to be inserted holds, as a statement that inserts what it selects needs it.
pub(crate) fn columns_and_values<E: EntityTrait>(_: E, row: &E::ActiveModel) -> (Vec<E::Column>, Vec<Expr>) {
    let set = E::Column::iter().filter_map(|column| Some((column, row.get(column).into_value()?)));
    set.map(|(column, value)| (column, column.save_as(Expr::value(value)))).unzip()
}

/// Rows by what they belong to, each in the order in which it came.
pub(crate) fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// The rows of a page ordered by id and the one after them, in reading direction.
fn keyset<E: EntityTrait>(select: Select<E>, key: E::Column, page: &Page, newest_first: bool) -> Result<Select<E>> {
    let mut select = select;
    for (field, cursor, is_after) in [("after", page.after, true), ("before", page.before, false)] {
        match cursor {
            None => {}
            Some(Cursor::Id(id)) if is_after != newest_first => select = select.filter(key.gt(id)),
            Some(Cursor::Id(id)) => select = select.filter(key.lt(id)),
            Some(_) => return Err(bad_cursor(field)),
        }
    }
    let descending = newest_first != page.backward;
    let select = if descending { select.order_by_desc(key) } else { select.order_by_asc(key) };
    Ok(select.limit(page.fetch()))
}

/// Whether a column holds a text somewhere, whatever the case of its letters, the same on both databases.
pub fn contains(column: impl IntoColumnRef, text: &str) -> Expr {
    let pattern = Expr::from(Func::lower(Expr::val(like_pattern(text))));
    let escaped = pattern.binary(BinOper::Escape, Expr::Constant('!'.into()));
    Expr::from(Func::lower(Expr::col(column))).binary(BinOper::Like, escaped)
}

/// Escapes what LIKE would read as a pattern.
fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
