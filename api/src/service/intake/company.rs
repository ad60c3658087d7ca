//! The projects, buildings and staff that rows of another system name, held whole during an import.

use std::collections::{HashMap, HashSet};

use chrono_tz::Tz;
use entity::{project, staff};
use uuid::Uuid;

use crate::{
    domain::ledger::place,
    error::Result,
    service::ticket::time_zone,
    store::{self, ledger::Source},
};

/// A project and what the clock on its wall says.
#[derive(Clone)]
pub(super) struct Project {
    pub id: Uuid,
    pub code: String,
    pub time_zone: Tz,
}

pub(super) struct Company {
    /// By name, and by code.
    projects: HashMap<String, Project>,
    /// By project and name.
    buildings: HashMap<(Uuid, String), Uuid>,
    /// By number in capitals.
    pub staff: HashMap<String, staff::Model>,
    pub logins: HashSet<String>,
    pub works_for: HashSet<(Uuid, Uuid)>,
}

impl Company {
    pub(super) async fn load(conn: &impl Source) -> Result<Self> {
        let mut projects = HashMap::new();
        for row in store::ledger::projects(conn).await? {
            let project = known(&row)?;
            projects.insert(row.code, project.clone());
            projects.insert(place::project(&row.name), project);
        }
        let buildings = store::ledger::buildings(conn).await?.into_iter();
        let buildings = buildings.map(|row| ((row.project_id, place::building(&row.name)), row.id)).collect();
        let staff = store::ledger::staff(conn).await?;
        let works_for = store::ledger::staff_projects(conn).await?;
        Ok(Self {
            projects,
            buildings,
            logins: staff.iter().map(|row| row.login.clone()).collect(),
            staff: staff.into_iter().map(|row| (row.number.to_uppercase(), row)).collect(),
            works_for: works_for.into_iter().map(|row| (row.staff_id, row.project_id)).collect(),
        })
    }

    /// The project with this name or code.
    pub(super) fn project(&self, name: &str) -> Option<&Project> {
        self.projects.get(name)
    }

    pub(super) fn building(&self, project: &Project, name: &str) -> Option<Uuid> {
        self.buildings.get(&(project.id, name.to_owned())).copied()
    }
}

fn known(row: &project::Model) -> Result<Project> {
    Ok(Project { id: row.id, code: row.code.clone(), time_zone: time_zone(row)? })
}
