//! A small company: two projects, four households, staff of every role, two partners with lectures.

use std::collections::HashMap;

use anju::service::Services;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    activity, ambassador_assignment, building, contract, owner, ownership, partner, project, staff, staff_project,
    training, unit,
    vocab::{ActivityStatus, ContractStatus, Department, OwnerStage, Role, WarrantyPart},
    warranty_item,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// The ids of what is there, by the names that tests use.
#[derive(Clone, Default)]
pub struct World {
    ids: HashMap<String, Uuid>,
}

/// The password of every member of staff.
pub const PASSWORD: &str = "correct horse battery";

/// The secret of every partner.
pub const SECRET: &str = "partner-secret-partner-secret";

/// Logins with role, department and project.
const STAFF: &[(&str, Role, Department, Option<&str>)] = &[
    ("ambassador.a", Role::Ambassador, Department::CustomerService, Some("YT")),
    ("ambassador.a2", Role::Ambassador, Department::CustomerService, Some("YT")),
    ("technician.a", Role::Technician, Department::PropertyCompany, Some("YT")),
    ("technician.a2", Role::Technician, Department::PropertyCompany, Some("YT")),
    ("agent.a", Role::ServiceAgent, Department::CustomerService, Some("YT")),
    ("sales.a", Role::SalesAgent, Department::Sales, Some("YT")),
    ("manager.a", Role::Manager, Department::CustomerService, Some("YT")),
    ("ambassador.b", Role::Ambassador, Department::CustomerService, Some("HP")),
    ("technician.b", Role::Technician, Department::PropertyCompany, Some("HP")),
    ("agent.b", Role::ServiceAgent, Department::CustomerService, Some("HP")),
    ("supervisor", Role::GroupSupervisor, Department::GroupProperty, None),
    ("auditor", Role::Auditor, Department::GroupProperty, None),
    ("admin", Role::Admin, Department::GroupProperty, None),
];

type Home = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// Rooms with project, owners and ambassador. Zhang and Li own 101 together; Wang is their neighbour.
const HOMES: &[Home] = &[
    ("YT-101", "YT", &[("zhang", "19100000001"), ("li", "19100000002")], "ambassador.a"),
    ("YT-102", "YT", &[("wang", "19100000003")], "ambassador.a2"),
    ("HP-101", "HP", &[("zhao", "19100000004")], "ambassador.b"),
];

impl World {
    /// Puts the company into an empty database.
    pub async fn build(services: &Services) -> Self {
        let mut world = Self::default();
        for (code, name) in [("YT", "安居·云庭"), ("HP", "安居·湖畔")] {
            world.project(services, code, name).await;
        }
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash = || async { services.passwords.hash(PASSWORD.to_owned()).await.unwrap() };
        let hash = HASH.get_or_init(hash).await;
        for (index, entry) in STAFF.iter().enumerate() {
            world.member(services, index, *entry, hash).await;
        }
        for (room, project, owners, ambassador) in HOMES {
            world.home(services, room, project, owners, ambassador).await;
        }
        for (client, project) in [("partner-1", "YT"), ("partner-2", "HP")] {
            world.lectures(services, client, project).await;
        }
        world
    }

    /// An id by the name it was given: `project:YT`, `unit:YT-101`, `contract:YT-101`, `lecture:partner-1` …
    pub fn id(&self, name: &str) -> Uuid {
        *self.ids.get(name).unwrap_or_else(|| panic!("the world has no {name}"))
    }

    pub fn unit(&self, room: &str) -> Uuid {
        self.id(&format!("unit:{room}"))
    }

    pub fn owner(&self, name: &str) -> Uuid {
        self.id(&format!("owner:{name}"))
    }

    pub fn staff(&self, login: &str) -> Uuid {
        self.id(&format!("staff:{login}"))
    }

    pub fn partner(&self, client_id: &str) -> Uuid {
        self.id(&format!("partner:{client_id}"))
    }

    /// Every name and id.
    pub fn all(&self) -> impl Iterator<Item = (&str, Uuid)> {
        self.ids.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// Gives a name to something that was made elsewhere.
    pub fn know(&mut self, name: &str, id: Uuid) {
        self.ids.insert(name.to_owned(), id);
    }

    /// Adds a trained technician to a project.
    pub async fn engage_technician(&mut self, services: &Services, login: &str, project: &str) {
        let entry = (login, Role::Technician, Department::PropertyCompany, Some(project));
        self.member(services, 900, entry, "no password").await;
    }

    /// Adds a member of staff to a project.
    pub async fn engage(
        &mut self,
        services: &Services,
        login: &str,
        role: Role,
        department: Department,
        project: &str,
    ) {
        let index = 910 + self.ids.len();
        self.member(services, index, (login, role, department, Some(project)), "no password").await;
    }

    /// Adds a home that nobody owns.
    pub async fn empty_home(&mut self, services: &Services, room: &str, project: &str) -> Uuid {
        let unit_id = self.new_id(services, format!("unit:{room}"));
        let row = unit::Model {
            id: unit_id,
            project_id: self.id(&format!("project:{project}")),
            building_id: self.id(&format!("building:{project}")),
            section: "1".into(),
            room: room.into(),
            code: format!("1号楼-1-{room}"),
            floor_area_centi: Some(8950),
            handed_over_on: None,
            created_at: services.now(),
            is_public_area: false,
        };
        put::<unit::Entity>(services, row).await;
        unit_id
    }

    fn new_id(&mut self, services: &Services, name: String) -> Uuid {
        let id = services.new_id(services.now());
        self.ids.insert(name, id);
        id
    }

    async fn project(&mut self, services: &Services, code: &str, name: &str) {
        let now = services.now();
        let id = self.new_id(services, format!("project:{code}"));
        let time_zone = "Asia/Shanghai".to_owned();
        put::<project::Entity>(
            services,
            project::Model { id, code: code.into(), name: name.into(), time_zone, created_at: now },
        )
        .await;
        let building = self.new_id(services, format!("building:{code}"));
        put::<building::Entity>(
            services,
            building::Model { id: building, project_id: id, name: "1号楼".into(), created_at: now },
        )
        .await;
    }

    async fn member(
        &mut self,
        services: &Services,
        index: usize,
        entry: (&str, Role, Department, Option<&str>),
        hash: &str,
    ) {
        let (login, role, department, project) = entry;
        let now = services.now();
        let id = self.new_id(services, format!("staff:{login}"));
        let row = staff::Model {
            id,
            number: format!("GJ{:03}", index + 1),
            login: login.into(),
            password_hash: Some(hash.into()),
            name: format!("员工{}", index + 1),
            role,
            department,
            work_phone: Some(format!("0510-8888-{:04}", index + 1)),
            is_active: true,
            disabled_at: None,
            created_at: now,
        };
        put::<staff::Entity>(services, row).await;
        if let Some(project) = project {
            let project_id = self.id(&format!("project:{project}"));
            put::<staff_project::Entity>(services, staff_project::Model { staff_id: id, project_id }).await;
        }
        let row = training::Model {
            id: services.new_id(now),
            staff_id: id,
            topic: "上岗培训".into(),
            passed_on: day("2026-01-05"),
            valid_until: day("2027-12-31"),
            created_at: now,
        };
        put::<training::Entity>(services, row).await;
    }

    /// Adds a home with its owners, contract, warranties and ambassador.
    pub async fn home(
        &mut self,
        services: &Services,
        room: &str,
        project: &str,
        owners: &[(&str, &str)],
        ambassador: &str,
    ) {
        let now = services.now();
        let project_id = self.id(&format!("project:{project}"));
        let unit_id = self.new_id(services, format!("unit:{room}"));
        let row = unit::Model {
            id: unit_id,
            project_id,
            building_id: self.id(&format!("building:{project}")),
            section: "1".into(),
            room: room.into(),
            code: format!("1号楼-1-{room}"),
            floor_area_centi: Some(8950),
            handed_over_on: Some(day("2025-06-30")),
            created_at: now,
            is_public_area: false,
        };
        put::<unit::Entity>(services, row).await;
        for (position, (name, phone)) in (0..).zip(owners) {
            self.owner_of(services, unit_id, position, name, phone).await;
        }
        self.papers(services, room, project_id, unit_id).await;
        let row = ambassador_assignment::Model {
            id: services.new_id(now),
            unit_id,
            staff_id: self.staff(ambassador),
            started_at: now,
            ended_at: None,
        };
        put::<ambassador_assignment::Entity>(services, row).await;
    }

    async fn owner_of(&mut self, services: &Services, unit_id: Uuid, position: i32, name: &str, phone: &str) {
        let now = services.now();
        let id = self.new_id(services, format!("owner:{name}"));
        let row = owner::Model {
            id,
            name: name.into(),
            phone_hash: Some(services.vault.phone_hash(phone)),
            phone_sealed: Some(services.vault.seal_phone(id, phone)),
            phone_masked: Some(anju::domain::phone::mask(phone)),
            identity_hash: None,
            identity_sealed: None,
            identity_masked: None,
            stage: OwnerStage::Resident,
            created_at: now,
        };
        put::<owner::Entity>(services, row).await;
        let row = ownership::Model {
            id: services.new_id(now),
            unit_id,
            owner_id: id,
            position,
            started_on: day("2024-05-01"),
            ended_on: None,
        };
        put::<ownership::Entity>(services, row).await;
    }

    async fn papers(&mut self, services: &Services, room: &str, project_id: Uuid, unit_id: Uuid) {
        let contract_id = self.new_id(services, format!("contract:{room}"));
        let row = contract::Model {
            id: contract_id,
            project_id,
            unit_id,
            number: format!("2024-{room}"),
            signed_on: Some(day("2024-05-01")),
            handover_due_on: Some(day("2025-06-30")),
            handed_over_on: Some(day("2025-06-30")),
            status: ContractStatus::HandedOver,
            created_at: services.now(),
        };
        put::<contract::Entity>(services, row).await;
        let id = self.new_id(services, format!("warranty:{room}"));
        let row = warranty_item::Model {
            id,
            unit_id,
            contract_id: Some(contract_id),
            part: WarrantyPart::Waterproofing,
            starts_on: day("2025-06-30"),
            expires_on: day("2030-06-29"),
            noticed_at: None,
        };
        put::<warranty_item::Entity>(services, row).await;
    }

    async fn lectures(&mut self, services: &Services, client: &str, project: &str) {
        let now = services.now();
        let id = self.new_id(services, format!("partner:{client}"));
        let row = partner::Model {
            id,
            name: format!("商家 {client}"),
            client_id: client.into(),
            secret_hash: Some(anju::auth::secret::token_hash(SECRET)),
            old_secret_hash: None,
            old_secret_until: None,
            is_active: true,
            created_at: now,
        };
        put::<partner::Entity>(services, row).await;
        for (name, status) in [("lecture", ActivityStatus::Published), ("draft", ActivityStatus::Draft)] {
            let project_id = self.id(&format!("project:{project}"));
            let usual = super::activities::lecture(services, project_id, id, now + TimeDelta::days(3));
            let row = activity::Model { id: self.new_id(services, format!("{name}:{client}")), status, ..usual };
            put::<activity::Entity>(services, row).await;
        }
    }
}

/// The id of one of the service standard's touchpoints, which the migrations bring along, by its place in the standard.
pub fn touchpoint(position: u128) -> Uuid {
    Uuid::from_u128(0x0000_0000_7000_7000_8000_0000_0000_0000 + position)
}

/// A calendar day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant.
pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Inserts a row.
pub async fn put<E>(services: &Services, row: E::Model)
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let row = row.into_active_model().reset_all();
    E::insert(row).exec_without_returning(services.db.writer()).await.unwrap();
}
