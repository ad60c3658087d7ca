//! Who answers for a building, and for single households.

use entity::{area_duty, staff, unit, vocab::Role};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Services, area};
use crate::{
    auth::viewer::Viewer,
    domain::duty::answers_for_buildings,
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, area::Area, audit::Act, db::Tx},
};

/// The most households that are named in one call.
const MOST_UNITS: usize = 200;

/// A building and whoever shall answer for it.
#[derive(Clone, Copy, Debug)]
pub struct NewDuty {
    pub building_id: Uuid,
    pub staff_id: Uuid,
    /// Also give them the homes of the building for which nobody answers.
    pub takes_uncovered: bool,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Assigned {
    pub duty: area_duty::Model,
    pub households: usize,
}

/// Names who answers for a building from now on. Whoever did before no longer does.
pub async fn assign_area(services: &Services, viewer: &Viewer, new: NewDuty) -> Result<Assigned> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let building = store::company::building(&tx, viewer, new.building_id).await?;
    let building = building.ok_or_else(|| Error::unknown("buildingId"))?;
    // Managers dispose of their own projects only, which are the ones they see.
    let project = store::company::project(&tx, viewer, building.project_id).await?;
    project.ok_or_else(|| Error::unknown("buildingId"))?;
    let staff = store::staff::present(&tx, viewer, new.staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    check_responsible(&tx, &staff, building.project_id, new.takes_uncovered).await?;
    store::area::lock_building(&tx, building.id).await?;
    let current = store::area::current_duty(&tx, building.id).await?;
    let duty = match current {
        Some(duty) if duty.staff_id == staff.id => duty,
        before => {
            let row = area_duty::Model {
                id: services.new_id(now),
                project_id: building.project_id,
                building_id: building.id,
                staff_id: staff.id,
                started_at: now,
                ended_at: None,
            };
            replace(&tx, before, row).await?
        }
    };
    let area = Area { project_id: building.project_id, building_id: Some(building.id) };
    let households = if new.takes_uncovered { take_uncovered(services, &tx, area, staff.id).await? } else { 0 };
    let details = json!({ "building": building.id, "staff": staff.id, "households": households });
    record(services, &tx, viewer, "ASSIGN_AREA", ("AreaDuty", duty.id), details).await?;
    tx.commit().await?;
    Ok(Assigned { duty, households })
}

async fn replace(tx: &Tx, before: Option<area_duty::Model>, row: area_duty::Model) -> Result<area_duty::Model> {
    if let Some(before) = before {
        store::area::end_duty(tx, before.id, row.started_at).await?;
    }
    if store::area::begin_duty(tx, row.clone()).await? {
        return Ok(row);
    }
    Err(Error::fault(FaultCode::Conflict, "buildingId", Message::NamedAtTheSameMoment))
}

async fn check_responsible(
    conn: &impl Conn,
    staff: &staff::Model,
    project_id: Uuid,
    takes_households: bool,
) -> Result<()> {
    let refuse = |message| Err(Error::fault(FaultCode::NotAvailable, "staffId", message));
    if !staff.is_active || !answers_for_buildings(staff.role, staff.department) {
        return refuse(Message::ActiveStaffOfProperty);
    }
    if !store::staff::works_for(conn, staff.id, project_id).await? {
        return refuse(Message::NotOfTheBuildingsProject);
    }
    if takes_households && staff.role != Role::Ambassador {
        return refuse(Message::OnlyAmbassadors);
    }
    Ok(())
}

async fn take_uncovered(services: &Services, tx: &Tx, area: Area, to: Uuid) -> Result<usize> {
    let units = store::ambassador::without_ambassador(tx, area).await?;
    let rows = area::assignments(services, &units, to, services.now());
    store::ambassador::add_to_free(tx, rows).await
}

/// Names who answers for these households from now on. Returns how many changed hands.
pub async fn assign_households(
    services: &Services,
    viewer: &Viewer,
    staff_id: Uuid,
    unit_ids: Vec<Uuid>,
) -> Result<usize> {
    let mut ids = unit_ids;
    ids.sort_unstable();
    ids.dedup();
    if !(1..=MOST_UNITS).contains(&ids.len()) {
        let message = Message::NameHouseholds { most: MOST_UNITS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "unitIds", message));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    let staff = store::staff::present(&tx, viewer, staff_id).await?.ok_or_else(|| Error::unknown("staffId"))?;
    let mut projects: Vec<Uuid> = homes(&tx, viewer, &ids).await?.into_iter().map(|home| home.project_id).collect();
    projects.sort_unstable();
    projects.dedup();
    for project_id in projects {
        if !area::answers_in(&tx, &staff, project_id).await? {
            let message = Message::AmbassadorOfTheseHouseholds;
            return Err(Error::fault(FaultCode::NotAvailable, "staffId", message));
        }
    }
    store::ambassador::lock_units(&tx, &ids).await?;
    let kept = store::ambassador::current_of_units(&tx, &ids).await?;
    ids.retain(|id| !kept.contains(&(*id, staff_id)));
    store::ambassador::end(&tx, &ids, now).await?;
    area::give(services, &tx, &ids, staff_id, now).await?;
    let details = json!({ "households": ids.len() });
    record(services, &tx, viewer, "ASSIGN_HOUSEHOLDS", ("Staff", staff_id), details).await?;
    tx.commit().await?;
    Ok(ids.len())
}

/// The homes with these ids, if the viewer sees each of them.
async fn homes(conn: &impl Conn, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<unit::Model>> {
    let places = store::unit::places(conn, viewer, ids).await?;
    let found: Vec<unit::Model> =
        places.into_values().map(|place| place.unit).filter(|unit| !unit.is_public_area).collect();
    if found.len() == ids.len() { Ok(found) } else { Err(Error::unknown("unitIds")) }
}

async fn record(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    action: &str,
    (object_type, object_id): (&str, Uuid),
    details: Value,
) -> Result<()> {
    let now = services.now();
    let id = services.new_id(now);
    let act = Act { id, at: now, action, object_type, object_id: Some(object_id), details: Some(details) };
    store::audit::record(tx, viewer, act).await
}
