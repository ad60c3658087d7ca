//! What the lists of activities and standard answers cost.

use anju::{
    auth::viewer::{Principal, Viewer},
    graphql::id::Kind,
    service::article::{self, NewArticle},
};
use entity::{
    activity, activity_invitation, activity_opinion, activity_registration, calendar_feed, owner, ownership,
    vocab::{ArticleAudience, Department, PrincipalKind, RegistrationStatus, Role},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Case, assert_flat};
use crate::harness::{
    Engine, TestApp, TestOptions,
    activities::{lecture, registration},
    documents::Documents,
    postgres,
    world::{day, put},
};

const REGISTRATIONS: &str = "query ($id: ID!) { activityRegistrations(first: 100, filter: { activityId: $id }) {
    totalCount nodes { id status waitlistPosition activity { id title clubName } owner { id name } } } }";
const INVITATIONS: &str = "query ($id: ID!) { activityInvitations(activityId: $id, first: 100) {
    totalCount nodes { invitedAt activity { id } owner { id name } } } }";
const OPINIONS: &str = "{ activityOpinions(first: 100, filter: { answered: false }) {
    totalCount nodes { id body activity { id } owner { name } answeredBy { name } recordedBy { name } } } }";
const STAFFS_ACTIVITIES: &str = "{ activities(first: 100) { totalCount nodes { id clubName seatsLeft registrationCount
    project { name clubName } partner { name } evaluatedBy { name } } } }";
const ARTICLES: &str = "{ articles(first: 100) { totalCount nodes { id title project { name } author { name } } } }";
const FOUND: &str =
    "{ articles(first: 100, search: \"漏水\") { totalCount nodes { id project { name } author { name } } } }";
const FEEDS: &str = "{ calendarFeeds(first: 100) { totalCount nodes { id name } } }";

/// One activity with many visitors, and many activities, opinions, answers and links.
struct Crowd {
    meeting: Uuid,
    size: usize,
}

impl Crowd {
    async fn new(app: &TestApp) -> Self {
        let meeting = Self::activity(app).await;
        Self { meeting, size: 0 }
    }

    async fn activity(app: &TestApp) -> Uuid {
        let at = app.services.now() + chrono::TimeDelta::days(5);
        let row = lecture(&app.services, app.world.id("project:YT"), app.world.partner("partner-1"), at);
        let id = row.id;
        put::<activity::Entity>(&app.services, row).await;
        id
    }

    async fn grow(&mut self, app: &TestApp, size: usize) {
        for number in self.size..size {
            let visitor = Self::visitor(app, number).await;
            let place = i64::try_from(number).unwrap();
            let row = registration(&app.services, self.meeting, visitor, RegistrationStatus::Waitlisted);
            put::<activity_registration::Entity>(&app.services, activity_registration::Model { place, ..row }).await;
            let (now, id) = (app.services.now(), || app.services.new_id(app.services.now()));
            let invitation =
                activity_invitation::Model { id: id(), activity_id: self.meeting, owner_id: visitor, invited_at: now };
            put::<activity_invitation::Entity>(&app.services, invitation).await;
            let opinion = activity_opinion::Model {
                id: id(),
                activity_id: self.meeting,
                project_id: app.world.id("project:YT"),
                owner_id: Some(visitor),
                body: "很好".into(),
                responsible_department: Department::Sales,
                answer: None,
                answered_by: None,
                answered_at: None,
                recorded_by: Some(app.world.staff(["agent.a", "sales.a"][number % 2])),
                created_at: now,
            };
            put::<activity_opinion::Entity>(&app.services, opinion).await;
            Self::activity(app).await;
            Self::article(app).await;
            Self::feed(app, number).await;
        }
        self.size = size;
    }

    async fn visitor(app: &TestApp, number: usize) -> Uuid {
        let zhang = owner::Entity::find_by_id(app.world.owner("zhang")).one(app.services.db.reader()).await.unwrap();
        let id = app.services.new_id(app.services.now());
        let name = format!("访客{number}");
        let row = owner::Model { id, name, phone_hash: None, identity_hash: None, ..zhang.unwrap() };
        put::<owner::Entity>(&app.services, row).await;
        let row = ownership::Model {
            id: app.services.new_id(app.services.now()),
            unit_id: app.world.unit("YT-101"),
            owner_id: id,
            position: 9,
            started_on: day("2025-01-01"),
            ended_on: None,
        };
        put::<ownership::Entity>(&app.services, row).await;
        id
    }

    async fn article(app: &TestApp) {
        let (id, department) = (app.world.staff("manager.a"), Department::CustomerService);
        let manager = Viewer::of(Principal::Staff { id, role: Role::Manager, department });
        let new = NewArticle {
            project_id: Some(app.world.id("project:YT")),
            title: "漏水怎么办".into(),
            body: "先关阀".into(),
            category: None,
            audience: ArticleAudience::Everyone,
        };
        let made = article::create(&app.services, &manager, new).await.unwrap();
        article::publish(&app.services, &manager, made.id).await.unwrap();
    }

    async fn feed(app: &TestApp, number: usize) {
        let row = calendar_feed::Model {
            id: app.services.new_id(app.services.now()),
            principal_kind: PrincipalKind::Owner,
            principal_id: app.world.owner("zhang"),
            token_hash: number.to_string(),
            name: None,
            created_at: app.services.now(),
            revoked_at: Some(app.services.now()),
        };
        put::<calendar_feed::Entity>(&app.services, row).await;
    }
}

async fn lists(app: &TestApp, crowd: &Crowd) -> Vec<Case> {
    let (zhang, agent) = (app.owner("zhang").await, app.staff("agent.a").await);
    let of_meeting = || json!({ "id": Kind::Activity.encode(crowd.meeting) });
    let own = |name, document: &str, client: &crate::harness::Client, variables, budget, list| Case {
        name,
        document: document.to_owned(),
        client: client.clone(),
        variables,
        budget,
        list,
    };
    vec![
        own(
            "UpcomingActivities",
            &Documents::owner().operation("UpcomingActivities"),
            &zhang,
            json!({ "first": 100 }),
            7,
            "/activities/nodes",
        ),
        own("activities of staff", STAFFS_ACTIVITIES, &agent, json!({}), 8, "/activities/nodes"),
        own("registrations", REGISTRATIONS, &agent, of_meeting(), 7, "/activityRegistrations/nodes"),
        own("invitations", INVITATIONS, &agent, of_meeting(), 5, "/activityInvitations/nodes"),
        own("opinions", OPINIONS, &agent, json!({}), 6, "/activityOpinions/nodes"),
        own("articles", ARTICLES, &agent, json!({}), 5, "/articles/nodes"),
        own("articles found", FOUND, &agent, json!({}), 4, "/articles/nodes"),
        own("calendar links", FEEDS, &zhang, json!({}), 3, "/calendarFeeds/nodes"),
    ]
}

async fn measure(app: &TestApp, crowd: &Crowd) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for case in lists(app, crowd).await {
        let (answer, count) = case.send(app).await;
        let length = answer.pointer(case.list).and_then(Value::as_array).map_or(0, Vec::len);
        assert!(length >= crowd.size, "{} shows {length} rows", case.name);
        counts.push((case.name, count));
    }
    counts
}

async fn lists_cost_the_same(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let mut crowd = Crowd::new(&app).await;
    crowd.grow(&app, 5).await;
    let few = measure(&app, &crowd).await;
    crowd.grow(&app, 40).await;
    assert_flat(&few, &measure(&app, &crowd).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_activities_cost_the_same_with_five_rows_and_forty_on_sqlite() {
    lists_cost_the_same(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_activities_cost_the_same_with_five_rows_and_forty_on_postgres() {
    if postgres::is_there() {
        lists_cost_the_same(Engine::Postgres).await;
    }
}
