//! Projects and buildings.

use std::collections::HashMap;

use entity::{building, project, staff_project};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

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

/// The building of a project that has this name, made with this row if there is none yet. Of two who ask at once one
/// makes it, and both get the same.
pub async fn building_named(conn: &impl ConnectionTrait, row: building::Model) -> Result<building::Model> {
    use building::{Column, Entity};
    let (project_id, name) = (row.project_id, row.name.clone());
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::columns([Column::ProjectId, Column::Name]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(conn)
        .await?;
    let found = Entity::find().filter(Column::ProjectId.eq(project_id)).filter(Column::Name.eq(name)).one(conn).await?;
    found.ok_or_else(|| Error::internal("a building is neither there nor made"))
}

/// The time zones in which projects stand.
pub async fn time_zones(conn: &impl ConnectionTrait) -> Result<Vec<String>> {
    use project::{Column, Entity};
    Ok(Entity::find().select_only().column(Column::TimeZone).distinct().into_tuple::<String>().all(conn).await?)
}
