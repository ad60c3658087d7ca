//! Handing over homes: times, bookings, checklists, and the defects found.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    contract,
    handover::{Column, Entity, Model},
    handover_defect, handover_slot, handover_step, ownership, ticket, unit,
    vocab::{ContractStatus, HandoverStatus, HandoverStepKind},
};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn slot(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<handover_slot::Model>> {
    super::by_id::<handover_slot::Entity>(conn, viewer, handover_slot::Column::Id, id).await
}

pub async fn slots_by_ids(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, handover_slot::Model>> {
    super::by_ids::<handover_slot::Entity, Uuid>(conn, viewer, handover_slot::Column::Id, ids, |row| row.id).await
}

/// Which slots a list shows.
#[derive(Clone, Copy, Debug)]
pub struct SlotFilter {
    pub project_id: Uuid,
    /// Only those that start at or after this instant.
    pub from: DateTime<Utc>,
    pub is_free: bool,
}

/// The slots of a project, the earliest first.
pub fn slots(viewer: &Viewer, filter: SlotFilter) -> List<handover_slot::Entity> {
    use handover_slot::Column;
    let mut select = super::find::<handover_slot::Entity>(viewer)
        .filter(Column::ProjectId.eq(filter.project_id))
        .filter(Column::StartsAt.gte(filter.from));
    if filter.is_free {
        select = select.filter(Expr::col(Column::BookedCount).lt(Expr::col(Column::Capacity)));
    }
    List::by_instant(select, (Column::StartsAt, Column::Id), |slot| (slot.starts_at, slot.id))
}

/// Which handovers a list shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct HandoverFilter {
    pub project_id: Option<Uuid>,
    pub status: Option<HandoverStatus>,
    pub slot_id: Option<Uuid>,
    pub accompanied_by: Option<Uuid>,
    pub is_accompanied: Option<bool>,
}

/// Handovers in the order in which they were booked.
pub fn list(viewer: &Viewer, filter: HandoverFilter) -> List<Entity> {
    let mut select = super::find::<Entity>(viewer);
    if let Some(project_id) = filter.project_id {
        select = select.filter(Column::ProjectId.eq(project_id));
    }
    if let Some(status) = filter.status {
        select = select.filter(Column::Status.eq(status));
    }
    if let Some(slot_id) = filter.slot_id {
        select = select.filter(Column::SlotId.eq(slot_id));
    }
    if let Some(staff_id) = filter.accompanied_by {
        select = select.filter(Column::AccompaniedBy.eq(staff_id));
    }
    match filter.is_accompanied {
        Some(true) => select = select.filter(Column::AccompaniedBy.is_not_null()),
        Some(false) => select = select.filter(Column::AccompaniedBy.is_null()),
        None => {}
    }
    List::by_id(select, Column::Id, |handover| handover.id)
}

/// The last handover of each of these units that was not cancelled.
pub async fn of_units(conn: &impl ConnectionTrait, viewer: &Viewer, units: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    let rows = super::find::<Entity>(viewer)
        .filter(Column::UnitId.is_in(units.iter().copied()))
        .filter(Column::Status.ne(HandoverStatus::Cancelled))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row)).collect())
}

/// The checklists of these handovers, each in the order in which it was made.
pub async fn steps(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    handovers: &[Uuid],
) -> Result<HashMap<Uuid, Vec<handover_step::Model>>> {
    let rows = super::find::<handover_step::Entity>(viewer)
        .filter(handover_step::Column::HandoverId.is_in(handovers.iter().copied()))
        .order_by_asc(handover_step::Column::Id)
        .all(conn)
        .await?;
    let mut by_handover: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        by_handover.entry(row.handover_id).or_default().push(row);
    }
    Ok(by_handover)
}

/// The visible tickets of the defects found at these handovers, the first found first.
pub async fn defects(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    handovers: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ticket::Model>>> {
    use handover_defect::Column;
    let found = super::find::<handover_defect::Entity>(viewer)
        .filter(Column::HandoverId.is_in(handovers.iter().copied()))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = found.iter().map(|defect| defect.ticket_id).collect();
    let mut tickets = super::ticket::by_ids(conn, viewer, &ids).await?;
    let mut by_handover: HashMap<Uuid, Vec<_>> = HashMap::new();
    for defect in found {
        by_handover.entry(defect.handover_id).or_default().extend(tickets.remove(&defect.ticket_id));
    }
    Ok(by_handover)
}

pub async fn add_slots(conn: &impl ConnectionTrait, slots: Vec<handover_slot::Model>) -> Result<()> {
    super::insert_all(handover_slot::Entity, conn, slots).await
}

/// Takes a place in a slot that still lies ahead; false when none is left. Of two who ask for the last one, one gets it.
pub async fn take_place(conn: &impl ConnectionTrait, slot_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    use handover_slot::Column;
    let taken = handover_slot::Entity::update_many()
        .col_expr(Column::BookedCount, Expr::col(Column::BookedCount).add(1))
        .filter(Column::Id.eq(slot_id))
        .filter(Column::StartsAt.gt(now))
        .filter(Expr::col(Column::BookedCount).lt(Expr::col(Column::Capacity)))
        .exec(conn)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Gives a place back.
pub async fn free_place(conn: &impl ConnectionTrait, slot_id: Uuid) -> Result<()> {
    use handover_slot::Column;
    handover_slot::Entity::update_many()
        .col_expr(Column::BookedCount, Expr::col(Column::BookedCount).sub(1))
        .filter(Column::Id.eq(slot_id))
        .filter(Column::BookedCount.gt(0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Books a handover with its checklist; false when the home has one already.
pub async fn add(conn: &impl ConnectionTrait, handover: Model, steps: Vec<handover_step::Model>) -> Result<bool> {
    if !super::insert_new(Entity, conn, handover, []).await? {
        return Ok(false);
    }
    super::insert_all(handover_step::Entity, conn, steps).await?;
    Ok(true)
}

/// Writes a handover back if nobody else has since `version`; says whether it did.
pub async fn update(conn: &impl ConnectionTrait, handover: Model, version: i32) -> Result<bool> {
    super::write_back_if(Entity, conn, handover, Column::Version.eq(version)).await
}

/// Ticks a step, or takes the tick away.
pub async fn mark_step(
    conn: &impl ConnectionTrait,
    (handover_id, kind): (Uuid, HandoverStepKind),
    note: Option<String>,
    ticked: Option<(Uuid, DateTime<Utc>)>,
) -> Result<()> {
    let row = handover_step::ActiveModel {
        note: ActiveValue::Set(note),
        ticked_by: ActiveValue::Set(ticked.map(|(by, _)| by)),
        ticked_at: ActiveValue::Set(ticked.map(|(_, at)| at)),
        ..Default::default()
    };
    handover_step::Entity::update_many()
        .set(row)
        .filter(handover_step::Column::HandoverId.eq(handover_id))
        .filter(handover_step::Column::Kind.eq(kind))
        .exec(conn)
        .await?;
    Ok(())
}

pub async fn add_defect(conn: &impl ConnectionTrait, defect: handover_defect::Model) -> Result<()> {
    super::insert(handover_defect::Entity, conn, defect).await
}

/// The signed contract by which a unit is to be handed over.
pub async fn contract_to_fulfil(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    unit_id: Uuid,
) -> Result<Option<contract::Model>> {
    let found = super::find::<contract::Entity>(viewer)
        .filter(contract::Column::UnitId.eq(unit_id))
        .filter(contract::Column::Status.eq(ContractStatus::Signed))
        .order_by_desc(contract::Column::Id)
        .one(conn)
        .await?;
    Ok(found)
}

/// Writes the day of the handover on the contract and the unit; false when the contract is not there to be fulfilled.
pub async fn fulfil(conn: &impl ConnectionTrait, handover: &Model, on: NaiveDate) -> Result<bool> {
    let fulfilled = contract::ActiveModel {
        status: ActiveValue::Set(ContractStatus::HandedOver),
        handed_over_on: ActiveValue::Set(Some(on)),
        ..Default::default()
    };
    let done = contract::Entity::update_many()
        .set(fulfilled)
        .filter(contract::Column::Id.eq(handover.contract_id))
        .filter(contract::Column::Status.eq(ContractStatus::Signed))
        .exec(conn)
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    let home = unit::ActiveModel { handed_over_on: ActiveValue::Set(Some(on)), ..Default::default() };
    unit::Entity::update_many().set(home).filter(unit::Column::Id.eq(handover.unit_id)).exec(conn).await?;
    Ok(true)
}

/// Everyone who owns a unit at present, whoever asks: what completes a handover concerns them all.
pub async fn present_owners(conn: &impl ConnectionTrait, unit_id: Uuid) -> Result<Vec<entity::owner::Model>> {
    let rows = ownership::Entity::find()
        .filter(ownership::Column::UnitId.eq(unit_id))
        .filter(ownership::Column::EndedOn.is_null())
        .find_also_related(entity::owner::Entity)
        .order_by_asc(ownership::Column::Position)
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(_, owner)| owner).collect())
}
