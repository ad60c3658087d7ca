//! Who answers for which household. At most one at a time, kept so by a unique index.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    absence,
    ambassador_assignment::{ActiveModel, Column, Entity, Model},
    staff, unit,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use super::area::Area;
use crate::{
    auth::{
        scope::{Scoped, replaced_by},
        viewer::Viewer,
    },
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

/// Whether a member of staff answers for a unit at this moment, in their own name or in that of somebody who is away.
pub async fn answers_for(conn: &impl ConnectionTrait, staff_id: Uuid, unit_id: Uuid) -> Result<bool> {
    let in_whose_name =
        Condition::any().add(Column::StaffId.eq(staff_id)).add(Column::StaffId.in_subquery(replaced_by(staff_id)));
    let found = Entity::find().filter(current().add(Column::UnitId.eq(unit_id)).add(in_whose_name));
    Ok(found.count(conn).await? > 0)
}

/// Who stands in for the ambassador of each of these units.
pub async fn substitutes(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    units: &[Uuid],
) -> Result<HashMap<Uuid, staff::Model>> {
    let named = super::find::<Entity>(viewer)
        .filter(current().add(Column::UnitId.is_in(units.iter().copied())))
        .all(conn)
        .await?;
    let away = absence::Entity::find()
        .filter(absence::Column::StaffId.is_in(named.iter().map(|row| row.staff_id)))
        .filter(absence::Column::StandsIn.eq(true))
        .order_by_asc(absence::Column::Id)
        .all(conn)
        .await?;
    let substitutes: HashMap<Uuid, Uuid> =
        away.into_iter().filter_map(|row| row.substitute_id.map(|substitute| (row.staff_id, substitute))).collect();
    let ids: Vec<Uuid> = substitutes.values().copied().collect();
    let staff = super::staff::by_ids(conn, viewer, &ids).await?;
    let of_unit = |row: Model| Some((row.unit_id, staff.get(substitutes.get(&row.staff_id)?)?.clone()));
    Ok(named.into_iter().filter_map(of_unit).collect())
}

/// Who answers, and answered, for each of these units, the first one first.
pub async fn history(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    units: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let rows = super::find::<Entity>(viewer)
        .filter(Column::UnitId.is_in(units.iter().copied()))
        .order_by_asc(Column::StartedAt)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let mut by_unit: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in rows {
        by_unit.entry(row.unit_id).or_default().push(row);
    }
    Ok(by_unit)
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

/// Takes the households of an area from a member of staff, in one statement. Returns the units.
pub async fn end_in_area(
    conn: &impl ConnectionTrait,
    staff_id: Uuid,
    area: Area,
    at: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let row = ActiveModel { ended_at: ActiveValue::Set(Some(at)), ..Default::default() };
    let theirs = current().add(Column::StaffId.eq(staff_id)).add(Column::UnitId.in_subquery(area.homes()));
    let ended = Entity::update_many().set(row).filter(theirs).exec_with_returning(conn).await?;
    Ok(ended.into_iter().map(|row| row.unit_id).collect())
}

/// Waits until this transaction is the only one that may give these units to somebody.
pub async fn lock_units(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<()> {
    let rows = unit::Entity::find().filter(unit::Column::Id.is_in(units.iter().copied()));
    rows.order_by_asc(unit::Column::Id).lock_exclusive().all(conn).await?;
    Ok(())
}

/// The homes of an area for which nobody answers.
pub async fn without_ambassador(conn: &impl ConnectionTrait, area: Area) -> Result<Vec<Uuid>> {
    let covered = Entity::find()
        .select_only()
        .column(Column::UnitId)
        .filter(current().add(Column::UnitId.in_subquery(area.homes())))
        .into_query();
    let homes = unit::Entity::find()
        .select_only()
        .column(unit::Column::Id)
        .filter(unit::Column::Id.in_subquery(area.homes()))
        .filter(unit::Column::Id.not_in_subquery(covered))
        .order_by_asc(unit::Column::Id);
    Ok(homes.into_tuple().all(conn).await?)
}

/// Gives households to somebody, except those that somebody else took at the same moment. Says how many.
pub async fn add_to_free(conn: &impl ConnectionTrait, assignments: Vec<Model>) -> Result<usize> {
    let mut added = 0;
    for chunk in assignments.chunks(500) {
        let rows = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        let insert = Entity::insert_many(rows).on_conflict(OnConflict::new().do_nothing().to_owned());
        if let TryInsertResult::Inserted(count) = insert.try_insert().exec_without_returning(conn).await? {
            added += usize::try_from(count).unwrap_or(usize::MAX);
        }
    }
    Ok(added)
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
        super::insert_all(Entity, conn, chunk.iter().cloned()).await?;
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
