//! What the apps' requests cost, each against its own lower bound in the same run: the statement that somebody would write
//! by hand for this one request. `cargo bench` runs it on PostgreSQL and on SQLite; the words after `--` choose operations.
//!
//! Measured in this process, from the decoded request to the rendered answer, for somebody who has signed in: reading HTTP
//! and checking the token are not part of it, and the token's check is shown for itself. On PostgreSQL then all of it, over
//! HTTP, by servers in processes of their own.

// What does not go as expected ends the measurement.
#![allow(clippy::unwrap_used)]

mod bounds;
mod contest;
mod fan_out;
// The tests' harness, of which this needs a part.
#[allow(dead_code, unused_imports)]
#[path = "../harness/mod.rs"]
mod harness;
mod meter;
mod over_http;
mod print;
mod processes;
mod report;
mod sign_on;
mod town;
mod wire;

use std::{env, time::Duration};

use anju::graphql::{guard::Guard, id::Kind, schema::SchemaOptions};
use sea_orm::DatabaseConnection;
use serde_json::json;

use bounds::Bounds;
use contest::{Contest, api, statement};
use fan_out::{FanOut, Who};
use harness::{Engine, documents::Documents, postgres};
use meter::{Ask, Meter};
use town::Town;

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The size at which everything is measured a first time, to see what growth costs.
const FEW_HOMES: u32 = 500;

/// What is measured, from the environment.
struct Plan {
    homes: u32,
    time: Duration,
    watchers: usize,
    words: Vec<String>,
}

impl Plan {
    fn read() -> Self {
        let number = |name: &str, usual: u32| match env::var(name) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
            Err(_) => usual,
        };
        Self {
            homes: number("ANJU_BENCH_UNITS", 20_000).max(FEW_HOMES),
            time: Duration::from_secs(number("ANJU_BENCH_SECONDS", 5).into()),
            watchers: number("ANJU_BENCH_WATCHERS", 200) as usize,
            words: env::args().skip(1).filter(|word| !word.starts_with('-')).collect(),
        }
    }

    /// Whether any of what is measured is asked for over HTTP.
    fn wants_http(&self) -> bool {
        over_http::NAMES.iter().any(|name| self.wants(name))
    }

    fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}

fn main() {
    processes::serve_if_told();
    // One thread, as each worker of the server has.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let plan = Plan::read();
    let on = env::var("ANJU_BENCH_ON").unwrap_or_else(|_| "postgres sqlite".to_owned());
    if on.contains("postgres") && postgres::is_there() {
        runtime.block_on(measure(Engine::Postgres, &plan));
    }
    if on.contains("sqlite") {
        runtime.block_on(measure(Engine::Sqlite, &plan));
    }
}

async fn measure(engine: Engine, plan: &Plan) {
    let mut town = Town::found(engine, plan.homes, plan.watchers).await;
    let guard = Guard { rate: None, doors: None, ..Guard::default() };
    let api =
        anju::graphql::engine::Engine::guarded(town.app.services.clone(), SchemaOptions { production: true }, guard);
    let reader = town::pool(engine, &town.app.database.url, 16).await;
    let writer = match engine {
        Engine::Postgres => reader.clone(),
        Engine::Sqlite => town::pool(engine, &town.app.database.url, 1).await,
    };
    town.grow(FEW_HOMES).await;
    let small = measure_all(&town, &api, (&reader, &writer), plan).await;
    town.grow(plan.homes).await;
    let large = measure_all(&town, &api, (&reader, &writer), plan).await;
    print::outcomes(&town, &large);
    print::under_load(&large);
    print::growth(&town, &small, &large);
}

async fn measure_all(
    town: &Town,
    engine: &anju::graphql::engine::Engine,
    (reader, writer): (&DatabaseConnection, &DatabaseConnection),
    plan: &Plan,
) -> Vec<(&'static str, contest::Outcome)> {
    let mut contests = queries(town, engine, reader);
    contests.push(sign_on::contest(town, engine, reader).await);
    contests.push(report::contest(town, engine, writer).await);
    if town.app.database.engine == Engine::Postgres && plan.wants_http() {
        contests.extend(over_http::contests(town).await);
    }
    let mut outcomes = Vec::new();
    for contest in contests.iter().filter(|contest| plan.wants(contest.name)) {
        contest.check().await;
        // All connections are opened and all statements prepared before it is asked whose time is to be measured: those
        // who come later would not be counted.
        contest.warm_up().await;
        let meter = Meter::new(town::processes(reader).await);
        outcomes.push((contest.name, contest.run(&meter, plan.time).await));
    }
    for (name, who) in [("fan-out", Who::One), ("fan-out to as many people", Who::Many)] {
        if plan.wants(name) {
            let meter = Meter::new(town::processes(reader).await);
            let fan_out = FanOut { town, engine, connection: writer, watchers: plan.watchers, who };
            outcomes.push((name, fan_out.run(&meter).await));
        }
    }
    outcomes
}

/// The four queries: an owner's twenty tickets, one of them, an ambassador's queue, and the ambassador's homes.
fn queries(town: &Town, engine: &anju::graphql::engine::Engine, reader: &DatabaseConnection) -> Vec<Contest> {
    let (owner, butler) = (town::owner(8), town::ambassador(1));
    let (owner_id, butler_id) = (owner.owner_id().unwrap(), butler.staff_id().unwrap());
    let (bounds, now) = (Bounds(town.app.database.engine), town.app.services.now());
    // The first ticket of this home, and one with pictures.
    let ticket = town::ticket(8);
    let asks = |document: String, viewer: &anju::auth::viewer::Viewer, variables: serde_json::Value| -> Ask {
        let viewer = viewer.clone();
        api(engine, &document, move || (viewer.clone(), variables.clone()))
    };
    let contest =
        |name, api, bound| Contest { name, api, bound: statement(reader, bound), is_new: false, servers: None };
    let (of_owner, of_butler) = (Documents::owner(), Documents::butler());
    let queue = json!({ "filter": { "open": true } });
    vec![
        contest(
            "MyTickets",
            asks(of_owner.operation("MyTickets"), &owner, json!({})),
            bounds.my_tickets(owner_id, now),
        ),
        contest(
            "ButlerQueue",
            asks(of_butler.operation("ButlerQueue"), &butler, queue),
            bounds.butler_queue(butler_id, now),
        ),
        contest(
            "TicketById",
            asks(of_owner.operation("TicketById"), &owner, json!({ "id": Kind::Ticket.encode(ticket) })),
            bounds.ticket_by_id(owner_id, ticket, now),
        ),
        contest(
            "Households",
            asks(of_butler.operation("Households"), &butler, json!({})),
            bounds.households(butler_id),
        ),
    ]
}
