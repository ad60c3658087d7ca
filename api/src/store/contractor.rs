//! Contractors, and which parts of a project's homes each answers for.

use std::collections::HashMap;

use entity::{
    contractor::{Column, Entity, Model},
    contractor_part as part,
    vocab::WarrantyPart,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// The contractors that exist for the viewer, in the order in which they were entered.
pub fn list(viewer: &Viewer, project_id: Option<Uuid>) -> List<Entity> {
    let narrowed = Condition::all().add_option(project_id.map(|id| Column::ProjectId.eq(id)));
    List::by_id(super::find::<Entity>(viewer).filter(narrowed), Column::Id, |row| row.id)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}

/// Enters a contractor; says whether the project had none of that name.
pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<bool> {
    super::insert_new(Entity, conn, row, [Column::ProjectId, Column::Name]).await
}

/// Whether another contractor of the project has this name.
pub async fn is_named(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let same = Entity::find()
        .filter(Column::ProjectId.eq(row.project_id))
        .filter(Column::Name.eq(&row.name))
        .filter(Column::Id.ne(row.id));
    Ok(same.one(conn).await?.is_some())
}

pub async fn update(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    super::write_back(Entity, conn, row).await
}

/// Makes these parts a contractor's, whoever had them, and takes all others from it.
pub async fn assign(conn: &impl ConnectionTrait, contractor_id: Uuid, parts: Vec<part::Model>) -> Result<()> {
    use part::Column as P;
    let kept: Vec<WarrantyPart> = parts.iter().map(|row| row.part).collect();
    part::Entity::delete_many()
        .filter(P::ContractorId.eq(contractor_id))
        .filter(P::Part.is_not_in(kept))
        .exec(conn)
        .await?;
    if parts.is_empty() {
        return Ok(());
    }
    let rows = parts.into_iter().map(|row| row.into_active_model().reset_all());
    let taken = OnConflict::columns([P::ProjectId, P::Part]).update_column(P::ContractorId).to_owned();
    part::Entity::insert_many(rows).on_conflict(taken).exec_without_returning(conn).await?;
    Ok(())
}

/// The parts that each of these contractors answers for. Callers pass contractors that the viewer sees.
pub async fn parts(
    conn: &impl ConnectionTrait,
    _viewer: &Viewer,
    contractors: &[Uuid],
) -> Result<HashMap<Uuid, Vec<WarrantyPart>>> {
    let rows =
        part::Entity::find().filter(part::Column::ContractorId.is_in(contractors.iter().copied())).all(conn).await?;
    let mut by_contractor: HashMap<Uuid, Vec<WarrantyPart>> = HashMap::new();
    for row in rows {
        by_contractor.entry(row.contractor_id).or_default().push(row.part);
    }
    by_contractor.values_mut().for_each(|parts| parts.sort());
    Ok(by_contractor)
}
