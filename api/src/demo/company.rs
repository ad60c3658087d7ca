//! The company before anything happens: projects, buildings and staff, written as rows, and what the rest of the demo
//! needs to know of them. Households are made next door.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{building, partner, project, staff, staff_project, training, vocab::Role};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryOrder};
use uuid::Uuid;

use super::{
    accounts::{PARTNERS, STAFF, StaffAccount},
    days::{ZONE, local_day},
    households::{self, Household},
    random::Random,
};
use crate::{
    auth::{
        secret::token_hash,
        viewer::{Principal, Viewer},
    },
    error::Result,
    service::Services,
    store::db::Tx,
};

/// How long ago the first rows were written.
const FOUNDED: TimeDelta = TimeDelta::days(1200);

/// How long ago the company began to keep these books; months before that have no figures.
const BOOKS_BEGUN: TimeDelta = TimeDelta::days(75);

/// Rows in one statement: SQLite takes at most 32,766 values in one.
const CHUNK: usize = 400;

/// The ambassador whose training has lapsed, and since how many days.
const UNTRAINED: &str = "GJ002";
const LAPSED_DAYS: u64 = 12;

/// How the homes of a building are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub sections: u32,
    pub floors: u32,
    pub rooms: u32,
}

/// A project as the demo lays it out. All its buildings are alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub code: &'static str,
    pub name: &'static str,
    pub layout: Layout,
}

/// Three buildings each: 180 homes and 120 homes.
pub(super) const SITES: [Site; 2] = [
    Site { code: "YT", name: "安居·云庭", layout: Layout { sections: 2, floors: 15, rooms: 2 } },
    Site { code: "HP", name: "安居·湖畔", layout: Layout { sections: 0, floors: 10, rooms: 4 } },
];

pub(super) const BUILDINGS: usize = 3;

/// A member of staff, as the demo needs to know them.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub id: Uuid,
    pub account: &'static StaffAccount,
    pub trained_until: chrono::NaiveDate,
}

impl Member {
    pub fn viewer(&self) -> Viewer {
        let StaffAccount { role, department, .. } = *self.account;
        Viewer::of(Principal::Staff { id: self.id, role, department })
    }

    pub fn works_for(&self, site: usize) -> bool {
        self.account.projects.contains(&SITES[site].code)
    }
}

/// Who and what there is.
pub(super) struct Company {
    pub projects: Vec<project::Model>,
    /// In the order of the accounts.
    pub staff: Vec<Member>,
    pub partners: Vec<Uuid>,
    pub households: Vec<Household>,
}

impl Company {
    /// The one member of staff with a role that only one has, or the first where a role is there twice.
    pub fn only(&self, role: Role) -> &Member {
        self.staff.iter().find(|member| member.account.role == role).expect("every role is filled")
    }

    pub fn by_number(&self, number: &str) -> &Member {
        self.staff.iter().find(|member| member.account.number == number).expect("the number is in the accounts")
    }
}

/// Writes the company down, in one transaction.
pub(super) async fn found(
    services: &Services,
    random: &mut Random,
    now: DateTime<Utc>,
    password_hash: &str,
) -> Result<Company> {
    let at = now - FOUNDED;
    let tx = services.db.begin().await?;
    let projects = projects(services, now - BOOKS_BEGUN);
    let buildings = buildings(services, &projects, at);
    insert_all::<project::Entity>(&tx, projects.clone()).await?;
    insert_all::<building::Entity>(&tx, buildings.clone()).await?;
    let staff = hire(services, &tx, &projects, (at, now), password_hash).await?;
    let partners = partners(services, &tx, at).await?;
    let households = households::settle(services, &tx, &projects, &buildings, &staff, random, now).await?;
    tx.commit().await?;
    Ok(Company { projects, staff, partners, households })
}

/// Inserts rows, so many at a time.
pub(super) async fn insert_all<E>(tx: &Tx, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for chunk in rows.chunks(CHUNK) {
        let rows = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        E::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Every row of a table, the oldest first: what the use cases have made so far.
pub(super) async fn all<E: EntityTrait>(services: &Services) -> Result<Vec<E::Model>>
where
    E::Model: Send + Sync,
{
    let mut rows = E::find();
    for key in E::PrimaryKey::iter() {
        rows = rows.order_by_asc(key.into_column());
    }
    Ok(rows.all(services.db.reader()).await?)
}

/// The buildings of a site, in the order of their names.
pub(super) async fn buildings_of(services: &Services, company: &Company, site: usize) -> Result<Vec<building::Model>> {
    let mut buildings = all::<building::Entity>(services).await?;
    buildings.retain(|building| building.project_id == company.projects[site].id);
    buildings.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(buildings)
}

fn projects(services: &Services, at: DateTime<Utc>) -> Vec<project::Model> {
    let project = |site: &Site| project::Model {
        id: services.new_id(at),
        code: site.code.to_owned(),
        name: site.name.to_owned(),
        time_zone: ZONE.name().to_owned(),
        created_at: at,
    };
    SITES.iter().map(project).collect()
}

fn buildings(services: &Services, projects: &[project::Model], at: DateTime<Utc>) -> Vec<building::Model> {
    let building = |project: &project::Model, number| building::Model {
        id: services.new_id(at),
        project_id: project.id,
        name: format!("{number}号楼"),
        created_at: at,
    };
    projects.iter().flat_map(|project| (1..=BUILDINGS).map(move |number| building(project, number))).collect()
}

async fn hire(
    services: &Services,
    tx: &Tx,
    projects: &[project::Model],
    (at, now): (DateTime<Utc>, DateTime<Utc>),
    password_hash: &str,
) -> Result<Vec<Member>> {
    let today = local_day(now);
    let members: Vec<Member> = STAFF
        .iter()
        .map(|account| {
            let lapsed = today - Days::new(LAPSED_DAYS);
            let trained_until = if account.number == UNTRAINED { lapsed } else { today + Days::new(65) };
            Member { id: services.new_id(at), account, trained_until }
        })
        .collect();
    let rows = members.iter().map(|member| staff_row(member, at, password_hash)).collect();
    insert_all::<staff::Entity>(tx, rows).await?;
    insert_all::<staff_project::Entity>(tx, placements(&members, projects)).await?;
    insert_all::<training::Entity>(tx, trainings(services, &members)).await?;
    Ok(members)
}

fn staff_row(member: &Member, at: DateTime<Utc>, password_hash: &str) -> staff::Model {
    let account = member.account;
    staff::Model {
        id: member.id,
        number: account.number.to_owned(),
        login: account.login.to_owned(),
        password_hash: Some(password_hash.to_owned()),
        name: account.name.to_owned(),
        role: account.role,
        department: account.department,
        work_phone: Some(account.work_phone.to_owned()),
        is_active: true,
        disabled_at: None,
        created_at: at,
    }
}

fn placements(members: &[Member], projects: &[project::Model]) -> Vec<staff_project::Model> {
    let placement = |member: &Member, project: &project::Model| staff_project::Model {
        staff_id: member.id,
        project_id: project.id,
    };
    members
        .iter()
        .flat_map(|member| {
            let own = projects.iter().filter(|project| member.account.projects.contains(&project.code.as_str()));
            own.map(move |project| placement(member, project))
        })
        .collect()
}

/// Two yearly trainings for everyone who meets customers; the last day of the newer one is the member's own.
fn trainings(services: &Services, members: &[Member]) -> Vec<training::Model> {
    let meets_customers = |member: &&Member| !member.account.projects.is_empty();
    members
        .iter()
        .filter(meets_customers)
        .flat_map(|member| {
            let newer = member.trained_until;
            [("服务规范与安全作业", newer - Days::new(365)), ("客户服务标准年度复训", newer)].map(|(topic, until)| {
                let passed_on = until - Days::new(365);
                let created_at = super::days::on(passed_on, 17, 0);
                training::Model {
                    id: services.new_id(created_at),
                    staff_id: member.id,
                    topic: topic.to_owned(),
                    passed_on,
                    valid_until: until,
                    created_at,
                }
            })
        })
        .collect()
}

async fn partners(services: &Services, tx: &Tx, at: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let rows: Vec<partner::Model> = PARTNERS
        .iter()
        .map(|account| partner::Model {
            id: services.new_id(at),
            name: account.name.to_owned(),
            client_id: account.client_id.to_owned(),
            secret_hash: Some(token_hash(account.client_secret)),
            old_secret_hash: None,
            old_secret_until: None,
            is_active: true,
            created_at: at,
        })
        .collect();
    let ids = rows.iter().map(|row| row.id).collect();
    insert_all::<partner::Entity>(tx, rows).await?;
    Ok(ids)
}
