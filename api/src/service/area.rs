//! Areas that change hands: at once or at an instant, and what becomes of them when the time has come.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{ambassador_assignment, area_duty, area_transfer, staff, vocab::Role};
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{
        self, Conn,
        area::{Area, Outcome},
        audit::Act,
        db::Tx,
    },
};

const LONGEST_REASON: usize = 500;
const FURTHEST: TimeDelta = TimeDelta::days(366);

/// Why a planned transfer was not carried out.
pub const GONE: &str = "The successor no longer answers for households of this project.";

/// An area to hand over.
#[derive(Clone, Debug)]
pub struct NewTransfer {
    pub area: Area,
    pub from: Uuid,
    pub to: Uuid,
    /// None: at once.
    pub effective_at: Option<DateTime<Utc>>,
    pub reason: String,
}

/// Hands the households and buildings of an area from one ambassador to another, at once or at an instant.
pub async fn transfer(services: &Services, viewer: &Viewer, new: NewTransfer) -> Result<area_transfer::Model> {
    let Some(created_by) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffHandOverAreas)) };
    let reason = text::required("reason", &new.reason, LONGEST_REASON)?;
    let now = services.now();
    let effective_at = effective(new.effective_at, now)?;
    let tx = services.db.begin().await?;
    check_area(&tx, viewer, new.area).await?;
    store::staff::by_id(&tx, viewer, new.from).await?.ok_or_else(|| Error::unknown("fromStaffId"))?;
    let successor = store::staff::present(&tx, viewer, new.to).await?.ok_or_else(|| Error::unknown("toStaffId"))?;
    if new.from == new.to || !answers_in(&tx, &successor, new.area.project_id).await? {
        let message = Message::AnotherAmbassadorOfThisProject;
        return Err(Error::fault(FaultCode::NotAvailable, "toStaffId", message));
    }
    if effective_at == now && store::staff::is_absent(&tx, new.to, now).await? {
        return Err(Error::fault(FaultCode::NotAvailable, "toStaffId", Message::AmbassadorIsAway));
    }
    let row = area_transfer::Model {
        id: services.new_id(now),
        project_id: new.area.project_id,
        building_id: new.area.building_id,
        from_staff_id: new.from,
        to_staff_id: new.to,
        effective_at,
        reason,
        applied_at: None,
        household_count: None,
        cancelled_at: None,
        failed_because: None,
        created_by,
        created_at: now,
    };
    store::area::add_transfer(&tx, row.clone()).await?;
    record(services, &tx, viewer, "TRANSFER_AREA", &row).await?;
    if effective_at == now {
        carry_out(services, &tx, &row, now).await?;
    }
    let row = reload(&tx, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

fn effective(asked: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    match asked {
        None => Ok(now),
        Some(at) if at < now => Err(Error::fault(FaultCode::InThePast, "effectiveAt", Message::NotThePast)),
        Some(at) if at - now > FURTHEST => Err(Error::fault(FaultCode::OutOfRange, "effectiveAt", Message::AYearAhead)),
        Some(at) => Ok(at),
    }
}

/// An area that exists for the viewer. Managers see their own projects only.
async fn check_area(conn: &impl Conn, viewer: &Viewer, area: Area) -> Result<()> {
    store::company::project(conn, viewer, area.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let Some(id) = area.building_id else { return Ok(()) };
    let building = store::company::building(conn, viewer, id).await?;
    let within = building.filter(|building| building.project_id == area.project_id);
    within.map(|_| ()).ok_or_else(|| Error::unknown("buildingId"))
}

/// Whether somebody is an active ambassador of a project.
pub(super) async fn answers_in(conn: &impl Conn, staff: &staff::Model, project_id: Uuid) -> Result<bool> {
    let may = staff.role == Role::Ambassador && staff.is_active;
    Ok(may && store::staff::works_for(conn, staff.id, project_id).await?)
}

/// Calls a planned transfer off.
pub async fn cancel(services: &Services, viewer: &Viewer, id: Uuid) -> Result<area_transfer::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let row = store::area::transfer(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("areaTransferId"))?;
    if !store::area::decide(&tx, id, Outcome::Cancelled(now)).await? {
        let message = Message::TransferDone;
        return Err(Error::fault(FaultCode::IllegalTransition, "areaTransferId", message));
    }
    record(services, &tx, viewer, "CANCEL_AREA_TRANSFER", &row).await?;
    let row = reload(&tx, id).await?;
    tx.commit().await?;
    Ok(row)
}

/// Carries out a transfer whose time has come. Nothing, when another server or a person was faster. Says whether it
/// decided anything.
pub async fn carry_out_due(services: &Services, id: Uuid) -> Result<bool> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let row = reload(&tx, id).await?;
    let successor = store::staff::present(&tx, &Viewer::system(), row.to_staff_id).await?;
    let is_there = match successor {
        Some(successor) => answers_in(&tx, &successor, row.project_id).await?,
        None => false,
    };
    let decided = if is_there {
        carry_out(services, &tx, &row, now).await?
    } else {
        store::area::decide(&tx, id, Outcome::Failed(GONE)).await?
    };
    if decided {
        record(services, &tx, &Viewer::system(), "APPLY_AREA_TRANSFER", &row).await?;
        tx.commit().await?;
    }
    Ok(decided)
}

/// Moves households and buildings, inside the caller's transaction. Says whether the transfer was still waiting.
async fn carry_out(services: &Services, tx: &Tx, row: &area_transfer::Model, now: DateTime<Utc>) -> Result<bool> {
    if !store::area::decide(tx, row.id, Outcome::Applied(now)).await? {
        return Ok(false);
    }
    let area = Area { project_id: row.project_id, building_id: row.building_id };
    let units = store::ambassador::end_in_area(tx, row.from_staff_id, area, now).await?;
    give(services, tx, &units, row.to_staff_id, now).await?;
    for duty in store::area::end_duties(tx, row.from_staff_id, area, now).await? {
        let successor = area_duty::Model {
            id: services.new_id(now),
            staff_id: row.to_staff_id,
            started_at: now,
            ended_at: None,
            ..duty
        };
        store::area::begin_duty(tx, successor).await?;
    }
    store::area::count_moved(tx, row.id, i32::try_from(units.len()).unwrap_or(i32::MAX)).await?;
    Ok(true)
}

/// Gives free households to somebody, all or none.
pub(super) async fn give(services: &Services, tx: &Tx, units: &[Uuid], to: Uuid, now: DateTime<Utc>) -> Result<()> {
    let added = store::ambassador::add_to_free(tx, assignments(services, units, to, now)).await?;
    if added == units.len() {
        return Ok(());
    }
    Err(Error::fault(FaultCode::Conflict, "unitIds", Message::GivenAwayMeanwhile))
}

/// New assignments of these households.
pub(super) fn assignments(
    services: &Services,
    units: &[Uuid],
    to: Uuid,
    now: DateTime<Utc>,
) -> Vec<ambassador_assignment::Model> {
    let row = |unit_id: &Uuid| ambassador_assignment::Model {
        id: services.new_id(now),
        unit_id: *unit_id,
        staff_id: to,
        started_at: now,
        ended_at: None,
    };
    units.iter().map(row).collect()
}

async fn reload(conn: &impl Conn, id: Uuid) -> Result<area_transfer::Model> {
    let row = store::area::transfer(conn, &Viewer::system(), id).await?;
    row.ok_or_else(|| Error::internal("a transfer went away"))
}

async fn record(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &area_transfer::Model) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "AreaTransfer",
        object_id: Some(row.id),
        details: Some(json!({
            "project": row.project_id, "building": row.building_id,
            "from": row.from_staff_id, "to": row.to_staff_id, "effectiveAt": row.effective_at,
        })),
    };
    store::audit::record(tx, viewer, act).await
}
