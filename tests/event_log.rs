//! The log as each viewer reads it: the part next to a place first and then the rest, and yet the same as if all of it
//! were asked at once.

use std::collections::HashSet;

use anju::{
    auth::viewer::{Principal, Viewer},
    graphql::{engine::Engine, schema::SchemaOptions},
    http::{Backend, GraphqlRequest},
    page::{Cursor, Page},
    store::{
        self,
        event::{NEAR, after, page, visible},
    },
};
use entity::{
    ticket, ticket_event,
    vocab::{Department, Role},
};
use futures_util::StreamExt;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Engine as Database, TestApp, TestOptions, crew::Crew, device::start_of_log, dice::Dice, postgres},
};

/// How many events there are, and in how many numbers: several times what is asked first.
const EVENTS: i64 = 500;
const NUMBERS: i64 = 5 * NEAR;

/// Of the numbers, the part at the end in which the other project's owner has events; before it there are none.
const LATE: i64 = NUMBERS - NEAR / 2;

fn viewers(app: &TestApp) -> Vec<(&'static str, Viewer)> {
    let staff = |login, role, department| {
        (login, Viewer::of(Principal::Staff { id: app.world.staff(login), role, department }))
    };
    let owner = |name| (name, Viewer::of(Principal::Owner(app.world.owner(name))));
    let (service, property) = (Department::CustomerService, Department::PropertyCompany);
    vec![
        owner("zhang"),
        owner("li"),
        owner("wang"),
        owner("zhao"),
        staff("ambassador.a", Role::Ambassador, service),
        staff("ambassador.a2", Role::Ambassador, service),
        staff("technician.a", Role::Technician, property),
        staff("technician.b", Role::Technician, property),
        staff("agent.a", Role::ServiceAgent, service),
        staff("sales.a", Role::SalesAgent, Department::Sales),
        staff("manager.a", Role::Manager, service),
        staff("supervisor", Role::GroupSupervisor, Department::GroupProperty),
        staff("admin", Role::Admin, Department::GroupProperty),
        ("nobody", Viewer::anonymous()),
        ("the system", Viewer::system()),
    ]
}

/// Tickets of three homes, for several departments and technicians, and a log of random events with holes in its numbers.
async fn fill(app: &TestApp) {
    let crews = [Crew::of_101(app).await, Crew::of_102(app).await, Crew::elsewhere(app).await];
    for crew in &crews {
        for department in ["SALES", "PROPERTY_COMPANY", "SALES"] {
            let ticket = crew.report("厨房水管漏水").await;
            crew.accept_for(&ticket, department).await;
            if department == "PROPERTY_COMPANY" {
                crew.assign(&ticket).await;
            }
        }
    }
    let db = app.services.db.writer();
    let tickets = ticket::Entity::find().order_by_asc(ticket::Column::Id).all(db).await.unwrap();
    let one = ticket_event::Entity::find().one(db).await.unwrap().unwrap();
    ticket_event::Entity::delete_many().exec(db).await.unwrap();
    let mut dice = Dice::new(4);
    let mut numbers = HashSet::new();
    while numbers.len() < usize::try_from(EVENTS).unwrap() {
        numbers.insert(1 + i64::try_from(dice.throw(NUMBERS.unsigned_abs())).unwrap());
    }
    let (far, near): (Vec<_>, Vec<_>) =
        tickets.into_iter().partition(|ticket| ticket.project_id == app.world.id("project:HP"));
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|seq| {
            let of = if seq > LATE && dice.throw(2) == 0 { &far } else { &near };
            event(app, &one, dice.pick(of), seq)
        })
        .collect();
    for chunk in rows.chunks(100) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model().reset_all());
        ticket_event::Entity::insert_many(rows).exec_without_returning(db).await.unwrap();
    }
}

fn event(app: &TestApp, like: &ticket_event::Model, ticket: &ticket::Model, seq: i64) -> ticket_event::Model {
    ticket_event::Model {
        seq,
        id: app.services.new_id(app.services.now()),
        ticket_id: ticket.id,
        project_id: ticket.project_id,
        unit_id: ticket.unit_id,
        ..like.clone()
    }
}

/// Everything that a viewer may see, asked at once.
async fn everything(app: &TestApp, viewer: &Viewer) -> Vec<ticket_event::Model> {
    let all = store::find::<ticket_event::Entity>(viewer).order_by_asc(ticket_event::Column::Seq);
    all.all(app.services.db.reader()).await.unwrap()
}

fn random_page(dice: &mut Dice) -> Page {
    let cursor = |dice: &mut Dice| {
        let place = match dice.throw(8) {
            0 => return None,
            1 => i64::MAX,
            2 => 0,
            _ => i64::try_from(dice.throw(NUMBERS.unsigned_abs() + NEAR.unsigned_abs())).unwrap(),
        };
        Some(Cursor::Seq(place))
    };
    let (after, before) = (cursor(dice), cursor(dice));
    let limit = [1, 2, 7, 30, 100][dice.below(5)];
    Page { limit, backward: dice.throw(2) == 0, after, before }
}

/// The same page, cut from everything.
fn cut(all: &[ticket_event::Model], page: &Page) -> Vec<ticket_event::Model> {
    let place = |cursor: Option<Cursor>, otherwise| match cursor {
        Some(Cursor::Seq(seq)) => seq,
        _ => otherwise,
    };
    let (above, below) = (place(page.after, 0), place(page.before, i64::MAX));
    let within: Vec<_> = all.iter().filter(|event| event.seq > above && event.seq < below).cloned().collect();
    let limit = usize::try_from(page.limit).unwrap();
    let skipped = if page.backward { within.len().saturating_sub(limit) } else { 0 };
    within.into_iter().skip(skipped).take(limit).collect()
}

/// A subscription's next answers, as the numbers of the events.
async fn follow(engine: &Engine, viewer: &Viewer, count: usize) -> Vec<i64> {
    let query = "subscription ($after: String) { ticketStatusChanged(after: $after) { cursor event { id } } }";
    let variables = serde_json::from_value(json!({ "after": start_of_log() })).unwrap();
    let request = GraphqlRequest { query: query.to_owned(), variables, ..GraphqlRequest::default() };
    let answers = engine.subscribe(viewer, engine.prepare(viewer, request).unwrap());
    let number = |pushed: anju::http::Pushed| {
        let answer: Value = serde_json::from_str(&pushed.to_json()).unwrap();
        match Cursor::decode(answer["data"]["ticketStatusChanged"]["cursor"].as_str().unwrap()) {
            Some(Cursor::Seq(seq)) => seq,
            other => panic!("{other:?}"),
        }
    };
    let told = tokio::time::timeout(crate::harness::socket::PATIENCE, answers.take(count).map(number).collect());
    told.await.expect("everything is told in time")
}

async fn what_is_near_is_found(database: Database) {
    let app = TestApp::with(database, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    fill(&app).await;
    let zhang = viewers(&app).remove(0).1;
    let reader = app.services.db.reader();
    let count = async |limit, place| {
        let (found, statements) = app.statements(after(reader, &zhang, place, None, limit)).await;
        (found.unwrap().len(), statements)
    };
    // The end of the log, and the part itself.
    assert_eq!(count(2, 0).await, (2, 2));
    let (found, statements) = count(200, NUMBERS - NEAR).await;
    assert!(found < 200 && statements == 2, "{statements} statements for the last {found}");
    assert_eq!(count(100, 0).await, (100, 3));
    assert_eq!(count(100, NUMBERS).await, (0, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_near_is_found_without_asking_the_whole_way_on_sqlite() {
    what_is_near_is_found(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_near_is_found_without_asking_the_whole_way_on_postgres() {
    if postgres::is_there() {
        what_is_near_is_found(Database::Postgres).await;
    }
}

both! {
    async fn each_part_is_the_same_as_cut_from_the_whole(app) {
        fill(&app).await;
        let reader = app.services.db.reader();
        let mut dice = Dice::new(5);
        for (who, viewer) in viewers(&app) {
            let all = everything(&app, &viewer).await;
            assert_eq!(all.is_empty(), ["admin", "nobody"].contains(&who), "{who}");
            for _ in 0..60 {
                let asked = random_page(&mut dice);
                let found = page(reader, &viewer, &asked).await.unwrap().rows;
                assert_eq!(found, cut(&all, &asked), "{who}: {asked:?}");
                let Some(Cursor::Seq(place)) = asked.after else { continue };
                let found = after(reader, &viewer, place, None, 32).await.unwrap();
                let forward = Page { limit: 32, backward: false, before: None, ..asked };
                assert_eq!(found, cut(&all, &forward), "{who} after {place}");
                let end = place.saturating_add(NEAR);
                let seen = visible(reader, &viewer, place, end).await.unwrap();
                let expected = all.iter().map(|event| event.seq).filter(|seq| *seq > place && *seq <= end).collect();
                assert_eq!(seen, expected, "{who} between {place} and {end}");
            }
        }
    }

    async fn one_tickets_events_are_those_of_the_whole(app) {
        fill(&app).await;
        let reader = app.services.db.reader();
        let tickets = ticket::Entity::find().all(reader).await.unwrap();
        for (who, viewer) in viewers(&app) {
            let all = everything(&app, &viewer).await;
            for ticket in &tickets {
                let found = after(reader, &viewer, NEAR, Some(ticket.id), 20).await.unwrap();
                let its_own = all.iter().filter(|event| event.ticket_id == ticket.id && event.seq > NEAR);
                assert_eq!(found, its_own.take(20).cloned().collect::<Vec<_>>(), "{who}: {}", ticket.number);
            }
        }
    }

    async fn whoever_comes_from_far_is_told_everything_beside_those_who_are_near(app) {
        fill(&app).await;
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        let mut following = Vec::new();
        for (who, viewer) in viewers(&app) {
            let expected: Vec<i64> = everything(&app, &viewer).await.iter().map(|event| event.seq).collect();
            if !["admin", "nobody"].contains(&who) && viewer != Viewer::system() {
                following.push((who, viewer, expected));
            }
        }
        let told = following.iter().map(|(_, viewer, expected)| follow(&engine, viewer, expected.len()));
        for (told, (who, _, expected)) in futures_util::future::join_all(told).await.iter().zip(&following) {
            assert_eq!(told, expected, "{who}");
        }
    }
}
