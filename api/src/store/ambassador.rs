//! Who answers for which household. At most one at a time, kept so by a unique index.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ambassador_assignment::{ActiveModel, Column, Entity, Model},
    staff,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    error::Result,
};

fn current() -> Condition {
    Condition::all().add(Column::EndedAt.is_null())
}

/// The present ambassador of each of these units.
pub async fn of_units(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    units: &[Uuid],
) -> Result<HashMap<Uuid, staff::Model>> {
    let rows: Vec<(Model, Option<staff::Model>)> = super::find::<Entity>(viewer)
        .filter(current().add(Column::UnitId.is_in(units.iter().copied())))
        .find_also_related(staff::Entity)
        .filter(staff::Entity::scope(viewer))
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(row, staff)| staff.map(|staff| (row.unit_id, staff))).collect())
}

/// Whether a member of staff answers for a unit at this moment.
pub async fn answers_for(conn: &impl ConnectionTrait, staff_id: Uuid, unit_id: Uuid) -> Result<bool> {
    let own = current().add(Column::StaffId.eq(staff_id)).add(Column::UnitId.eq(unit_id));
    Ok(Entity::find().filter(own).count(conn).await? > 0)
}

/// Who answers for these units now, as (unit, staff): for routing events and for imports.
pub async fn current_of_units(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let rows = Entity::find().filter(current().add(Column::UnitId.is_in(units.iter().copied()))).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.staff_id)).collect())
}

/// Takes every household from a member of staff, in one statement: of two who take at once, each household goes to one.
/// Returns the units.
pub async fn end_of_staff(conn: &impl ConnectionTrait, staff_id: Uuid, at: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let row = ActiveModel { ended_at: ActiveValue::Set(Some(at)), ..Default::default() };
    let ended = Entity::update_many()
        .set(row)
        .filter(current().add(Column::StaffId.eq(staff_id)))
        .exec_with_returning(conn)
        .await?;
    Ok(ended.into_iter().map(|row| row.unit_id).collect())
}

/// Ends whatever assignment these units have.
pub async fn end(conn: &impl ConnectionTrait, units: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel { ended_at: ActiveValue::Set(Some(at)), ..Default::default() };
    for chunk in units.chunks(500) {
        Entity::update_many()
            .set(row.clone())
            .filter(current().add(Column::UnitId.is_in(chunk.iter().copied())))
            .exec(conn)
            .await?;
    }
    Ok(())
}

pub async fn add(conn: &impl ConnectionTrait, assignments: Vec<Model>) -> Result<()> {
    for chunk in assignments.chunks(500) {
        let rows = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(conn).await?;
    }
    Ok(())
}

/// Which of these members of staff answer for one of the viewer's own homes.
pub async fn are_mine(conn: &impl ConnectionTrait, viewer: &Viewer, staff: &[Uuid]) -> Result<HashMap<Uuid, bool>> {
    let Some(owner) = viewer.owner_id() else { return Ok(HashMap::new()) };
    let rows = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::Id.is_in(staff.iter().copied()))
        .filter(staff::Column::Id.in_subquery(crate::auth::scope::ambassadors_of(owner)))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|id| (id, true)).collect())
}
