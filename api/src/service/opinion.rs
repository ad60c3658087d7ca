//! What visitors say at open days and other activities, who answers it, and the answer.

use entity::{
    activity, activity_opinion,
    vocab::{ActivityStatus, Department, RegistrationStatus, Role},
};
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::{activity as rules, text},
    error::{Error, FaultCode, Message, Result},
    store::{self, db::Tx},
};

const LONGEST: usize = 2000;

/// An opinion to write down.
#[derive(Clone, Debug)]
pub struct NewOpinion {
    pub activity_id: Uuid,
    /// Whose; staff may leave it out when the visitor gave no name.
    pub owner_id: Option<Uuid>,
    pub body: String,
    pub department: Option<Department>,
}

/// Writes down what a visitor said: the visitor, or a member of staff who listened.
pub async fn record(services: &Services, viewer: &Viewer, new: NewOpinion) -> Result<activity_opinion::Model> {
    let body = text::required("body", &new.body, LONGEST)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let activity = store::activity::by_id(&tx, viewer, new.activity_id).await?;
    let activity = activity.ok_or_else(|| Error::unknown("activityId"))?;
    if !matches!(activity.status, ActivityStatus::Published | ActivityStatus::Closed) || activity.starts_at > now {
        return Err(Error::fault(FaultCode::TooEarly, "activityId", Message::ActivityNotBegun));
    }
    let owner_id = visitor(&tx, viewer, &activity, new.owner_id).await?;
    let department = new.department.filter(|_| viewer.staff_id().is_some());
    let row = activity_opinion::Model {
        id: services.new_id(now),
        activity_id: activity.id,
        project_id: activity.project_id,
        owner_id,
        body,
        responsible_department: department.unwrap_or_else(|| rules::answering_department(activity.kind)),
        answer: None,
        answered_by: None,
        answered_at: None,
        recorded_by: viewer.staff_id(),
        created_at: now,
    };
    store::opinion::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// Owners speak as visitors: they held a seat. Staff name any customer whom they see, or nobody.
async fn visitor(tx: &Tx, viewer: &Viewer, activity: &activity::Model, owner_id: Option<Uuid>) -> Result<Option<Uuid>> {
    if let Some(own) = viewer.owner_id() {
        if owner_id.is_some_and(|named| named != own) {
            return Err(Error::unknown("ownerId"));
        }
        let registered = store::registration::of(tx, activity.id, own).await?;
        if registered.is_none_or(|row| row.status != RegistrationStatus::Registered) {
            let message = Message::OnlyThoseWithASeat;
            return Err(Error::fault(FaultCode::NotAvailable, "activityId", message));
        }
        return Ok(Some(own));
    }
    let Some(named) = owner_id else { return Ok(None) };
    let owner = store::owner::by_id(tx, viewer, named).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    Ok(Some(owner.id))
}

/// Answers a visitor: once, by the department that is responsible or by a manager.
pub async fn answer(services: &Services, viewer: &Viewer, id: Uuid, answer: &str) -> Result<activity_opinion::Model> {
    let answer = text::required("answer", answer, LONGEST)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let opinion = theirs(&tx, viewer, id).await?;
    let Some(staff_id) = viewer.staff_id() else { return Err(NOT_YOURS) };
    if !store::opinion::answer(&tx, opinion.id, &answer, staff_id, now).await? {
        return Err(answered());
    }
    finish(tx, viewer, id).await
}

/// Gives an opinion to the department that can answer it.
pub async fn assign(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    department: Department,
) -> Result<activity_opinion::Model> {
    let tx = services.db.begin().await?;
    let opinion = theirs(&tx, viewer, id).await?;
    if !store::opinion::assign(&tx, opinion.id, department).await? {
        return Err(answered());
    }
    finish(tx, viewer, id).await
}

const NOT_YOURS: Error = Error::Forbidden(Message::AnotherDepartmentAnswers);

async fn theirs(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<activity_opinion::Model> {
    let opinion = store::opinion::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("opinionId"))?;
    let is_theirs = viewer.role() == Some(Role::Manager) || viewer.department() == Some(opinion.responsible_department);
    if is_theirs { Ok(opinion) } else { Err(NOT_YOURS) }
}

fn answered() -> Error {
    Error::fault(FaultCode::Conflict, "opinionId", Message::OpinionAnswered)
}

async fn finish(tx: Tx, viewer: &Viewer, id: Uuid) -> Result<activity_opinion::Model> {
    let row = store::opinion::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("opinionId"))?;
    tx.commit().await?;
    Ok(row)
}
