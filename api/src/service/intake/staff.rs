//! Staff of a roster. Somebody new gets an account that nobody can sign in to until a password is set. About somebody who is
//! known, a roster says the name, the department, the telephone and further projects; it changes no role, takes nobody out
//! of a project, and ends no account: each of these cuts somebody off, and is done on purpose.

use chrono::{DateTime, Utc};
use entity::staff;
use uuid::Uuid;

use super::{Good, company::Company};
use crate::{
    domain::{
        duty::answers_for_buildings,
        intake::{
            Fault, Problem,
            staff::{Column, StaffRow},
        },
        message::ImportText,
    },
    error::Result,
    import::intake::Report,
    service::import_ledger::Tools,
    store::{self, db::Tx, leaving::Keeps},
};

pub(super) struct Writer<'a> {
    tools: &'a Tools,
    tx: &'a Tx,
    now: DateTime<Utc>,
    company: Company,
    /// The numbers of this file so far.
    seen: std::collections::HashSet<String>,
}

impl<'a> Writer<'a> {
    pub(super) async fn open(tools: &'a Tools, tx: &'a Tx, now: DateTime<Utc>) -> Result<Self> {
        let company = Company::load(tx).await?;
        Ok(Self { tools, tx, now, company, seen: std::collections::HashSet::new() })
    }

    pub(super) async fn write(&mut self, row: Good<Column, StaffRow>, report: &mut Report) -> Result<()> {
        let projects = match self.check(&row.value) {
            Ok(projects) => projects,
            Err(fault) => {
                report.refuse(row.bad(fault));
                return Ok(());
            }
        };
        report.good_rows += 1;
        let row = row.value;
        self.seen.insert(row.number.clone());
        let known = self.company.staff.get(&row.number).cloned();
        let staff_id = known.as_ref().map_or_else(|| self.tools.ids.new_id(self.now), |staff| staff.id);
        let is_changed = match &known {
            None => {
                self.add(staff_id, &row).await?;
                true
            }
            Some(known) => self.update(known, &row).await?,
        };
        let mut is_sent = false;
        for project_id in projects {
            if self.company.works_for.insert((staff_id, project_id)) {
                store::intake::add_to_project(self.tx, staff_id, project_id).await?;
                is_sent = true;
            }
        }
        match known {
            None => report.created += 1,
            Some(_) if is_changed || is_sent => report.updated += 1,
            Some(_) => report.unchanged += 1,
        }
        Ok(())
    }

    /// The projects of a row that nothing contradicts.
    fn check(&self, row: &StaffRow) -> Result<Vec<Uuid>, Fault<Column>> {
        if self.seen.contains(&row.number) {
            return Err(Fault::new(Column::Number, Problem::Duplicate, ImportText::RowNumberTwice));
        }
        let project = |name: &String| {
            let unknown = || {
                let message = ImportText::RowNoProject { name: name.clone() };
                Fault::new(Column::Projects, Problem::UnknownProject, message)
            };
            self.company.project(name).map(|project| project.id).ok_or_else(unknown)
        };
        let projects = row.projects.iter().map(project).collect::<Result<_, _>>()?;
        match self.company.staff.get(&row.number) {
            None => self.check_login(row)?,
            Some(known) => check_known(known, row)?,
        }
        Ok(projects)
    }

    fn check_login(&self, row: &StaffRow) -> Result<(), Fault<Column>> {
        let login = login(row);
        if self.company.logins.contains(&login) {
            let message = ImportText::RowLoginTaken { login: login.clone() };
            return Err(Fault::new(Column::Login, Problem::LoginTaken, message));
        }
        Ok(())
    }

    async fn add(&mut self, id: Uuid, row: &StaffRow) -> Result<()> {
        let staff = staff::Model {
            id,
            number: row.number.clone(),
            login: login(row),
            password_hash: None,
            name: row.name.clone(),
            role: row.role,
            department: row.department,
            work_phone: row.work_phone.clone(),
            is_active: true,
            disabled_at: None,
            created_at: self.now,
        };
        self.company.logins.insert(staff.login.clone());
        store::intake::add_staff(self.tx, staff).await
    }

    /// Says whether there was something to change. A blank telephone says nothing.
    async fn update(&self, known: &staff::Model, row: &StaffRow) -> Result<bool> {
        let changed = staff::Model {
            name: row.name.clone(),
            department: row.department,
            work_phone: row.work_phone.clone().or_else(|| known.work_phone.clone()),
            ..known.clone()
        };
        if changed == *known {
            return Ok(false);
        }
        store::intake::update_staff(self.tx, &changed).await?;
        if changed.department != known.department {
            self.belongs_elsewhere(&changed).await?;
        }
        Ok(true)
    }

    /// Of another department one sees other things, from another session on, and may not answer for buildings.
    async fn belongs_elsewhere(&self, staff: &staff::Model) -> Result<()> {
        store::session::end_all(self.tx, staff.id, "the department was changed", self.now).await?;
        if !answers_for_buildings(staff.role, staff.department) {
            let nowhere = Keeps { staff_id: staff.id, projects: &[] };
            store::leaving::end_duties(self.tx, nowhere, self.now).await?;
        }
        Ok(())
    }
}

/// The number in small letters, where the roster gives no login.
fn login(row: &StaffRow) -> String {
    row.login.clone().unwrap_or_else(|| row.number.to_lowercase())
}

fn check_known(known: &staff::Model, row: &StaffRow) -> Result<(), Fault<Column>> {
    if !known.is_active {
        return Err(Fault::new(Column::Number, Problem::HasLeft, ImportText::RowAccountEnded));
    }
    if known.role != row.role {
        let message = ImportText::RowOtherRole { number: known.number.clone() };
        return Err(Fault::new(Column::Role, Problem::Differs, message));
    }
    match &row.login {
        Some(login) if *login != known.login => {
            let message = ImportText::RowOtherLogin { number: known.number.clone() };
            Err(Fault::new(Column::Login, Problem::Differs, message))
        }
        _ => Ok(()),
    }
}
