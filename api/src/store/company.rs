//! Projects and buildings.

use std::collections::HashMap;

use entity::{building, project, staff_project};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result};

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
