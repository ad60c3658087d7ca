//! The lists around bulletins, milestones, warranties and contractors: as many statements for twelve rows as for three.

use anju::graphql::id::Kind;
use entity::{milestone, vocab::MilestoneKind};
use serde_json::{Value, json};

use crate::harness::{Client, Engine, TestApp, TestOptions, world::put};

const BULLETINS: &str = "{ bulletins(first: 100) { totalCount nodes { id kind title readAt deliveryCount readCount reach { channel reached }
    project { id } building { id } unit { id code } publishedBy { id } } } }";
const MINE: &str =
    "{ viewer { ... on Owner { unreadBulletinCount } } bulletins(first: 100) { nodes { id title readAt } } }";
const DELIVERIES: &str = "query ($id: ID!) { bulletinDeliveries(bulletinId: $id, first: 100) { totalCount nodes { readAt owner { name } messages { channel status } } } }";
const MILESTONES: &str =
    "query ($id: ID!) { node(id: $id) { ... on Project { milestones { kind reachedOn building { id }
    bulletin { id } coverage { notified inScope } } } } }";
const WARRANTIES: &str = "{ warrantyItems(first: 100) { totalCount nodes { part expiresOn } } }";
const CONTRACTORS: &str = "{ contractors(first: 100) { totalCount nodes { name parts project { id } } } }";
const BATCHES: &str = "{ rectificationBatches(first: 100) { totalCount nodes { title isOverdue ticketCount doneCount
    project { id } contractor { name parts } } } }";

/// Adds homes with owners, a notice to each, milestones and batches, up to so many.
async fn grow(app: &mut TestApp, from: usize, to: usize) {
    let services = app.services.clone();
    for number in from..to {
        let (room, owner, phone) =
            (format!("YT-4{number:02}"), format!("owner {number}"), format!("1940000{number:04}"));
        app.world.home(&services, &room, "YT", &[(&owner, &phone)], "ambassador.a").await;
        let unit = Kind::Unit.encode(app.world.unit(&room));
        crate::bulletin::publish(app, "YT", json!({ "unitId": unit })).await;
        crate::bulletin::publish(app, "YT", json!({})).await;
        crate::authz::notices::put_batch(app, "YT").await;
        if let Some(kind) = MilestoneKind::ALL.get(number) {
            add_milestone(app, *kind).await;
        }
    }
}

async fn add_milestone(app: &TestApp, kind: MilestoneKind) {
    let (now, project_id) = (app.services.now(), app.world.id("project:YT"));
    let row = milestone::Model {
        id: app.services.new_id(now),
        project_id,
        building_id: Some(app.world.id("building:YT")),
        scope_id: app.world.id("building:YT"),
        kind,
        planned_on: None,
        reached_on: Some(now.date_naive()),
        note: None,
        bulletin_id: None,
        recorded_by: app.world.staff("manager.a"),
        created_at: now,
    };
    put::<milestone::Entity>(&app.services, row).await;
}

/// How many statements each list takes, and how many rows it shows.
async fn measure(app: &TestApp) -> Vec<(&'static str, u64, usize)> {
    let (manager, wang) = (app.staff("manager.a").await, app.owner("wang").await);
    let whole = crate::bulletin::publish(app, "YT", json!({})).await;
    let project = json!({ "id": Kind::Project.encode(app.world.id("project:YT")) });
    let cases: [(&'static str, &Client, &str, Value, &str, u64); 7] = [
        ("bulletins", &manager, BULLETINS, json!({}), "/bulletins/nodes", 11),
        ("mine", &wang, MINE, json!({}), "/bulletins/nodes", 7),
        ("deliveries", &manager, DELIVERIES, json!({ "id": whole["id"] }), "/bulletinDeliveries/nodes", 6),
        ("milestones", &manager, MILESTONES, project, "/node/milestones", 8),
        ("warranties", &manager, WARRANTIES, json!({}), "/warrantyItems/nodes", 5),
        ("contractors", &manager, CONTRACTORS, json!({}), "/contractors/nodes", 7),
        ("batches", &manager, BATCHES, json!({}), "/rectificationBatches/nodes", 9),
    ];
    let mut counts = Vec::new();
    for (name, client, document, variables, list, budget) in cases {
        let (answer, count) = app.statements(client.run(document, variables)).await;
        assert!(count <= budget, "{name} took {count} statements, its budget is {budget}");
        counts.push((name, count, answer.pointer(list).and_then(Value::as_array).map_or(0, Vec::len)));
    }
    counts
}

async fn lists_of_notices_cost_the_same(engine: Engine) {
    let mut app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    grow(&mut app, 0, 3).await;
    let few = measure(&app).await;
    grow(&mut app, 3, 12).await;
    let many = measure(&app).await;
    for ((name, few, short), (_, many, long)) in few.into_iter().zip(many) {
        assert!(long > short, "{name} has grown from {short} to {long}");
        assert_eq!(many, few, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_notices_cost_the_same_with_three_rows_and_twelve_on_sqlite() {
    lists_of_notices_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_notices_cost_the_same_with_three_rows_and_twelve_on_postgres() {
    if crate::harness::postgres::is_there() {
        lists_of_notices_cost_the_same(Engine::Postgres).await;
    }
}
