//! What happened between the company and its customers, for their journeys: of many owners at once, in a number of
//! statements that does not depend on how many they are. Everything is narrowed to what the viewer sees.

mod happenings;
mod papers;

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use entity::{
    owner, project, touchpoint,
    vocab::{OwnerStage, Role},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    auth::{
        scope::Scoped,
        viewer::{Principal, Viewer},
    },
    domain::journey::Home,
    error::{Error, Result},
    store::list::List,
};

/// What is known of a customer.
#[derive(Clone, Debug)]
pub struct Facts {
    pub stage: OwnerStage,
    pub homes: Vec<Home>,
}

/// A home of an owner, or where there is none yet the project that the owner is interested in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    owner: Uuid,
    project: Uuid,
    unit: Option<Uuid>,
}

/// What is being gathered.
struct Gathering<'a, C: ConnectionTrait> {
    conn: &'a C,
    viewer: &'a Viewer,
    owners: Vec<Uuid>,
    homes: BTreeMap<Place, Home>,
}

impl<C: ConnectionTrait> Gathering<'_, C> {
    /// The units among the places.
    fn units(&self) -> Vec<Uuid> {
        self.homes.keys().filter_map(|place| place.unit).collect()
    }

    /// The projects among the places.
    fn projects(&self) -> Vec<Uuid> {
        let mut projects: Vec<Uuid> = self.homes.keys().map(|place| place.project).collect();
        projects.sort_unstable();
        projects.dedup();
        projects
    }

    /// Those of a unit.
    fn of_unit(&mut self, unit: Uuid) -> impl Iterator<Item = &mut Home> {
        self.homes.iter_mut().filter(move |(place, _)| place.unit == Some(unit)).map(|(_, home)| home)
    }

    /// Those of an owner in a project.
    fn of_owner(&mut self, owner: Uuid, project: Uuid) -> impl Iterator<Item = &mut Home> {
        let is_it = move |place: &Place| place.owner == owner && place.project == project;
        self.homes.iter_mut().filter(move |(place, _)| is_it(place)).map(|(_, home)| home)
    }
}

/// Whether a viewer sees how customers fare, beyond an address and a contact.
fn sees_journeys(viewer: &Viewer) -> bool {
    match viewer.principal {
        Principal::Owner(_) | Principal::System => true,
        Principal::Staff { role, .. } => !matches!(role, Role::Technician | Role::Admin),
        Principal::Anonymous | Principal::Partner(_) => false,
    }
}

/// What is known of these owners, as far as the viewer sees it.
pub async fn facts(conn: &impl ConnectionTrait, viewer: &Viewer, owners: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    if !sees_journeys(viewer) {
        return Ok(HashMap::new());
    }
    let stages: Vec<(Uuid, OwnerStage)> = super::find::<owner::Entity>(viewer)
        .select_only()
        .columns([owner::Column::Id, owner::Column::Stage])
        .filter(owner::Column::Id.is_in(owners.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    let owners = stages.iter().map(|(id, _)| *id).collect();
    let mut gathering = Gathering { conn, viewer, owners, homes: BTreeMap::new() };
    papers::gather(&mut gathering).await?;
    happenings::gather(&mut gathering).await?;
    let mut facts: HashMap<Uuid, Facts> =
        stages.into_iter().map(|(id, stage)| (id, Facts { stage, homes: Vec::new() })).collect();
    for (place, home) in gathering.homes {
        if let Some(facts) = facts.get_mut(&place.owner) {
            facts.homes.push(home);
        }
    }
    Ok(facts)
}

/// The projects that exist for the viewer, as a list of ids inside another statement.
fn visible_projects(viewer: &Viewer) -> SelectStatement {
    project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(project::Entity::scope(viewer))
        .into_query()
}

fn zone(project: &project::Model) -> Result<Tz> {
    project.time_zone.parse().map_err(Error::internal)
}

/// The catalogue in the standard's order.
pub fn catalogue(viewer: &Viewer) -> List<touchpoint::Entity> {
    // The ids of the standard's touchpoints are in its order.
    List::by_id(super::find::<touchpoint::Entity>(viewer), touchpoint::Column::Id, |row| row.id)
}

/// The catalogue as journeys go along it.
pub async fn touchpoints(conn: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<touchpoint::Model>> {
    let rows = super::find::<touchpoint::Entity>(viewer)
        .filter(touchpoint::Column::IsActive.eq(true))
        .order_by_asc(touchpoint::Column::Position)
        .all(conn)
        .await?;
    Ok(rows)
}

pub async fn touchpoint(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<touchpoint::Model>> {
    super::by_id::<touchpoint::Entity>(conn, viewer, touchpoint::Column::Id, id).await
}

/// Writes a touchpoint back.
pub async fn save_touchpoint(conn: &impl ConnectionTrait, row: touchpoint::Model) -> Result<()> {
    super::write_back(touchpoint::Entity, conn, row).await
}
