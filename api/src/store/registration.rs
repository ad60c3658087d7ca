//! Who has a seat at an activity, who waits, in which order, and who was reminded. Whoever changes a registration holds its
//! activity (`store::activity::hold`), so that seats and wait list are one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    activity,
    activity_registration::{ActiveModel, Column, Entity, Model},
    vocab::{ActivityStatus, RegistrationStatus},
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// Which registrations a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegistrationFilter {
    pub activity_id: Option<Uuid>,
    pub status: Option<RegistrationStatus>,
    /// Reminded of an activity that has not begun by then.
    pub reminded_at: Option<DateTime<Utc>>,
}

/// The registrations that exist for the viewer, the first made first.
pub fn list(viewer: &Viewer, filter: &RegistrationFilter) -> List<Entity> {
    let all = Condition::all()
        .add_option(filter.activity_id.map(|id| Column::ActivityId.eq(id)))
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.reminded_at.map(reminded));
    List::by_id(super::find::<Entity>(viewer).filter(all), Column::Id, |row| row.id)
}

fn reminded(now: DateTime<Utc>) -> Condition {
    let ahead = activity::Entity::find()
        .select_only()
        .column(activity::Column::Id)
        .filter(activity::Column::StartsAt.gt(now))
        .filter(activity::Column::Status.eq(ActivityStatus::Published))
        .into_query();
    Condition::all()
        .add(Column::RemindedAt.is_not_null())
        .add(Column::Status.eq(RegistrationStatus::Registered))
        .add(Column::ActivityId.in_subquery(ahead))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The viewer's own registrations for these activities.
pub async fn mine(conn: &impl ConnectionTrait, viewer: &Viewer, activities: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    let Some(owner) = viewer.owner_id() else { return Ok(HashMap::new()) };
    let rows = super::find::<Entity>(viewer)
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::ActivityId.is_in(activities.iter().copied()))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.activity_id, row)).collect())
}

/// A customer's registration for an activity that is held.
pub async fn of(tx: &Tx, activity_id: Uuid, owner_id: Uuid) -> Result<Option<Model>> {
    let row = Entity::find().filter(Column::ActivityId.eq(activity_id)).filter(Column::OwnerId.eq(owner_id));
    Ok(row.one(tx).await?)
}

/// The seats and places in lists that a customer holds, for erasing the customer.
pub async fn live_of(tx: &Tx, owner_id: Uuid) -> Result<Vec<Model>> {
    let live = [RegistrationStatus::Registered, RegistrationStatus::Waitlisted];
    let rows = Entity::find().filter(Column::OwnerId.eq(owner_id)).filter(Column::Status.is_in(live));
    Ok(rows.order_by_asc(Column::Id).all(tx).await?)
}

/// How many seats of an activity that is held are taken.
pub async fn taken(tx: &Tx, activity_id: Uuid) -> Result<u64> {
    let seats = Entity::find()
        .filter(Column::ActivityId.eq(activity_id))
        .filter(Column::Status.eq(RegistrationStatus::Registered));
    Ok(seats.count(tx).await?)
}

/// The first in the wait list of an activity that is held.
pub async fn waiting(tx: &Tx, activity_id: Uuid, limit: u64) -> Result<Vec<Model>> {
    let rows = Entity::find()
        .filter(Column::ActivityId.eq(activity_id))
        .filter(Column::Status.eq(RegistrationStatus::Waitlisted))
        .order_by_asc(Column::Place)
        .limit(limit)
        .all(tx)
        .await?;
    Ok(rows)
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    super::insert(Entity, tx, row).await
}

/// Writes back a registration whose activity is held.
pub async fn save(tx: &Tx, row: Model) -> Result<()> {
    super::write_back(Entity, tx, row).await
}

#[derive(FromQueryResult)]
struct Position {
    id: Uuid,
    ahead: i64,
}

/// Where each of these stands in its wait list, from 1. Callers pass registrations that the viewer sees; those before them
/// are counted and not shown.
pub async fn positions(
    conn: &impl ConnectionTrait,
    _viewer: &Viewer,
    registrations: &[Uuid],
) -> Result<HashMap<Uuid, i64>> {
    let (own, other) = (Alias::new("own"), Alias::new("other"));
    let col = |table: &Alias, column: Column| Expr::col((table.clone(), column));
    let mut query = Query::select();
    query
        .expr_as(col(&own, Column::Id), "id")
        .expr_as(col(&other, Column::Id).count(), "ahead")
        .from_as(Entity, own.clone())
        .join_as(
            JoinType::InnerJoin,
            Entity,
            other.clone(),
            Condition::all()
                .add(col(&other, Column::ActivityId).equals((own.clone(), Column::ActivityId)))
                .add(col(&other, Column::Status).eq(RegistrationStatus::Waitlisted))
                .add(col(&other, Column::Place).lte(col(&own, Column::Place))),
        )
        .and_where(col(&own, Column::Id).is_in(registrations.iter().copied()))
        .and_where(col(&own, Column::Status).eq(RegistrationStatus::Waitlisted))
        .group_by_col((own.clone(), Column::Id));
    let rows = Position::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.ahead)).collect())
}

/// Seats at activities that begin by `until` whose holders were not reminded yet.
pub async fn to_be_reminded(
    conn: &impl ConnectionTrait,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    limit: u64,
) -> Result<Vec<Uuid>> {
    let rows = unreminded((now, until))
        .select_only()
        .column(Column::Id)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(rows)
}

pub(super) fn unreminded((now, until): (DateTime<Utc>, DateTime<Utc>)) -> Select<Entity> {
    let soon = activity::Entity::find()
        .select_only()
        .column(activity::Column::Id)
        .filter(activity::Column::Status.eq(ActivityStatus::Published))
        .filter(activity::Column::StartsAt.gt(now))
        .filter(activity::Column::StartsAt.lte(until))
        .into_query();
    Entity::find()
        .filter(Column::Status.eq(RegistrationStatus::Registered))
        .filter(Column::RemindedAt.is_null())
        .filter(Column::ActivityId.in_subquery(soon))
}

/// Writes down that holders of seats were reminded; says how many were not before. Of two servers at once, one counts each.
pub async fn remind(conn: &impl ConnectionTrait, ids: &[Uuid], now: DateTime<Utc>) -> Result<u64> {
    let row = ActiveModel { reminded_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let reminded = Entity::update_many()
        .set(row)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::Status.eq(RegistrationStatus::Registered))
        .filter(Column::RemindedAt.is_null())
        .exec(conn)
        .await?;
    Ok(reminded.rows_affected)
}
