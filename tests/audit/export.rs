//! The audit log as lines for a log shipper: everything once, in order, and from a cursor on exactly what is new.

use anju::commands::print_audit;
use sea_orm::TransactionTrait;

use super::*;
use crate::harness::postgres;

async fn exported(app: &TestApp, after: i64) -> Vec<Value> {
    let mut text = Vec::new();
    print_audit(&app.services.db, after, &mut text).await.unwrap();
    let lines = std::str::from_utf8(&text).unwrap().lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn cursor(line: &Value) -> i64 {
    line["cursor"].as_i64().unwrap()
}

fn actions_of(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["action"].as_str().unwrap()).collect()
}

/// An entry as a use case writes it.
async fn write(app: &TestApp, conn: &impl ConnectionTrait, action: &str) {
    let now = app.services.now();
    let act = anju::store::audit::Act {
        id: app.services.new_id(now),
        at: now,
        action,
        object_type: "Owner",
        object_id: None,
        details: None,
    };
    anju::store::audit::record(conn, &Viewer::system(), act).await.unwrap();
}

both! {
    async fn s12_audit_export_goes_on_where_it_was(app) {
        live(&app).await;
        let first = exported(&app, 0).await;
        assert_eq!(actions_of(&first), ["REVEAL_PHONE", "EXPORT_PERSONAL_DATA", "SET_REQUIRED_DOCUMENTS"]);
        assert!(first.iter().map(cursor).is_sorted());
        let entry = &first[0];
        assert_eq!((&entry["actorKind"], &entry["objectType"]), (&json!("STAFF"), &json!("Owner")));
        assert_eq!((&entry["actorId"], &entry["objectId"]), (&json!(app.world.staff("ambassador.a")), &json!(app.world.owner("zhang"))));
        assert_eq!((&entry["details"], &entry["occurredAt"]), (&json!({ "reason": "回访" }), &json!(app.services.now())));
        let last = cursor(&first[2]);
        assert_eq!(exported(&app, last).await, Vec::<Value>::new());

        // Time that was set back changes nothing: the order is that of writing.
        app.clock.advance(-chrono::TimeDelta::hours(1));
        live(&app).await;
        let more = exported(&app, last).await;
        assert_eq!(actions_of(&more), actions_of(&first));
        assert!(more.iter().all(|line| cursor(line) > last));
        assert_eq!(exported(&app, 0).await, [first, more].concat());
    }

    async fn s12_audit_export_takes_a_long_log_in_pieces(app) {
        let tx = app.services.db.begin().await.unwrap();
        for _ in 0..1234 {
            write(&app, &tx, "MANY").await;
        }
        tx.commit().await.unwrap();
        let all = exported(&app, 0).await;
        let ids: std::collections::BTreeSet<_> = all.iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert_eq!((all.len(), ids.len()), (1234, 1234));
        assert_eq!(exported(&app, cursor(&all[1000])).await, all[1001..]);
    }

    async fn s12_audit_export_refuses_a_cursor_of_another_log(app) {
        live(&app).await;
        let refused = print_audit(&app.services.db, 1_000_000, &mut Vec::new()).await.unwrap_err();
        assert!(refused.to_string().contains("ends before the cursor"), "{refused}");
    }

    async fn s12_audit_places_only_grow(app) {
        live(&app).await;
        let conn = app.services.db.writer();
        for statement in ["UPDATE audit_places SET seq = seq + 10", "DELETE FROM audit_places"] {
            let refused = conn.execute_unprepared(statement).await.unwrap_err().to_string();
            assert!(refused.contains("the audit log can only grow"), "{statement}: {refused}");
        }
    }
}

/// An entry that got its place early and is committed late is neither passed over nor waited for in vain.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s12_audit_export_misses_no_entry_that_is_committed_late() {
    if !postgres::is_there() {
        return;
    }
    let app = TestApp::new(crate::harness::Engine::Postgres).await;
    let app = std::sync::Arc::new(app);
    let late = app.services.db.writer().begin().await.unwrap();
    write(&app, &late, "EARLY_PLACE").await;
    write(&app, app.services.db.writer(), "LATER_PLACE").await;
    let exporting = tokio::spawn({
        let app = std::sync::Arc::clone(&app);
        async move { exported(&app, 0).await }
    });
    postgres::until_waited_for(&app, "audit_places").await;
    late.commit().await.unwrap();
    let lines = exporting.await.unwrap();
    assert_eq!(actions_of(&lines), ["EARLY_PLACE", "LATER_PLACE"]);
}
