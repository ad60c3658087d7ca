//! The main job, end to end: a repair from the report to the follow-up call, followed live on a phone with a bad network.

use serde_json::json;

use crate::{
    both,
    harness::{
        Database, Engine, TestApp,
        crew::Crew,
        device::{Device, ids, owner_document, read_log},
        ledger, postgres,
    },
};

both! {
    async fn a_repair_is_followed_live_on_a_phone(app) {
        let crew = Crew::of_101(&app).await;
        follow_a_repair(&app, &crew).await;
    }
}

/// The company's real-looking ledger is loaded into an empty database; then one of its owners has a leak.
async fn from_a_ledger_to_a_closed_repair(engine: Engine) {
    let mut app = TestApp::empty(Database::create(engine).await).await;
    let imported = ledger::import(&app).await;
    let expected = ledger::expected();
    assert_eq!(json!(imported.good_rows), expected["good_rows"]);
    assert_eq!(json!(imported.owners), expected["owners"]);
    let crew = ledger::crew(&mut app).await;
    follow_a_repair(&app, &crew).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_ledger_to_a_closed_repair_on_sqlite() {
    from_a_ledger_to_a_closed_repair(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_ledger_to_a_closed_repair_on_postgres() {
    if postgres::is_there() {
        from_a_ledger_to_a_closed_repair(Engine::Postgres).await;
    }
}

/// The phone is cut off three times and goes on each time; it has seen each event once, in order.
async fn follow_a_repair(app: &TestApp, crew: &Crew) {
    let mut phone = Device::new(&crew.owner, owner_document());
    phone.listen(app).await;
    let ticket = crew.report("厨房水管漏水").await;
    phone.see().await;
    crew.accept(&ticket).await;
    phone.see().await;

    // In the lift: the socket breaks, the butler's team goes on.
    phone.cut();
    crew.assign(&ticket).await;
    crew.start(&ticket).await;
    crew.hold(&ticket).await;
    phone.connect().await;
    phone.see_until("HOLD").await;
    crew.resume(&ticket).await;
    phone.see().await;

    // In the garage: the socket breaks while something is on its way.
    crew.resolve(&ticket).await;
    phone.cut();
    phone.connect().await;
    phone.see().await;
    crew.reject(&ticket).await;
    phone.see().await;

    // On the train: the socket breaks again and again.
    phone.cut();
    phone.connect().await;
    phone.cut();
    crew.resolve(&ticket).await;
    crew.confirm(&ticket).await;
    phone.connect().await;
    crew.follow_up(&ticket).await;
    phone.see_until("RECORD_FOLLOW_UP").await;

    assert_eq!(
        phone.actions(),
        [
            "CREATE",
            "ACCEPT",
            "ASSIGN",
            "START",
            "HOLD",
            "RESUME",
            "RESOLVE",
            "REJECT",
            "RESOLVE",
            "CONFIRM",
            "RECORD_FOLLOW_UP"
        ]
    );
    let shown = crew.owner.owner_app("TicketById", json!({ "id": ticket })).await["node"].clone();
    assert_eq!((&shown["status"], &shown["reworkCount"]), (&json!("CLOSED"), &json!(1)));
    assert_eq!((&shown["rating"], &shown["satisfied"]), (&json!(5), &json!(true)));
    let seen: Vec<_> = phone.seen.iter().map(|change| change["event"].clone()).collect();
    assert_eq!(&json!(seen), &shown["events"]["nodes"]);
    assert_eq!(phone.event_ids(), ids(&read_log(&crew.owner, None, 100).await));
    assert_eq!(phone.seen.last().unwrap()["ticket"]["status"], "CLOSED");
}
