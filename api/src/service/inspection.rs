//! Rounds: plans are made and changed, rounds are written down, and what they find becomes tickets in the same step.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    building, inspection, inspection_finding, inspection_plan as plan, inspection_point as point, ticket, unit,
    vocab::{Channel, Department, InspectionSubject, TicketKind, Urgency},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    idempotent::{Claim, Repeatable},
    ticket::{self as tickets, Report, time_zone},
};
use crate::{
    auth::viewer::Viewer,
    domain::{
        inspection::{self as rules, Finding, PointResult, Round},
        public_area, text,
        ticket::NewTicket,
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, audit::Act, db::Tx, inspection::Today},
};

const LONGEST_NOTE: usize = 1000;

/// A plan to make.
#[derive(Clone, Debug)]
pub struct NewPlan {
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    pub subject: InspectionSubject,
    pub name: String,
    pub every_days: i32,
    pub department: Department,
    pub starts_on: NaiveDate,
    pub points: Vec<String>,
}

/// Makes a plan of rounds with its points.
pub async fn create_plan(services: &Services, viewer: &Viewer, new: NewPlan) -> Result<plan::Model> {
    let now = services.now();
    let row = plan::Model {
        id: services.new_id(now),
        project_id: new.project_id,
        building_id: new.building_id,
        subject: new.subject,
        name: rules::plan_name(&new.name)?,
        every_days: rules::interval(new.every_days)?,
        department: new.department,
        starts_on: new.starts_on,
        next_due_on: new.starts_on,
        is_active: true,
        created_at: now,
    };
    let names = rules::point_names("points", &[], &new.points)?;
    if names.is_empty() {
        return Err(Error::fault(FaultCode::Required, "points", Message::PlanNeedsAPoint));
    }
    let tx = services.db.begin().await?;
    let project = store::company::project(&tx, viewer, row.project_id).await?;
    project.ok_or_else(|| Error::unknown("projectId"))?;
    if let Some(id) = row.building_id {
        let building = store::company::building(&tx, viewer, id).await?;
        building.filter(|it| it.project_id == row.project_id).ok_or_else(|| Error::unknown("buildingId"))?;
    }
    store::inspection::add_plan(&tx, row.clone()).await?;
    store::inspection::add_points(&tx, points(services, row.id, 0, names, now)).await?;
    check_department(&tx, viewer, row.id).await?;
    audit(services, &tx, viewer, "CREATE_INSPECTION_PLAN", (&row, json!(new.points)), now).await?;
    tx.commit().await?;
    Ok(row)
}

fn points(services: &Services, plan_id: Uuid, after: i32, names: Vec<String>, now: DateTime<Utc>) -> Vec<point::Model> {
    let row = |(position, name)| point::Model { id: services.new_id(now), plan_id, position, name, retired_at: None };
    (after + 1..).zip(names).map(row).collect()
}

/// Managers outside customer service make plans for their own department: others' they would not see themselves.
async fn check_department(conn: &impl Conn, viewer: &Viewer, plan_id: Uuid) -> Result<()> {
    let message = Message::OwnDepartment;
    let visible = store::inspection::plan(conn, viewer, plan_id).await?;
    visible.map(drop).ok_or_else(|| Error::fault(FaultCode::NotAvailable, "department", message))
}

/// What to change about a plan; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct PlanChanges {
    pub name: Option<String>,
    pub every_days: Option<i32>,
    pub department: Option<Department>,
    pub next_due_on: Option<NaiveDate>,
    pub is_active: Option<bool>,
    pub add_points: Vec<String>,
    pub retire_point_ids: Vec<Uuid>,
}

/// Changes a plan. Rounds that were made keep the points they were made with.
pub async fn update_plan(
    services: &Services,
    viewer: &Viewer,
    plan_id: Uuid,
    changes: PlanChanges,
) -> Result<plan::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let before = store::inspection::lock_plan(&tx, viewer, plan_id).await?;
    let before = before.ok_or_else(|| Error::unknown("planId"))?;
    change_points(services, &tx, viewer, plan_id, &changes, now).await?;
    let row = plan::Model {
        name: changes.name.as_deref().map(rules::plan_name).transpose()?.unwrap_or(before.name),
        every_days: changes.every_days.map(rules::interval).transpose()?.unwrap_or(before.every_days),
        department: changes.department.unwrap_or(before.department),
        next_due_on: changes.next_due_on.unwrap_or(before.next_due_on),
        is_active: changes.is_active.unwrap_or(before.is_active),
        ..before
    };
    store::inspection::save_plan(&tx, row.clone()).await?;
    check_department(&tx, viewer, row.id).await?;
    let points = json!({ "added": changes.add_points, "retired": changes.retire_point_ids });
    audit(services, &tx, viewer, "UPDATE_INSPECTION_PLAN", (&row, points), now).await?;
    tx.commit().await?;
    Ok(row)
}

async fn change_points(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    plan_id: Uuid,
    changes: &PlanChanges,
    now: DateTime<Utc>,
) -> Result<()> {
    let there = points_of(tx, viewer, plan_id).await?;
    let retired = &changes.retire_point_ids;
    if retired.iter().any(|id| !there.iter().any(|point| point.id == *id)) {
        return Err(Error::unknown("retirePointIds"));
    }
    let kept: Vec<&str> =
        there.iter().filter(|point| !retired.contains(&point.id)).map(|point| point.name.as_str()).collect();
    let names = rules::point_names("addPoints", &kept, &changes.add_points)?;
    if kept.is_empty() && names.is_empty() {
        return Err(Error::fault(FaultCode::Required, "retirePointIds", Message::PlanNeedsAPoint));
    }
    if !retired.is_empty() {
        store::inspection::retire_points(tx, retired, now).await?;
    }
    let last = store::inspection::last_position(tx, plan_id).await?;
    store::inspection::add_points(tx, points(services, plan_id, last, names, now)).await
}

async fn points_of(conn: &impl Conn, viewer: &Viewer, plan_id: Uuid) -> Result<Vec<point::Model>> {
    Ok(store::inspection::points_of(conn, viewer, &[plan_id]).await?.remove(&plan_id).unwrap_or_default())
}

async fn audit(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    action: &str,
    (plan, points): (&plan::Model, serde_json::Value),
    at: DateTime<Utc>,
) -> Result<()> {
    let details = json!({
        "points": points,
        "name": plan.name, "everyDays": plan.every_days, "department": plan.department,
        "nextDueOn": plan.next_due_on, "isActive": plan.is_active,
    });
    let act = Act {
        id: services.new_id(at),
        at,
        action,
        object_type: "InspectionPlan",
        object_id: Some(plan.id),
        details: Some(details),
    };
    store::audit::record(tx, viewer, act).await
}

/// A round to write down.
#[derive(Clone, Debug)]
pub struct NewRound {
    pub plan_id: Uuid,
    /// Who made it; the viewer when left out.
    pub performed_by: Option<Uuid>,
    pub performed_at: Option<DateTime<Utc>>,
    pub points: Vec<PointResult>,
    pub note: Option<String>,
    pub idempotency_key: Option<String>,
}

/// Writes a round down, makes a ticket of each finding that asks for one, and moves the day of the next round on.
pub async fn record(services: &Services, viewer: &Viewer, new: NewRound) -> Result<inspection::Model> {
    let recorded_by = viewer.staff_id().ok_or(Error::Forbidden(Message::OnlyStaffRecordRounds))?;
    let note = text::optional("note", new.note.as_deref(), LONGEST_NOTE)?;
    let now = services.now();
    let performed_at = rules::performed_at(new.performed_at, now)?;
    let tx = services.db.begin().await?;
    let call = Repeatable { key: new.idempotency_key.as_deref(), operation: "recordInspection" };
    if let Claim::Done(id) = call.claim(&tx, viewer, &format!("{new:?}"), now).await? {
        return store::inspection::round(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("planId"));
    }
    let plan = store::inspection::lock_plan(&tx, viewer, new.plan_id).await?;
    let plan = plan.ok_or_else(|| Error::unknown("planId"))?;
    if !plan.is_active {
        return Err(Error::fault(FaultCode::NotAvailable, "planId", Message::PlanNotInUse));
    }
    let performed_by = performer(&tx, viewer, &plan, new.performed_by.unwrap_or(recorded_by)).await?;
    let there = points_of(&tx, viewer, plan.id).await?;
    let named: Vec<(Uuid, &str)> = there.iter().map(|point| (point.id, point.name.as_str())).collect();
    let round = rules::round(&named, &new.points)?;
    let row = inspection::Model {
        id: services.new_id(now),
        plan_id: plan.id,
        project_id: plan.project_id,
        subject: plan.subject,
        performed_by,
        performed_at,
        performed_on: local_day(&tx, plan.project_id, performed_at).await?,
        checked_count: round.checked,
        sound_count: round.sound,
        note,
    };
    store::inspection::add_round(&tx, row.clone()).await?;
    let next = rules::next_due(plan.next_due_on, plan.every_days, row.performed_on);
    store::inspection::move_due(&tx, plan.id, next).await?;
    call.complete(&tx, viewer, row.id).await?;
    add_findings(services, &tx, viewer, (&plan, row.id), round, now).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(row)
}

/// A round is made by one of the project's own people.
async fn performer(conn: &impl Conn, viewer: &Viewer, plan: &plan::Model, staff_id: Uuid) -> Result<Uuid> {
    let staff = store::staff::by_id(conn, viewer, staff_id).await?;
    let staff = staff.ok_or_else(|| Error::unknown("performedById"))?;
    if staff.is_active && store::staff::works_for(conn, staff.id, plan.project_id).await? {
        return Ok(staff.id);
    }
    let message = Message::PerformerOfProject;
    Err(Error::fault(FaultCode::NotAvailable, "performedById", message))
}

async fn local_day(conn: &impl Conn, project_id: Uuid, at: DateTime<Utc>) -> Result<NaiveDate> {
    let project = store::company::project(conn, &Viewer::system(), project_id).await?;
    let project = project.ok_or_else(|| Error::internal("a plan without its project"))?;
    Ok(at.with_timezone(&time_zone(&project)?).date_naive())
}

async fn add_findings(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (plan, inspection_id): (&plan::Model, Uuid),
    round: Round,
    now: DateTime<Utc>,
) -> Result<()> {
    let place = match round.findings.iter().any(|finding| finding.ticket.is_some()) {
        true => Some(public_area(services, tx, plan, now).await?),
        false => None,
    };
    let mut rows = Vec::with_capacity(round.findings.len());
    for finding in round.findings {
        let ticket_id = match (&place, finding.ticket) {
            (Some(place), Some(urgency)) => {
                Some(file(services, tx, viewer, (plan, place.id), (&finding, urgency)).await?.id)
            }
            _ => None,
        };
        let Finding { point_id, description, .. } = finding;
        rows.push(inspection_finding::Model {
            id: services.new_id(now),
            inspection_id,
            point_id,
            description,
            ticket_id,
        });
    }
    store::inspection::add_findings(tx, rows).await
}

async fn file(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (plan, unit_id): (&plan::Model, Uuid),
    (finding, urgency): (&Finding, Urgency),
) -> Result<ticket::Model> {
    let ticket = NewTicket {
        kind: TicketKind::Repair,
        urgency,
        category: Some(rules::category(plan.subject)),
        channel: Channel::Butler,
        title: rules::ticket_title(&plan.name, &finding.point_name),
        description: finding.description.clone(),
        appointment: None,
        resolve_by: None,
    };
    let report = Report { unit_id, ticket, reporter_id: None, attachment_ids: Vec::new(), idempotency_key: None };
    tickets::insert(services, tx, viewer, &report, services.new_id(services.now())).await
}

/// The unit under which tickets about a plan's building are filed, or about the project's grounds.
async fn public_area(services: &Services, tx: &Tx, plan: &plan::Model, now: DateTime<Utc>) -> Result<unit::Model> {
    let building = match plan.building_id {
        Some(id) => store::company::building(tx, &Viewer::system(), id).await?,
        None => {
            let (id, name) = (services.new_id(now), public_area::GROUNDS.to_owned());
            let row = building::Model { id, project_id: plan.project_id, name, created_at: now };
            Some(store::company::building_named(tx, row).await?)
        }
    };
    let building = building.ok_or_else(|| Error::internal("a plan without its building"))?;
    let row = unit::Model {
        id: services.new_id(now),
        project_id: plan.project_id,
        building_id: building.id,
        section: String::new(),
        room: public_area::ROOM.to_owned(),
        code: public_area::code(&building.name),
        floor_area_centi: None,
        handed_over_on: None,
        created_at: now,
        is_public_area: true,
    };
    store::unit::public_area(tx, row).await
}

/// What day it is in each time zone in which a project stands.
pub async fn today(services: &Services, now: DateTime<Utc>) -> Result<Vec<Today>> {
    let zones = store::company::time_zones(services.db.reader()).await?;
    let day = |zone: String| {
        let tz: Tz = zone.parse().map_err(Error::internal)?;
        Ok((zone, now.with_timezone(&tz).date_naive()))
    };
    zones.into_iter().map(day).collect()
}
