//! A company of 2,000 homes and 20,000 tickets, copied inside the database from a few real rows: many enough for a
//! planner to care, and quick enough for a test.

use entity::{ambassador_assignment, owner, ownership, staff, staff_project, ticket, ticket_event, unit};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    cost::crowd::Crowd,
    harness::{
        Engine, TestApp,
        dialect::{Dialect, id},
    },
};

const HOMES: u32 = 2_000;
const TICKETS: u32 = 20_000;
const EVENTS: u32 = 2 * TICKETS;
const FIRST_EVENT: i64 = 1_000;

/// The number of the newest event.
pub const LAST_EVENT: i64 = FIRST_EVENT + EVENTS as i64;

pub fn owner(number: u32) -> Uuid {
    id(1, number)
}

/// 1 to 100 are ambassadors, 101 to 200 technicians.
pub fn staff(number: u32) -> Uuid {
    id(3, number)
}

/// Fills the database.
pub async fn seed(app: &TestApp) {
    Crowd::new(app).await;
    let sql = Dialect(app.database.engine);
    let connection = app.database.connect().await;
    for statement in people(app, sql).into_iter().chain(tickets(app, sql)) {
        connection.execute_unprepared(&statement).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    if app.database.engine == Engine::Postgres {
        // As the server does by itself after a while. Nobody does so for SQLite.
        connection.execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
    connection.close().await.unwrap();
}

fn project(app: &TestApp, sql: Dialect, number: &str) -> String {
    let (yt, hp) = (app.world.id("project:YT"), app.world.id("project:HP"));
    format!("CASE WHEN ({number}) % 2 = 0 THEN {} ELSE {} END", sql.uuid(yt), sql.uuid(hp))
}

fn people(app: &TestApp, sql: Dialect) -> Vec<String> {
    let text = |prefix: &str| format!("'{prefix}' || n");
    vec![
        sql.copy(
            owner::Entity,
            "name = 'wang' LIMIT 1",
            1..=HOMES,
            &[("id", sql.id(1, "n")), ("name", text("owner ")), ("phone_hash", "NULL".into())],
        ),
        sql.copy(
            unit::Entity,
            "room = 'YT-102' LIMIT 1",
            1..=HOMES,
            &[("id", sql.id(2, "n")), ("project_id", project(app, sql, "n")), ("room", text("R")), ("code", text("C"))],
        ),
        sql.copy(
            ownership::Entity,
            "ended_on IS NULL LIMIT 1",
            1..=HOMES,
            &[("id", sql.id(4, "n")), ("unit_id", sql.id(2, "n")), ("owner_id", sql.id(1, "n"))],
        ),
        sql.copy(
            staff::Entity,
            "login = 'ambassador.a' LIMIT 1",
            1..=200,
            &[
                ("id", sql.id(3, "n")),
                ("number", text("S")),
                ("login", text("staff ")),
                ("role", "CASE WHEN n <= 100 THEN 'AMBASSADOR' ELSE 'TECHNICIAN' END".into()),
            ],
        ),
        sql.copy(
            staff_project::Entity,
            "1 = 1 LIMIT 1",
            1..=200,
            &[("staff_id", sql.id(3, "n")), ("project_id", project(app, sql, "n"))],
        ),
        sql.copy(
            ambassador_assignment::Entity,
            "ended_at IS NULL LIMIT 1",
            1..=HOMES,
            &[("id", sql.id(5, "n")), ("unit_id", sql.id(2, "n")), ("staff_id", sql.id(3, "1 + (n + 1) % 100"))],
        ),
    ]
}

/// Ten for each home, one of them open.
fn tickets(app: &TestApp, sql: Dialect) -> Vec<String> {
    let home = format!("(1 + (n - 1) % {HOMES})");
    let is_open = format!("n > {}", TICKETS - HOMES);
    let event_ticket = "((n + 1) / 2)";
    let event_home = format!("(1 + ({event_ticket} - 1) % {HOMES})");
    vec![
        sql.copy(
            ticket::Entity,
            "1 = 1 LIMIT 1",
            1..=TICKETS,
            &[
                ("id", sql.id(6, "n")),
                ("number", "'N' || n".into()),
                ("project_id", project(app, sql, &home)),
                ("unit_id", sql.id(2, &home)),
                ("reporter_owner_id", sql.id(1, &home)),
                ("assignee_id", sql.id(3, "21 + (n + 1) % 100")),
                ("is_open", format!("({is_open})")),
                ("status", format!("CASE WHEN {is_open} THEN 'IN_PROGRESS' ELSE 'CLOSED' END")),
                (
                    "queue_deadline_at",
                    format!("CASE WHEN {is_open} THEN {} ELSE {} END", sql.minutes("n"), sql.end_of_time()),
                ),
                ("next_check_at", "NULL".into()),
            ],
        ),
        sql.copy(
            ticket_event::Entity,
            "action = 'START' LIMIT 1",
            1..=EVENTS,
            &[
                ("seq", format!("{FIRST_EVENT} + n")),
                ("id", sql.id(7, "n")),
                ("ticket_id", sql.id(6, event_ticket)),
                ("unit_id", sql.id(2, &event_home)),
                ("project_id", project(app, sql, &event_home)),
                ("actor_staff_id", sql.id(3, &format!("101 + ({event_ticket} + 1) % 100"))),
            ],
        ),
    ]
}
