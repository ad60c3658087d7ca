//! Visits by appointment (T2.2): booked, checked in, attended to, ended; and how long customers waited.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    appointment::Model,
    vocab::{AppointmentKind, AppointmentStatus},
};
use uuid::Uuid;

use super::{
    Services,
    idempotent::{Claim, Repeatable},
    ticket::time_zone,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::{
        appointment::{VisitStep, Waits, step},
        calendar::start_of_day,
        invalid::Invalid,
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, appointment::Period},
};

/// How far ahead visits are agreed.
const FARTHEST: TimeDelta = TimeDelta::days(366);
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(366);

/// A visit to agree.
#[derive(Clone, Debug)]
pub struct NewVisit {
    pub project_id: Uuid,
    /// For staff: who comes.
    pub owner_id: Option<Uuid>,
    pub contract_id: Option<Uuid>,
    pub kind: AppointmentKind,
    /// Left out by staff for somebody who has come without an appointment.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// Who will attend to the customer.
    pub staff_id: Option<Uuid>,
    pub idempotency_key: Option<String>,
}

async fn reload(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<Model> {
    store::appointment::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("appointmentId"))
}

/// Agrees a visit.
pub async fn book(services: &Services, viewer: &Viewer, new: NewVisit) -> Result<Model> {
    let now = services.now();
    let scheduled_at = scheduled(viewer, &new, now)?;
    let tx = services.db.begin().await?;
    let call = Repeatable { key: new.idempotency_key.as_deref(), operation: "bookAppointment" };
    if let Claim::Done(id) = call.claim(&tx, viewer, &format!("{new:?}"), now).await? {
        return reload(&tx, viewer, id).await;
    }
    store::company::project(&tx, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let owner_id = visitor(&tx, viewer, &new).await?;
    if let Some(contract_id) = new.contract_id {
        check_contract(&tx, viewer, &new, contract_id, owner_id).await?;
    }
    if let Some(staff_id) = new.staff_id {
        check_host(&tx, viewer, staff_id, new.project_id).await?;
    }
    let row = Model {
        id: services.new_id(now),
        project_id: new.project_id,
        owner_id,
        contract_id: new.contract_id,
        kind: new.kind,
        status: AppointmentStatus::Booked,
        staff_id: new.staff_id,
        scheduled_at,
        checked_in_at: None,
        started_at: None,
        ended_at: None,
        created_at: now,
    };
    store::appointment::insert(&tx, row.clone()).await?;
    call.complete(&tx, viewer, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

fn scheduled(viewer: &Viewer, new: &NewVisit, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let at = match new.scheduled_at {
        Some(at) => at,
        None if viewer.staff_id().is_some() => now,
        None => return Err(Invalid::required("scheduledAt").into()),
    };
    if at < now {
        return Err(Error::fault(FaultCode::InThePast, "scheduledAt", Message::VisitAhead));
    }
    if at - now > FARTHEST {
        return Err(Error::fault(FaultCode::OutOfRange, "scheduledAt", Message::VisitWithinAYear));
    }
    Ok(at)
}

/// Who comes: owners themselves, and whoever staff name.
async fn visitor(conn: &impl Conn, viewer: &Viewer, new: &NewVisit) -> Result<Uuid> {
    match (viewer.principal, new.owner_id) {
        (Principal::Owner(own), None) => Ok(own),
        (Principal::Owner(own), Some(named)) if own == named => Ok(own),
        (_, None) => Err(Invalid::required("ownerId").into()),
        (_, Some(named)) => {
            let owner = store::owner::by_id(conn, viewer, named).await?;
            owner.map(|owner| owner.id).ok_or_else(|| Error::unknown("ownerId"))
        }
    }
}

/// The contract to be signed is one of this customer in this project.
async fn check_contract(
    conn: &impl Conn,
    viewer: &Viewer,
    new: &NewVisit,
    contract_id: Uuid,
    owner_id: Uuid,
) -> Result<()> {
    let contract = store::contract::by_id(conn, viewer, contract_id).await?;
    let contract = contract.filter(|contract| contract.project_id == new.project_id);
    let contract = contract.ok_or_else(|| Error::unknown("contractId"))?;
    let buyers = store::contract::buyers_of(conn, &contract).await?;
    if buyers.iter().any(|buyer| buyer.id == owner_id) { Ok(()) } else { Err(Error::unknown("contractId")) }
}

async fn check_host(conn: &impl Conn, viewer: &Viewer, staff_id: Uuid, project_id: Uuid) -> Result<()> {
    let staff = store::staff::present(conn, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    if !staff.is_active || !store::staff::works_for(conn, staff_id, project_id).await? {
        let message = Message::NotOfTheProject;
        return Err(Error::fault(FaultCode::NotAvailable, "staffId", message));
    }
    Ok(())
}

/// Takes a visit one step further.
pub async fn advance(services: &Services, viewer: &Viewer, id: Uuid, way: VisitStep) -> Result<Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let before = reload(&tx, viewer, id).await?;
    let Some(status) = step(before.status, way) else {
        return Err(Error::fault(FaultCode::IllegalTransition, "appointmentId", refusal(before.status)));
    };
    if way == VisitStep::MarkNoShow && now < before.scheduled_at {
        return Err(Error::fault(FaultCode::TooEarly, "appointmentId", Message::VisitorMayCome));
    }
    let mut after = Model { status, ..before.clone() };
    match way {
        VisitStep::CheckIn => after.checked_in_at = Some(now),
        VisitStep::Start => {
            after.started_at = Some(now);
            after.staff_id = after.staff_id.or(viewer.staff_id());
        }
        VisitStep::End => after.ended_at = Some(now),
        VisitStep::Cancel | VisitStep::MarkNoShow => {}
    }
    if !store::appointment::update(&tx, after.clone(), before.status).await? {
        let message = Message::FasterLoadAgain;
        return Err(Error::fault(FaultCode::Conflict, "appointmentId", message));
    }
    tx.commit().await?;
    Ok(after)
}

fn refusal(status: AppointmentStatus) -> Message {
    match status {
        AppointmentStatus::Booked => Message::NotCheckedIn,
        AppointmentStatus::CheckedIn => Message::CustomerWaits,
        AppointmentStatus::InService => Message::CustomerInService,
        AppointmentStatus::Done | AppointmentStatus::Cancelled | AppointmentStatus::NoShow => Message::VisitOver,
    }
}

/// How long customers of a project waited who checked in on these days, both included, as the project counts days.
/// None for a project that the viewer does not see.
pub async fn waiting_times(
    services: &Services,
    viewer: &Viewer,
    (project_id, kind): (Uuid, Option<AppointmentKind>),
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Option<(Waits, usize)>> {
    if to < from || to - from > LONGEST_PERIOD {
        return Err(Error::fault(FaultCode::OutOfRange, "to", Message::PeriodOfAYear));
    }
    let conn = services.db.reader();
    let Some(project) = store::company::project(conn, viewer, project_id).await? else { return Ok(None) };
    let zone = time_zone(&project)?;
    let after = to.succ_opt().ok_or_else(|| Error::fault(FaultCode::OutOfRange, "to", Message::DayTooFarAway))?;
    let period = Period { project_id, kind, from: start_of_day(zone, from), to: start_of_day(zone, after) };
    let visits = store::appointment::waits(conn, viewer, &period).await?;
    let unattended = visits.iter().filter(|(_, started)| started.is_none()).count();
    let waits = Waits::of(visits.into_iter().filter_map(|(arrived, started)| Some((arrived, started?))));
    Ok(Some((waits, unattended)))
}
