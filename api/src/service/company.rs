//! What managers and administrators do with staff: absences, trainings, leaving.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{absence, staff, training};
use serde_json::json;
use uuid::Uuid;

use super::{Services, ticket};
use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Result},
    store::{self, audit::Act},
};

const LONGEST_TEXT: usize = 200;

/// Why a ticket is back in the queue. It becomes the event's note, which owners read.
pub const AWAY: &str = "处理人请假";
pub const LEFT: &str = "处理人已离职";
const LONGEST_ABSENCE: TimeDelta = TimeDelta::days(366);

/// Writes down that a member of staff is away. Their tickets go back to the queue when the time comes.
pub async fn record_absence(
    services: &Services,
    viewer: &Viewer,
    staff_id: Uuid,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    reason: &str,
) -> Result<staff::Model> {
    let reason = text::required("reason", reason, LONGEST_TEXT)?;
    let now = services.now();
    if ends_at <= starts_at || ends_at <= now || ends_at - starts_at > LONGEST_ABSENCE {
        let message = "An absence ends after it starts, in the future, and within a year.";
        return Err(Error::fault(FaultCode::OutOfRange, "endsAt", message));
    }
    let tx = services.db.begin().await?;
    let staff = store::staff::by_id(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let row = absence::Model {
        id: services.new_id(now),
        staff_id,
        starts_at,
        ends_at,
        reason,
        created_at: now,
        substitute_id: None,
    };
    store::staff::add_absence(&tx, row).await?;
    tx.commit().await?;
    if starts_at <= now {
        release(services, &[staff_id], AWAY).await?;
    }
    Ok(staff)
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
        return Err(Error::fault(
            FaultCode::OutOfRange,
            "expiresOn",
            "A training is valid from the day it was passed.",
        ));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    let staff = store::staff::by_id(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let row = training::Model { id: services.new_id(now), staff_id, topic, passed_on, valid_until, created_at: now };
    store::staff::add_training(&tx, row).await?;
    tx.commit().await?;
    Ok(staff)
}

/// Ends a member of staff's account: no new session, the open ones end, the tickets go back to the queue.
pub async fn disable_staff(services: &Services, viewer: &Viewer, staff_id: Uuid) -> Result<staff::Model> {
    if viewer.staff_id() == Some(staff_id) {
        return Err(Error::fault(FaultCode::NotAvailable, "staffId", "Nobody disables their own account."));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    store::staff::by_id(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    store::staff::disable(&tx, staff_id, now).await?;
    let sessions = store::session::end_all(&tx, staff_id, "the account was disabled", now).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "DISABLE_STAFF",
        object_type: "Staff",
        object_id: Some(staff_id),
        details: Some(json!({ "sessionsEnded": sessions })),
    };
    store::audit::record(&tx, viewer, act).await?;
    let staff = store::staff::by_id(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    tx.commit().await?;
    services.hub.end_principal(staff_id);
    release(services, &[staff_id], LEFT).await?;
    Ok(staff)
}

/// Puts what these members of staff hold back into the queue; says how many tickets that were.
pub async fn release(services: &Services, staff: &[Uuid], reason: &str) -> Result<usize> {
    let mut released = 0;
    for held in store::ticket::in_hands_of(services.db.reader(), staff).await? {
        if let Some(assignee) = held.assignee_id {
            released += usize::from(ticket::return_to_queue(services, held.id, assignee, reason).await?);
        }
    }
    Ok(released)
}
