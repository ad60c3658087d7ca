//! Accounts of staff, as administrators keep them: made, changed, sent to projects, ended and begun again. A change takes
//! effect with its commit: what somebody may not hold any more goes back with it, whoever may see something else from then
//! on signs in anew, and what is open ends.

use entity::{
    staff,
    vocab::{Department, Role},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    leaving::hand_back,
    password::{self, Credentials},
    record,
};
use crate::{
    auth::viewer::Viewer,
    domain::{invalid::Invalid, staff as rules},
    error::{Error, FaultCode, Message, Result},
    store::{self, db::Tx},
};

const MOST_PROJECTS: usize = 500;

/// Somebody to engage.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub number: String,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// None: the one that goes without saying.
    pub department: Option<Department>,
    pub work_phone: Option<String>,
    pub project_ids: Vec<Uuid>,
    /// None: one is made.
    pub password: Option<String>,
}

/// What is to change about somebody; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    pub number: Option<String>,
    pub name: Option<String>,
    pub role: Option<Role>,
    pub department: Option<Department>,
    /// Blank for none.
    pub work_phone: Option<String>,
}

/// Makes an account. Its password is told once, unless it was chosen.
pub async fn create(services: &Services, viewer: &Viewer, new: NewStaff) -> Result<Credentials> {
    let now = services.now();
    let projects = distinct(new.project_ids)?;
    let department = new.department.or_else(|| rules::usual_department(new.role));
    let row = staff::Model {
        id: services.new_id(now),
        number: rules::number(&new.number)?,
        login: rules::login(&new.login)?,
        password_hash: None,
        name: rules::name(&new.name)?,
        role: new.role,
        department: department.ok_or_else(|| Invalid::required("department"))?,
        work_phone: new.work_phone.as_deref().map(rules::work_phone).transpose()?.flatten(),
        is_active: true,
        disabled_at: None,
        created_at: now,
    };
    if rules::works_in_projects(row.role) && projects.is_empty() {
        return Err(Invalid::required("projectIds").into());
    }
    let password = password::prepare(services, "password", new.password).await?;
    let row = staff::Model { password_hash: Some(password.hash), ..row };
    let tx = services.db.begin().await?;
    store::account::lock(&tx).await?;
    check_names(&tx, &row).await?;
    check_projects(&tx, viewer, &projects).await?;
    store::account::insert(&tx, row.clone()).await?;
    store::account::set_projects(&tx, row.id, &projects).await?;
    let details = json!({ "number": row.number, "role": row.role, "department": row.department, "projects": projects });
    record(services, &tx, viewer, ("CREATE_STAFF", "Staff", row.id), details).await?;
    tx.commit().await?;
    Ok(Credentials { staff: row, password: password.generated })
}

/// An administrator with another password, for whoever keeps the database while nobody can sign in who may do it: somebody new,
/// unless one signs in by this name.
pub async fn administrator(services: &Services, login: &str, name: Option<&str>) -> Result<Credentials> {
    let (system, login) = (Viewer::system(), rules::login(login)?);
    match store::staff::by_login(services.db.reader(), &login).await? {
        Some(known) if known.role == Role::Admin && known.is_active => {
            password::reset(services, &system, known.id, None).await
        }
        Some(_) => Err(Error::fault(FaultCode::Conflict, "login", Message::LoginTaken)),
        None => {
            let new = NewStaff {
                number: login.clone(),
                name: name.unwrap_or(&login).to_owned(),
                login,
                role: Role::Admin,
                department: None,
                work_phone: None,
                project_ids: Vec::new(),
                password: None,
            };
            create(services, &system, new).await
        }
    }
}

/// Changes what is said about somebody. With another role or department they see other things: every session ends.
pub async fn update(services: &Services, viewer: &Viewer, id: Uuid, change: StaffChange) -> Result<staff::Model> {
    let number = change.number.as_deref().map(rules::number).transpose()?;
    let name = change.name.as_deref().map(rules::name).transpose()?;
    let work_phone = change.work_phone.as_deref().map(rules::work_phone).transpose()?;
    let tx = services.db.begin().await?;
    let before = hold(&tx, viewer, id).await?;
    let row = staff::Model {
        number: number.unwrap_or_else(|| before.number.clone()),
        name: name.unwrap_or_else(|| before.name.clone()),
        role: change.role.unwrap_or(before.role),
        department: change.department.unwrap_or(before.department),
        work_phone: work_phone.unwrap_or_else(|| before.work_phone.clone()),
        ..before.clone()
    };
    check_names(&tx, &row).await?;
    if row.role != before.role {
        if viewer.staff_id() == Some(id) {
            return Err(Error::fault(FaultCode::NotAvailable, "role", Message::NotOnesOwnRole));
        }
        keep_an_administrator(&tx, &before, "role").await?;
    }
    store::account::update(&tx, row.clone()).await?;
    let sees_other_things = (row.role, row.department) != (before.role, before.department);
    let mut details = json!({
        "number": row.number, "role": [before.role, row.role], "department": [before.department, row.department],
    });
    if sees_other_things {
        let sessions = store::session::end_all(&tx, id, "the role was changed", services.now()).await?;
        details["sessionsEnded"] = sessions.into();
        details["handedBack"] = json!(hand_back(services, &tx, &row).await?);
    }
    record(services, &tx, viewer, ("UPDATE_STAFF", "Staff", id), details).await?;
    tx.commit().await?;
    if sees_other_things {
        services.hub.end_principal(id);
        services.hub.committed();
    }
    Ok(row)
}

/// Makes somebody work for exactly these projects.
pub async fn set_projects(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    project_ids: Vec<Uuid>,
) -> Result<staff::Model> {
    let projects = distinct(project_ids)?;
    let tx = services.db.begin().await?;
    let row = hold(&tx, viewer, id).await?;
    check_projects(&tx, viewer, &projects).await?;
    let before = store::account::project_ids(&tx, id).await?;
    store::account::set_projects(&tx, id, &projects).await?;
    let back = hand_back(services, &tx, &row).await?;
    let details = json!({ "projects": [before, projects], "handedBack": back });
    record(services, &tx, viewer, ("SET_STAFF_PROJECTS", "Staff", id), details).await?;
    tx.commit().await?;
    // A replica may still know of projects that were left: they read where it was written until it has caught up.
    services.db.has_written(id).await;
    services.hub.committed();
    Ok(row)
}

/// Ends an account: no new session, the open ones end, and everything in their hands goes back.
pub async fn disable(services: &Services, viewer: &Viewer, id: Uuid) -> Result<staff::Model> {
    if viewer.staff_id() == Some(id) {
        return Err(Error::fault(FaultCode::NotAvailable, "staffId", Message::NotOneself));
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    let before = hold(&tx, viewer, id).await?;
    keep_an_administrator(&tx, &before, "staffId").await?;
    let disabled_at = before.disabled_at.filter(|_| !before.is_active).or(Some(now));
    let row = staff::Model { is_active: false, disabled_at, ..before };
    store::account::update(&tx, row.clone()).await?;
    let sessions = store::session::end_all(&tx, id, "the account was disabled", now).await?;
    let details = json!({ "sessionsEnded": sessions, "handedBack": hand_back(services, &tx, &row).await? });
    record(services, &tx, viewer, ("DISABLE_STAFF", "Staff", id), details).await?;
    tx.commit().await?;
    services.hub.end_principal(id);
    services.hub.committed();
    Ok(row)
}

/// Begins an account again that was ended, with its role, projects and password. What went back stays with others.
pub async fn enable(services: &Services, viewer: &Viewer, id: Uuid) -> Result<staff::Model> {
    let tx = services.db.begin().await?;
    let row = staff::Model { is_active: true, disabled_at: None, ..hold(&tx, viewer, id).await? };
    store::account::update(&tx, row.clone()).await?;
    record(services, &tx, viewer, ("ENABLE_STAFF", "Staff", id), json!({ "role": row.role })).await?;
    tx.commit().await?;
    Ok(row)
}

async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<staff::Model> {
    store::account::hold(tx, viewer, id).await?.ok_or_else(|| Error::unknown("staffId"))
}

/// Whoever is no administrator any more leaves another behind. Of two who put each other out at once, one finds the other gone.
async fn keep_an_administrator(tx: &Tx, before: &staff::Model, field: &str) -> Result<()> {
    let is_one = before.role == Role::Admin && before.is_active;
    if is_one && store::account::other_administrators(tx, before.id).await? == 0 {
        return Err(Error::fault(FaultCode::NotAvailable, field, Message::LastAdministrator));
    }
    Ok(())
}

async fn check_names(tx: &Tx, row: &staff::Model) -> Result<()> {
    let taken = |field, message| Err(Error::fault(FaultCode::Conflict, field, message));
    if store::account::has_number(tx, row).await? {
        return taken("number", Message::StaffNumberTaken);
    }
    if store::account::has_login(tx, row).await? {
        return taken("login", Message::LoginTaken);
    }
    Ok(())
}

fn distinct(mut ids: Vec<Uuid>) -> Result<Vec<Uuid>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MOST_PROJECTS {
        let message = Message::AtMostValues { most: MOST_PROJECTS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "projectIds", message));
    }
    Ok(ids)
}

async fn check_projects(tx: &Tx, viewer: &Viewer, ids: &[Uuid]) -> Result<()> {
    let found = store::company::projects(tx, viewer, ids).await?;
    if found.len() == ids.len() { Ok(()) } else { Err(Error::unknown("projectIds")) }
}
