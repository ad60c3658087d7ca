//! The roster of those who are on call.

use chrono::{DateTime, Utc};
use entity::duty_shift;
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::duty::{WORKS_ON_SITE, check_shift},
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act, db::Tx},
};

/// A shift to plan.
#[derive(Clone, Copy, Debug)]
pub struct NewShift {
    pub project_id: Uuid,
    pub staff_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// Puts somebody on call for a project.
pub async fn plan(services: &Services, viewer: &Viewer, new: NewShift) -> Result<duty_shift::Model> {
    let now = services.now();
    check_shift(new.starts_at, new.ends_at, now)?;
    let tx = services.db.begin().await?;
    store::company::project(&tx, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let staff = store::staff::present(&tx, viewer, new.staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let refuse = |message| Err(Error::fault(FaultCode::NotAvailable, "staffId", message));
    if !staff.is_active || !WORKS_ON_SITE.contains(&staff.role) {
        return refuse(Message::TakesNoTickets);
    }
    if !store::staff::works_for(&tx, staff.id, new.project_id).await? {
        return refuse(Message::NotOfThisProject);
    }
    if store::absence::overlaps(&tx, staff.id, (new.starts_at, new.ends_at)).await? {
        return refuse(Message::StaffIsAwayThen);
    }
    let row = duty_shift::Model {
        id: services.new_id(now),
        project_id: new.project_id,
        staff_id: new.staff_id,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        created_at: now,
    };
    if !store::duty::add(&tx, row.clone()).await? {
        let message = Message::ShiftBeginsThen;
        return Err(Error::fault(FaultCode::NotAvailable, "startsAt", message));
    }
    record(services, &tx, viewer, "PLAN_DUTY_SHIFT", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Takes a shift off the roster that has not begun.
pub async fn cancel(services: &Services, viewer: &Viewer, id: Uuid) -> Result<duty_shift::Model> {
    let tx = services.db.begin().await?;
    let row = store::duty::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("dutyShiftId"))?;
    if !store::duty::remove(&tx, id, services.now()).await? {
        let message = Message::ShiftHasBegun;
        return Err(Error::fault(FaultCode::TooLate, "dutyShiftId", message));
    }
    record(services, &tx, viewer, "CANCEL_DUTY_SHIFT", &row).await?;
    tx.commit().await?;
    Ok(row)
}

async fn record(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &duty_shift::Model) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "DutyShift",
        object_id: Some(row.id),
        details: Some(json!({
            "project": row.project_id, "staff": row.staff_id, "startsAt": row.starts_at, "endsAt": row.ends_at,
        })),
    };
    store::audit::record(tx, viewer, act).await
}
