//! Activities: lists, and the rows that one use case at a time may change.

use chrono::{DateTime, Utc};
use entity::{
    activity::{Column, Entity, Model},
    activity_invitation, activity_registration, customer_club,
    vocab::{ActivityKind, ActivityStatus, RegistrationStatus},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use std::collections::HashMap;
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// Which activities a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActivityFilter {
    pub kinds: Vec<ActivityKind>,
    pub statuses: Vec<ActivityStatus>,
    pub project_id: Option<Uuid>,
    pub starts_from: Option<DateTime<Utc>>,
    pub starts_to: Option<DateTime<Utc>>,
    /// Over, and neither evaluated nor called off.
    pub to_be_evaluated_at: Option<DateTime<Utc>>,
    /// The viewer holds a seat or waits for one.
    pub registered: bool,
}

/// The activities that exist for the viewer, the earliest first.
pub fn list(viewer: &Viewer, filter: &ActivityFilter) -> List<Entity> {
    let mut all = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.starts_from.map(|at| Column::StartsAt.gte(at)))
        .add_option(filter.starts_to.map(|at| Column::StartsAt.lt(at)))
        .add_option(filter.to_be_evaluated_at.map(unevaluated));
    if !filter.kinds.is_empty() {
        all = all.add(Column::Kind.is_in(filter.kinds.iter().copied()));
    }
    if !filter.statuses.is_empty() {
        all = all.add(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    if filter.registered {
        all = all.add(Column::Id.in_subquery(registered_for(viewer)));
    }
    let select = super::find::<Entity>(viewer).filter(all);
    List::by_instant(select, (Column::StartsAt, Column::Id), |row| (row.starts_at, row.id))
}

fn unevaluated(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::Status.eq(ActivityStatus::Published))
        .add(Column::EndsAt.lte(now))
        .add(Column::EvaluatedAt.is_null())
}

fn registered_for(viewer: &Viewer) -> sea_orm::sea_query::SelectStatement {
    use activity_registration::{Column, Entity};
    Entity::find()
        .select_only()
        .column(Column::ActivityId)
        // Nobody but an owner registers; for everybody else the list is empty.
        .filter(Column::OwnerId.eq(viewer.owner_id().unwrap_or_default()))
        .filter(Column::Status.ne(RegistrationStatus::Cancelled))
        .into_query()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}

/// The activity, held until the transaction ends: whoever else wants to change it or its registrations waits, and then sees
/// what was done. The first lock that a use case takes.
pub async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    Ok(super::find::<Entity>(viewer).filter(Column::Id.eq(id)).lock_exclusive().one(tx).await?)
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    super::insert(Entity, tx, row).await
}

/// Writes back an activity that is held.
pub async fn save(tx: &Tx, row: Model) -> Result<()> {
    super::write_back(Entity, tx, row).await
}

/// Writes down who is invited. Who is already stays so.
pub async fn invite(tx: &Tx, rows: Vec<activity_invitation::Model>) -> Result<()> {
    use activity_invitation::{Column, Entity};
    if rows.is_empty() {
        return Ok(());
    }
    let once = OnConflict::columns([Column::ActivityId, Column::OwnerId]).do_nothing().to_owned();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    Entity::insert_many(rows).on_conflict(once).try_insert().exec_without_returning(tx).await?;
    Ok(())
}

/// Who is invited to an activity, as far as the viewer sees them: the first invited first.
pub fn invitations(viewer: &Viewer, activity_id: Uuid) -> List<activity_invitation::Entity> {
    use activity_invitation::{Column, Entity};
    let select = super::find::<Entity>(viewer).filter(Column::ActivityId.eq(activity_id));
    List::by_id(select, Column::Id, |row| row.id)
}

/// The viewer's own invitations to these activities.
pub async fn invited(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    activities: &[Uuid],
) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    use activity_invitation::{Column, Entity};
    let Some(owner) = viewer.owner_id() else { return Ok(HashMap::new()) };
    let rows = super::find::<Entity>(viewer)
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::ActivityId.is_in(activities.iter().copied()))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.activity_id, row.invited_at)).collect())
}

#[derive(FromQueryResult)]
struct SeatCount {
    activity_id: Uuid,
    seats: i64,
}

/// How many hold a seat at each of these activities. Callers pass activities that the viewer sees.
pub async fn seats(conn: &impl ConnectionTrait, _viewer: &Viewer, activities: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use activity_registration::{Column, Entity};
    let counts = Entity::find()
        .select_only()
        .column(Column::ActivityId)
        .column_as(Column::Id.count(), "seats")
        .filter(Column::ActivityId.is_in(activities.iter().copied()))
        .filter(Column::Status.eq(RegistrationStatus::Registered))
        .group_by(Column::ActivityId)
        .into_model::<SeatCount>()
        .all(conn)
        .await?;
    Ok(counts.into_iter().map(|count| (count.activity_id, count.seats)).collect())
}

/// What these projects call their customer clubs.
pub async fn club_names(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, String>> {
    use customer_club::{Column, Entity};
    let rows =
        super::find::<Entity>(viewer).filter(Column::ProjectId.is_in(projects.iter().copied())).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.project_id, row.name)).collect())
}

/// Names a project's customer club.
pub async fn name_club(tx: &Tx, row: customer_club::Model) -> Result<()> {
    use customer_club::{Column, Entity};
    let renamed = OnConflict::column(Column::ProjectId).update_columns([Column::Name, Column::UpdatedAt]).to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(renamed).exec_without_returning(tx).await?;
    Ok(())
}

/// Activities within a period for a calendar: the earliest first, at most so many.
pub async fn calendar(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u64,
) -> Result<Vec<Model>> {
    use sea_orm::QueryOrder;
    let statuses = [ActivityStatus::Published, ActivityStatus::Closed, ActivityStatus::Cancelled];
    let rows = super::find::<Entity>(viewer)
        .filter(Column::StartsAt.gte(from))
        .filter(Column::StartsAt.lt(to))
        .filter(Column::Status.is_in(statuses))
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows)
}
