//! What an operation costs in SQL statements: a budget for each of the apps' documents, the same for ten rows and for a
//! hundred, authentication included; beginning, ending and locking of a transaction are not counted. What each statement
//! costs in rows read is in `plans`.

mod activities;
mod company;
mod crowd;
mod figures;
mod notices;
mod papers;
mod plans;
mod presales;
mod queue;
mod survey;
mod upkeep;
mod work;

use anju::graphql::id::Kind;
use entity::ticket;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::{Client, Engine, TestApp, TestOptions, documents::Documents, postgres};
use crowd::Crowd;

/// What the owner app's home screen asks for, without the parts that are not served yet.
const OWNER_HOME: &str = "query {
    viewer { ... on Owner { id name phone units(first: 100) { nodes {
        id code floorArea handedOverOn building { id name project { id name } } ambassador { id name workPhone }
        contract { number } warrantyItems { part }
    } } } }
    tickets(first: 5, filter: { open: true }) { totalCount nodes { id unit { code } assignee { name } attachments { id } } }
}";

/// A document, its variables, its budget, and where its answer holds the list that grows with the crowd.
struct Case {
    name: &'static str,
    document: String,
    client: Client,
    variables: Value,
    budget: u64,
    list: &'static str,
}

/// What `who` sends of an app's documents.
fn case(
    client: &Client,
    (documents, name): (&Documents, &'static str),
    variables: Value,
    budget: u64,
    list: &'static str,
) -> Case {
    Case { name, document: documents.operation(name), client: client.clone(), variables, budget, list }
}

async fn lists(app: &TestApp) -> Vec<Case> {
    let zhang = app.owner("zhang").await;
    let butler = app.staff("ambassador.a").await;
    let partner = app.partner("partner-1").await;
    let whole = || json!({ "first": 100 });
    let period = json!({ "from": "2026-11-01T00:00:00Z", "to": "2026-12-31T00:00:00Z", "first": 100 });
    let home = Case {
        name: "OwnerHome",
        document: OWNER_HOME.to_owned(),
        client: zhang.clone(),
        variables: json!({}),
        budget: 12,
        list: "/viewer/units/nodes",
    };
    vec![
        case(&zhang, (Documents::owner(), "MyTickets"), whole(), 3, "/tickets/edges"),
        case(&zhang, (Documents::owner(), "MissedTicketEvents"), whole(), 8, "/ticketEvents/edges"),
        case(&butler, (Documents::butler(), "ButlerQueue"), whole(), 3, "/tickets/nodes"),
        case(&butler, (Documents::butler(), "Households"), whole(), 3, "/viewer/households/nodes"),
        case(&partner, (Documents::partner(), "LectureSchedule"), period, 7, "/lectures/nodes"),
        home,
    ]
}

impl Case {
    /// Sends it; the answer, and how many statements that took, which must keep within the budget.
    async fn send(&self, app: &TestApp) -> (Value, u64) {
        let (answer, count) = app.statements(self.client.run(&self.document, self.variables.clone())).await;
        assert!(count <= self.budget, "{} took {count} statements, its budget is {}", self.name, self.budget);
        (answer, count)
    }
}

async fn crowded(engine: Engine) -> (TestApp, Crowd) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let mut crowd = Crowd::new(&app).await;
    crowd.grow(10).await;
    (app, crowd)
}

/// How many statements each list takes; each shows a row of its own for each member of the crowd.
async fn measure(app: &TestApp, rows: usize) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for case in lists(app).await {
        let (answer, count) = case.send(app).await;
        let length = answer.pointer(case.list).and_then(Value::as_array).map_or(0, Vec::len);
        assert!(length >= rows, "{} shows {length} rows", case.name);
        counts.push((case.name, count));
    }
    counts
}

/// Whether many rows take no more statements than few. Two loads that miss each other by a moment are two statements
/// instead of one: one more is no growth.
fn assert_flat(few: &[(&str, u64)], many: &[(&str, u64)]) {
    assert_eq!(few.len(), many.len());
    for ((name, few), (_, many)) in few.iter().zip(many) {
        assert!(*many <= few + 1, "{name} took {few} statements, and {many} with more rows");
    }
}

async fn lists_cost_the_same(engine: Engine) {
    let (app, mut crowd) = crowded(engine).await;
    let few = measure(&app, 10).await;
    crowd.grow(100).await;
    assert_flat(&few, &measure(&app, 100).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_cost_the_same_with_ten_rows_and_a_hundred_on_sqlite() {
    lists_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_cost_the_same_with_ten_rows_and_a_hundred_on_postgres() {
    if postgres::is_there() {
        lists_cost_the_same(Engine::Postgres).await;
    }
}

/// A ticket of the crowd on a home that Zhang owns, with its history and pictures.
async fn one_ticket(app: &TestApp) -> String {
    let found = ticket::Entity::find().filter(ticket::Column::Number.eq("Z-3"));
    Kind::Ticket.encode(found.one(app.services.db.reader()).await.unwrap().unwrap().id)
}

async fn single_things_keep_their_budgets(engine: Engine) {
    let (app, _) = crowded(engine).await;
    let (zhang, butler) = (app.owner("zhang").await, app.staff("ambassador.a").await);
    let (owner, staff) = (Documents::owner(), Documents::butler());

    let by_id = case(&zhang, (owner, "TicketById"), json!({ "id": one_ticket(&app).await }), 3, "");
    let (answer, _) = by_id.send(&app).await;
    assert_eq!(answer["node"]["attachments"].as_array().unwrap().len(), 2);
    assert_eq!(answer["node"]["events"]["nodes"].as_array().unwrap().len(), 4);
    let actors: Vec<_> = answer["node"]["events"]["nodes"].as_array().unwrap().iter().map(|it| &it["actor"]).collect();
    assert!(actors.iter().all(|actor| actor["name"].is_string()), "owner and staff are both loaded: {actors:?}");
    assert_eq!(answer["node"]["assignee"]["name"], "spare Z3");

    case(&butler, (staff, "ButlerHome"), json!({}), 6, "").send(&app).await;

    let unit = Kind::Unit.encode(app.world.unit("YT-101"));
    let report = json!({ "unitId": unit, "kind": "REPAIR", "title": "漏水", "idempotencyKey": "one" });
    let (answer, _) = case(&zhang, (owner, "CreateTicket"), json!({ "input": report }), 11, "").send(&app).await;
    let made = &answer["createTicket"]["ticket"]["id"];

    let accept = json!({
        "ticketId": made, "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": "PROPERTY_COMPANY",
        "idempotencyKey": "two",
    });
    let (answer, _) = case(&butler, (staff, "AcceptTicket"), json!({ "input": accept }), 11, "").send(&app).await;
    assert_eq!(answer["acceptTicket"]["ticket"]["status"], "ACCEPTED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn single_things_keep_their_budgets_on_sqlite() {
    single_things_keep_their_budgets(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn single_things_keep_their_budgets_on_postgres() {
    if postgres::is_there() {
        single_things_keep_their_budgets(Engine::Postgres).await;
    }
}
