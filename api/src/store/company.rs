//! Projects and buildings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{building, project, staff_project};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::LockType,
};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{
    auth::viewer::Viewer,
    error::{Error, Result},
};

pub async fn projects(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, project::Model>> {
    super::by_ids::<project::Entity, Uuid>(conn, viewer, project::Column::Id, ids, |row| row.id).await
}

pub async fn project(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<project::Model>> {
    super::by_id::<project::Entity>(conn, viewer, project::Column::Id, id).await
}

/// The projects that exist for the viewer, the first known first; if so asked, those with a text in code or name.
pub fn list(viewer: &Viewer, search: Option<&str>) -> List<project::Entity> {
    use project::{Column, Entity};
    let found = search.map(|text| {
        let in_code = super::contains((Entity, Column::Code), text);
        Condition::any().add(in_code).add(super::contains((Entity, Column::Name), text))
    });
    let narrowed = Condition::all().add_option(found);
    List::by_id(super::find::<Entity>(viewer).filter(narrowed), Column::Id, |row| row.id)
}

/// Makes changes of projects go one after the other, and after a ledger that is loaded. Everybody reads meanwhile. On SQLite
/// the transaction itself does so.
pub async fn lock_projects(tx: &Tx) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE projects IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// A project that nobody else changes, or counts by, before the transaction ends.
pub async fn hold_project(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Option<project::Model>> {
    let row = super::find::<project::Entity>(viewer).filter(project::Column::Id.eq(id));
    Ok(row.lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// The time zone of a project, which stays so to the end of the transaction.
pub async fn time_zone_held(tx: &Tx, id: Uuid) -> Result<Option<String>> {
    Ok(project::Entity::find_by_id(id).lock_shared().one(tx).await?.map(|row| row.time_zone))
}

pub async fn insert_project(tx: &Tx, row: project::Model) -> Result<()> {
    super::insert(project::Entity, tx, row).await
}

pub async fn update_project(tx: &Tx, row: project::Model) -> Result<()> {
    super::write_back(project::Entity, tx, row).await
}

/// Every project, for jobs.
pub async fn every_project(conn: &impl ConnectionTrait) -> Result<Vec<project::Model>> {
    Ok(project::Entity::find().order_by_asc(project::Column::Id).all(conn).await?)
}

pub async fn building(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<building::Model>> {
    super::by_id::<building::Entity>(conn, viewer, building::Column::Id, id).await
}

/// The visible buildings with these ids.
pub async fn buildings(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, building::Model>> {
    super::by_ids::<building::Entity, Uuid>(conn, viewer, building::Column::Id, ids, |row| row.id).await
}

/// The projects a member of staff works for, as far as the viewer sees them.
pub async fn projects_of_staff(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    staff_id: Uuid,
) -> Result<Vec<project::Model>> {
    let own = staff_project::Entity::find()
        .select_only()
        .column(staff_project::Column::ProjectId)
        .filter(staff_project::Column::StaffId.eq(staff_id))
        .into_query();
    let rows = super::find::<project::Entity>(viewer)
        .filter(project::Column::Id.in_subquery(own))
        .order_by_asc(project::Column::Code)
        .all(conn)
        .await?;
    Ok(rows)
}

/// The same of many, in one statement: those in the order of their codes.
pub async fn projects_by_staff(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    staff: &[Uuid],
) -> Result<HashMap<Uuid, Vec<project::Model>>> {
    use project::{Column, Entity};
    let members = Entity::belongs_to(staff_project::Entity).from(Column::Id).to(staff_project::Column::ProjectId);
    let rows = super::find::<Entity>(viewer)
        .join(JoinType::InnerJoin, members.into())
        .filter(staff_project::Column::StaffId.is_in(staff.iter().copied()))
        .order_by_asc(Column::Code)
        .select_only()
        .column(staff_project::Column::StaffId)
        .columns([Column::Id, Column::Code, Column::Name, Column::TimeZone, Column::CreatedAt])
        .into_tuple::<(Uuid, Uuid, String, String, String, DateTime<Utc>)>()
        .all(conn)
        .await?;
    let mut by_staff: HashMap<Uuid, Vec<project::Model>> = HashMap::new();
    for (staff_id, id, code, name, time_zone, created_at) in rows {
        by_staff.entry(staff_id).or_default().push(project::Model { id, code, name, time_zone, created_at });
    }
    Ok(by_staff)
}

/// The building of a project that has this name, made with this row if there is none yet. Of two who ask at once one
/// makes it, and both get the same.
pub async fn building_named(conn: &impl ConnectionTrait, row: building::Model) -> Result<building::Model> {
    use building::{Column, Entity};
    let (project_id, name) = (row.project_id, row.name.clone());
    super::insert_new(Entity, conn, row, [Column::ProjectId, Column::Name]).await?;
    let found = Entity::find().filter(Column::ProjectId.eq(project_id)).filter(Column::Name.eq(name)).one(conn).await?;
    found.ok_or_else(|| Error::internal("a building is neither there nor made"))
}

/// The time zones in which projects stand.
pub async fn time_zones(conn: &impl ConnectionTrait) -> Result<Vec<String>> {
    use project::{Column, Entity};
    Ok(Entity::find().select_only().column(Column::TimeZone).distinct().into_tuple::<String>().all(conn).await?)
}
