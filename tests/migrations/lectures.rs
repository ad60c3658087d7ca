//! Lectures that were there before they became activities: none is lost, nor who registered, on the way there and back.

use migration::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;

use super::{blank, rows};
use crate::harness::{Engine, postgres};

/// How many changes come before the one that is tested.
const BEFORE: u32 = 8;

const NOW: &str = "'2026-11-23T01:00:00+00:00'";

fn id(number: u32) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

/// One statement for each table, with ids as each database writes them.
fn lectures(engine: Engine) -> Vec<String> {
    let uuid = |number: u32| match engine {
        Engine::Postgres => format!("'{}'::uuid", id(number)),
        Engine::Sqlite => format!("x'{}'", id(number).replace('-', "")),
    };
    let lecture = |number: u32, status: &str| {
        format!("({}, {}, NULL, 'L{number}', '', {NOW}, {NOW}, '会所', 2, '{status}', {NOW})", uuid(number), uuid(1))
    };
    let seat = |number: u32, owner: u32, status: &str, minute: u32| {
        let at = format!("'2026-11-23T01:{minute:02}:00+00:00'");
        format!("({}, {}, {}, '{status}', {at}, {at})", uuid(number), uuid(10), uuid(owner))
    };
    let owner = |number: u32| format!("({}, 'O{number}', 'RESIDENT', {NOW})", uuid(number));
    vec![
        format!(
            "INSERT INTO projects (id, code, name, time_zone, created_at) VALUES ({}, 'P', 'P', 'Asia/Shanghai', {NOW})",
            uuid(1)
        ),
        format!("INSERT INTO owners (id, name, stage, created_at) VALUES {}, {}, {}", owner(2), owner(3), owner(4)),
        format!(
            "INSERT INTO lectures (id, project_id, partner_id, title, description, starts_at, ends_at, venue, capacity, \
             status, created_at) VALUES {}, {}, {}",
            lecture(10, "PUBLISHED"),
            lecture(11, "DRAFT"),
            lecture(12, "CANCELLED")
        ),
        format!(
            "INSERT INTO lecture_registrations (id, lecture_id, owner_id, status, created_at, updated_at) VALUES {}, {}, {}",
            seat(20, 2, "REGISTERED", 5),
            seat(21, 3, "CANCELLED", 3),
            seat(22, 4, "WAITLISTED", 9)
        ),
    ]
}

async fn there_and_back(engine: Engine) {
    let (_database, db) = blank(engine).await;
    Migrator::up(db.writer(), Some(BEFORE)).await.unwrap();
    for statement in lectures(engine) {
        db.writer().execute_unprepared(&statement).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    let before = "SELECT title || ' ' || status AS line FROM lectures ORDER BY title";
    let seats = "SELECT status || ' ' || CAST(created_at AS text) AS line FROM lecture_registrations ORDER BY id";
    let read = async |sql: &str| -> Vec<String> {
        rows(db.writer(), sql.to_owned()).await.into_iter().map(|row| row.try_get("", "line").unwrap()).collect()
    };
    let (old, old_seats) = (read(before).await, read(seats).await);
    assert_eq!((old.len(), old_seats.len()), (3, 3));

    Migrator::up(db.writer(), None).await.unwrap();
    let activities = "SELECT kind || ' ' || title || ' ' || status || ' ' || CAST(last_place AS text) AS line FROM activities ORDER BY title";
    assert_eq!(read(activities).await, ["LECTURE L10 PUBLISHED 3", "LECTURE L11 DRAFT 0", "LECTURE L12 CANCELLED 0"]);
    let places = "SELECT status || ' ' || CAST(place AS text) AS line FROM activity_registrations ORDER BY id";
    assert_eq!(read(places).await, ["REGISTERED 2", "CANCELLED 1", "WAITLISTED 3"], "in the order in which they came");

    let steps = u32::try_from(Migrator::migrations().len()).unwrap() - BEFORE;
    Migrator::down(db.writer(), Some(steps)).await.unwrap();
    assert_eq!((read(before).await, read(seats).await), (old, old_seats));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_2_lectures_become_activities_and_back_on_sqlite() {
    there_and_back(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_2_lectures_become_activities_and_back_on_postgres() {
    if postgres::is_there() {
        there_and_back(Engine::Postgres).await;
    }
}
