//! Handing over homes (T4.1): times, bookings, and the visit itself up to its completion.

mod booking;
mod completion;
mod slot;
mod visit;

use chrono::{DateTime, Utc};
use entity::{handover, vocab::Role};
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::handover::{self as rules, IllegalMove, Move},
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, db::Tx},
};

pub use booking::{Booking, book, cancel, reschedule};
pub use completion::complete;
pub use slot::{NewSlot, create_slots};
pub use visit::{Defect, Mark, accompany, mark, record_defect, start};

/// Which handover a call is about, and the version that the caller saw.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub handover_id: Uuid,
    pub expected_version: Option<i32>,
}

/// The handover that a call is about, if this step exists where it stands.
async fn load(tx: &Tx, viewer: &Viewer, target: Target, wanted: Move) -> Result<handover::Model> {
    let found = store::handover::by_id(tx, viewer, target.handover_id).await?;
    let mut handover = found.ok_or_else(|| Error::unknown("handoverId"))?;
    allow(tx, viewer, &handover, wanted).await?;
    if target.expected_version.is_some_and(|version| version != handover.version) {
        return Err(Error::conflict());
    }
    handover.status = rules::after(handover.status, wanted).map_err(refused)?;
    Ok(handover)
}

fn refused(illegal: IllegalMove) -> Error {
    let message = Message::HandoverStep { step: format!("{:?}", illegal.wanted), status: illegal.from.into() };
    Error::fault(FaultCode::IllegalTransition, "handoverId", message)
}

/// Who may take a step on a handover they see. The visit is conducted by whoever accompanies it, and by those who
/// dispatch in the project.
async fn allow(conn: &impl Conn, viewer: &Viewer, handover: &handover::Model, wanted: Move) -> Result<()> {
    let is_about_the_booking = matches!(wanted, Move::Reschedule | Move::Cancel);
    let may = match viewer.principal {
        Principal::Owner(id) => is_about_the_booking && store::owner::owns(conn, id, handover.unit_id).await?,
        Principal::Staff { role: Role::ServiceAgent | Role::Manager, .. } => true,
        Principal::Staff { id, role: Role::Ambassador, .. } => {
            wanted != Move::Accompany && store::ambassador::answers_for(conn, id, handover.unit_id).await?
        }
        Principal::Staff { id, role: Role::SalesAgent, .. } => {
            !is_about_the_booking && wanted != Move::Accompany && handover.accompanied_by == Some(id)
        }
        _ => false,
    };
    if may { Ok(()) } else { Err(Error::Forbidden(Message::HandoverNotYours)) }
}

/// Nobody is left to go through a visit alone, or to sign at its end: who accompanied it stays on record.
fn check_accompanied(handover: &handover::Model) -> Result<()> {
    match handover.accompanied_by {
        Some(_) => Ok(()),
        None => Err(Error::fault(FaultCode::NotAvailable, "handoverId", Message::NobodyAccompanies)),
    }
}

/// Writes a handover back, one version later, unless somebody was faster.
async fn save(tx: &Tx, handover: handover::Model) -> Result<handover::Model> {
    let version = handover.version;
    let next = handover::Model { version: version + 1, ..handover };
    if store::handover::update(tx, next.clone(), version).await? { Ok(next) } else { Err(Error::conflict()) }
}

/// A slot that the viewer may book for a home: of its project and, where the slot is for one building, of its building.
async fn bookable_slot(
    tx: &Tx,
    viewer: &Viewer,
    unit: &entity::unit::Model,
    slot_id: Uuid,
    now: DateTime<Utc>,
) -> Result<entity::handover_slot::Model> {
    let slot = store::handover::slot(tx, viewer, slot_id).await?.ok_or_else(|| Error::unknown("slotId"))?;
    if slot.project_id != unit.project_id {
        return Err(Error::unknown("slotId"));
    }
    if slot.building_id.is_some_and(|building| building != unit.building_id) {
        return Err(Error::fault(FaultCode::NotAvailable, "slotId", Message::SlotOfAnotherBuilding));
    }
    if slot.starts_at <= now {
        return Err(Error::fault(FaultCode::InThePast, "slotId", Message::SlotHasBegun));
    }
    Ok(slot)
}
