//! A simulated year: three hundred households, people who do what people do, and two servers over one PostgreSQL, each
//! of which runs every job twice an hour, at the same time as the other. At the end, and at every month's, it is counted
//! again what the company promises.

mod chance;
mod checks;
mod life;
mod tickets;
mod town;

use std::time::{Duration, Instant};

use anju::jobs;
use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::harness::{Database, Engine, postgres};

use chance::Chance;
use life::Life;
use tickets::Tickets;
use town::Town;

/// Midnight in Shanghai, on the first of February.
const START: &str = "2026-01-31T16:00:00Z";

const HOURS: usize = 365 * 24;

/// Every how many hours the jobs run once more without their agenda: as it is no part of a day, at each hour of it.
const AUDIT_EVERY: usize = 11;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_keeps_every_promise() {
    // It takes minutes: `ANJU_YEAR=1 cargo test -p anju-tests year:: -- --nocapture`.
    if std::env::var_os("ANJU_YEAR").is_none() || !postgres::is_there() {
        return;
    }
    let start: DateTime<Utc> = START.parse().unwrap();
    let town = Town::found(Database::create(Engine::Postgres).await, start).await;
    let (mut chance, mut life, mut tickets) = (Chance::new(20_260_201), Life::default(), Tickets::default());
    let began = Instant::now();
    let (mut living, mut auditing) = (Duration::ZERO, Duration::ZERO);
    for hour in 1..=HOURS {
        town.first.clock.advance(TimeDelta::hours(1));
        let lived = Instant::now();
        life.hour(&town, &mut chance, hour).await;
        tickets.hour(&town, &mut chance).await;
        living += lived.elapsed();
        work(&town).await;
        let audited = Instant::now();
        if hour.is_multiple_of(AUDIT_EVERY) {
            nothing_was_passed_over(&town, hour).await;
        }
        let local = town.first.services.now() + TimeDelta::hours(8);
        if hour.is_multiple_of(24) && local.day() == 1 {
            checks::promises(&town).await;
        }
        auditing += audited.elapsed();
    }
    checks::promises(&town).await;
    checks::figures(&town).await;
    checks::enough_happened(&town, &life).await;
    eprintln!("a year took {:?}: people {living:?}, checks {auditing:?}", began.elapsed());
}

/// Every job, twice on each server, both at once.
async fn work(town: &Town) {
    for _ in 0..2 {
        let (first, second) = (town.first.services.clone(), town.second.services.clone());
        let (first, second) = tokio::join!(
            tokio::spawn(async move { jobs::run_once(&first).await }),
            tokio::spawn(async move { jobs::run_once(&second).await }),
        );
        first.unwrap().unwrap();
        second.unwrap().unwrap();
    }
}

/// After a round no job finds anything to do, also when it looks for itself.
async fn nothing_was_passed_over(town: &Town, hour: usize) {
    for chore in jobs::Chore::ALL {
        let left = jobs::work(&town.first.services, *chore).await.unwrap();
        assert_eq!(left, 0, "{chore:?} was not on the agenda of hour {hour}");
    }
}
