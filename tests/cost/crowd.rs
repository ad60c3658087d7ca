//! Many of everything: households, owners, staff, tickets with histories and pictures, lectures. Each row that an answer
//! shows has siblings of its own, so that a list which asks once per row can't hide behind a shared one.

use anju::{
    auth::viewer::{Principal, Viewer},
    domain::ticket::{Command, NewTicket},
    service::{
        Services,
        ticket::{Order, Report, act, create},
    },
};
use chrono::TimeDelta;
use entity::{
    activity, activity_registration, ambassador_assignment, attachment, building, contract, owner, ownership, partner,
    staff, staff_project, ticket, ticket_event, unit,
    vocab::{
        Channel, Department, PrincipalKind, RegistrationStatus, Role, TicketCategory, TicketKind, Urgency, WarrantyPart,
    },
    warranty_item,
};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::harness::{TestApp, activities, world::World};

/// What the rows of a crowd are copied from: real ones, made by the services.
pub struct Crowd {
    services: Services,
    world: World,
    ticket: ticket::Model,
    events: Vec<ticket_event::Model>,
    size: usize,
}

/// The rows of one more step, gathered before they are written.
#[derive(Default)]
struct Rows {
    buildings: Vec<building::Model>,
    units: Vec<unit::Model>,
    owners: Vec<owner::Model>,
    ownerships: Vec<ownership::Model>,
    contracts: Vec<contract::Model>,
    warranties: Vec<warranty_item::Model>,
    staff: Vec<staff::Model>,
    staff_projects: Vec<staff_project::Model>,
    assignments: Vec<ambassador_assignment::Model>,
    tickets: Vec<ticket::Model>,
    events: Vec<ticket_event::Model>,
    attachments: Vec<attachment::Model>,
    partners: Vec<partner::Model>,
    lectures: Vec<activity::Model>,
    registrations: Vec<activity_registration::Model>,
}

impl Crowd {
    /// Walks one ticket of Zhang's to IN_PROGRESS; the crowd's tickets are its copies.
    pub async fn new(app: &TestApp) -> Self {
        let services = app.services.clone();
        let staff = |login: &str, role, department| {
            Viewer::of(Principal::Staff { id: app.world.staff(login), role, department })
        };
        let owner = Viewer::of(Principal::Owner(app.world.owner("zhang")));
        let agent = staff("agent.a", Role::ServiceAgent, Department::CustomerService);
        let technician = staff("technician.a", Role::Technician, Department::PropertyCompany);
        let report = Report {
            unit_id: app.world.unit("YT-101"),
            ticket: NewTicket {
                kind: TicketKind::Repair,
                urgency: Urgency::Normal,
                category: None,
                title: "厨房水管漏水".into(),
                description: "水槽下方".into(),
                channel: Channel::App,
                appointment: None,
                resolve_by: None,
            },
            reporter_id: None,
            attachment_ids: Vec::new(),
            idempotency_key: None,
        };
        let ticket_id = create(&services, &owner, report).await.unwrap().id;
        let accept = Command::Accept {
            category: TicketCategory::Plumbing,
            urgency: Urgency::Normal,
            department: Department::PropertyCompany,
            appointment: None,
            note: None,
        };
        let assign = Command::Assign { assignee_id: app.world.staff("technician.a"), note: None };
        for (viewer, command) in [(&agent, accept), (&agent, assign), (&technician, Command::Start { note: None })] {
            let order = Order { ticket_id, expected_version: None, idempotency_key: None, command, offline: None };
            act(&services, viewer, order).await.unwrap();
        }
        let ticket = ticket::Entity::find_by_id(ticket_id).one(services.db.reader()).await.unwrap().unwrap();
        let events = ticket_event::Entity::find()
            .filter(ticket_event::Column::TicketId.eq(ticket_id))
            .order_by_asc(ticket_event::Column::Seq)
            .all(services.db.reader())
            .await
            .unwrap();
        Self { services, world: app.world.clone(), ticket, events, size: 0 }
    }

    /// Makes the crowd this large: so many homes of Zhang's with ambassadors of their own, as many homes of
    /// `ambassador.a` with owners of their own, a ticket on each, and as many lectures.
    pub async fn grow(&mut self, size: usize) {
        let mut rows = Rows::default();
        for number in self.size..size {
            let ambassador = self.member(&mut rows, format!("ambassador {number}"), Role::Ambassador);
            let neighbour = self.owner(&mut rows, number);
            let zhang = self.world.owner("zhang");
            let home = self.household(&mut rows, format!("Z{number}"), &[zhang, neighbour], ambassador);
            self.ticket(&mut rows, number, 'Z', home, zhang);
            let home = self.household(&mut rows, format!("A{number}"), &[neighbour], self.world.staff("ambassador.a"));
            self.ticket(&mut rows, number, 'A', home, neighbour);
            self.lecture(&mut rows, number, neighbour);
        }
        rows.write(&self.services).await;
        self.size = size;
    }

    fn id(&self) -> Uuid {
        self.services.new_id(self.services.now())
    }

    fn member(&self, rows: &mut Rows, name: String, role: Role) -> Uuid {
        let id = self.id();
        rows.staff.push(staff::Model {
            id,
            number: name.clone(),
            login: name.clone(),
            password_hash: None,
            name,
            role,
            department: Department::PropertyCompany,
            work_phone: Some("0510-8888-9999".into()),
            is_active: true,
            disabled_at: None,
            created_at: self.services.now(),
        });
        let project_id = self.world.id("project:YT");
        rows.staff_projects.push(staff_project::Model { staff_id: id, project_id });
        id
    }

    fn owner(&self, rows: &mut Rows, number: usize) -> Uuid {
        let (id, phone) = (self.id(), format!("192{number:08}"));
        rows.owners.push(owner::Model {
            id,
            name: format!("邻居{number}"),
            phone_hash: Some(self.services.vault.phone_hash(&phone)),
            phone_sealed: Some(self.services.vault.seal_phone(id, &phone)),
            phone_masked: Some(anju::domain::phone::mask(&phone)),
            identity_hash: None,
            identity_sealed: None,
            identity_masked: None,
            stage: entity::vocab::OwnerStage::Resident,
            created_at: self.services.now(),
        });
        id
    }

    fn household(&self, rows: &mut Rows, room: String, owners: &[Uuid], ambassador: Uuid) -> Uuid {
        let (unit_id, project_id, now) = (self.id(), self.world.id("project:YT"), self.services.now());
        let on = crate::harness::world::day("2025-06-30");
        let name = format!("楼{room}");
        let building = building::Model { id: self.id(), project_id, name, created_at: now };
        rows.units.push(unit::Model {
            id: unit_id,
            project_id,
            building_id: building.id,
            section: "1".into(),
            code: format!("{}-1-{room}", building.name),
            room: room.clone(),
            floor_area_centi: Some(8950),
            handed_over_on: Some(on),
            created_at: now,
            is_public_area: false,
        });
        rows.buildings.push(building);
        for (position, owner_id) in (0..).zip(owners) {
            let (id, owner_id) = (self.id(), *owner_id);
            rows.ownerships.push(ownership::Model { id, unit_id, owner_id, position, started_on: on, ended_on: None });
        }
        let contract = contract::Model {
            id: self.id(),
            project_id,
            unit_id,
            number: room,
            signed_on: Some(on),
            handover_due_on: Some(on),
            handed_over_on: Some(on),
            status: entity::vocab::ContractStatus::HandedOver,
            created_at: now,
        };
        for part in [WarrantyPart::Waterproofing, WarrantyPart::Wiring] {
            let (id, contract_id) = (self.id(), Some(contract.id));
            let (starts_on, expires_on) = (on, crate::harness::world::day("2030-06-29"));
            let item = warranty_item::Model { id, unit_id, contract_id, part, starts_on, expires_on, noticed_at: None };
            rows.warranties.push(item);
        }
        rows.contracts.push(contract);
        let id = self.id();
        let row = ambassador_assignment::Model { id, unit_id, staff_id: ambassador, started_at: now, ended_at: None };
        rows.assignments.push(row);
        unit_id
    }

    /// A copy of the template with an agent and a technician of its own behind its events, and two pictures.
    fn ticket(&self, rows: &mut Rows, number: usize, mark: char, unit_id: Uuid, reporter: Uuid) {
        let agent = self.member(rows, format!("agent {mark}{number}"), Role::ServiceAgent);
        let technician = self.member(rows, format!("technician {mark}{number}"), Role::Technician);
        let spare = self.member(rows, format!("spare {mark}{number}"), Role::Technician);
        let ticket = ticket::Model {
            id: self.id(),
            number: format!("{mark}-{number}"),
            unit_id,
            reporter_owner_id: Some(reporter),
            assignee_id: Some(spare),
            ..self.ticket.clone()
        };
        for event in &self.events {
            let actor_staff_id = match event.actor_staff_id {
                Some(id) if id == self.world.staff("agent.a") => Some(agent),
                actor => actor.map(|_| technician),
            };
            rows.events.push(ticket_event::Model {
                id: self.id(),
                ticket_id: ticket.id,
                unit_id,
                actor_staff_id,
                actor_owner_id: event.actor_owner_id.map(|_| reporter),
                ..event.clone()
            });
        }
        for _ in 0..2 {
            rows.attachments.push(attachment::Model {
                id: self.id(),
                ticket_id: Some(ticket.id),
                uploader_kind: PrincipalKind::Owner,
                uploader_id: reporter,
                content_type: "image/jpeg".into(),
                byte_size: 1000,
                width: 10,
                height: 10,
                created_at: self.services.now(),
            });
        }
        rows.tickets.push(ticket);
    }

    fn lecture(&self, rows: &mut Rows, number: usize, listener: Uuid) {
        let now = self.services.now();
        let host = partner::Model {
            id: self.id(),
            name: format!("商家{number}"),
            client_id: format!("client {number}"),
            secret_hash: None,
            old_secret_hash: None,
            old_secret_until: None,
            is_active: true,
            created_at: now,
        };
        for partner_id in [host.id, self.world.partner("partner-1")] {
            let project_id = self.world.id(["project:YT", "project:HP"][number % 2]);
            let lecture = activities::lecture(&self.services, project_id, partner_id, now + TimeDelta::days(4));
            let taken = RegistrationStatus::Registered;
            rows.registrations.push(activities::registration(&self.services, lecture.id, listener, taken));
            rows.lectures.push(lecture);
        }
        rows.partners.push(host);
    }
}

impl Rows {
    async fn write(self, services: &Services) {
        insert::<building::Entity>(services, self.buildings).await;
        insert::<unit::Entity>(services, self.units).await;
        insert::<owner::Entity>(services, self.owners).await;
        insert::<ownership::Entity>(services, self.ownerships).await;
        insert::<contract::Entity>(services, self.contracts).await;
        insert::<warranty_item::Entity>(services, self.warranties).await;
        insert::<staff::Entity>(services, self.staff).await;
        insert::<staff_project::Entity>(services, self.staff_projects).await;
        insert::<ambassador_assignment::Entity>(services, self.assignments).await;
        insert::<ticket::Entity>(services, self.tickets).await;
        for chunk in self.events.chunks(200) {
            // The database gives each event its number, as it does for the service.
            let unnumbered = |event: &ticket_event::Model| {
                let row = event.clone().into_active_model().reset_all();
                ticket_event::ActiveModel { seq: ActiveValue::NotSet, ..row }
            };
            let rows = chunk.iter().map(unnumbered);
            ticket_event::Entity::insert_many(rows).exec_without_returning(services.db.writer()).await.unwrap();
        }
        insert::<attachment::Entity>(services, self.attachments).await;
        insert::<partner::Entity>(services, self.partners).await;
        insert::<activity::Entity>(services, self.lectures).await;
        insert::<activity_registration::Entity>(services, self.registrations).await;
    }
}

async fn insert<E>(services: &Services, rows: Vec<E::Model>)
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
