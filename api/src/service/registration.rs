//! Seats and wait lists of activities: registering, cancelling, moving up, being there, being reminded. Everyone who changes
//! them holds the activity first, so that no seat is given twice and every place in the list is one person's.

use chrono::{DateTime, Utc};
use entity::{
    activity, activity_registration, owner,
    vocab::{ActivityStatus, RegistrationStatus},
};
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::activity as rules,
    error::{Error, FaultCode, Message, Result},
    store::{self, db::Tx},
};

/// How many who wait are moved up in one statement.
const BATCH: u64 = 100;

/// Registers a customer: oneself, or a customer whom the member of staff serves. Once registered one stays so, however
/// often it is called. Without a free seat one waits at the end of the list, also who cancelled before.
pub async fn register(
    services: &Services,
    viewer: &Viewer,
    activity_id: Uuid,
    owner_id: Option<Uuid>,
) -> Result<activity_registration::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let owner = customer(&tx, viewer, owner_id).await?;
    let mut activity = held(&tx, viewer, activity_id, "activityId").await?;
    let before = store::registration::of(&tx, activity.id, owner.id).await?;
    if let Some(row) = before.as_ref().filter(|row| row.status != RegistrationStatus::Cancelled) {
        return Ok(row.clone());
    }
    rules::check_registration(owner.stage, (activity.starts_at, activity.priority_until), now)?;
    activity.last_place += 1;
    let taken = store::registration::taken(&tx, activity.id).await?;
    let row = activity_registration::Model {
        id: before.as_ref().map_or_else(|| services.new_id(now), |row| row.id),
        activity_id: activity.id,
        owner_id: owner.id,
        status: rules::seat(activity.capacity, taken),
        place: activity.last_place,
        attended_at: None,
        promoted_at: None,
        reminded_at: None,
        created_at: before.as_ref().map_or(now, |row| row.created_at),
        updated_at: now,
    };
    if before.is_some() {
        store::registration::save(&tx, row.clone()).await?;
    } else {
        store::registration::insert(&tx, row.clone()).await?;
    }
    store::activity::save(&tx, activity).await?;
    tx.commit().await?;
    Ok(row)
}

/// Whom a call is for: owners speak for themselves, staff name a customer whom they see.
async fn customer(tx: &Tx, viewer: &Viewer, owner_id: Option<Uuid>) -> Result<owner::Model> {
    let id = match (viewer.owner_id(), owner_id) {
        (Some(own), None) => own,
        (Some(own), Some(named)) if own == named => own,
        (Some(_), Some(_)) => return Err(Error::unknown("ownerId")),
        (None, Some(named)) => named,
        (None, None) => {
            return Err(Error::fault(FaultCode::Required, "ownerId", Message::ForWhichCustomer));
        }
    };
    store::owner::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("ownerId"))
}

async fn held(tx: &Tx, viewer: &Viewer, activity_id: Uuid, field: &str) -> Result<activity::Model> {
    let row = store::activity::hold(tx, viewer, activity_id).await?.ok_or_else(|| Error::unknown(field))?;
    if row.status == ActivityStatus::Published {
        Ok(row)
    } else {
        let message = Message::RegistrationNotOpen;
        Err(Error::fault(FaultCode::NotAvailable, field, message))
    }
}

/// A registration and its activity, which is held: the registration is read again once nobody else can change it.
async fn held_with(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<(activity::Model, activity_registration::Model)> {
    let unknown = || Error::unknown("registrationId");
    let row = store::registration::by_id(tx, viewer, id).await?.ok_or_else(unknown)?;
    let activity = held(tx, viewer, row.activity_id, "registrationId").await?;
    let row = store::registration::by_id(tx, viewer, id).await?.ok_or_else(unknown)?;
    Ok((activity, row))
}

/// Gives a seat or a place in the list up. A seat goes to the first who waits.
pub async fn cancel(services: &Services, viewer: &Viewer, id: Uuid) -> Result<activity_registration::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let (activity, mut row) = held_with(&tx, viewer, id).await?;
    if row.status == RegistrationStatus::Cancelled {
        return Ok(row);
    }
    if activity.starts_at <= now {
        return Err(Error::fault(FaultCode::TooLate, "registrationId", Message::ActivityHasBegun));
    }
    row.status = RegistrationStatus::Cancelled;
    row.updated_at = now;
    store::registration::save(&tx, row.clone()).await?;
    fill_seats(&tx, &activity, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// Gives up every seat and place in a list of somebody who is no customer any more, as part of another use case.
pub(super) async fn give_up_all(tx: &Tx, owner_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    for found in store::registration::live_of(tx, owner_id).await? {
        let held = store::activity::hold(tx, &Viewer::system(), found.activity_id).await?;
        let ahead = held.filter(|row| row.status == ActivityStatus::Published && row.starts_at > now);
        let Some(activity) = ahead else { continue };
        let Some(mut row) = store::registration::of(tx, activity.id, owner_id).await? else { continue };
        row.status = RegistrationStatus::Cancelled;
        row.updated_at = now;
        store::registration::save(tx, row).await?;
        fill_seats(tx, &activity, now).await?;
    }
    Ok(())
}

/// Gives free seats of an activity that is held to those who wait, the first first.
pub(super) async fn fill_seats(tx: &Tx, activity: &activity::Model, now: DateTime<Utc>) -> Result<()> {
    loop {
        let taken = store::registration::taken(tx, activity.id).await?;
        let free = rules::free(activity.capacity, taken).min(BATCH);
        let moving_up =
            if free == 0 { Vec::new() } else { store::registration::waiting(tx, activity.id, free).await? };
        if moving_up.is_empty() {
            return Ok(());
        }
        for mut row in moving_up {
            row.status = RegistrationStatus::Registered;
            row.promoted_at = Some(now);
            row.updated_at = now;
            store::registration::save(tx, row).await?;
        }
    }
}

/// Writes down that somebody came, or that it was an error to say so.
pub async fn record_attendance(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    attended: bool,
) -> Result<activity_registration::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let (activity, mut row) = held_with(&tx, viewer, id).await?;
    if row.status == RegistrationStatus::Cancelled {
        return Err(Error::fault(FaultCode::NotAvailable, "registrationId", Message::RegistrationCancelled));
    }
    if now < activity.starts_at - ADMISSION {
        return Err(Error::fault(FaultCode::TooEarly, "registrationId", Message::NobodyThereYet));
    }
    row.attended_at = attended.then(|| row.attended_at.unwrap_or(now));
    row.updated_at = now;
    store::registration::save(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// How long before the start people are let in.
const ADMISSION: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// Reminds the holders of seats of what begins within a day, each once. Returns how many.
pub async fn remind(services: &Services) -> Result<usize> {
    let now = services.now();
    let mut reminded = 0;
    loop {
        let soon = (now, now + rules::REMINDED_BEFORE);
        let ids = store::registration::to_be_reminded(services.db.reader(), soon, BATCH).await?;
        if ids.is_empty() {
            return Ok(reminded);
        }
        let done = store::registration::remind(services.db.writer(), &ids, now).await?;
        reminded += usize::try_from(done).unwrap_or(usize::MAX);
    }
}
