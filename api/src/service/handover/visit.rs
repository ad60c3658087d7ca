//! The visit: who accompanies the customer, the checklist, and the defects that are found.

use chrono::{DateTime, Utc};
use entity::{
    handover, handover_defect, staff, ticket,
    vocab::{Channel, HandoverStepKind, Role, TicketCategory, TicketKind, Urgency},
};
use uuid::Uuid;

use super::{Services, Target, check_accompanied, load, save};
use crate::{
    auth::viewer::Viewer,
    domain::{
        handover::{LONGEST_NOTE, Move, needs_note},
        text,
        ticket::NewTicket,
    },
    error::{Error, FaultCode, Message, Result},
    service::{
        idempotent::{Claim, Repeatable},
        ticket::{Filing, Report, deadlines, file},
    },
    store::{self, db::Tx},
};

/// Names who accompanies the customer through the visit.
pub async fn accompany(
    services: &Services,
    viewer: &Viewer,
    target: Target,
    staff_id: Uuid,
) -> Result<handover::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let handover = load(&tx, viewer, target, Move::Accompany).await?;
    let staff = store::staff::present(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let at = match handover.slot_id {
        Some(id) => store::handover::slot(&tx, viewer, id).await?.map_or(now, |slot| slot.starts_at.max(now)),
        None => now,
    };
    check_companion(&tx, &handover, &staff, at).await?;
    let handover = save(&tx, handover::Model { accompanied_by: Some(staff_id), ..handover }).await?;
    tx.commit().await?;
    Ok(handover)
}

/// Whoever accompanies a customer sees the household anyway: staff of the project, or its own ambassador.
async fn check_companion(tx: &Tx, handover: &handover::Model, staff: &staff::Model, at: DateTime<Utc>) -> Result<()> {
    let refuse = |message| Err(Error::fault(FaultCode::NotAvailable, "staffId", message));
    let serves_here = match staff.role {
        Role::ServiceAgent | Role::SalesAgent | Role::Manager => {
            store::staff::works_for(tx, staff.id, handover.project_id).await?
        }
        Role::Ambassador => store::ambassador::answers_for(tx, staff.id, handover.unit_id).await?,
        Role::Technician | Role::GroupSupervisor | Role::Auditor | Role::Admin => false,
    };
    if !staff.is_active || !serves_here {
        return refuse(Message::ServesNotHere);
    }
    if store::staff::is_absent(tx, staff.id, at).await? {
        return refuse(Message::StaffIsAwayThen);
    }
    Ok(())
}

/// Begins the visit.
pub async fn start(services: &Services, viewer: &Viewer, target: Target) -> Result<handover::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let handover = load(&tx, viewer, target, Move::Start).await?;
    check_accompanied(&handover)?;
    let handover = save(&tx, handover::Model { started_at: Some(now), ..handover }).await?;
    tx.commit().await?;
    Ok(handover)
}

/// A step of the checklist, and what is said about it.
#[derive(Clone, Debug)]
pub struct Mark {
    pub kind: HandoverStepKind,
    pub is_ticked: bool,
    pub note: Option<String>,
}

/// Ticks a step, or takes the tick away. Ticking again replaces the note.
pub async fn mark(services: &Services, viewer: &Viewer, target: Target, mark: Mark) -> Result<handover::Model> {
    let note = text::optional("note", mark.note.as_deref(), LONGEST_NOTE)?;
    if mark.is_ticked && needs_note(mark.kind) && note.is_none() {
        return Err(Error::fault(FaultCode::Required, "note", Message::WriteMeterReadings));
    }
    let Some(staff_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffTickSteps)) };
    let now = services.now();
    let tx = services.db.begin().await?;
    let handover = load(&tx, viewer, target, Move::Tick).await?;
    // The handover's row comes first: a step can't change while the handover is being completed.
    let handover = save(&tx, handover).await?;
    let ticked = mark.is_ticked.then_some((staff_id, now));
    store::handover::mark_step(&tx, (handover.id, mark.kind), note, ticked).await?;
    tx.commit().await?;
    Ok(handover)
}

/// A defect to write down.
#[derive(Clone, Debug)]
pub struct Defect {
    pub title: String,
    pub description: String,
    pub category: Option<TicketCategory>,
    pub attachment_ids: Vec<Uuid>,
    pub idempotency_key: Option<String>,
}

/// Writes down a defect as a rectification, for the owner who came.
pub async fn record_defect(
    services: &Services,
    viewer: &Viewer,
    target: Target,
    defect: Defect,
) -> Result<ticket::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let call = Repeatable { key: defect.idempotency_key.as_deref(), operation: "recordHandoverDefect" };
    let request = format!("{} {defect:?}", target.handover_id);
    if let Claim::Done(id) = call.claim(&tx, viewer, &request, now).await? {
        return store::ticket::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("handoverId"));
    }
    let handover = load(&tx, viewer, target, Move::FindDefect).await?;
    let handover = save(&tx, handover).await?;
    let place = store::unit::place_of(&tx, viewer, handover.unit_id).await?;
    let place = place.ok_or_else(|| Error::unknown("handoverId"))?;
    let report = report(handover.unit_id, &defect);
    let policy = deadlines(&tx, handover.project_id, report.ticket.kind, report.ticket.urgency).await?;
    let filing = Filing { id: services.new_id(now), place, policy, reporter_owner_id: Some(handover.owner_id) };
    let ticket = file(services, &tx, viewer, &report, filing).await?;
    let link = handover_defect::Model {
        id: services.new_id(now),
        handover_id: handover.id,
        ticket_id: ticket.id,
        created_at: now,
    };
    store::handover::add_defect(&tx, link).await?;
    call.complete(&tx, viewer, ticket.id).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(ticket)
}

fn report(unit_id: Uuid, defect: &Defect) -> Report {
    Report {
        unit_id,
        ticket: NewTicket {
            kind: TicketKind::Rectification,
            urgency: Urgency::Normal,
            category: defect.category,
            channel: Channel::WalkIn,
            title: defect.title.clone(),
            description: defect.description.clone(),
            appointment: None,
            resolve_by: None,
        },
        reporter_id: None,
        attachment_ids: defect.attachment_ids.clone(),
        idempotency_key: None,
    }
}
