//! The company's projects, as administrators keep them. Buildings and homes come with the ledger.

use entity::project;
use serde_json::json;
use uuid::Uuid;

use super::{Services, record};
use crate::{
    auth::viewer::Viewer,
    domain::project as rules,
    error::{Error, FaultCode, Message, Result},
    store::{self, db::Tx, figure::frozen},
};

/// A project to enter.
#[derive(Clone, Debug)]
pub struct NewProject {
    pub code: String,
    pub name: String,
    pub time_zone: String,
}

/// What is to change about a project; what is `None` stays. Its code never changes: ticket numbers begin with it.
#[derive(Clone, Debug, Default)]
pub struct ProjectChange {
    pub name: Option<String>,
    pub time_zone: Option<String>,
}

/// Enters a project.
pub async fn create(services: &Services, viewer: &Viewer, new: NewProject) -> Result<project::Model> {
    let now = services.now();
    let row = project::Model {
        id: services.new_id(now),
        code: rules::code(&new.code)?,
        name: rules::name(&new.name)?,
        time_zone: rules::time_zone(&new.time_zone)?.name().to_owned(),
        created_at: now,
    };
    let tx = services.db.begin().await?;
    store::company::lock_projects(&tx).await?;
    check_names(&tx, &row).await?;
    store::company::insert_project(&tx, row.clone()).await?;
    note(services, &tx, viewer, "CREATE_PROJECT", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Changes a project's name, or the clock by which its days are counted.
pub async fn update(services: &Services, viewer: &Viewer, id: Uuid, change: ProjectChange) -> Result<project::Model> {
    let name = change.name.as_deref().map(rules::name).transpose()?;
    let time_zone = change.time_zone.as_deref().map(rules::time_zone).transpose()?;
    let tx = services.db.begin().await?;
    store::company::lock_projects(&tx).await?;
    let before = store::company::hold_project(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let row = project::Model {
        name: name.unwrap_or_else(|| before.name.clone()),
        time_zone: time_zone.map_or_else(|| before.time_zone.clone(), |zone| zone.name().to_owned()),
        ..before.clone()
    };
    check_names(&tx, &row).await?;
    // By another clock, what happened around midnight on the last day of a month would be counted twice, or never.
    if row.time_zone != before.time_zone && frozen::has_closed(&tx, id).await? {
        return Err(Error::fault(FaultCode::NotAvailable, "timeZone", Message::MonthsAreClosed));
    }
    store::company::update_project(&tx, row.clone()).await?;
    note(services, &tx, viewer, "UPDATE_PROJECT", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Codes and names are what ledgers, rosters and people know a project by.
async fn check_names(tx: &Tx, row: &project::Model) -> Result<()> {
    let taken = |field, message| Err(Error::fault(FaultCode::Conflict, field, message));
    for other in store::company::every_project(tx).await?.iter().filter(|other| other.id != row.id) {
        if other.code == row.code {
            return taken("code", Message::ProjectCodeTaken);
        }
        if rules::is_same_name(&other.name, &row.name) {
            return taken("name", Message::ProjectNameTaken);
        }
    }
    Ok(())
}

async fn note(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &project::Model) -> Result<()> {
    let details = json!({ "code": row.code, "name": row.name, "timeZone": row.time_zone });
    record(services, tx, viewer, (action, "Project", row.id), details).await
}
