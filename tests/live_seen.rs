//! What one was shown does for all who see the same of what it names, and for nobody who sees less.

use anju::{
    auth::viewer::Viewer,
    events::{Topic, Which},
    graphql::{engine::Engine, schema::SchemaOptions},
    http::Pushed,
};
use entity::vocab::{Department, Role};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Engine as Database, TestApp, TestOptions,
        crew::Crew,
        documents::Documents,
        past::{leave, sell},
        postgres,
    },
    live_shared::{Answers, are_one, data, next, owner, staff, subscribe},
};

const OWNERS: &str = "subscription ($after: String) { ticketStatusChanged(after: $after) {
    ticket { unit { code owners { name phone } } } } }";
const ACTOR: &str = "subscription ($after: String) { ticketStatusChanged(after: $after) {
    event { actor { ... on Owner { name } } } } }";
const PHONE: &str = "subscription ($after: String) { ticketStatusChanged(after: $after) {
    event { actor { ... on Owner { phone } } } } }";
const ASSIGNEE: &str = "subscription ($after: String) { ticketStatusChanged(after: $after) {
    event { action } ticket { assignee { name } latestEvent { action } } } }";
const HOME: &str =
    "subscription ($after: String) { bulletinPublished(after: $after) { title unit { code owners { name } } } }";
const PROJECT: &str = "subscription ($after: String) { bulletinPublished(after: $after) { title project { name } } }";

fn engine(app: &TestApp) -> Engine {
    Engine::new(app.services.clone(), SchemaOptions::default())
}

fn agent(app: &TestApp, login: &str) -> Viewer {
    staff(app, login, Role::ServiceAgent)
}

/// What each is shown first who is shown it one after the other, and their subscriptions: whoever comes first has it executed.
async fn in_turn(engine: &Engine, viewers: &[Viewer], query: &str) -> (Vec<Pushed>, Vec<Answers>) {
    let (mut told, mut open) = (Vec::new(), Vec::new());
    for viewer in viewers {
        let mut answers = subscribe(engine, viewer, query);
        told.push(answers.next().await.unwrap());
        open.push(answers);
    }
    (told, open)
}

/// Whoever is first, each is told what they are told who are alone. What that is.
async fn told_as_alone(app: &TestApp, viewers: &[Viewer], query: &str) -> Vec<Value> {
    let mut alone = Vec::new();
    for viewer in viewers {
        alone.push(data(&in_turn(&engine(app), std::slice::from_ref(viewer), query).await.0[0]));
    }
    let (mut viewers, mut expected) = (viewers.to_vec(), alone.clone());
    for _ in 0..viewers.len() {
        let told: Vec<_> = in_turn(&engine(app), &viewers, query).await.0.iter().map(data).collect();
        assert_eq!(told, expected);
        viewers.rotate_left(1);
        expected.rotate_left(1);
    }
    alone
}

/// A home with three owners who were told of it, of whom one has sold.
async fn a_home_that_was_sold(app: &mut TestApp) {
    let services = app.services.clone();
    let owners = [("chen", "19500000001"), ("gao", "19500000002"), ("he", "19500000003")];
    app.world.home(&services, "YT-601", "YT", &owners, "ambassador.a").await;
    crate::bulletin::publish(app, "YT", json!({ "title": "漏水", "unitId": app.unit_id("YT-601") })).await;
    sell(app, "chen").await;
}

async fn a_queue_for_a_project(database: Database) {
    let mut app = TestApp::with(database, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let (services, queue) = (app.services.clone(), Documents::butler().operation("QueueChanged"));
    let agents: Vec<String> = (0..20).map(|number| format!("agent {number}")).collect();
    for login in &agents {
        app.world.engage(&services, login, Role::ServiceAgent, Department::CustomerService, "YT").await;
    }
    let more = [("manager.a", Role::Manager), ("ambassador.a", Role::Ambassador)];
    let mut viewers: Vec<Viewer> = agents.iter().map(|login| agent(&app, login)).collect();
    viewers.extend(more.map(|(login, role)| staff(&app, login, role)));
    app.report(json!({})).await;
    let shared = engine(&app);
    let mut answers: Vec<_> = viewers.iter().chain(&viewers).map(|viewer| subscribe(&shared, viewer, &queue)).collect();
    next(&mut answers).await;
    app.report(json!({ "title": "门锁坏了" })).await;
    let topics = viewers.iter().map(|viewer| Topic::Staff(viewer.staff_id().unwrap()));
    let (told, statements) = app
        .statements(async {
            services.hub.wake(Which::Tickets, topics);
            next(&mut answers).await
        })
        .await;
    // Twelve when nothing disturbs: six say who is told, three load what is shown, and three ask who sees the same of it.
    assert!(statements < 35, "{statements} statements for {} people", viewers.len());
    assert!(are_one(&told));
    let ticket = &data(&told[0])["ticketStatusChanged"]["ticket"];
    let owners = ticket["unit"]["owners"].as_array().unwrap();
    let owners: Vec<_> = owners.iter().map(|owner| owner["name"].as_str().unwrap()).collect();
    assert_eq!((&ticket["title"], owners), (&json!("门锁坏了"), vec!["zhang", "li"]));
    assert_eq!(ticket["latestEvent"]["action"], "CREATE");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_in_the_queue_is_executed_once_for_a_project_on_sqlite() {
    a_queue_for_a_project(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_in_the_queue_is_executed_once_for_a_project_on_postgres() {
    if postgres::is_there() {
        a_queue_for_a_project(Database::Postgres).await;
    }
}

both! {
    async fn each_sees_the_owners_of_a_home_as_far_as_they_exist_for_them(app) {
        app.report(json!({})).await;
        let viewers = [agent(&app, "agent.a"), owner(&app, "zhang"), owner(&app, "li"), staff(&app, "manager.a", Role::Manager)];
        let told = told_as_alone(&app, &viewers, OWNERS).await;
        let owners = |at: usize| told[at]["ticketStatusChanged"]["ticket"]["unit"]["owners"].clone();
        let both = json!([{ "name": "zhang", "phone": "191****0001" }, { "name": "li", "phone": "191****0002" }]);
        assert_eq!(owners(0), both);
        assert_eq!(owners(1), json!([{ "name": "zhang", "phone": "19100000001" }]), "and no co-owner");
        assert_eq!(owners(2), json!([{ "name": "li", "phone": "19100000002" }]));
        assert_eq!(owners(3), both);
    }

    async fn whoever_does_not_see_a_person_is_not_told_the_name(app) {
        app.report(json!({})).await;
        let viewers = [agent(&app, "agent.a"), owner(&app, "zhang"), owner(&app, "li")];
        let told = told_as_alone(&app, &viewers, ACTOR).await;
        let actor = |at: usize| told[at]["ticketStatusChanged"]["event"]["actor"].clone();
        assert_eq!([actor(0), actor(1), actor(2)], [json!({ "name": "zhang" }), json!({ "name": "zhang" }), Value::Null]);
    }

    async fn a_number_is_shown_in_full_to_whose_it_is_and_masked_to_others(app) {
        app.report(json!({})).await;
        let viewers = [agent(&app, "agent.a"), owner(&app, "zhang"), staff(&app, "ambassador.a", Role::Ambassador)];
        let told = told_as_alone(&app, &viewers, PHONE).await;
        let phone = |at: usize| told[at]["ticketStatusChanged"]["event"]["actor"]["phone"].clone();
        assert_eq!([phone(0), phone(1), phone(2)], ["191****0001", "19100000001", "191****0001"]);
    }

    async fn a_home_that_was_sold_is_shown_to_whose_it_is_now(app) {
        let mut app = app;
        a_home_that_was_sold(&mut app).await;
        let viewers = [owner(&app, "chen"), owner(&app, "gao"), owner(&app, "he"), agent(&app, "agent.a")];
        let told = told_as_alone(&app, &viewers, HOME).await;
        let unit = |at: usize| told[at]["bulletinPublished"]["unit"].clone();
        assert_eq!(unit(0), Value::Null, "{told:#?}");
        let expected = [vec!["gao"], vec!["he"], vec!["gao", "he"]];
        for (at, owners) in (1..).zip(expected) {
            let names: Vec<_> = owners.iter().map(|name| json!({ "name": name })).collect();
            assert_eq!(unit(at)["owners"], json!(names));
        }
    }

    async fn a_project_is_shown_to_whoever_has_to_do_with_it(app) {
        let mut app = app;
        a_home_that_was_sold(&mut app).await;
        let viewers = [owner(&app, "gao"), owner(&app, "chen"), agent(&app, "agent.a")];
        let told = told_as_alone(&app, &viewers, PROJECT).await;
        let project = |at: usize| told[at]["bulletinPublished"]["project"].clone();
        let known = json!({ "name": "安居·云庭" });
        assert_eq!([project(0), project(1), project(2)], [known.clone(), Value::Null, known]);
    }

    async fn those_who_see_otherwise_have_it_executed_once_for_all_of_them(app) {
        let mut app = app;
        let services = app.services.clone();
        app.world.engage(&services, "agent.a3", Role::ServiceAgent, Department::CustomerService, "YT").await;
        Crew::of_101(&app).await.begun("水管漏水").await;
        leave(&app, "technician.a").await;
        let viewers = [agent(&app, "agent.a"), owner(&app, "zhang"), agent(&app, "agent.a3"), owner(&app, "li")];
        let told = told_as_alone(&app, &viewers, ASSIGNEE).await;
        let assignee = |at: usize| told[at]["ticketStatusChanged"]["ticket"]["assignee"].clone();
        assert_eq!(assignee(0), Value::Null, "who has left is no colleague");
        assert!(assignee(1)["name"].is_string(), "but known to whose home it is");
        let shared = engine(&app);
        let mut answers: Vec<_> = viewers.iter().map(|viewer| subscribe(&shared, viewer, ASSIGNEE)).collect();
        let [agent, zhang, colleague, li] = <[Pushed; 4]>::try_from(next(&mut answers).await).ok().unwrap();
        assert!(are_one(&[agent, colleague]));
        assert!(are_one(&[zhang, li]));
    }

    async fn what_goes_out_of_sight_is_not_shown_with_what_follows(app) {
        let crew = Crew::of_101(&app).await;
        let ticket = crew.begun("水管漏水").await;
        let shared = engine(&app);
        let viewers = [agent(&app, "agent.a"), owner(&app, "zhang")];
        let mut answers: Vec<_> = viewers.iter().map(|viewer| subscribe(&shared, viewer, ASSIGNEE)).collect();
        let mut last = next(&mut answers).await;
        while data(&last[0])["ticketStatusChanged"]["event"]["action"] != "START" {
            last = next(&mut answers).await;
        }
        assert!(are_one(&last), "both see who was sent");
        crew.resolve(&ticket).await;
        leave(&app, "technician.a").await;
        crew.confirm(&ticket).await;
        let mut told = Vec::new();
        while told.last().is_none_or(|told: &Vec<Value>| told[0]["ticketStatusChanged"]["event"]["action"] != "CONFIRM") {
            told.push(next(&mut answers).await.iter().map(data).collect());
        }
        let assignee = |at: usize| &told.last().unwrap()[at]["ticketStatusChanged"]["ticket"]["assignee"];
        assert_eq!(assignee(0), &Value::Null);
        assert!(assignee(1)["name"].is_string());
    }
}
