//! The figures, as tables that can be put into a page.

use std::time::Duration;

use crate::{
    contest::Outcome,
    harness::Engine,
    meter::Cost,
    town::{EVENTS_OF_TICKET, TICKETS_OF_HOME, Town},
};

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn cost(cost: Cost) -> String {
    format!("{:.0} + {:.0}", cost.server, cost.database)
}

/// Each operation beside its lower bound.
pub fn outcomes(town: &Town, outcomes: &[(&str, Outcome)]) {
    let engine = match town.app.database.engine {
        Engine::Postgres => "PostgreSQL",
        Engine::Sqlite => "SQLite",
    };
    let tickets = town.homes * TICKETS_OF_HOME;
    println!("\n{engine}: {} homes, {tickets} tickets, {} events\n", town.homes, tickets * EVENTS_OF_TICKET);
    println!("| operation | alone, µs | by hand | × | CPU of server + database, µs | by hand | × |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (name, outcome) in outcomes {
        let ([api, bound], [api_cost, bound_cost]) = (outcome.alone.map(micros), outcome.loaded);
        println!(
            "| {name} | {api:.0} | {bound:.0} | {:.2} | {} | {} | {:.2} |",
            api / bound,
            cost(api_cost),
            cost(bound_cost),
            api_cost.total() / bound_cost.total()
        );
    }
}

/// What servers do when they have all that they can do.
pub fn under_load(outcomes: &[(&str, Outcome)]) {
    let asked: Vec<_> = outcomes.iter().filter_map(|(name, it)| Some((name, it.loaded, it.slowest?))).collect();
    if asked.is_empty() {
        return;
    }
    println!("\n| operation | requests a second | by hand | × | 99 % within, µs | by hand | × |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (name, loaded, slowest) in asked {
        let ([rate, bound_rate], [slowest, bound_slowest]) = (loaded.map(Cost::rate), slowest.map(micros));
        println!(
            "| {name} | {rate:.0} | {bound_rate:.0} | {:.2} | {slowest:.0} | {bound_slowest:.0} | {:.2} |",
            rate / bound_rate,
            slowest / bound_slowest
        );
    }
}

/// What the same request costs when there is more of everything, and its bound.
pub fn growth(town: &Town, small: &[(&str, Outcome)], large: &[(&str, Outcome)]) {
    let (few, many) = (crate::FEW_HOMES * TICKETS_OF_HOME, town.homes * TICKETS_OF_HOME);
    println!("\n| operation | CPU at {few} tickets, µs | at {many} | × | by hand at {few} | at {many} | × |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for ((name, small), (_, large)) in small.iter().zip(large) {
        let side = |side: usize| {
            let (small, large) = (small.loaded[side].total(), large.loaded[side].total());
            format!("{small:.0} | {large:.0} | {:.2}", large / small)
        };
        println!("| {name} | {} | {} |", side(0), side(1));
    }
}
