//! Open sockets end with the session and the token behind them, on every server.

use std::{sync::Arc, time::Duration};

use anju::{
    auth::viewer::{Principal, Viewer},
    graphql::{engine::Engine, id::Kind, schema::SchemaOptions},
    http::{Backend, GraphqlRequest, HttpConfig},
};
use async_graphql::Variables;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use tokio::time::timeout;

use crate::{
    both,
    harness::{
        Client, Engine as Database, TestApp, TestOptions,
        company::REPORT,
        crew::Crew,
        device::{Device, butler_document, owner_document},
        documents::Documents,
        postgres, until,
        world::PASSWORD,
    },
};

/// One device at the server itself and one at another server.
async fn two_devices(app: &TestApp, other: &TestApp, client: &Client, document: &str) -> [Device; 2] {
    let mut near = Device::new(client, document.to_owned());
    near.listen(app).await;
    let mut far = Device::new(&client.at(&other.url), document.to_owned());
    far.listen(other).await;
    [near, far]
}

async fn all_end_with_4403(devices: [Device; 2]) {
    for mut device in devices {
        assert_eq!(device.hear().await, Err(Some(4403)));
    }
}

both! {
    async fn signing_out_ends_the_sockets_of_this_session_and_of_no_other(app) {
        let other = app.another().await;
        let (owner, same_owner) = (app.owner("zhang").await, app.owner("zhang").await);
        let devices = two_devices(&app, &other, &owner, &owner_document()).await;
        let mut second_phone = Device::new(&same_owner, owner_document());
        second_phone.listen(&app).await;
        let out = owner.owner_app("SignOut", json!({})).await;
        assert_eq!(out["signOut"]["userErrors"], json!([]));
        all_end_with_4403(devices).await;
        Crew::of_101(&app).await.report("厨房水管漏水").await;
        assert_eq!(second_phone.see().await["event"]["action"], "CREATE");
    }

    async fn disabling_a_member_of_staff_ends_their_sockets(app) {
        let other = app.another().await;
        let technician = app.staff("technician.a").await;
        let devices = two_devices(&app, &other, &technician, &butler_document()).await;
        let document = "mutation($id: ID!) { disableStaff(input: { staffId: $id }) { userErrors { code } } }";
        let id = Kind::Staff.encode(app.world.staff("technician.a"));
        let data = app.staff("admin").await.run(document, json!({ "id": id })).await;
        assert_eq!(data["disableStaff"]["userErrors"], json!([]));
        all_end_with_4403(devices).await;
        let mut again = crate::harness::socket::Socket::open(&technician, None).await;
        again.init(technician.token.as_deref()).await;
        assert_eq!(again.close_code().await, Some(4403));
    }

    async fn a_refresh_token_that_is_used_twice_ends_the_sockets_of_the_session(app) {
        let other = app.another().await;
        let variables = json!({ "login": "agent.a", "password": PASSWORD });
        let data = app.anonymous().butler_app("SignInWithPassword", variables).await;
        let session = &data["signInWithPassword"]["session"];
        let agent = Client::new(&app.url, session["accessToken"].as_str().map(str::to_owned));
        let devices = two_devices(&app, &other, &agent, &butler_document()).await;
        let refresh = Documents::owner().operation("RefreshSession");
        let token = json!({ "refreshToken": session["refreshToken"] });
        let first = app.anonymous().run(&refresh, token.clone()).await;
        assert_eq!(first["refreshSession"]["userErrors"], json!([]));
        let second = app.anonymous().run(&refresh, token).await;
        assert_eq!(second["refreshSession"]["userErrors"][0]["code"], "EXPIRED");
        all_end_with_4403(devices).await;
    }

    async fn a_socket_ends_when_its_token_does(app) {
        let http = HttpConfig { workers: 1, expiry_check: Duration::from_millis(20), ..HttpConfig::default() };
        let options = TestOptions { http: Some(http), ..TestOptions::default() };
        let watchful = TestApp::over(app.database.clone(), Arc::clone(&app.clock), options).await;
        let owner = app.owner("zhang").await;
        let mut device = Device::new(&owner.at(&watchful.url), owner_document());
        device.listen(&watchful).await;
        app.clock.advance(TimeDelta::minutes(14));
        Crew::of_101(&app).await.report("厨房水管漏水").await;
        assert_eq!(device.see().await["event"]["action"], "CREATE");
        app.clock.advance(TimeDelta::minutes(2));
        assert_eq!(device.hear().await, Err(Some(4403)));
        until("the subscription is gone", async || (watchful.services.hub.subscribers() == 0).then_some(())).await;
    }

    async fn no_event_is_sent_after_the_end_of_the_token(app) {
        // This server compares the token's end with the clock every 15 seconds only; the event comes before that.
        let mut device = Device::new(&app.owner("zhang").await, owner_document());
        device.listen(&app).await;
        app.clock.advance(TimeDelta::minutes(16));
        let crew = Crew::of_101(&app).await;
        crew.report("厨房水管漏水").await;
        assert_eq!(device.hear().await, Err(Some(4403)));
        device.use_client(&crew.owner);
        device.cursor = Some(crate::harness::device::start_of_log());
        device.connect().await;
        assert_eq!(device.see().await["event"]["action"], "CREATE");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_do_not_wait_until_sessions_are_looked_for() {
    if !postgres::is_there() {
        return;
    }
    let app = TestApp::new(Database::Postgres).await;
    let mut device = Device::new(&app.owner("zhang").await, owner_document());
    device.listen(&app).await;
    let held = app.database.connect().await;
    let held = held.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE").await.unwrap();
    postgres::until_waited_for(&app, "sessions").await;
    // Without a session, which nobody could look up.
    let (engine, zhang) = (Engine::new(app.services.clone(), SchemaOptions::default()), app.world.owner("zhang"));
    let zhang = Viewer::of(Principal::Owner(zhang));
    let unit = Kind::Unit.encode(app.world.unit("YT-101"));
    let input =
        json!({ "input": { "unitId": unit, "kind": "REPAIR", "category": "PLUMBING", "title": "厨房水管漏水" } });
    let request = GraphqlRequest {
        query: REPORT.to_owned(),
        variables: Variables::from_json(input),
        ..GraphqlRequest::default()
    };
    let made = engine.execute(&zhang, engine.prepare(&zhang, request).unwrap(), "report").await;
    assert!(made.is_ok(), "{made:?}");
    let seen = timeout(Duration::from_secs(5), device.see()).await.expect("it comes while the lock is held");
    assert_eq!(seen["event"]["action"], "CREATE");
    held.rollback().await.unwrap();
}
