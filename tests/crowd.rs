//! A crowd on one server: thousands of sockets, an emergency that all of them hear of, and tickets that change meanwhile.
//! A small one in every run; a large one, with the bounds of an optimised server, on demand:
//! `ANJU_CROWD=10000 ANJU_TEST_PROGRAM=$PWD/target/release/anju cargo test -p anju-tests crowd:: -- --nocapture`.

mod bare;

use std::{
    collections::HashMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use anju::graphql::id::Kind;
use chrono::NaiveDate;
use entity::{
    owner, ownership, unit,
    vocab::{OwnerStage, PrincipalKind},
};
use futures_util::{StreamExt, stream};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use tokio::{
    sync::{Barrier, Semaphore},
    time::timeout,
};

use crate::harness::{
    Client, Engine,
    company::{Answered, Company, send_report},
    device::start_of_log,
    documents::Documents,
    homes::owner_by_name,
    mutation::{change, done},
    postgres,
    process::{PROGRAM, ServerProcess},
    socket::{Heard, Socket},
    until_within,
};

/// How many sockets there are.
const SIZE: &str = "ANJU_CROWD";

/// How many tickets change a second, and for how many seconds.
const RATE: &str = "ANJU_CROWD_RATE";
const LONG: u32 = 10;

/// How many devices each owner has.
const DEVICES: usize = 4;

/// How many sockets are opened at a time.
const OPENING: usize = 64;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

const CHANGES: &str = "subscription ($after: String) {
    ticketStatusChanged(after: $after) { cursor event { action toStatus } ticket { number title } } }";

/// Owners of a home of their own each, one statement for many.
async fn settle(company: &Company, count: usize) -> Vec<uuid::Uuid> {
    let db = company.services.db.writer();
    let home = unit::Entity::find_by_id(company.world.unit("YT-101")).one(db).await.unwrap().unwrap();
    let now = company.services.now();
    let ids: Vec<_> = (0..count).map(|_| company.services.new_id(now)).collect();
    for (chunk, some) in ids.chunks(200).enumerate() {
        let units = some.iter().enumerate().map(|(number, id)| {
            let code = format!("YT-C{}", chunk * 200 + number);
            unit::Model { id: *id, room: code.clone(), code, ..home.clone() }.into_active_model().reset_all()
        });
        unit::Entity::insert_many(units).exec_without_returning(db).await.unwrap();
        let owners =
            some.iter().map(|id| owner_by_name(*id, "业主", OwnerStage::Resident, now).into_active_model().reset_all());
        owner::Entity::insert_many(owners).exec_without_returning(db).await.unwrap();
        let owned = some.iter().map(|id| {
            let started_on = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
            let row =
                ownership::Model { id: *id, unit_id: *id, owner_id: *id, position: 0, started_on, ended_on: None };
            row.into_active_model().reset_all()
        });
        ownership::Entity::insert_many(owned).exec_without_returning(db).await.unwrap();
    }
    ids
}

/// One device: it subscribes, waits for the others, and says when it heard of the emergency. Its socket stays open.
async fn device(
    client: Client,
    document: Arc<str>,
    doors: Arc<Semaphore>,
    ready: Arc<Barrier>,
) -> (Instant, Value, Socket) {
    let mut socket = {
        let _door = doors.acquire().await.unwrap();
        let mut socket = Socket::connect(&client).await;
        socket.subscribe(&document, json!({})).await;
        socket
    };
    ready.wait().await;
    let heard = timeout(PATIENCE, socket.hear()).await.expect("the emergency is heard of");
    let Heard::Message(message) = heard else { panic!("{heard:?}") };
    assert_eq!(message["payload"]["data"]["bulletinPublished"]["title"], "燃气泄漏", "{message:#}");
    (Instant::now(), message, socket)
}

fn is_optimised() -> bool {
    std::env::var_os(PROGRAM).is_some()
}

/// How many a server says are listening.
async fn listening(agent: &Client) -> usize {
    let page = agent.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let value = page.lines().find_map(|line| line.strip_prefix("anju_open_subscriptions "));
    value.map_or(0, |value| value.parse().unwrap())
}

/// Publishes an emergency. How much of the processors the server used for that until it was answered.
async fn publish(company: &Company, server: &ServerProcess, agent: &Client) -> Duration {
    let used = server.cpu();
    let project = Kind::Project.encode(company.world.id("project:YT"));
    let notice = json!({ "projectId": project, "kind": "EMERGENCY", "title": "燃气泄漏", "body": "请撤离。" });
    done(change(agent, "publishBulletin", "bulletin { id }", notice).await);
    server.cpu().saturating_sub(used)
}

/// A crowd that has heard of an emergency.
struct Crowd {
    /// Still open.
    sockets: Vec<Socket>,
    /// What the last of them heard.
    heard: Value,
    /// How many microseconds of the processors each message took.
    each: f64,
}

/// Fills the server with sockets and publishes an emergency.
async fn everybody_hears(company: &Company, server: &ServerProcess, size: usize) -> Crowd {
    let owners = settle(company, size.div_ceil(DEVICES)).await;
    let tokens = stream::iter(owners).map(|id| async move {
        let conn = company.services.db.writer();
        let opened = anju::service::session::open(&company.services, conn, PrincipalKind::Owner, id, None).await;
        Client::new(&server.url, Some(opened.unwrap().access_token))
    });
    let clients: Vec<Client> = tokens.buffer_unordered(4).collect().await;
    let agent = company.staff("agent.a", server).await;
    // The first time is dearer: everything is prepared, and memory is taken from the system.
    publish(company, server, &agent).await;
    let unheard = publish(company, server, &agent).await;
    let empty = server.memory();
    let document: Arc<str> = Documents::owner().operation("BulletinPublished").into();
    let (doors, ready) = (Arc::new(Semaphore::new(OPENING)), Arc::new(Barrier::new(size + 1)));
    let devices: Vec<_> = (0..size)
        .map(|number| {
            let client = clients[number / DEVICES].clone();
            tokio::spawn(device(client, Arc::clone(&document), Arc::clone(&doors), Arc::clone(&ready)))
        })
        .collect();
    ready.wait().await;
    until_within(PATIENCE, "all listen", async || (listening(&agent).await == size).then_some(())).await;
    let (full, used) = (server.memory(), server.cpu());
    let published = Instant::now();
    publish(company, server, &agent).await;
    let answered = published.elapsed();
    let (mut waits, mut sockets, mut heard) = (Vec::new(), Vec::new(), Value::Null);
    for device in devices {
        let (at, message, socket) = device.await.unwrap();
        waits.push(at.duration_since(published));
        sockets.push(socket);
        heard = message;
    }
    waits.sort_unstable();
    let (half, last) = (waits[size / 2], waits[size - 1]);
    let (spent, held) = (server.cpu().saturating_sub(used), full.saturating_sub(empty));
    let each = |time: Duration| time.as_secs_f64() * 1e6 / size as f64;
    eprintln!(
        "{size} sockets: {:.0} MB in all, {:.1} KiB a socket; the emergency was published in {answered:?} and had reached \
         half of them after {half:?} and all after {last:?}; {:.1} µs of CPU a message, and {:.1} more for publishing",
        full as f64 / 1e6,
        held as f64 / 1024.0 / size as f64,
        each(spent.saturating_sub(unheard)),
        each(unheard),
    );
    if is_optimised() {
        assert!(full < 600_000_000 && last < Duration::from_secs(2), "{full} bytes, {last:?}");
    }
    Crowd { sockets, heard, each: each(spent.saturating_sub(unheard)) }
}

/// Follows the tickets, and says when it saw each.
async fn watch(client: Client, tickets: usize) -> HashMap<String, Instant> {
    let mut socket = Socket::connect(&client).await;
    socket.subscribe(CHANGES, json!({ "after": start_of_log() })).await;
    let mut seen = HashMap::new();
    while seen.len() < tickets {
        let message = timeout(PATIENCE, socket.message()).await.expect("each ticket is seen");
        let title = message["payload"]["data"]["ticketStatusChanged"]["ticket"]["title"].as_str().unwrap().to_owned();
        seen.insert(title, Instant::now());
    }
    seen
}

/// How long after its answer a ticket was seen.
struct Shares {
    median: Duration,
    slow: Duration,
    slowest: Duration,
}

impl Shares {
    fn of(mut waits: Vec<Duration>) -> Self {
        waits.sort_unstable();
        let share = |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)];
        Self { median: share(50), slow: share(99), slowest: share(100) }
    }
}

impl fmt::Display for Shares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { median, slow, slowest } = self;
        write!(f, "seen {median:?} after the answer, 99 % within {slow:?}, all within {slowest:?}")
    }
}

/// Reports so many tickets a second, and measures how long after its answer each is seen by all who watch: those of the
/// first second apart from the others.
async fn changes_arrive(company: &Company, server: &ServerProcess, rate: u32, seconds: u32) {
    let count = (rate * seconds) as usize;
    let owner = company.owner("zhang", server).await;
    let mut watchers = Vec::new();
    for login in ["agent.a", "manager.a", "ambassador.a"] {
        watchers.push(tokio::spawn(watch(company.staff(login, server).await, count)));
    }
    for name in ["zhang", "li"] {
        watchers.push(tokio::spawn(watch(company.owner(name, server).await, count)));
    }
    let mut beat = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut reports = Vec::new();
    for number in 0..count {
        beat.tick().await;
        let (owner, report) = (owner.clone(), company.report(number));
        reports.push(tokio::spawn(async move {
            let answered = send_report(&owner, report).await.unwrap();
            assert!(matches!(answered, Answered::Done(_)), "{answered:?}");
            Instant::now()
        }));
    }
    let mut answered = Vec::new();
    for report in reports {
        answered.push(report.await.unwrap());
    }
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for watcher in watchers {
        let seen = watcher.await.unwrap();
        for (number, at) in answered.iter().enumerate() {
            let wait = seen[&format!("第{number}次报修")].saturating_duration_since(*at);
            if number < rate as usize { first.push(wait) } else { later.push(wait) }
        }
    }
    eprintln!("the first {rate} tickets, on connections that are opened for them: {}", Shares::of(first));
    let shares = Shares::of(later);
    eprintln!("{rate} tickets a second from then on: {shares}");
    if is_optimised() {
        assert!(shares.slow < Duration::from_millis(50), "{shares}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emergency_reaches_a_crowd() {
    if !postgres::is_there() {
        return;
    }
    let size = std::env::var(SIZE).map_or(200, |size| size.parse().unwrap());
    let company = Company::found(Engine::Postgres).await;
    let places = (size + 100).to_string();
    let server = company.serve_with(&["--max-sockets", &places]).await;
    let Crowd { sockets, heard, each } = everybody_hears(&company, &server, size).await;
    let rate = std::env::var(RATE).map_or(if size >= 10_000 { 200 } else { 20 }, |rate| rate.parse().unwrap());
    changes_arrive(&company, &server, rate, if rate > 20 { LONG } else { 2 }).await;
    drop(sockets);
    if let Some(bare) = bare::each(size, &heard).await {
        eprintln!("the bare transport takes {bare:.1} µs of CPU a message: {:.2} x", each / bare);
    }
}
