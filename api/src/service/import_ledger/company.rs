//! The projects, buildings and staff of the company, held whole during an import: there are hundreds of them, not
//! hundreds of thousands. Those that a ledger names for the first time are made here.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{Asia::Shanghai, Tz};
use entity::{
    building, project, staff, staff_project, unit,
    vocab::{Department, Role},
};
use uuid::Uuid;

use super::{Changes, Table, Tools};
use crate::{
    domain::ledger::LedgerRow,
    error::{Error, Result},
    import::project_code,
    store::{self, db::Tx, ledger::Source},
};

#[derive(Default)]
pub(super) struct Company {
    /// By name.
    projects: HashMap<String, project::Model>,
    codes: HashSet<String>,
    /// By project and name.
    buildings: HashMap<(Uuid, String), Uuid>,
    /// By number in capitals.
    staff: HashMap<String, staff::Model>,
    logins: HashSet<String>,
    /// Who works for which project.
    works_for: HashSet<(Uuid, Uuid)>,
}

/// What a staff number in a ledger leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ambassador {
    Unknown,
    Active(Uuid),
    OtherRole,
    Left,
}

impl Company {
    pub(super) async fn load(conn: &impl Source) -> Result<Self> {
        let mut company = Self::default();
        for project in store::ledger::projects(conn).await? {
            company.codes.insert(project.code.clone());
            company.projects.insert(project.name.clone(), project);
        }
        for building in store::ledger::buildings(conn).await? {
            company.buildings.insert((building.project_id, building.name), building.id);
        }
        for staff in store::ledger::staff(conn).await? {
            company.logins.insert(staff.login.clone());
            company.know(staff);
        }
        for row in store::ledger::staff_projects(conn).await? {
            company.works_for.insert((row.staff_id, row.project_id));
        }
        Ok(company)
    }

    /// Of two numbers that differ in their case only, the one of an active ambassador is meant.
    fn know(&mut self, staff: staff::Model) {
        match self.staff.entry(staff.number.to_uppercase()) {
            Entry::Vacant(entry) => drop(entry.insert(staff)),
            Entry::Occupied(mut entry) if is_ambassador(&staff) => drop(entry.insert(staff)),
            Entry::Occupied(_) => {}
        }
    }

    pub(super) fn ambassador(&self, number: &str) -> Ambassador {
        match self.staff.get(&number.to_uppercase()) {
            None => Ambassador::Unknown,
            Some(staff) if is_ambassador(staff) => Ambassador::Active(staff.id),
            Some(staff) if staff.role == Role::Ambassador => Ambassador::Left,
            Some(_) => Ambassador::OtherRole,
        }
    }

    /// Whether a row speaks of this unit.
    pub(super) fn is_at(&self, unit: &unit::Model, row: &LedgerRow) -> bool {
        self.building(row) == Some(unit.building_id) && unit.section == row.section && unit.room == row.room
    }

    pub(super) fn building(&self, row: &LedgerRow) -> Option<Uuid> {
        let project = self.projects.get(&row.project)?;
        self.buildings.get(&(project.id, row.building.clone())).copied()
    }

    /// The project and building of a row, after `add_missing`.
    pub(super) fn place(&self, row: &LedgerRow) -> Result<Place> {
        let missing = || Error::internal("a project or building of the ledger was not made");
        let project = self.projects.get(&row.project).ok_or_else(missing)?;
        let building_id = self.building(row).ok_or_else(missing)?;
        let time_zone = project.time_zone.parse().unwrap_or(Shanghai);
        Ok(Place { project_id: project.id, building_id, time_zone })
    }

    /// Makes what these rows name and the company does not have yet.
    pub(super) async fn add_missing(
        &mut self,
        tools: &Tools,
        tx: &Tx,
        now: DateTime<Utc>,
        rows: &[LedgerRow],
        changes: &mut Changes,
    ) -> Result<()> {
        let mut missing = Missing::default();
        for row in rows {
            let project = self.project(tools, now, &row.project, &mut missing.projects)?;
            self.add_building(tools, now, project, &row.building, &mut missing.buildings);
            if let Some(number) = &row.ambassador_number {
                self.add_ambassador(tools, now, project, number, &mut missing);
            }
        }
        missing.write(tx, changes).await
    }

    fn project(
        &mut self,
        tools: &Tools,
        now: DateTime<Utc>,
        name: &str,
        missing: &mut Vec<project::Model>,
    ) -> Result<Uuid> {
        if let Some(project) = self.projects.get(name) {
            return Ok(project.id);
        }
        let code = project_code::candidates(name).find(|code| !self.codes.contains(code));
        let code = code.ok_or_else(|| Error::internal("there is no project code left"))?;
        self.codes.insert(code.clone());
        let (name, time_zone) = (name.to_owned(), Shanghai.name().to_owned());
        let project = project::Model { id: tools.ids.new_id(now), code, name, time_zone, created_at: now };
        missing.push(project.clone());
        self.projects.insert(project.name.clone(), project.clone());
        Ok(project.id)
    }

    fn add_building(
        &mut self,
        tools: &Tools,
        now: DateTime<Utc>,
        project_id: Uuid,
        name: &str,
        missing: &mut Vec<building::Model>,
    ) {
        if let Entry::Vacant(entry) = self.buildings.entry((project_id, name.to_owned())) {
            let id = *entry.insert(tools.ids.new_id(now));
            missing.push(building::Model { id, project_id, name: name.to_owned(), created_at: now });
        }
    }

    /// Somebody new gets an account that nobody can sign in to until a password is set, and the number for a name.
    fn add_ambassador(
        &mut self,
        tools: &Tools,
        now: DateTime<Utc>,
        project_id: Uuid,
        number: &str,
        missing: &mut Missing,
    ) {
        if self.ambassador(number) == Ambassador::Unknown {
            let staff = staff::Model {
                id: tools.ids.new_id(now),
                number: number.to_owned(),
                login: self.free_login(number),
                password_hash: None,
                name: number.to_owned(),
                role: Role::Ambassador,
                department: Department::CustomerService,
                work_phone: None,
                is_active: true,
                disabled_at: None,
                created_at: now,
            };
            self.logins.insert(staff.login.clone());
            missing.staff.push(staff.clone());
            self.know(staff);
        }
        if let Ambassador::Active(staff_id) = self.ambassador(number)
            && self.works_for.insert((staff_id, project_id))
        {
            missing.staff_projects.push(staff_project::Model { staff_id, project_id });
        }
    }

    /// The number in small letters, with a number behind it where somebody else signs in by that name.
    fn free_login(&self, number: &str) -> String {
        let login = number.to_lowercase();
        if !self.logins.contains(&login) {
            return login;
        }
        let numbered = (2..).map(|count: u32| format!("{login}-{count}")).find(|login| !self.logins.contains(login));
        numbered.unwrap_or(login)
    }
}

fn is_ambassador(staff: &staff::Model) -> bool {
    staff.role == Role::Ambassador && staff.is_active
}

/// Where the unit of a row is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub project_id: Uuid,
    pub building_id: Uuid,
    time_zone: Tz,
}

impl Place {
    /// The day it is there.
    pub(super) fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.time_zone).date_naive()
    }
}

#[derive(Default)]
struct Missing {
    projects: Vec<project::Model>,
    buildings: Vec<building::Model>,
    staff: Vec<staff::Model>,
    staff_projects: Vec<staff_project::Model>,
}

impl Missing {
    async fn write(self, tx: &Tx, changes: &mut Changes) -> Result<()> {
        store::ledger::insert::<project::Entity>(tx, &self.projects).await?;
        store::ledger::insert::<building::Entity>(tx, &self.buildings).await?;
        store::ledger::insert::<staff::Entity>(tx, &self.staff).await?;
        store::ledger::insert::<staff_project::Entity>(tx, &self.staff_projects).await?;
        changes.add(Table::Projects, self.projects.len(), 0);
        changes.add(Table::Buildings, self.buildings.len(), 0);
        changes.add(Table::Staff, self.staff.len(), 0);
        changes.add(Table::StaffProjects, self.staff_projects.len(), 0);
        Ok(())
    }
}
