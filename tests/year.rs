//! A simulated year: three hundred households, people who do what people do, and two servers over one PostgreSQL, each
//! of which runs every job twice an hour, all four at the same time. At the end, and at every month's, it is counted
//! again what the company promises.

mod checks;
mod life;
mod tickets;
mod town;

use std::time::Instant;

use anju::jobs;
use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::harness::{Database, Engine, dice::Dice, postgres};

use life::Life;
use tickets::Tickets;
use town::Town;

/// Midnight in Shanghai, on the first of February.
const START: &str = "2026-01-31T16:00:00Z";

const HOURS: usize = 365 * 24;

/// Every how many hours the jobs run once more without their agenda: as it is no part of a day, at each hour of it.
const AUDIT_EVERY: usize = 23;

/// The year takes a minute, so that it is lived through on demand and in CI.
const WHOLE_YEAR: &str = "ANJU_YEAR";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_days_keep_every_promise() {
    if postgres::is_there() {
        live(40 * 24).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_keeps_every_promise() {
    if std::env::var_os(WHOLE_YEAR).is_none() || !postgres::is_there() {
        return;
    }
    let began = Instant::now();
    let (town, life) = live(HOURS).await;
    checks::figures(&town).await;
    checks::enough_happened(&town, &life).await;
    eprintln!("a year took {:?}", began.elapsed());
}

/// Lives so many hours, with every promise looked after each month and at the end.
async fn live(hours: usize) -> (Town, Life) {
    let start: DateTime<Utc> = START.parse().unwrap();
    let town = Town::found(Database::create(Engine::Postgres).await, start).await;
    let (mut dice, mut life, mut tickets) = (Dice::new(20_260_201), Life::default(), Tickets::default());
    for hour in 1..=hours {
        town.first.clock.advance(TimeDelta::hours(1));
        life.hour(&town, &mut dice, hour).await;
        tickets.hour(&town, &mut dice).await;
        work(&town).await;
        if hour.is_multiple_of(AUDIT_EVERY) {
            nothing_was_passed_over(&town, hour).await;
        }
        let local = town.first.services.now() + TimeDelta::hours(8);
        if hour.is_multiple_of(24) && local.day() == 1 {
            checks::promises(&town).await;
        }
    }
    checks::promises(&town).await;
    (town, life)
}

/// Every job, twice on each server, all at once.
async fn work(town: &Town) {
    let working = [&town.first, &town.first, &town.second, &town.second].map(|server| {
        let services = server.services.clone();
        tokio::spawn(async move { jobs::run_once(&services).await.unwrap() })
    });
    for round in working {
        round.await.unwrap();
    }
}

/// After a round no job finds anything to do, also when it looks for itself.
async fn nothing_was_passed_over(town: &Town, hour: usize) {
    for chore in jobs::Chore::ALL {
        let left = jobs::work(&town.first.services, *chore).await.unwrap();
        assert_eq!(left, 0, "{chore:?} was not on the agenda of hour {hour}");
    }
}
