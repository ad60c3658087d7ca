//! Booking a handover, by the owner or by whoever serves the household; another time; calling it off.

use chrono::{DateTime, Utc};
use entity::{
    handover, handover_step, unit,
    vocab::{HandoverStatus, HandoverStepKind, NotificationKind, Role},
};
use uuid::Uuid;

use super::{Services, Target, bookable_slot, load, save};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::{
        handover::{Move, is_mandatory},
        text,
    },
    error::{Error, FaultCode, Message, Result},
    service::{
        idempotent::{Claim, Repeatable},
        notification,
    },
    store::{self, db::Tx},
};

const LONGEST_REASON: usize = 500;

/// A handover to book.
#[derive(Clone, Debug)]
pub struct Booking {
    pub unit_id: Uuid,
    pub slot_id: Uuid,
    /// For staff: which of the owners comes.
    pub owner_id: Option<Uuid>,
    pub idempotency_key: Option<String>,
}

/// Books the handover of a home under contract.
pub async fn book(services: &Services, viewer: &Viewer, booking: Booking) -> Result<handover::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let call = Repeatable { key: booking.idempotency_key.as_deref(), operation: "bookHandover" };
    let request = format!("{} {} {:?}", booking.unit_id, booking.slot_id, booking.owner_id);
    if let Claim::Done(id) = call.claim(&tx, viewer, &request, now).await? {
        return store::handover::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("unitId"));
    }
    let handover = insert(services, &tx, viewer, &booking, now).await?;
    call.complete(&tx, viewer, handover.id).await?;
    notification::handover_moved(services, &tx, viewer, &handover, NotificationKind::HandoverBooked).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(handover)
}

async fn insert(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    booking: &Booking,
    now: DateTime<Utc>,
) -> Result<handover::Model> {
    let unit = bookable_unit(tx, viewer, booking.unit_id).await?;
    let owner_id = comer(tx, viewer, booking, &unit).await?;
    let contract = store::handover::contract_to_fulfil(tx, viewer, unit.id).await?.ok_or_else(|| {
        let message = Message::NoContractWaits;
        Error::fault(FaultCode::NotAvailable, "unitId", message)
    })?;
    let slot = bookable_slot(tx, viewer, &unit, booking.slot_id, now).await?;
    take_place(tx, slot.id, now).await?;
    let handover = handover::Model {
        id: services.new_id(now),
        project_id: unit.project_id,
        unit_id: unit.id,
        contract_id: contract.id,
        owner_id,
        slot_id: Some(slot.id),
        accompanied_by: None,
        status: HandoverStatus::Booked,
        version: 1,
        started_at: None,
        completed_at: None,
        completed_on: None,
        cancelled_at: None,
        cancel_reason: None,
        created_at: now,
    };
    if store::handover::add(tx, handover.clone(), checklist(services, handover.id, now)).await? {
        Ok(handover)
    } else {
        Err(Error::fault(FaultCode::Conflict, "unitId", Message::HandoverBookedAlready))
    }
}

/// The home, if the viewer may book its handover.
async fn bookable_unit(tx: &Tx, viewer: &Viewer, unit_id: Uuid) -> Result<unit::Model> {
    let unit = store::unit::by_id(tx, viewer, unit_id).await?.ok_or_else(|| Error::unknown("unitId"))?;
    let may = match viewer.principal {
        Principal::Owner(id) => store::owner::owns(tx, id, unit_id).await?,
        Principal::Staff { id, role: Role::Ambassador, .. } => store::ambassador::answers_for(tx, id, unit_id).await?,
        _ => true,
    };
    if may { Ok(unit) } else { Err(Error::unknown("unitId")) }
}

/// Which of the owners comes: the caller, the one named by staff, or the first of the contract.
async fn comer(tx: &Tx, viewer: &Viewer, booking: &Booking, unit: &unit::Model) -> Result<Uuid> {
    let unknown = || Error::unknown("ownerId");
    match (viewer.owner_id(), booking.owner_id) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(named)) if own == named => Ok(own),
        (Some(_), Some(_)) => Err(unknown()),
        (None, Some(named)) if store::owner::owns(tx, named, unit.id).await? => Ok(named),
        (None, Some(_)) => Err(unknown()),
        (None, None) => {
            let owners = store::handover::present_owners(tx, unit.id).await?;
            owners
                .first()
                .map(|owner| owner.id)
                .ok_or_else(|| Error::fault(FaultCode::NotAvailable, "unitId", Message::NobodyOwnsHome))
        }
    }
}

fn checklist(services: &Services, handover_id: Uuid, now: DateTime<Utc>) -> Vec<handover_step::Model> {
    let step = |kind: &HandoverStepKind| handover_step::Model {
        id: services.new_id(now),
        handover_id,
        kind: *kind,
        is_mandatory: is_mandatory(*kind),
        note: None,
        ticked_by: None,
        ticked_at: None,
    };
    HandoverStepKind::ALL.iter().map(step).collect()
}

async fn take_place(tx: &Tx, slot_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    if store::handover::take_place(tx, slot_id, now).await? {
        Ok(())
    } else {
        Err(Error::fault(FaultCode::NotAvailable, "slotId", Message::NoPlaceLeft))
    }
}

/// Moves a booking to another time.
pub async fn reschedule(
    services: &Services,
    viewer: &Viewer,
    target: Target,
    slot_id: Uuid,
) -> Result<handover::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let handover = load(&tx, viewer, target, Move::Reschedule).await?;
    let left = handover.slot_id;
    if left == Some(slot_id) {
        return Ok(handover);
    }
    let unit = bookable_unit(&tx, viewer, handover.unit_id).await?;
    let slot = bookable_slot(&tx, viewer, &unit, slot_id, now).await?;
    // Two who change places with each other lock the slots in the same order.
    if left.is_some_and(|left| left < slot.id) {
        free_place(&tx, left).await?;
        take_place(&tx, slot.id, now).await?;
    } else {
        take_place(&tx, slot.id, now).await?;
        free_place(&tx, left).await?;
    }
    let handover = save(&tx, handover::Model { slot_id: Some(slot.id), ..handover }).await?;
    notification::handover_moved(services, &tx, viewer, &handover, NotificationKind::HandoverRescheduled).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(handover)
}

async fn free_place(tx: &Tx, slot_id: Option<Uuid>) -> Result<()> {
    match slot_id {
        Some(slot_id) => store::handover::free_place(tx, slot_id).await,
        None => Ok(()),
    }
}

/// Calls a booked handover off; its place is free again.
pub async fn cancel(services: &Services, viewer: &Viewer, target: Target, reason: &str) -> Result<handover::Model> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let handover = load(&tx, viewer, target, Move::Cancel).await?;
    free_place(&tx, handover.slot_id).await?;
    let cancelled = handover::Model { cancelled_at: Some(now), cancel_reason: Some(reason), ..handover };
    let handover = save(&tx, cancelled).await?;
    notification::handover_moved(services, &tx, viewer, &handover, NotificationKind::HandoverCancelled).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(handover)
}
