//! Many who follow the same: what is alike for all is made once, and what is not is never shared.

use std::{sync::Arc, time::Instant};

use anju::{
    auth::{
        scope::each_like,
        viewer::{Principal, Viewer},
    },
    events::{Topic, Which},
    graphql::{engine::Engine, schema::SchemaOptions},
    http::{Backend, GraphqlRequest, Pushed},
    store::event::{visible, visible_to_each},
};
use entity::vocab::{Department, Language, Role};
use futures_util::{Stream, StreamExt, future::join_all};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Engine as Database, TestApp, TestOptions, crew::Crew, device::start_of_log, postgres, until},
};

const PLAIN: &str = "subscription ($after: String) {
    bulletinPublished(after: $after) { id cursor kind title body isEmergency publishedAt } }";
const PERSONAL: &str = "subscription ($after: String) {
    bulletinPublished(after: $after) { title deliveryCount readCount } }";
const TICKETS: &str = "subscription ($after: String) {
    ticketStatusChanged(after: $after) { cursor event { id action toStatus note } ticket { number status title } } }";
const TOLD: &str = "subscription ($after: String) {
    notificationReceived(after: $after) { cursor kind ticket { id } } }";
const ACTORS: &str = "subscription ($after: String) {
    ticketStatusChanged(after: $after) { event { action actor { ... on Owner { id name } } } } }";

pub type Answers = std::pin::Pin<Box<dyn Stream<Item = Pushed> + Send>>;

pub fn owner(app: &TestApp, name: &str) -> Viewer {
    Viewer::of(Principal::Owner(app.world.owner(name)))
}

pub fn staff(app: &TestApp, login: &str, role: Role) -> Viewer {
    Viewer::of(Principal::Staff { id: app.world.staff(login), role, department: Department::CustomerService })
}

/// A subscription from the beginning of the log.
pub fn subscribe(engine: &Engine, viewer: &Viewer, query: &str) -> Answers {
    subscribe_in(engine, viewer, query, None)
}

fn subscribe_in(engine: &Engine, viewer: &Viewer, query: &str, language: Option<Language>) -> Answers {
    let variables = serde_json::from_value(json!({ "after": start_of_log() })).unwrap();
    let request = GraphqlRequest { query: query.to_owned(), variables, language, ..GraphqlRequest::default() };
    Box::pin(engine.subscribe(viewer, engine.prepare(viewer, request).unwrap()))
}

async fn publish(app: &TestApp, title: &str) {
    crate::bulletin::publish(app, "YT", json!({ "title": title })).await;
}

/// What each is sent next.
pub async fn next(answers: &mut [Answers]) -> Vec<Pushed> {
    join_all(answers.iter_mut().map(|answers| async { answers.next().await.unwrap() })).await
}

/// The data of an answer, which must be without errors.
pub fn data(pushed: &Pushed) -> Value {
    let answer: Value = serde_json::from_str(&pushed.to_json()).unwrap();
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

/// Whether all were sent the very same text.
pub fn are_one(pushed: &[Pushed]) -> bool {
    let texts: Vec<_> =
        pushed.iter().map(|pushed| if let Pushed::Written(text) = pushed { Some(text) } else { None }).collect();
    texts.windows(2).all(|pair| matches!(pair, [Some(one), Some(other)] if Arc::ptr_eq(one, other)))
}

async fn a_bulletin_for_a_crowd(database: Database) {
    let app = TestApp::with(database, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let engine = Engine::new(app.services.clone(), SchemaOptions::default());
    publish(&app, "一").await;
    let names = ["zhang", "li", "wang"];
    let mut answers: Vec<_> =
        (0..60).map(|turn| subscribe(&engine, &owner(&app, names[turn % names.len()]), PLAIN)).collect();
    let first = next(&mut answers).await;
    assert!(first.iter().all(|pushed| data(pushed)["bulletinPublished"]["title"] == "一"));
    publish(&app, "二").await;
    let before = app.services.db.statements();
    app.services.hub.wake(Which::Bulletins, names.map(|name| Topic::Owner(app.world.owner(name))));
    let second = next(&mut answers).await;
    let statements = app.services.db.statements() - before;
    // Two when nothing disturbs; one a subscriber, and more, when each reads for itself.
    assert!(statements < 20, "{statements} statements for 60 subscribers");
    assert!(are_one(&second));
    assert_eq!(data(&second[0])["bulletinPublished"]["title"], "二");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulletin_is_read_and_written_once_for_a_crowd_on_sqlite() {
    a_bulletin_for_a_crowd(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulletin_is_read_and_written_once_for_a_crowd_on_postgres() {
    if postgres::is_there() {
        a_bulletin_for_a_crowd(Database::Postgres).await;
    }
}

async fn an_event_for_a_crowd(database: Database) {
    let app = TestApp::with(database, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let engine = Engine::new(app.services.clone(), SchemaOptions::default());
    app.report(json!({})).await;
    let viewers = [
        owner(&app, "zhang"),
        owner(&app, "li"),
        staff(&app, "agent.a", Role::ServiceAgent),
        staff(&app, "ambassador.a", Role::Ambassador),
    ];
    let mut answers: Vec<_> = (0..60).map(|turn| subscribe(&engine, &viewers[turn % viewers.len()], TICKETS)).collect();
    next(&mut answers).await;
    app.report(json!({ "title": "门锁坏了" })).await;
    let before = app.services.db.statements();
    let owners = ["zhang", "li"].map(|name| Topic::Owner(app.world.owner(name)));
    let members = ["agent.a", "ambassador.a"].map(|login| Topic::Staff(app.world.staff(login)));
    app.services.hub.wake(Which::Tickets, owners.into_iter().chain(members));
    let told = next(&mut answers).await;
    let statements = app.services.db.statements() - before;
    // Six when nothing disturbs: the log, the ticket, and one for each person.
    assert!(statements < 40, "{statements} statements for 60 subscribers");
    assert!(are_one(&told));
    assert_eq!(data(&told[0])["ticketStatusChanged"]["ticket"]["title"], "门锁坏了");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_read_and_written_once_for_a_crowd_on_sqlite() {
    an_event_for_a_crowd(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_read_and_written_once_for_a_crowd_on_postgres() {
    if postgres::is_there() {
        an_event_for_a_crowd(Database::Postgres).await;
    }
}

both! {
    async fn what_each_sees_for_itself_is_not_shared(app) {
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        publish(&app, "一").await;
        let manager = staff(&app, "manager.a", Role::Manager);
        let viewers = [owner(&app, "zhang"), manager.clone(), owner(&app, "wang"), manager];
        let mut answers: Vec<_> = viewers.iter().map(|viewer| subscribe(&engine, viewer, PERSONAL)).collect();
        let pushed = next(&mut answers).await;
        let told: Vec<_> = pushed.iter().map(data).collect();
        assert_eq!(told[0]["bulletinPublished"], json!({ "title": "一", "deliveryCount": null, "readCount": null }));
        assert!(told[1]["bulletinPublished"]["deliveryCount"].as_i64().unwrap() >= 2, "{told:#?}");
        assert_eq!(told[2], told[0]);
        let [zhang, on_one_device, wang, on_another] = <[Pushed; 4]>::try_from(pushed).ok().unwrap();
        assert!(are_one(&[on_one_device, on_another]), "one person on two devices is told the same");
        assert!(!are_one(&[zhang, wang]), "two people are never told by one text");
    }

    async fn what_is_shown_in_two_languages_is_not_shared(app) {
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        let headline = "subscription ($after: String) { notificationReceived(after: $after) { title } }";
        app.report(json!({})).await;
        let ambassador = staff(&app, "ambassador.a", Role::Ambassador);
        let languages = [Language::En, Language::Zh, Language::En];
        let own = |language| subscribe_in(&engine, &ambassador, headline, Some(language));
        let mut answers: Vec<_> = languages.map(own).into();
        let told: Vec<_> = next(&mut answers).await.iter().map(data).collect();
        let title = |at: usize| told[at]["notificationReceived"]["title"].as_str().unwrap();
        assert!(title(0).starts_with("New report") && title(1).starts_with("新报事"), "{told:#?}");
        assert_eq!(title(2), title(0));
        let common = |language| subscribe_in(&engine, &ambassador, TICKETS, Some(language));
        let mut answers: Vec<_> = languages.map(common).into();
        let mut pushed = next(&mut answers).await;
        let chinese = pushed.remove(1);
        assert!(are_one(&pushed), "those of one language are told by one text");
        pushed.push(chinese);
        assert!(!are_one(&pushed));
    }

    async fn an_event_is_written_once_for_owner_and_staff(app) {
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        app.report(json!({})).await;
        let viewers = [owner(&app, "zhang"), owner(&app, "li"), staff(&app, "agent.a", Role::ServiceAgent)];
        let mut answers: Vec<_> = viewers.iter().map(|viewer| subscribe(&engine, viewer, TICKETS)).collect();
        let told = next(&mut answers).await;
        assert!(are_one(&told));
        assert_eq!(data(&told[0])["ticketStatusChanged"]["event"]["action"], "CREATE");
        let mut neighbour = subscribe(&engine, &owner(&app, "wang"), TICKETS);
        app.report_as("wang", json!({ "unitId": anju::graphql::id::Kind::Unit.encode(app.world.unit("YT-102")), "title": "自己的" })).await;
        let pushed = neighbour.next().await.unwrap();
        assert_eq!(data(&pushed)["ticketStatusChanged"]["ticket"]["title"], "自己的", "and nothing of the neighbour's before");
    }

    async fn who_is_behind_an_event_is_told_to_each_as_far_as_they_may_know(app) {
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        app.report(json!({})).await;
        let viewers = [owner(&app, "zhang"), owner(&app, "li"), owner(&app, "zhang")];
        let mut answers: Vec<_> = viewers.iter().map(|viewer| subscribe(&engine, viewer, ACTORS)).collect();
        let told: Vec<_> = next(&mut answers).await.iter().map(data).collect();
        assert!(told[0]["ticketStatusChanged"]["event"]["actor"]["name"].is_string(), "{told:#?}");
        assert_eq!(told[1]["ticketStatusChanged"]["event"]["actor"], Value::Null);
        assert_eq!(told[2], told[0]);
    }
}

/// Owners of a house of their own, beside those that the company has.
async fn townspeople(app: &mut TestApp, count: usize) -> Vec<String> {
    let services = app.services.clone();
    let mut names = Vec::new();
    for number in 0..count {
        let (name, phone) = (format!("owner {number}"), format!("1950000{number:04}"));
        app.world.home(&services, &format!("YT-5{number:02}"), "YT", &[(&name, &phone)], "ambassador.a").await;
        names.push(name);
    }
    names
}

async fn a_notification_for_a_town(database: Database) {
    let mut app = TestApp::with(database, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let names = townspeople(&mut app, 30).await;
    let engine = Engine::new(app.services.clone(), SchemaOptions::default());
    publish(&app, "一").await;
    // Everybody stands at a place of their own, and has two devices.
    let mut answers: Vec<_> =
        names.iter().chain(&names).map(|name| subscribe(&engine, &owner(&app, name), TOLD)).collect();
    let first = next(&mut answers).await;
    assert!(first.iter().all(|pushed| data(pushed)["notificationReceived"]["kind"] == "BULLETIN_PUBLISHED"));
    publish(&app, "二").await;
    let before = app.services.db.statements();
    app.services.hub.wake(Which::Notifications, names.iter().map(|name| Topic::Owner(app.world.owner(name))));
    let second = next(&mut answers).await;
    let statements = app.services.db.statements() - before;
    // One when nothing disturbs; one a subscriber, and more, when each reads for itself.
    assert!(statements < 20, "{statements} statements for {} subscribers", second.len());
    let cursor = |pushed: &Pushed| data(pushed)["notificationReceived"]["cursor"].as_str().unwrap().to_owned();
    let cursors: std::collections::BTreeSet<String> = first.iter().chain(&second).map(cursor).collect();
    assert_eq!(cursors.len(), 2 * names.len(), "each person is told for themselves, and each time once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_is_read_at_once_for_a_town_on_sqlite() {
    a_notification_for_a_town(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_is_read_at_once_for_a_town_on_postgres() {
    if postgres::is_there() {
        a_notification_for_a_town(Database::Postgres).await;
    }
}

both! {
    async fn whoever_sees_a_ticket_no_more_is_not_told_of_it_with_those_who_do(app) {
        let mut app = app;
        townspeople(&mut app, 1).await;
        let engine = Engine::new(app.services.clone(), SchemaOptions::default());
        let lost = app.report(json!({})).await;
        app.act("agent.a", "acceptTicket", &lost).await.ticket();
        let theirs = app.report_as("wang", json!({ "unitId": app.unit_id("YT-102") })).await.ticket();
        let kept = app.report_as("owner 0", json!({ "unitId": app.unit_id("YT-500") })).await.ticket();
        app.without_ambassador("YT-101").await;
        let (old, other) = (staff(&app, "ambassador.a", Role::Ambassador), staff(&app, "ambassador.a2", Role::Ambassador));
        let viewers = [owner(&app, "zhang"), old.clone(), other, old];
        let mut answers: Vec<_> = viewers.iter().map(|viewer| subscribe(&engine, viewer, TOLD)).collect();
        let told: Vec<_> = next(&mut answers).await.iter().map(data).collect();
        let of: Vec<_> = told.iter().map(|told| &told["notificationReceived"]["ticket"]["id"]).collect();
        assert_eq!(of, [&lost["id"], &kept["id"], &theirs["id"], &kept["id"]]);
    }
    async fn those_who_are_asked_for_together_see_what_each_sees_alone(app) {
        let (mut app, here) = (app, Department::CustomerService);
        let services = app.services.clone();
        let engaged = [
            ("agent.a3", Role::ServiceAgent, here, "YT"),
            ("sales.a2", Role::SalesAgent, Department::Sales, "YT"),
            ("sales.b", Role::SalesAgent, Department::Sales, "HP"),
        ];
        for (login, role, department, project) in engaged {
            app.world.engage(&services, login, role, department, project).await;
        }
        let (crew, elsewhere) = (Crew::of_101(&app).await, Crew::elsewhere(&app).await);
        crew.report("厨房水管漏水").await;
        crew.accept_for(&crew.report("门锁坏了").await, "SALES").await;
        elsewhere.accept_for(&elsewhere.report("灯不亮").await, "SALES").await;
        let (conn, mut seen) = (app.services.db.reader(), Vec::new());
        let end = anju::store::event::head(conn).await.unwrap();
        for (role, department, logins) in [
            (Role::ServiceAgent, here, &["agent.a", "agent.a3", "agent.b"][..]),
            (Role::SalesAgent, Department::Sales, &["sales.a", "sales.a2", "sales.b"]),
            (Role::GroupSupervisor, Department::GroupProperty, &["supervisor"]),
        ] {
            let ids: Vec<_> = logins.iter().map(|login| app.world.staff(login)).collect();
            let each = each_like(Principal::Staff { id: ids[0], role, department }).expect("they see whole projects");
            let mut together = visible_to_each(conn, (each, &ids), 0, end).await.unwrap();
            for id in ids {
                let alone = visible(conn, &Viewer::of(Principal::Staff { id, role, department }), 0, end).await.unwrap();
                seen.push(alone.len());
                assert_eq!(together.remove(&id).unwrap_or_default(), alone);
            }
        }
        assert_eq!(seen, [3, 3, 2, 2, 2, 2, 5], "each sees the own project, sales what was given to sales");
        let narrow = staff(&app, "ambassador.a", Role::Ambassador).principal;
        assert_eq!((each_like(narrow), each_like(owner(&app, "zhang").principal)), (None, None));
    }
    async fn a_look_at_the_ends_of_all_logs_is_one_statement(app) {
        let (hub, db, looks) = (&app.services.hub, &app.services.db, 20);
        let (start, before) = (Instant::now(), db.statements());
        for _ in 0..looks {
            let told = Instant::now();
            hub.committed();
            until("the relay has looked", async || hub.lag().filter(|lag| *lag < told.elapsed())).await;
        }
        // Each time one more look may have been under way, the first before this began. It also looks by itself, and for
        // sessions that have ended.
        let by_itself = 2 + start.elapsed().as_millis() / 500 + start.elapsed().as_millis() / 2000;
        let sent = u128::from(db.statements() - before);
        assert!(sent + 1 >= looks && sent <= 2 * looks + by_itself, "{sent} in {:?}", start.elapsed());
    }
}
