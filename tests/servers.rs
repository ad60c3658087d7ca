//! Several servers over one database: wakes that travel between them, what happens when they don't, and who runs the jobs.

use std::{pin::pin, time::Duration};

use anju::{
    auth::viewer::{Principal, Viewer},
    jobs::{self, Lease},
    store,
};
use chrono::TimeDelta;
use entity::lease;
use sea_orm::EntityTrait;
use tokio::time::timeout;

use crate::harness::{
    Engine, TestApp, TestOptions,
    crew::Crew,
    device::{Device, owner_document, read_log, start_of_log},
    nats::{self, Nats},
    postgres,
    socket::PATIENCE,
    until,
};

/// Two servers over one PostgreSQL that are on one bus.
async fn two_servers(nats: &Nats, without_relay: bool) -> (TestApp, TestApp) {
    let options = || TestOptions { without_relay, nats_url: Some(nats.url()), ..TestOptions::default() };
    let first = TestApp::with(Engine::Postgres, options()).await;
    let second = first.another_with(options()).await;
    (first, second)
}

fn are_there() -> bool {
    postgres::is_there() && nats::is_there()
}

/// Ends a session on one until a stream of it ends on the other: it may not be on the bus yet.
async fn connected(from: &TestApp, to: &TestApp) {
    let now = from.services.now();
    let session = from.services.new_id(now);
    let viewer = Viewer { session_id: Some(session), ..Viewer::of(Principal::Owner(from.services.new_id(now))) };
    let mut stream = pin!(to.services.hub.ended(&viewer));
    until("what is told on one server is heard on the other", async || {
        from.services.hub.end_session(session);
        timeout(Duration::from_millis(100), stream.as_mut()).await.ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_on_one_server_wakes_the_other_over_the_bus() {
    if !are_there() {
        return;
    }
    let mut nats = Nats::start().await;
    // Nothing looks by itself, so that only the bus can wake.
    let (first, second) = two_servers(&nats, true).await;
    connected(&first, &second).await;
    connected(&second, &first).await;

    let owner = first.owner("zhang").await;
    let mut phone = Device::new(&owner.at(&second.url), owner_document());
    phone.listen(&second).await;
    owner.run("mutation { signOut { userErrors { code } } }", serde_json::json!({})).await;
    assert_eq!(phone.hear().await, Err(Some(4403)), "signed out at the other server");

    first.services.hub.committed();
    timeout(PATIENCE, second.services.hub.commit()).await.expect("a commit wakes the other");

    nats.kill().await;
    nats.restart().await;
    connected(&first, &second).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_bus_events_of_other_servers_still_arrive_once_and_in_order() {
    if !are_there() {
        return;
    }
    let mut nats = Nats::start().await;
    let (first, second) = two_servers(&nats, false).await;
    connected(&first, &second).await;
    let crew = Crew::of_101(&first).await;
    let mut phone = Device::new(&crew.owner.at(&second.url), owner_document()).after(&start_of_log());
    phone.listen(&second).await;
    let before = crew.report("在线时报修").await;
    phone.see().await;
    nats.kill().await;
    let cut_off = tokio::time::Instant::now();
    let during = crew.report("总线断开时报修").await;
    assert_eq!(phone.see().await["ticket"]["id"], during);
    assert!(cut_off.elapsed() < Duration::from_secs(5), "{:?}", cut_off.elapsed());
    nats.restart().await;
    connected(&first, &second).await;
    let after = crew.report("恢复后报修").await;
    phone.see().await;
    let seen: Vec<_> = phone.seen.iter().map(|change| change["ticket"]["id"].clone()).collect();
    assert_eq!(seen, [before, during, after].map(serde_json::Value::from));
    assert_eq!(read_log(&crew.owner, None, 100).await.len(), 3);
}

async fn lease(app: &TestApp) -> Option<lease::Model> {
    lease::Entity::find().one(app.services.db.reader()).await.unwrap()
}

/// A server's jobs, as they run in the background.
fn run_jobs(app: &TestApp) -> tokio::task::JoinHandle<()> {
    tokio::spawn(jobs::run(app.services.clone(), Lease::new(app.services.clone())))
}

/// Lets time pass in small steps until something has happened: what sleeps by this clock may begin to sleep at any moment,
/// and must have time for its work before the lease is over.
async fn as_time_passes<T>(app: &TestApp, what: &str, mut check: impl AsyncFnMut() -> Option<T>) -> T {
    until(what, async || {
        app.clock.advance(TimeDelta::milliseconds(100));
        check().await
    })
    .await
}

async fn one_server_runs_the_jobs(engine: Engine) {
    let app = TestApp::new(engine).await;
    let other = app.another().await;
    Crew::of_101(&app).await.report("第一次").await;
    app.clock.advance(TimeDelta::seconds(30 * 60 - 5));
    let first = run_jobs(&app);
    let held = until("the first has the jobs", async || lease(&app).await).await;
    let second = run_jobs(&other);
    let mut last = held.clone();
    for _ in 0..3 {
        let renewed = async || lease(&app).await.filter(|it| it.expires_at > last.expires_at);
        last = as_time_passes(&app, "the first renews it", renewed).await;
        assert_eq!(last.holder, held.holder);
    }
    as_time_passes(&app, "the deadline is on record", async || (breaches(&app).await == 1).then_some(())).await;

    Crew::of_101(&app).await.report("第二次").await;
    // The first dies without a word.
    first.abort();
    let taken_over = async || lease(&app).await.filter(|it| it.holder != held.holder);
    let next = as_time_passes(&app, "the other takes them over", taken_over).await;
    app.clock.advance(TimeDelta::minutes(30));
    as_time_passes(&app, "the other does them", async || (breaches(&app).await == 2).then_some(())).await;
    assert_eq!(lease(&app).await.unwrap().holder, next.holder);
    second.abort();
}

async fn held_until_its_end(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (db, now) = (app.services.db.writer(), app.services.now());
    let (one, two) = (app.services.new_id(now), app.services.new_id(now));
    let take = async |holder, after: i64| {
        let now = now + TimeDelta::seconds(after);
        let row = lease::Model { name: "jobs".into(), holder, expires_at: now + TimeDelta::seconds(20) };
        store::lease::take(db, row, now).await.unwrap()
    };
    assert!(take(one, 0).await);
    assert!(!take(two, 19).await, "it is held");
    assert!(take(one, 5).await, "it is renewed");
    assert!(!take(two, 24).await, "it is held longer");
    assert!(take(two, 25).await, "it is over");
    assert!(!take(one, 26).await, "another has it");
    store::lease::give_back(db, "jobs", one).await.unwrap();
    assert!(!take(one, 27).await, "nobody gives back what is another's");
    store::lease::give_back(db, "jobs", two).await.unwrap();
    assert!(take(one, 28).await, "it is free");
}

async fn not_lost_to_a_clock_that_ran_ahead(engine: Engine) {
    let app = TestApp::new(engine).await;
    let other = app.another().await;
    app.clock.advance(TimeDelta::hours(1));
    let first = run_jobs(&app);
    let held = until("the first has the jobs", async || lease(&app).await).await;
    // It dies, and the clock is set right.
    first.abort();
    app.clock.advance(-TimeDelta::hours(1));
    let second = run_jobs(&other);
    let taken_over = async || lease(&app).await.filter(|it| it.holder != held.holder);
    let next = as_time_passes(&app, "the other takes them over", taken_over).await;
    assert!(next.expires_at < held.expires_at - TimeDelta::minutes(50), "{next:?}");
    second.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_jobs_are_not_lost_to_a_clock_that_ran_ahead_on_sqlite() {
    not_lost_to_a_clock_that_ran_ahead(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_jobs_are_not_lost_to_a_clock_that_ran_ahead_on_postgres() {
    if postgres::is_there() {
        not_lost_to_a_clock_that_ran_ahead(Engine::Postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_held_until_its_end_on_sqlite() {
    held_until_its_end(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_held_until_its_end_on_postgres() {
    if postgres::is_there() {
        held_until_its_end(Engine::Postgres).await;
    }
}

async fn breaches(app: &TestApp) -> usize {
    use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
    let breached = entity::vocab::TicketAction::RespondBreached;
    let found = entity::ticket_event::Entity::find().filter(entity::ticket_event::Column::Action.eq(breached));
    usize::try_from(found.count(app.services.db.reader()).await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_server_at_a_time_runs_the_jobs_and_the_next_takes_over_on_sqlite() {
    one_server_runs_the_jobs(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_server_at_a_time_runs_the_jobs_and_the_next_takes_over_on_postgres() {
    if postgres::is_there() {
        one_server_runs_the_jobs(Engine::Postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_given_back_is_free_at_once() {
    let app = TestApp::new(Engine::Sqlite).await;
    let claim = Lease::new(app.services.clone());
    let running = tokio::spawn(jobs::run(app.services.clone(), claim.clone()));
    until("it is held", async || lease(&app).await).await;
    running.abort();
    claim.give_back().await;
    assert_eq!(lease(&app).await, None);
}
