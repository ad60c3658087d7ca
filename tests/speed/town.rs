//! The company that is measured: as many homes as told, each with an owner, warranties and twenty tickets of four events.
//! It is put into the database by a few statements, as copies of rows that the services made.

use std::ops::RangeInclusive;

use anju::auth::viewer::{Principal, Viewer};
use entity::{
    ambassador_assignment, building, owner, ownership, staff, staff_project, ticket, ticket_event, unit,
    vocab::{Department, Role, TicketStatus},
    warranty_item,
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    Engine, TestApp, TestOptions,
    dialect::{Dialect, id},
};

pub const TICKETS_OF_HOME: u32 = 20;
pub const EVENTS_OF_TICKET: u32 = 4;

/// One ambassador answers for so many homes.
pub const HOMES_OF_AMBASSADOR: u32 = 200;

/// The ambassadors are numbered from 1 on.
const TECHNICIANS: RangeInclusive<u32> = 100_001..=100_100;
const FIRST_AGENT: u32 = 200_001;
const HOMES_OF_BUILDING: u32 = 100;

/// What the ids of the copies are numbered by.
const OWNER: u32 = 1;
const UNIT: u32 = 2;
const STAFF: u32 = 3;
const TICKET: u32 = 6;

/// A company in a database, behind a server.
pub struct Town {
    pub app: TestApp,
    pub homes: u32,
    /// The row that all tickets are copies of.
    pub ticket: ticket::Model,
    events: Vec<ticket_event::Model>,
}

/// The rows of one step of growth.
struct Step<'a> {
    town: &'a Town,
    sql: Dialect,
    first_home: u32,
    last_home: u32,
    /// The number of the first event.
    seq: i64,
}

pub fn owner(number: u32) -> Viewer {
    Viewer::of(Principal::Owner(id(OWNER, number)))
}

pub fn ambassador(number: u32) -> Viewer {
    let department = Department::CustomerService;
    Viewer::of(Principal::Staff { id: id(STAFF, number), role: Role::Ambassador, department })
}

/// One of those who see all of the project, from 0 on.
pub fn agent(number: u32) -> Uuid {
    id(STAFF, FIRST_AGENT + number)
}

pub fn unit(number: u32) -> Uuid {
    id(UNIT, number)
}

/// A ticket of the first homes.
pub fn ticket(number: u32) -> Uuid {
    id(TICKET, number)
}

impl Town {
    /// A server over a company in which there is one ticket, that is worked on.
    pub async fn found(engine: Engine, most_homes: u32, agents: usize) -> Self {
        let options = TestOptions { without_relay: true, connections: Some(16), ..TestOptions::default() };
        let app = TestApp::with(engine, options).await;
        let made = app.ticket_in(TicketStatus::InProgress, json!({ "description": "水槽下方一直滴水" })).await;
        let (ticket, events) = (app.row(&made).await, app.log(&made).await);
        assert_eq!(events.len(), EVENTS_OF_TICKET as usize);
        let town = Self { app, homes: 0, ticket, events };
        let ambassadors = most_homes.div_ceil(HOMES_OF_AMBASSADOR);
        let agents = u32::try_from(agents).expect("a few hundred");
        town.fill(&town.staff(ambassadors, agents)).await;
        town
    }

    fn sql(&self) -> Dialect {
        Dialect(self.app.database.engine)
    }

    /// Makes it so large.
    pub async fn grow(&mut self, homes: u32) {
        if homes <= self.homes {
            return;
        }
        let head = anju::store::event::head(self.app.services.db.reader()).await.unwrap();
        let (first_home, last_home) = (self.homes + 1, homes);
        let step = Step { town: self, sql: self.sql(), first_home, last_home, seq: head + 1 };
        let statements = [step.homes(), step.papers(), vec![step.tickets(), step.events()], step.pictures()].concat();
        self.fill(&statements).await;
        self.homes = homes;
    }

    async fn fill(&self, statements: &[String]) {
        let mut options = ConnectOptions::new(&self.app.database.url);
        options.max_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await.unwrap();
        let (before, after): (&[&str], &[&str]) = match self.app.database.engine {
            // What is copied from good rows is good.
            Engine::Postgres => (
                &["SET session_replication_role = replica"],
                &[
                    "SELECT setval(pg_get_serial_sequence('ticket_events', 'seq'), (SELECT max(seq) FROM ticket_events))",
                    "VACUUM ANALYZE",
                ],
            ),
            Engine::Sqlite => (&["PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF"], &["PRAGMA wal_checkpoint"]),
        };
        let all = before.iter().copied().chain(statements.iter().map(String::as_str)).chain(after.iter().copied());
        for statement in all {
            connection.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
        }
        connection.close().await.unwrap();
    }

    fn staff(&self, ambassadors: u32, agents: u32) -> Vec<String> {
        let sql = self.sql();
        let mut all = Vec::new();
        let agents = ("SERVICE_AGENT", FIRST_AGENT..=FIRST_AGENT + agents - 1);
        for (role, numbers) in [("AMBASSADOR", 1..=ambassadors), ("TECHNICIAN", TECHNICIANS), agents] {
            let columns = [
                ("id", sql.id(STAFF, "n")),
                ("number", "'S' || n".to_owned()),
                ("login", "'staff ' || n".to_owned()),
                ("name", "'员工 ' || n".to_owned()),
                ("role", format!("'{role}'")),
            ];
            let projects = [("staff_id", sql.id(STAFF, "n")), ("project_id", sql.uuid(self.ticket.project_id))];
            all.push(sql.copy(staff::Entity, "login = 'ambassador.a'", numbers.clone(), &columns));
            all.push(sql.copy(staff_project::Entity, "1 = 1 LIMIT 1", numbers, &projects));
        }
        all
    }
}

impl Step<'_> {
    fn homes(&self) -> Vec<String> {
        let sql = self.sql;
        let range = self.first_home..=self.last_home;
        let building = |number: &str| sql.id(8, &format!("(1 + ({number} - 1) / {HOMES_OF_BUILDING})"));
        let buildings = 1 + (self.first_home - 1) / HOMES_OF_BUILDING..=1 + (self.last_home - 1) / HOMES_OF_BUILDING;
        let yt = sql.uuid(self.town.ticket.project_id);
        vec![
            sql.copy(
                building::Entity,
                "name = '1号楼' LIMIT 1",
                buildings,
                &[("id", sql.id(8, "n")), ("project_id", yt.clone()), ("name", "'B' || n || '号楼'".into())],
            ),
            sql.copy(
                owner::Entity,
                "name = 'wang'",
                range.clone(),
                &[("id", sql.id(OWNER, "n")), ("name", "'业主 ' || n".into()), ("phone_hash", "NULL".into())],
            ),
            sql.copy(
                unit::Entity,
                "room = 'YT-102'",
                range.clone(),
                &[
                    ("id", sql.id(UNIT, "n")),
                    ("building_id", building("n")),
                    ("room", "'R' || n".into()),
                    ("code", "'云庭-1-' || n".into()),
                ],
            ),
            sql.copy(
                ownership::Entity,
                "ended_on IS NULL LIMIT 1",
                range,
                &[("id", sql.id(4, "n")), ("unit_id", sql.id(UNIT, "n")), ("owner_id", sql.id(OWNER, "n"))],
            ),
        ]
    }

    fn papers(&self) -> Vec<String> {
        let sql = self.sql;
        let ambassador = sql.id(STAFF, &format!("(1 + (n - 1) / {HOMES_OF_AMBASSADOR})"));
        let range = self.first_home..=self.last_home;
        let assigned = [("id", sql.id(5, "n")), ("unit_id", sql.id(UNIT, "n")), ("staff_id", ambassador)];
        let mut all =
            vec![sql.copy(ambassador_assignment::Entity, "ended_at IS NULL LIMIT 1", range.clone(), &assigned)];
        for (kind, part) in (11..).zip(["WATERPROOFING", "WIRING", "PLUMBING"]) {
            let items = [("id", sql.id(kind, "n")), ("unit_id", sql.id(UNIT, "n")), ("part", format!("'{part}'"))];
            all.push(sql.copy(warranty_item::Entity, "1 = 1 LIMIT 1", range.clone(), &items));
        }
        all
    }

    /// The numbers of the tickets of these homes. Each home's are spread over the whole time.
    fn ticket_numbers(&self) -> (u32, u32) {
        (1 + (self.first_home - 1) * TICKETS_OF_HOME, self.last_home * TICKETS_OF_HOME)
    }

    fn home(&self) -> String {
        let homes = self.last_home + 1 - self.first_home;
        format!("({} + (n - {}) % {homes})", self.first_home, self.ticket_numbers().0)
    }

    /// One in ten is open.
    fn tickets(&self) -> String {
        let (sql, (first, last)) = (self.sql, self.ticket_numbers());
        let homes = self.last_home + 1 - self.first_home;
        let is_open = format!("(n - {first}) / {homes} >= {}", TICKETS_OF_HOME - TICKETS_OF_HOME / 10);
        let due = format!("CASE WHEN {is_open} THEN {} ELSE {} END", sql.minutes("n"), sql.end_of_time());
        let columns = [
            ("id", sql.id(TICKET, "n")),
            ("number", "'N' || n".to_owned()),
            ("unit_id", sql.id(UNIT, &self.home())),
            ("reporter_owner_id", sql.id(OWNER, &self.home())),
            ("assignee_id", self.technician()),
            ("is_open", format!("({is_open})")),
            ("status", format!("CASE WHEN {is_open} THEN 'IN_PROGRESS' ELSE 'CLOSED' END")),
            ("queue_deadline_at", due),
            ("next_check_at", "NULL".to_owned()),
        ];
        let template = format!("id = {}", sql.uuid(self.town.ticket.id));
        sql.copy(ticket::Entity, &template, first..=last, &columns)
    }

    fn technician(&self) -> String {
        let (first, count) = (TECHNICIANS.start(), TECHNICIANS.count());
        self.sql.id(STAFF, &format!("({first} + n % {count})"))
    }

    fn events(&self) -> String {
        let (sql, (first, last)) = (self.sql, self.ticket_numbers());
        let place = format!("(t.seq - {})", self.town.events[0].seq);
        let technician = self.town.events[3].actor_staff_id.expect("a technician starts");
        let staff = format!(
            "CASE WHEN t.actor_staff_id = {} THEN {} ELSE t.actor_staff_id END",
            sql.uuid(technician),
            self.technician()
        );
        let owner = sql.id(OWNER, &self.home());
        let columns = [
            ("seq", format!("{} + (n - {first}) * {EVENTS_OF_TICKET} + {place}", self.seq)),
            ("id", sql.id(7, &format!("(n * {EVENTS_OF_TICKET} + {place})"))),
            ("ticket_id", sql.id(TICKET, "n")),
            ("unit_id", sql.id(UNIT, &self.home())),
            ("actor_owner_id", format!("CASE WHEN t.actor_owner_id IS NULL THEN NULL ELSE {owner} END")),
            ("actor_staff_id", staff),
        ];
        let template = format!("ticket_id = {}", sql.uuid(self.town.ticket.id));
        sql.copy(ticket_event::Entity, &template, first..=last, &columns)
    }

    /// Two pictures for one ticket in four.
    fn pictures(&self) -> Vec<String> {
        let (sql, (first, last)) = (self.sql, self.ticket_numbers());
        let from = sql.series(first..=last);
        let picture = |kind: u32, minutes: &str| {
            format!(
                "INSERT INTO attachments (id, ticket_id, uploader_kind, uploader_id, content_type, byte_size, width, \
                 height, created_at) SELECT {}, {}, 'OWNER', {}, 'image/jpeg', 123456, 1600, 1200, {} FROM {from} \
                 WHERE n % 4 = 0",
                sql.id(kind, "n"),
                sql.id(TICKET, "n"),
                sql.id(OWNER, &self.home()),
                sql.minutes(minutes)
            )
        };
        vec![picture(21, "n"), picture(22, "(n + 1)")]
    }
}

/// A connection for statements of one's own: kept open, not asked whether it lives before each use, and planned for as the
/// server's own are.
pub async fn pool(engine: Engine, url: &str, connections: u32) -> DatabaseConnection {
    let url = match engine {
        Engine::Postgres => format!("{url}?options[random_page_cost]=1.1"),
        Engine::Sqlite => url.to_owned(),
    };
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).test_before_acquire(false).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// The processes of PostgreSQL; none of SQLite, which works in ours.
pub async fn processes(connection: &DatabaseConnection) -> Vec<i32> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Vec::new();
    }
    let sql = "SELECT pid FROM pg_stat_activity";
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
