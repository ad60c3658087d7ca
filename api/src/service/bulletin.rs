//! Publishing bulletins and reading them. A bulletin and its deliveries are one transaction, so whoever was to have it
//! when it came out has it.

use chrono::{DateTime, Utc};
use entity::{bulletin, bulletin_delivery, vocab::BulletinKind};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    idempotent::{Claim, Repeatable},
    notification,
};
use crate::{
    auth::viewer::Viewer,
    domain::{
        bulletin::{NEWS_FOR, Notice},
        text,
    },
    error::{Error, FaultCode, Message, Result},
    language::{self, DEFAULT, Text},
    store::{self, Conn, audit::Act, bulletin::Missed, customer::Area, db::Tx},
};

const LONGEST_TITLE: usize = 120;
const LONGEST_BODY: usize = 4000;

/// How many who were missed are told in one go.
pub(super) const MOST_AT_ONCE: u64 = 500;

/// A bulletin to publish: to a project, to one of its buildings, or to one home.
#[derive(Clone, Debug)]
pub struct NewBulletin {
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub kind: BulletinKind,
    pub title: String,
    pub body: String,
    pub is_emergency: bool,
}

impl NewBulletin {
    fn area(&self) -> Area {
        Area { project_id: self.project_id, building_id: self.building_id, unit_id: self.unit_id }
    }
}

/// Publishes inside the caller's transaction to everyone who owns a home in the bulletin's area. The last thing to do in
/// it but for rows of one's own; call `services.hub.committed()` after the commit.
pub async fn publish_within(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    new: NewBulletin,
) -> Result<bulletin::Model> {
    let recipients = store::customer::owners_in(tx, &new.area()).await?;
    publish_to(services, tx, viewer, (new, None), &recipients).await
}

/// The same of what the house writes by itself.
pub async fn publish_written(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (area, kind, notice): (Area, BulletinKind, Notice),
) -> Result<bulletin::Model> {
    let recipients = store::customer::owners_in(tx, &area).await?;
    publish_written_to(services, tx, viewer, (area, kind, notice), &recipients).await
}

/// The same to these customers and nobody else.
pub async fn publish_written_to(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (area, kind, notice): (Area, BulletinKind, Notice),
    recipients: &[Uuid],
) -> Result<bulletin::Model> {
    let Text { title, body } = language::notice(&notice, DEFAULT);
    let Area { project_id, building_id, unit_id } = area;
    let new = NewBulletin { project_id, building_id, unit_id, kind, title, body, is_emergency: false };
    publish_to(services, tx, viewer, (new, Some(&notice)), recipients).await
}

async fn publish_to(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (new, notice): (NewBulletin, Option<&Notice>),
    recipients: &[Uuid],
) -> Result<bulletin::Model> {
    let now = services.now();
    let row = bulletin::Model {
        seq: 0,
        id: services.new_id(now),
        project_id: new.project_id,
        building_id: new.building_id,
        unit_id: new.unit_id,
        kind: new.kind,
        title: text::required_line("title", &new.title, LONGEST_TITLE)?,
        body: text::required("body", &new.body, LONGEST_BODY)?,
        written: notice.map(serde_json::to_value).transpose().map_err(Error::internal)?,
        is_emergency: new.is_emergency || new.kind == BulletinKind::Emergency,
        published_by: viewer.staff_id(),
        published_at: now,
    };
    let row = store::bulletin::append(tx, row).await?;
    store::bulletin::deliver(tx, deliveries(services, row.id, recipients, now)).await?;
    notification::bulletin_delivered(services, tx, &row, recipients).await?;
    Ok(row)
}

/// Deliveries of a bulletin as rows.
pub(super) fn deliveries(
    services: &Services,
    bulletin_id: Uuid,
    recipients: &[Uuid],
    now: DateTime<Utc>,
) -> Vec<bulletin_delivery::Model> {
    let delivery = |owner_id: &Uuid| bulletin_delivery::Model {
        id: services.new_id(now),
        bulletin_id,
        owner_id: *owner_id,
        delivered_at: now,
        read_at: None,
    };
    recipients.iter().map(delivery).collect()
}

/// Publishes for a member of staff, to a project of their own.
pub async fn publish(
    services: &Services,
    viewer: &Viewer,
    new: NewBulletin,
    key: Option<&str>,
) -> Result<bulletin::Model> {
    if matches!(new.kind, BulletinKind::Milestone | BulletinKind::Warranty) {
        let message = Message::BulletinsComeAlong;
        return Err(Error::fault(FaultCode::NotAvailable, "kind", message));
    }
    let tx = services.db.begin().await?;
    let call = Repeatable { key, operation: "publishBulletin" };
    let now = services.now();
    if let Claim::Done(id) = call.claim(&tx, viewer, &format!("{new:?}"), now).await? {
        return store::bulletin::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("idempotencyKey"));
    }
    check_area(&tx, viewer, &new).await?;
    let bulletin = publish_within(services, &tx, viewer, new).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "PUBLISH_BULLETIN",
        object_type: "Bulletin",
        object_id: Some(bulletin.id),
        details: Some(json!({ "kind": bulletin.kind, "isEmergency": bulletin.is_emergency })),
    };
    store::audit::record(&tx, viewer, act).await?;
    call.complete(&tx, viewer, bulletin.id).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(bulletin)
}

/// Project, building and home must exist for the viewer and stand in each other.
async fn check_area(conn: &impl Conn, viewer: &Viewer, new: &NewBulletin) -> Result<()> {
    store::company::project(conn, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    if let Some(id) = new.building_id {
        let building = store::company::building(conn, viewer, id).await?;
        building.filter(|row| row.project_id == new.project_id).ok_or_else(|| Error::unknown("buildingId"))?;
    }
    if let Some(id) = new.unit_id {
        let unit = store::unit::by_id(conn, viewer, id).await?;
        let is_there = |row: &entity::unit::Model| {
            row.project_id == new.project_id && new.building_id.is_none_or(|id| id == row.building_id)
        };
        unit.filter(is_there).ok_or_else(|| Error::unknown("unitId"))?;
    }
    Ok(())
}

/// Delivers bulletins of the last month to those who came into their area since. Returns how many deliveries that were;
/// nobody gets a bulletin twice.
pub async fn welcome_newcomers(services: &Services) -> Result<usize> {
    let since = services.now() - NEWS_FOR;
    let mut welcomed = 0;
    loop {
        let missed = store::bulletin::newcomers(services.db.reader(), since, MOST_AT_ONCE).await?;
        let delivered = catch_up(services, &missed).await?;
        welcomed += delivered;
        if delivered == 0 {
            return Ok(welcomed);
        }
    }
}

/// Delivers to those who were missed. Returns how many nobody else has delivered to meanwhile.
pub(super) async fn catch_up(services: &Services, missed: &[Missed]) -> Result<usize> {
    let now = services.now();
    let rows = missed.iter().flat_map(|one| deliveries(services, one.bulletin_id, &[one.owner_id], now));
    let tx = services.db.begin().await?;
    let delivered = store::bulletin::deliver(&tx, rows.collect()).await?;
    let ids: Vec<Uuid> = missed.iter().map(|one| one.bulletin_id).collect();
    for bulletin in store::bulletin::by_ids(&tx, &Viewer::system(), &ids).await?.into_values() {
        let of_it = missed.iter().filter(|one| one.bulletin_id == bulletin.id);
        let owners: Vec<Uuid> = of_it.map(|one| one.owner_id).collect();
        notification::bulletin_delivered(services, &tx, &bulletin, &owners).await?;
    }
    tx.commit().await?;
    services.hub.committed();
    Ok(usize::try_from(delivered).unwrap_or(usize::MAX))
}

/// Notes that the owner who asks has read a bulletin; the first time counts.
pub async fn mark_read(services: &Services, viewer: &Viewer, id: Uuid) -> Result<bulletin::Model> {
    let Some(owner_id) = viewer.owner_id() else { return Err(Error::Forbidden(Message::OnlyOwnersReadBulletins)) };
    let bulletin = store::bulletin::by_id(services.db.reader(), viewer, id).await?;
    let bulletin = bulletin.ok_or_else(|| Error::unknown("bulletinId"))?;
    store::bulletin::mark_read(services.db.writer(), bulletin.id, owner_id, services.now()).await?;
    Ok(bulletin)
}
