//! The times at which homes are handed over.

use chrono::{DateTime, Utc};
use entity::handover_slot;
use uuid::Uuid;

use super::super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::handover as rules,
    error::{Error, Fault, FaultCode, Message, Result},
    store,
};

/// The most times in one call.
const MOST_SLOTS: usize = 100;

/// A time to be offered.
#[derive(Clone, Copy, Debug)]
pub struct NewSlot {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub capacity: i32,
}

/// Offers times of a project, or of one of its buildings.
pub async fn create_slots(
    services: &Services,
    viewer: &Viewer,
    (project_id, building_id): (Uuid, Option<Uuid>),
    slots: &[NewSlot],
) -> Result<Vec<handover_slot::Model>> {
    let now = services.now();
    check(slots, now)?;
    let tx = services.db.begin().await?;
    store::company::project(&tx, viewer, project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    if let Some(id) = building_id {
        let building = store::company::building(&tx, viewer, id).await?;
        building.filter(|row| row.project_id == project_id).ok_or_else(|| Error::unknown("buildingId"))?;
    }
    let rows: Vec<_> = slots
        .iter()
        .map(|slot| handover_slot::Model {
            id: services.new_id(now),
            project_id,
            building_id,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            capacity: slot.capacity,
            booked_count: 0,
            created_at: now,
        })
        .collect();
    store::handover::add_slots(&tx, rows.clone()).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Each slot's fault is named by its place in the list.
fn check(slots: &[NewSlot], now: DateTime<Utc>) -> Result<()> {
    if slots.is_empty() || slots.len() > MOST_SLOTS {
        return Err(Error::fault(FaultCode::OutOfRange, "slots", Message::SlotCount { most: MOST_SLOTS.into() }));
    }
    let judged = slots.iter().map(|slot| rules::check_slot((slot.starts_at, slot.ends_at), slot.capacity, now));
    let faults: Vec<Fault> = judged
        .enumerate()
        .filter_map(|(place, outcome)| {
            let fault = Fault::from(outcome.err()?);
            Some(Fault { field: fault.field.map(|field| format!("slots.{place}.{field}")), ..fault })
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
