//! The progress of construction: milestones are planned, and when one is reached, every customer with a contract in its
//! scope is told.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    milestone,
    vocab::{BulletinKind, MilestoneKind},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    bulletin::{self, MOST_AT_ONCE},
    ticket::time_zone,
};
use crate::{
    auth::viewer::Viewer,
    domain::{milestone as rules, text},
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act, customer::Area, db::Tx},
};

const LONGEST_NOTE: usize = 1000;

/// Which milestone of which project or building.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    pub kind: MilestoneKind,
}

/// The place of a milestone: its name, and what day it is there.
struct Site {
    name: String,
    today: NaiveDate,
}

/// Plans a milestone for a day, or moves it to another one.
pub async fn plan(services: &Services, viewer: &Viewer, mark: Mark, planned_on: NaiveDate) -> Result<milestone::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    site(&tx, viewer, mark, now).await?;
    let row =
        milestone::Model { planned_on: Some(planned_on), ..find_or_make(services, &tx, viewer, mark, now).await? };
    write(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// Notes that a milestone was reached and tells every customer concerned, in one transaction and once.
pub async fn reach(
    services: &Services,
    viewer: &Viewer,
    mark: Mark,
    reached_on: Option<NaiveDate>,
    note: Option<&str>,
) -> Result<milestone::Model> {
    let note = text::optional("note", note, LONGEST_NOTE)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let site = site(&tx, viewer, mark, now).await?;
    let reached_on = reached_on.unwrap_or(site.today);
    if reached_on > site.today {
        return Err(Error::fault(FaultCode::OutOfRange, "reachedOn", Message::MilestoneOfToday));
    }
    let notice = rules::notice(mark.kind, &site.name, reached_on, note.clone());
    let row = find_or_make(services, &tx, viewer, mark, now).await?;
    let row = milestone::Model { reached_on: Some(reached_on), note, ..row };
    write(&tx, row.clone()).await?;
    record(services, &tx, viewer, &row, now).await?;
    let area = Area { project_id: mark.project_id, building_id: mark.building_id, unit_id: None };
    let customers = store::customer::buyers_in(&tx, &area, reached_on).await?;
    let written = (area, BulletinKind::Milestone, notice);
    let bulletin = bulletin::publish_written_to(services, &tx, viewer, written, &customers).await?;
    store::milestone::set_bulletin(&tx, row.id, bulletin.id).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(milestone::Model { bulletin_id: Some(bulletin.id), ..row })
}

/// Project and building must exist for the viewer, the one in the other.
async fn site(tx: &Tx, viewer: &Viewer, mark: Mark, now: DateTime<Utc>) -> Result<Site> {
    let project = store::company::project(tx, viewer, mark.project_id).await?;
    let project = project.ok_or_else(|| Error::unknown("projectId"))?;
    let today = now.with_timezone(&time_zone(&project)?).date_naive();
    let Some(id) = mark.building_id else { return Ok(Site { name: project.name, today }) };
    let building = store::company::building(tx, viewer, id).await?.filter(|row| row.project_id == project.id);
    let building = building.ok_or_else(|| Error::unknown("buildingId"))?;
    Ok(Site { name: format!("{} {}", project.name, building.name), today })
}

async fn find_or_make(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    mark: Mark,
    now: DateTime<Utc>,
) -> Result<milestone::Model> {
    let recorded_by = viewer.staff_id().ok_or(Error::Forbidden(Message::OnlyStaffRecordMilestones))?;
    let scope_id = mark.building_id.unwrap_or(mark.project_id);
    let row = milestone::Model {
        id: services.new_id(now),
        project_id: mark.project_id,
        building_id: mark.building_id,
        scope_id,
        kind: mark.kind,
        planned_on: None,
        reached_on: None,
        note: None,
        bulletin_id: None,
        recorded_by,
        created_at: now,
    };
    store::milestone::ensure(tx, row).await?;
    let row = store::milestone::of_scope(tx, scope_id, mark.kind).await?;
    let row = row.ok_or_else(|| Error::internal("a milestone that was just written is not there"))?;
    Ok(milestone::Model { recorded_by, ..row })
}

async fn write(tx: &Tx, row: milestone::Model) -> Result<()> {
    if store::milestone::update_unreached(tx, row).await? {
        return Ok(());
    }
    let message = Message::MilestoneReached;
    Err(Error::fault(FaultCode::IllegalTransition, "kind", message))
}

async fn record(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    row: &milestone::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "REACH_MILESTONE",
        object_type: "Milestone",
        object_id: Some(row.id),
        details: Some(json!({ "kind": row.kind, "reachedOn": row.reached_on })),
    };
    store::audit::record(tx, viewer, act).await
}

/// Tells those whom a milestone of the last three months missed, such as customers whose contract was entered late.
/// Returns how many; nobody is told twice.
pub async fn notify_missed(services: &Services) -> Result<usize> {
    let since = services.now().date_naive() - rules::LOOK_BACK;
    let mut told = 0;
    loop {
        let missed = store::milestone::missed(services.db.reader(), since, MOST_AT_ONCE).await?;
        let delivered = bulletin::catch_up(services, &missed).await?;
        told += delivered;
        if delivered == 0 {
            return Ok(told);
        }
    }
}
