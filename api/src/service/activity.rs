//! Planning an activity, announcing it, calling it off, looking back on it and closing it.

use chrono::{DateTime, Utc};
use entity::{
    activity, activity_invitation, customer_club,
    vocab::{ActivityKind, ActivityStatus},
};
use serde_json::json;
use uuid::Uuid;

use super::{Services, registration};
use crate::{
    auth::viewer::Viewer,
    domain::{activity as rules, text},
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act, db::Tx},
};

const LONGEST_TITLE: usize = 100;
const LONGEST_TEXT: usize = 4000;
const LONGEST_VENUE: usize = 200;
const LONGEST_REASON: usize = 500;
const LONGEST_CLUB_NAME: usize = 40;
const MOST_INVITED: usize = 100;

/// An activity to plan.
#[derive(Clone, Debug)]
pub struct NewActivity {
    pub project_id: Uuid,
    pub kind: ActivityKind,
    pub partner_id: Option<Uuid>,
    pub title: String,
    pub description: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub venue: String,
    pub capacity: i32,
    pub priority_until: Option<DateTime<Utc>>,
}

/// What to change about an activity; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub title: Option<String>,
    pub description: Option<String>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub venue: Option<String>,
    pub capacity: Option<i32>,
    pub priority_until: Option<DateTime<Utc>>,
}

/// Plans an activity. Nobody but staff sees it until it is published.
pub async fn create(services: &Services, viewer: &Viewer, new: NewActivity) -> Result<activity::Model> {
    let now = services.now();
    rules::check_time(new.starts_at, new.ends_at, now)?;
    rules::check_capacity(new.capacity)?;
    let tx = services.db.begin().await?;
    store::company::project(&tx, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    check_partner(&tx, viewer, new.kind, new.partner_id).await?;
    let row = activity::Model {
        id: services.new_id(now),
        project_id: new.project_id,
        partner_id: new.partner_id,
        kind: new.kind,
        title: text::required_line("title", &new.title, LONGEST_TITLE)?,
        description: text::optional("description", new.description.as_deref(), LONGEST_TEXT)?.unwrap_or_default(),
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        venue: text::required_line("venue", &new.venue, LONGEST_VENUE)?,
        capacity: new.capacity,
        status: ActivityStatus::Draft,
        priority_until: new.priority_until,
        last_place: 0,
        cancel_reason: None,
        evaluation: None,
        evaluated_by: None,
        evaluated_at: None,
        created_by: viewer.staff_id(),
        created_at: now,
        updated_at: now,
    };
    check_priority(&row)?;
    store::activity::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// Partners give lectures and nothing else.
async fn check_partner(tx: &Tx, viewer: &Viewer, kind: ActivityKind, partner_id: Option<Uuid>) -> Result<()> {
    let Some(id) = partner_id else { return Ok(()) };
    if kind != ActivityKind::Lecture {
        return Err(Error::fault(FaultCode::Invalid, "partnerId", Message::LecturesOfPartners));
    }
    let found = store::lecture::partners(tx, viewer, &[id]).await?;
    match found.get(&id) {
        Some(partner) if partner.is_active => Ok(()),
        _ => Err(Error::unknown("partnerId")),
    }
}

fn check_priority(row: &activity::Model) -> Result<()> {
    match row.priority_until {
        Some(_) if row.kind != ActivityKind::Lecture => {
            Err(Error::fault(FaultCode::Invalid, "openToAllAt", Message::OnlyLecturesOpenEarly))
        }
        Some(until) if until >= row.starts_at => {
            Err(Error::fault(FaultCode::OutOfRange, "openToAllAt", Message::EverybodyBeforeBegin))
        }
        _ => Ok(()),
    }
}

/// An activity that the viewer organises, held; it must stand as the step needs it.
async fn held(tx: &Tx, viewer: &Viewer, id: Uuid, from: &[ActivityStatus]) -> Result<activity::Model> {
    let row = store::activity::hold(tx, viewer, id).await?.ok_or_else(|| Error::unknown("activityId"))?;
    if from.contains(&row.status) {
        return Ok(row);
    }
    let message = Message::ActivityStands { status: row.status.into() };
    Err(Error::fault(FaultCode::IllegalTransition, "activityId", message))
}

/// Changes an activity that has not begun. More seats go to those who wait.
pub async fn update(services: &Services, viewer: &Viewer, id: Uuid, changes: Changes) -> Result<activity::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let mut row = held(&tx, viewer, id, &[ActivityStatus::Draft, ActivityStatus::Published]).await?;
    if row.status == ActivityStatus::Published && row.starts_at <= now {
        return Err(Error::fault(FaultCode::TooLate, "activityId", Message::ActivityHasBegun));
    }
    apply(&mut row, changes)?;
    rules::check_time(row.starts_at, row.ends_at, now)?;
    rules::check_capacity(row.capacity)?;
    check_priority(&row)?;
    let taken = store::registration::taken(&tx, id).await?;
    if taken > row.capacity.unsigned_abs().into() {
        let message = Message::SeatsTaken { taken: taken.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "capacity", message));
    }
    row.updated_at = now;
    registration::fill_seats(&tx, &row, now).await?;
    finish(tx, row).await
}

fn apply(row: &mut activity::Model, changes: Changes) -> Result<()> {
    if let Some(title) = changes.title {
        row.title = text::required_line("title", &title, LONGEST_TITLE)?;
    }
    if let Some(description) = changes.description {
        row.description = text::optional("description", Some(&description), LONGEST_TEXT)?.unwrap_or_default();
    }
    if let Some(venue) = changes.venue {
        row.venue = text::required_line("venue", &venue, LONGEST_VENUE)?;
    }
    row.starts_at = changes.starts_at.unwrap_or(row.starts_at);
    row.ends_at = changes.ends_at.unwrap_or(row.ends_at);
    row.capacity = changes.capacity.unwrap_or(row.capacity);
    row.priority_until = changes.priority_until.or(row.priority_until);
    Ok(())
}

async fn finish(tx: Tx, row: activity::Model) -> Result<activity::Model> {
    store::activity::save(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// Announces an activity.
pub async fn publish(services: &Services, viewer: &Viewer, id: Uuid) -> Result<activity::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let mut row = held(&tx, viewer, id, &[ActivityStatus::Draft]).await?;
    rules::check_time(row.starts_at, row.ends_at, now)?;
    row.priority_until = row.priority_until.or_else(|| rules::open_to_all_at(row.kind, now, row.starts_at));
    row.status = ActivityStatus::Published;
    row.updated_at = now;
    audit(services, &tx, viewer, &row, "PUBLISH_ACTIVITY").await?;
    finish(tx, row).await
}

/// Calls an activity off. Who registered reads why.
pub async fn cancel(services: &Services, viewer: &Viewer, id: Uuid, reason: &str) -> Result<activity::Model> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let mut row = held(&tx, viewer, id, &[ActivityStatus::Draft, ActivityStatus::Published]).await?;
    if row.ends_at <= now {
        return Err(Error::fault(FaultCode::TooLate, "activityId", Message::ActivityTookPlace));
    }
    row.status = ActivityStatus::Cancelled;
    row.cancel_reason = Some(reason);
    row.updated_at = now;
    audit(services, &tx, viewer, &row, "CANCEL_ACTIVITY").await?;
    finish(tx, row).await
}

/// Writes down how an activity went. Until it is closed, a later word replaces an earlier one.
pub async fn evaluate(services: &Services, viewer: &Viewer, id: Uuid, evaluation: &str) -> Result<activity::Model> {
    let evaluation = text::required("evaluation", evaluation, LONGEST_TEXT)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let mut row = held(&tx, viewer, id, &[ActivityStatus::Published]).await?;
    check_over(&row, now)?;
    row.evaluation = Some(evaluation);
    row.evaluated_by = viewer.staff_id();
    row.evaluated_at = Some(now);
    row.updated_at = now;
    finish(tx, row).await
}

fn check_over(row: &activity::Model, now: DateTime<Utc>) -> Result<()> {
    if row.ends_at <= now {
        Ok(())
    } else {
        Err(Error::fault(FaultCode::TooEarly, "activityId", Message::ActivityNotOver))
    }
}

/// Closes an activity that is over and evaluated.
pub async fn close(services: &Services, viewer: &Viewer, id: Uuid) -> Result<activity::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let mut row = held(&tx, viewer, id, &[ActivityStatus::Published]).await?;
    check_over(&row, now)?;
    if row.evaluation.is_none() {
        let message = Message::EvaluationFirst;
        return Err(Error::fault(FaultCode::Required, "evaluation", message));
    }
    row.status = ActivityStatus::Closed;
    row.updated_at = now;
    audit(services, &tx, viewer, &row, "CLOSE_ACTIVITY").await?;
    finish(tx, row).await
}

async fn audit(services: &Services, tx: &Tx, viewer: &Viewer, row: &activity::Model, action: &str) -> Result<()> {
    let act = Act {
        id: services.new_id(row.updated_at),
        at: row.updated_at,
        action,
        object_type: "Activity",
        object_id: Some(row.id),
        details: Some(json!({ "projectId": row.project_id, "kind": row.kind })),
    };
    store::audit::record(tx, viewer, act).await
}

/// Invites customers. They see the activity from then on, also those who have no home in the project yet.
pub async fn invite(services: &Services, viewer: &Viewer, id: Uuid, owners: &[Uuid]) -> Result<activity::Model> {
    let mut owners = owners.to_vec();
    owners.sort_unstable();
    owners.dedup();
    if owners.is_empty() || owners.len() > MOST_INVITED {
        let message = Message::InviteCount { most: MOST_INVITED.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "ownerIds", message));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    let row = held(&tx, viewer, id, &[ActivityStatus::Published]).await?;
    if row.starts_at <= now {
        return Err(Error::fault(FaultCode::TooLate, "activityId", Message::ActivityHasBegun));
    }
    if store::owner::by_ids(&tx, viewer, &owners).await?.len() != owners.len() {
        return Err(Error::unknown("ownerIds"));
    }
    let invitation =
        |owner_id| activity_invitation::Model { id: services.new_id(now), activity_id: id, owner_id, invited_at: now };
    store::activity::invite(&tx, owners.into_iter().map(invitation).collect()).await?;
    tx.commit().await?;
    Ok(row)
}

/// Names the customer club under which a project's activities run.
pub async fn name_club(services: &Services, viewer: &Viewer, project_id: Uuid, name: &str) -> Result<Uuid> {
    let name = text::required_line("name", name, LONGEST_CLUB_NAME)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    store::company::project(&tx, viewer, project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "NAME_CUSTOMER_CLUB",
        object_type: "Project",
        object_id: Some(project_id),
        details: Some(json!({ "name": name })),
    };
    store::audit::record(&tx, viewer, act).await?;
    store::activity::name_club(&tx, customer_club::Model { project_id, name, updated_at: now }).await?;
    tx.commit().await?;
    Ok(project_id)
}
