//! Members of staff, their trainings and absences.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    absence,
    staff::{Column, Entity, Model},
    staff_project, ticket, training,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::{
    auth::{
        scope::staff_among,
        viewer::{Principal, Viewer},
    },
    error::Result,
};

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    let rows = Entity::find().filter(staff_among(viewer, ids)).all(conn).await?;
    Ok(rows.into_iter().map(|staff| (staff.id, staff)).collect())
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The same, who stays as they are to the end of the transaction: whoever is given something keeps the right to it until
/// it is theirs, and whoever takes the right away then finds it there.
pub async fn present(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(staff_among(viewer, &[id])).lock_shared().one(conn).await?)
}

/// Keeps these as they are to the end of the transaction.
pub async fn keep_present(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    let rows = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().copied()));
    rows.order_by_asc(Column::Id).lock_shared().into_tuple::<Uuid>().all(conn).await?;
    Ok(())
}

/// Those of these principals who are still what they were when they signed in: no member of staff who has another role or
/// department since, or an account that has ended. Whoever follows a log holds on to what was so at the beginning.
pub async fn unchanged(conn: &impl ConnectionTrait, people: HashSet<Principal>) -> Result<HashSet<Principal>> {
    let id = |person: &Principal| match person {
        Principal::Staff { id, .. } => Some(*id),
        _ => None,
    };
    let ids: Vec<Uuid> = people.iter().filter_map(id).collect();
    if ids.is_empty() {
        return Ok(people);
    }
    let active = Entity::find().filter(Column::Id.is_in(ids)).filter(Column::IsActive.eq(true)).all(conn).await?;
    let now = |row: Model| Principal::Staff { id: row.id, role: row.role, department: row.department };
    let now: HashSet<Principal> = active.into_iter().map(now).collect();
    Ok(people.into_iter().filter(|person| id(person).is_none() || now.contains(person)).collect())
}

/// The member of staff with this login: for signing in only.
pub async fn by_login(conn: &impl ConnectionTrait, login: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Login.eq(login)).one(conn).await?)
}

pub async fn works_for(conn: &impl ConnectionTrait, staff_id: Uuid, project_id: Uuid) -> Result<bool> {
    let pair = Condition::all()
        .add(staff_project::Column::StaffId.eq(staff_id))
        .add(staff_project::Column::ProjectId.eq(project_id));
    Ok(staff_project::Entity::find().filter(pair).count(conn).await? > 0)
}

/// Whether a training of theirs is valid on that day.
pub async fn is_trained(conn: &impl ConnectionTrait, staff_id: Uuid, on: NaiveDate) -> Result<bool> {
    let valid = Condition::all()
        .add(training::Column::StaffId.eq(staff_id))
        .add(training::Column::PassedOn.lte(on))
        .add(training::Column::ValidUntil.gte(on));
    Ok(training::Entity::find().filter(valid).count(conn).await? > 0)
}

pub async fn is_absent(conn: &impl ConnectionTrait, staff_id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let away = absent_at(at).add(absence::Column::StaffId.eq(staff_id));
    Ok(absence::Entity::find().filter(away).count(conn).await? > 0)
}

/// Everyone who is away at this moment.
pub async fn absent_ids(conn: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let mut ids: Vec<Uuid> =
        absence::Entity::find().filter(absent_at(at)).all(conn).await?.into_iter().map(|row| row.staff_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The disabled members of staff in whose hands unfinished tickets still are.
pub async fn gone_with_tickets(conn: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let holders = super::ticket::in_hands().select_only().column(ticket::Column::AssigneeId).into_query();
    let gone = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::IsActive.eq(false))
        .filter(Column::Id.in_subquery(holders))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(gone)
}

/// The unfinished tickets in the hands of somebody who is away or was disabled.
pub(super) fn left_in_hands(at: DateTime<Utc>) -> Select<ticket::Entity> {
    let away = absence::Entity::find().select_only().column(absence::Column::StaffId).filter(absent_at(at));
    let gone = Entity::find().select_only().column(Column::Id).filter(Column::IsActive.eq(false));
    let left = Condition::any()
        .add(ticket::Column::AssigneeId.in_subquery(away.into_query()))
        .add(ticket::Column::AssigneeId.in_subquery(gone.into_query()));
    super::ticket::in_hands().filter(left)
}

fn absent_at(at: DateTime<Utc>) -> Condition {
    Condition::all().add(absence::Column::StartsAt.lte(at)).add(absence::Column::EndsAt.gt(at))
}

pub async fn add_absence(conn: &impl ConnectionTrait, absence: absence::Model) -> Result<()> {
    super::insert(absence::Entity, conn, absence).await
}

pub async fn add_training(conn: &impl ConnectionTrait, training: training::Model) -> Result<()> {
    super::insert(training::Entity, conn, training).await
}
