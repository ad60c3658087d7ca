//! What managers and administrators do with staff: absences and trainings. Accounts are kept in `staff`.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{absence, staff, training};
use serde_json::json;
use uuid::Uuid;

use super::{Services, ticket};
use crate::{
    auth::viewer::Viewer,
    domain::{text, ticket::SystemNote},
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, audit::Act, db::Tx},
};

const LONGEST_TEXT: usize = 200;

const LONGEST_ABSENCE: TimeDelta = TimeDelta::days(366);

/// A time in which somebody is away.
#[derive(Clone, Debug)]
pub struct NewAbsence {
    pub staff_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub reason: String,
    /// Who answers for their households, and takes over their tickets, meanwhile.
    pub substitute_id: Option<Uuid>,
}

/// Writes down that a member of staff is away. When the time comes, their tickets go to the substitute or back to the
/// queue, and the substitute answers for their households.
pub async fn record_absence(services: &Services, viewer: &Viewer, new: NewAbsence) -> Result<staff::Model> {
    let reason = text::required("reason", &new.reason, LONGEST_TEXT)?;
    let NewAbsence { staff_id, starts_at, ends_at, substitute_id, .. } = new;
    let now = services.now();
    if ends_at <= starts_at || ends_at <= now || ends_at - starts_at > LONGEST_ABSENCE {
        let message = Message::AbsenceSpan;
        return Err(Error::fault(FaultCode::OutOfRange, "endsAt", message));
    }
    let tx = services.db.begin().await?;
    let staff = store::staff::by_id(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    if let Some(substitute_id) = substitute_id {
        check_substitute(&tx, viewer, &staff, substitute_id, (starts_at.max(now), ends_at)).await?;
    }
    let row = absence::Model {
        id: services.new_id(now),
        staff_id,
        starts_at,
        ends_at,
        reason,
        created_at: now,
        substitute_id,
        stands_in: substitute_id.is_some() && starts_at <= now,
    };
    store::staff::add_absence(&tx, row.clone()).await?;
    record_act(services, &tx, viewer, "RECORD_ABSENCE", &row).await?;
    tx.commit().await?;
    if starts_at <= now {
        release(services, &[staff_id], SystemNote::Away).await?;
    }
    Ok(staff)
}

/// A substitute can do what the other can: the same role in all of the other's projects, and present all the time.
async fn check_substitute(
    conn: &impl Conn,
    viewer: &Viewer,
    staff: &staff::Model,
    substitute_id: Uuid,
    period: (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let refuse = |message| Err(Error::fault(FaultCode::NotAvailable, "substituteId", message));
    let substitute = store::staff::present(conn, viewer, substitute_id).await?;
    let substitute = substitute.ok_or_else(|| Error::unknown("substituteId"))?;
    if substitute.id == staff.id || substitute.role != staff.role || !substitute.is_active {
        return refuse(Message::SameRole);
    }
    for project in store::company::projects_of_staff(conn, &Viewer::system(), staff.id).await? {
        if !store::staff::works_for(conn, substitute.id, project.id).await? {
            return refuse(Message::NotOfAllProjects);
        }
    }
    if store::absence::overlaps(conn, substitute.id, period).await? {
        return refuse(Message::StaffIsAwayThen);
    }
    Ok(())
}

/// Ends an absence early: somebody is back, or will not go.
pub async fn end_absence(services: &Services, viewer: &Viewer, id: Uuid) -> Result<absence::Model> {
    let tx = services.db.begin().await?;
    let row = store::absence::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("absenceId"))?;
    if !store::absence::end(&tx, &row, services.now()).await? {
        return Err(Error::fault(FaultCode::TooLate, "absenceId", Message::AbsenceOver));
    }
    record_act(services, &tx, viewer, "END_ABSENCE", &row).await?;
    let row = store::absence::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("absenceId"))?;
    tx.commit().await?;
    Ok(row)
}

async fn record_act(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &absence::Model) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "Absence",
        object_id: Some(row.id),
        details: Some(json!({
            "staff": row.staff_id, "substitute": row.substitute_id, "startsAt": row.starts_at, "endsAt": row.ends_at,
        })),
    };
    store::audit::record(tx, viewer, act).await
}

/// Writes down a training that a member of staff passed.
pub async fn record_training(
    services: &Services,
    viewer: &Viewer,
    staff_id: Uuid,
    topic: &str,
    (passed_on, valid_until): (NaiveDate, NaiveDate),
) -> Result<staff::Model> {
    let topic = text::required_line("topic", topic, LONGEST_TEXT)?;
    if valid_until < passed_on {
        return Err(Error::fault(FaultCode::OutOfRange, "expiresOn", Message::TrainingFromItsDay));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    let staff = store::staff::by_id(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let row = training::Model { id: services.new_id(now), staff_id, topic, passed_on, valid_until, created_at: now };
    store::staff::add_training(&tx, row).await?;
    tx.commit().await?;
    Ok(staff)
}

/// Puts what these members of staff hold back into the queue; says how many tickets that were.
pub async fn release(services: &Services, staff: &[Uuid], why: SystemNote<'_>) -> Result<usize> {
    let mut released = 0;
    for held in store::ticket::in_hands_of(services.db.reader(), staff).await? {
        if let Some(assignee) = held.assignee_id {
            released += usize::from(ticket::return_to_queue(services, held.id, assignee, &why.stored()).await?);
        }
    }
    Ok(released)
}
