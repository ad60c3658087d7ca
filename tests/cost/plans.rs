//! What a list reads in a database of 20,000 tickets: never the whole of them to show somebody the few that are theirs.

mod mass;

use std::sync::{Arc, Mutex};

use anju::{
    auth::viewer::{Principal, Viewer},
    page::Page,
    store::{
        self,
        ticket::{TicketFilter, TicketOrder},
        unit::UnitFilter,
    },
};
use chrono::{DateTime, Utc};
use entity::vocab::{Department, Role, TicketKind, Urgency};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::{Engine, TestApp, TestOptions, postgres};

/// The tables that grow without end.
const LARGE: [&str; 2] = ["tickets", "ticket_events"];

/// A connection that remembers what was sent over it.
struct Spy {
    connection: DatabaseConnection,
    sent: Arc<Mutex<Vec<Statement>>>,
    now: DateTime<Utc>,
}

impl Spy {
    async fn new(app: &TestApp) -> Self {
        // The server's own connections: planned for as the server's are.
        let mut connection = app.services.db.reader().clone();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&sent);
        connection.set_metric_callback(move |info| log.lock().unwrap().push(info.statement.clone()));
        Self { connection, sent, now: app.services.now() }
    }

    /// The statements behind the lists of a viewer, each with its name.
    async fn statements(&self, who: &str, viewer: &Viewer) -> Vec<(String, Statement)> {
        let conn = &self.connection;
        let page = Page { limit: 50, backward: false, after: None, before: None };
        let last = Page { limit: 3, backward: true, ..page };
        let (all, open) = (TicketFilter::default(), TicketFilter { open: Some(true), ..TicketFilter::default() });
        let (newest, due) = (TicketOrder::CreatedAtDesc, TicketOrder::DeadlineAsc);
        let mut named = Vec::new();
        // What was sent last, however many statements it took, or the last of them alone.
        let mut name_some = |what: &str, most: usize| {
            let sent: Vec<_> = self.sent.lock().unwrap().drain(..).collect();
            let skipped = sent.len().saturating_sub(most);
            named.extend(sent.into_iter().skip(skipped).map(|statement| (format!("{who}: {what}"), statement)));
        };
        let tickets = store::ticket::list(conn, viewer, &all, newest, &page, self.now).await.unwrap().rows;
        assert!(!tickets.is_empty(), "{who} sees no ticket");
        name_some("newest tickets", 1);
        store::ticket::list(conn, viewer, &open, newest, &page, self.now).await.unwrap();
        name_some("newest open tickets", 1);
        store::ticket::list(conn, viewer, &open, due, &page, self.now).await.unwrap();
        name_some("open queue", 1);
        store::ticket::list(conn, viewer, &all, due, &page, self.now).await.unwrap();
        name_some("queue", 1);
        store::ticket::count(conn, viewer, &open, self.now).await.unwrap();
        name_some("count of open tickets", 1);
        store::ticket::count(conn, viewer, &all, self.now).await.unwrap();
        name_some("count of tickets", 1);
        self.sent.lock().unwrap().clear();
        store::event::page(conn, viewer, &page).await.unwrap();
        name_some("events from the start", usize::MAX);
        store::event::after(conn, viewer, mass::LAST_EVENT - 100, None, 100).await.unwrap();
        name_some("events after a cursor", usize::MAX);
        store::event::visible(conn, viewer, mass::LAST_EVENT - 100, mass::LAST_EVENT).await.unwrap();
        name_some("which events are visible", usize::MAX);
        let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.id).collect();
        store::event::pages_of_tickets(conn, viewer, &ids, &last).await.unwrap();
        name_some("last events of each ticket", 1);
        store::ticket::by_ids(conn, viewer, &ids).await.unwrap();
        name_some("tickets by id", 1);
        let staff: Vec<Uuid> = tickets.iter().filter_map(|ticket| ticket.assignee_id).collect();
        store::staff::by_ids(conn, viewer, &staff).await.unwrap();
        name_some("staff by id", 1);
        let units: Vec<Uuid> = tickets.iter().map(|ticket| ticket.unit_id).collect();
        store::unit::places(conn, viewer, &units).await.unwrap();
        name_some("units by id", 1);
        store::owner::of_units(conn, viewer, &units).await.unwrap();
        name_some("owners of units", 1);
        store::ticket::open_by_unit(conn, viewer, &units).await.unwrap();
        name_some("open tickets of units", 1);
        let wish = (TicketKind::Repair, Urgency::Normal);
        store::unit::place_to_report(conn, viewer, units[0], wish).await.unwrap();
        name_some("home to report for", 1);
        store::unit::list(conn, viewer, &UnitFilter::default(), &page).await.unwrap();
        name_some("homes", 1);
        named
    }

    async fn explain(&self, prefix: &str, statement: &Statement) -> Vec<sea_orm::QueryResult> {
        let sql = format!("{prefix} {}", statement.sql);
        let values = statement.values.clone().map_or_else(Vec::new, |values| values.0);
        let explained = Statement::from_sql_and_values(self.connection.get_database_backend(), sql, values);
        self.connection.query_all_raw(explained).await.unwrap()
    }

    /// PostgreSQL's plan, carried out.
    async fn plan(&self, statement: &Statement) -> Value {
        let plan: Value =
            self.explain("EXPLAIN (ANALYZE, FORMAT JSON)", statement).await[0].try_get_by_index(0).unwrap();
        plan[0]["Plan"].clone()
    }

    /// The steps of SQLite's plan that walk over a large table from end to end.
    async fn walks(&self, statement: &Statement) -> Vec<String> {
        let plan = self.explain("EXPLAIN QUERY PLAN", statement).await;
        assert!(!plan.is_empty());
        let steps = plan.into_iter().map(|step| step.try_get::<String>("", "detail").unwrap());
        steps.filter(|step| LARGE.iter().any(|table| step.starts_with(&format!("SCAN {table}")))).collect()
    }
}

/// How many rows of the large tables a plan looked at, and whether it walked over one from end to end.
fn effort(node: &Value) -> (f64, bool) {
    let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
    let is_large = LARGE.contains(&node["Relation Name"].as_str().unwrap_or_default());
    let read = number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    let mut rows = if is_large { read * number("Actual Loops") } else { 0.0 };
    let mut walks = is_large && node["Node Type"] == "Seq Scan";
    for (below, walked) in node["Plans"].as_array().into_iter().flatten().map(effort) {
        rows += below;
        walks |= walked;
    }
    (rows, walks)
}

/// The most rows that a statement may look at: a few for each that is the viewer's.
fn allowance(name: &str) -> f64 {
    match name {
        // A count looks at what it counts.
        "manager: count of tickets" => 11_000.0,
        // Looks at each open ticket in an index alone, where the households of somebody stood in for might be more.
        "ambassador: count of open tickets" => 2_500.0,
        // Walks back from the newest ticket until the page is full.
        "ambassador: newest tickets" => 8_000.0,
        // A part of the log, and the tickets that are in it.
        name if name.contains("events from") || name.contains("events after") => 6_500.0,
        // Each of a hundred events, and its ticket.
        name if name.contains("events are visible") => 200.0,
        // Whose home it is says enough.
        "owner: home to report for" => 0.0,
        name if name.starts_with("owner") => 200.0,
        _ => 1_500.0,
    }
}

/// Who looks, and what is theirs: an owner's 10 tickets, an ambassador's 200, a technician's 200, and one of two projects,
/// of whose 10,000 tickets 1,000 are open.
fn viewers(app: &TestApp) -> [(&'static str, Viewer); 4] {
    let staff = |id, role, department| Viewer::of(Principal::Staff { id, role, department });
    [
        ("owner", Viewer::of(Principal::Owner(mass::owner(7)))),
        ("ambassador", staff(mass::staff(2), Role::Ambassador, Department::CustomerService)),
        ("technician", staff(mass::staff(102), Role::Technician, Department::PropertyCompany)),
        ("manager", staff(app.world.staff("manager.a"), Role::Manager, Department::CustomerService)),
    ]
}

async fn crowded(engine: Engine) -> (TestApp, Spy) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    mass::seed(&app).await;
    let spy = Spy::new(&app).await;
    (app, spy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_walks_over_all_tickets_on_sqlite() {
    let (app, spy) = crowded(Engine::Sqlite).await;
    for (who, viewer) in viewers(&app) {
        for (name, statement) in spy.statements(who, &viewer).await {
            let walks = spy.walks(&statement).await;
            assert!(walks.is_empty(), "{name}: {walks:?}\n{statement}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_reads_many_more_tickets_than_are_the_viewers_on_postgres() {
    if !postgres::is_there() {
        return;
    }
    let (app, spy) = crowded(Engine::Postgres).await;
    for (who, viewer) in viewers(&app) {
        for (name, statement) in spy.statements(who, &viewer).await {
            let plan = spy.plan(&statement).await;
            let (rows, walks) = effort(&plan);
            assert!(!walks, "{name} walks over a whole table: {plan:#}\n{statement}");
            assert!(rows <= allowance(&name), "{name} looks at {rows} rows: {plan:#}\n{statement}");
        }
    }
}
