//! Three hundred households, whoever serves them, and two servers over their one database.

use std::sync::Arc;

use anju::{
    auth::viewer::{Principal, Viewer},
    clock::ManualClock,
    service::Services,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    ambassador_assignment, building, contract, owner, ownership, project, prospect, staff, staff_project, training,
    unit,
    vocab::{Channel, ContractStatus, Department, OwnerStage, Role, WarrantyPart},
    warranty_item,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::harness::{Database, TestApp, TestOptions};

const BUILDINGS: usize = 6;
const HOMES: usize = 300;

/// Homes before this number are lived in; up to the next they wait for their handover; the rest is being sold.
pub const LIVED_IN: usize = 200;
pub const SIGNED: usize = 240;

/// A home and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    pub unit_id: Uuid,
    pub owner_id: Uuid,
}

/// The town and its two servers.
pub struct Town {
    pub first: TestApp,
    pub second: TestApp,
    pub project_id: Uuid,
    pub buildings: Vec<Uuid>,
    pub homes: Vec<Home>,
    pub ambassadors: Vec<Viewer>,
    pub technicians: Vec<Viewer>,
    pub agents: Vec<Viewer>,
    pub sales: Viewer,
    pub manager: Viewer,
    pub supervisor: Viewer,
    pub admin: Viewer,
}

/// The rows of the town, gathered before they are written.
#[derive(Default)]
struct Rows {
    units: Vec<unit::Model>,
    owners: Vec<owner::Model>,
    ownerships: Vec<ownership::Model>,
    contracts: Vec<contract::Model>,
    warranties: Vec<warranty_item::Model>,
    assignments: Vec<ambassador_assignment::Model>,
    prospects: Vec<prospect::Model>,
}

impl Town {
    /// Founds the town at the clock's present.
    pub async fn found(database: Database, start: DateTime<Utc>) -> Self {
        let clock = Arc::new(ManualClock::new(start));
        let options = TestOptions { without_relay: true, ..TestOptions::default() };
        let first = TestApp::over(database.clone(), Arc::clone(&clock), options.clone()).await;
        let second = TestApp::over(database, clock, options).await;
        let services = first.services.clone();
        let project_id = services.new_id(start);
        let row = project::Model {
            id: project_id,
            code: "AN".into(),
            name: "安居·云庭".into(),
            time_zone: "Asia/Shanghai".into(),
            created_at: start,
        };
        insert::<project::Entity>(&services, vec![row]).await;
        let mut town = Self {
            first,
            second,
            project_id,
            buildings: Vec::new(),
            homes: Vec::new(),
            ambassadors: Vec::new(),
            technicians: Vec::new(),
            agents: Vec::new(),
            sales: Viewer::anonymous(),
            manager: Viewer::anonymous(),
            supervisor: Viewer::anonymous(),
            admin: Viewer::anonymous(),
        };
        town.employ(&services).await;
        town.build(&services).await;
        town
    }

    async fn employ(&mut self, services: &Services) {
        use Department::{CustomerService, GroupProperty, PropertyCompany, Sales};
        for number in 0..6 {
            let login = format!("ambassador.{number}");
            self.ambassadors.push(self.member(services, &login, Role::Ambassador, CustomerService).await);
            let login = format!("technician.{number}");
            self.technicians.push(self.member(services, &login, Role::Technician, PropertyCompany).await);
        }
        for number in 0..2 {
            let login = format!("agent.{number}");
            self.agents.push(self.member(services, &login, Role::ServiceAgent, CustomerService).await);
        }
        self.sales = self.member(services, "sales", Role::SalesAgent, Sales).await;
        self.manager = self.member(services, "manager", Role::Manager, CustomerService).await;
        self.supervisor = self.member(services, "supervisor", Role::GroupSupervisor, GroupProperty).await;
        self.admin = self.member(services, "admin", Role::Admin, GroupProperty).await;
    }

    async fn member(&self, services: &Services, login: &str, role: Role, department: Department) -> Viewer {
        let now = services.now();
        let id = services.new_id(now);
        let row = staff::Model {
            id,
            number: login.into(),
            login: login.into(),
            password_hash: None,
            name: login.into(),
            role,
            department,
            work_phone: None,
            is_active: true,
            disabled_at: None,
            created_at: now,
        };
        insert::<staff::Entity>(services, vec![row]).await;
        insert::<staff_project::Entity>(
            services,
            vec![staff_project::Model { staff_id: id, project_id: self.project_id }],
        )
        .await;
        let passed_on = now.date_naive() - Days::new(30);
        let valid_until = passed_on + Days::new(1000);
        let row = training::Model {
            id: services.new_id(now),
            staff_id: id,
            topic: "岗前".into(),
            passed_on,
            valid_until,
            created_at: now,
        };
        insert::<training::Entity>(services, vec![row]).await;
        Viewer::of(Principal::Staff { id, role, department })
    }

    async fn build(&mut self, services: &Services) {
        let now = services.now();
        let project_id = self.project_id;
        let buildings: Vec<_> = (1..=BUILDINGS)
            .map(|number| building::Model {
                id: services.new_id(now),
                project_id,
                name: format!("{number}号楼"),
                created_at: now,
            })
            .collect();
        self.buildings = buildings.iter().map(|row| row.id).collect();
        insert::<building::Entity>(services, buildings).await;
        let mut rows = Rows::default();
        for number in 0..HOMES {
            let home = self.home(services, &mut rows, number);
            self.homes.push(home);
        }
        insert::<unit::Entity>(services, rows.units).await;
        insert::<owner::Entity>(services, rows.owners).await;
        insert::<ownership::Entity>(services, rows.ownerships).await;
        insert::<contract::Entity>(services, rows.contracts).await;
        insert::<warranty_item::Entity>(services, rows.warranties).await;
        insert::<ambassador_assignment::Entity>(services, rows.assignments).await;
        insert::<prospect::Entity>(services, rows.prospects).await;
    }

    fn home(&self, services: &Services, rows: &mut Rows, number: usize) -> Home {
        let now = services.now();
        let today = now.date_naive();
        let (unit_id, owner_id) = (services.new_id(now), services.new_id(now));
        let handed_over_on = (number < LIVED_IN).then(|| handed_over(today, number));
        let room = format!("{:03}", number / BUILDINGS + 101);
        rows.units.push(unit::Model {
            id: unit_id,
            project_id: self.project_id,
            building_id: self.buildings[number % BUILDINGS],
            section: String::new(),
            code: format!("{}号楼{room}", number % BUILDINGS + 1),
            room,
            floor_area_centi: Some(9000),
            handed_over_on,
            created_at: now,
            is_public_area: false,
        });
        let stage = match number {
            lived_in if lived_in < LIVED_IN => OwnerStage::Resident,
            signed if signed < SIGNED => OwnerStage::Signed,
            _ => OwnerStage::Prospect,
        };
        rows.owners.push(self.person(services, owner_id, number, stage));
        if stage == OwnerStage::Prospect {
            rows.prospects.push(prospect::Model {
                id: services.new_id(now),
                owner_id,
                project_id: self.project_id,
                sales_agent_id: self.sales.staff_id(),
                source: Channel::WalkIn,
                created_at: now,
            });
        }
        if number < SIGNED {
            self.sign(services, rows, (unit_id, owner_id), number, handed_over_on);
        }
        Home { unit_id, owner_id }
    }

    /// The contract, and what follows from a handover.
    fn sign(
        &self,
        services: &Services,
        rows: &mut Rows,
        (unit_id, owner_id): (Uuid, Uuid),
        number: usize,
        handed_over_on: Option<NaiveDate>,
    ) {
        let now = services.now();
        let today = now.date_naive();
        let contract_id = services.new_id(now);
        let signed_on = handed_over_on.unwrap_or(today) - Days::new(500);
        let row = ownership::Model {
            id: services.new_id(now),
            unit_id,
            owner_id,
            position: 0,
            started_on: signed_on,
            ended_on: None,
        };
        rows.ownerships.push(row);
        rows.contracts.push(contract::Model {
            id: contract_id,
            project_id: self.project_id,
            unit_id,
            number: format!("HT-{number}"),
            signed_on: Some(signed_on),
            handover_due_on: Some(signed_on + Days::new(700)),
            handed_over_on,
            status: if handed_over_on.is_some() { ContractStatus::HandedOver } else { ContractStatus::Signed },
            created_at: now,
        });
        if let Some(on) = handed_over_on {
            self.settle(services, rows, (unit_id, contract_id), number, on);
        }
    }

    /// The warranties from the handover on, and an ambassador.
    fn settle(
        &self,
        services: &Services,
        rows: &mut Rows,
        (unit_id, contract_id): (Uuid, Uuid),
        number: usize,
        on: NaiveDate,
    ) {
        let now = services.now();
        let ambassador = number % self.ambassadors.len();
        for (part, days) in
            [(WarrantyPart::Wiring, 730), (WarrantyPart::Plumbing, 731), (WarrantyPart::Waterproofing, 1826)]
        {
            let (id, expires_on) = (services.new_id(now), on + Days::new(days));
            let row = warranty_item::Model {
                id,
                unit_id,
                contract_id: Some(contract_id),
                part,
                starts_on: on,
                expires_on,
                noticed_at: None,
            };
            rows.warranties.push(row);
        }
        let Some(staff_id) = self.ambassadors[ambassador].staff_id() else { unreachable!("an ambassador is staff") };
        let id = services.new_id(now);
        rows.assignments.push(ambassador_assignment::Model { id, unit_id, staff_id, started_at: now, ended_at: None });
    }

    fn person(&self, services: &Services, id: Uuid, number: usize, stage: OwnerStage) -> owner::Model {
        let phone = format!("193{number:08}");
        owner::Model {
            id,
            name: format!("业主{number}"),
            phone_hash: Some(services.vault.phone_hash(&phone)),
            phone_sealed: Some(services.vault.seal_phone(id, &phone)),
            phone_masked: Some(anju::domain::phone::mask(&phone)),
            identity_hash: None,
            identity_sealed: None,
            identity_masked: None,
            stage,
            created_at: services.now(),
        }
    }

    /// The server that serves the next call: they take turns.
    pub fn server(&self, turn: usize) -> &Services {
        if turn.is_multiple_of(2) { &self.first.services } else { &self.second.services }
    }

    pub fn owner(&self, home: usize) -> Viewer {
        Viewer::of(Principal::Owner(self.homes[home].owner_id))
    }
}

/// Handed over in the three years before, a few homes a week: their warranties of two years end in the year that comes.
fn handed_over(today: NaiveDate, number: usize) -> NaiveDate {
    today - Days::new(30 + u64::try_from(number).unwrap() * 5)
}

/// Writes many rows.
pub async fn insert<E>(services: &Services, rows: Vec<E::Model>)
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    for chunk in rows.chunks(200) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model().reset_all());
        E::insert_many(rows).exec_without_returning(services.db.writer()).await.unwrap();
    }
}
