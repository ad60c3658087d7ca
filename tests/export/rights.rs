//! Who takes what away: the table as a customer reads it, and that the server keeps to it; what is written down about it.

use std::num::NonZeroU32;

use anju::{
    auth::policy,
    domain::throttle::Rate,
    graphql::id::Kind,
    http::{Guard, HttpConfig},
    service::export::Subject,
};
use serde_json::{Value, json};

use super::download;
use crate::{
    both,
    harness::{TestApp, TestOptions, snapshot},
};

/// Who stands for each column of the table, in its order.
const COLUMNS: [&str; 11] = [
    "anonymous",
    "zhang",
    "partner-1",
    "ambassador.a",
    "technician.a",
    "agent.a",
    "sales.a",
    "manager.a",
    "supervisor",
    "auditor",
    "admin",
];

const ENTRIES: &str = "{ auditEntries(filter: { action: \"EXPORT\" }) { nodes {
    objectType objectId details actor { ... on Staff { name } } } } }";

#[test]
fn the_rights_to_take_away_are_those_that_were_agreed() {
    snapshot::matches("export_matrix.txt", &policy::export_matrix());
}

#[test]
fn each_table_has_a_row_and_each_row_a_table() {
    let matrix = policy::export_matrix();
    let rows: Vec<&str> = matrix.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(rows, Subject::ALL.map(Subject::name));
}

/// The rooms that a table shows.
async fn rooms(app: &TestApp, who: &str, table: &str) -> Vec<String> {
    let lines = download(&app.staff(who).await, table).await.lines();
    let at = lines[0].iter().position(|heading| heading == "Room").unwrap();
    let mut rooms: Vec<String> = lines[1..].iter().map(|line| line[at].clone()).collect();
    rooms.sort();
    rooms.dedup();
    rooms
}

both! {
    async fn the_server_keeps_to_the_rights(app) {
        let matrix = policy::export_matrix();
        for (column, who) in COLUMNS.iter().enumerate() {
            let client = app.as_whom(who).await;
            for subject in Subject::ALL {
                let row = matrix.lines().find(|line| line.starts_with(&format!("{} ", subject.name()))).unwrap();
                let is_allowed = row.split_whitespace().nth(column + 1) == Some("yes");
                let answer = download(&client, &format!("{}.csv", subject.name())).await;
                let expected = match (*who, is_allowed) {
                    ("anonymous", _) => 401,
                    (_, true) => 200,
                    (_, false) => 403,
                };
                assert_eq!(answer.status.as_u16(), expected, "{} by {who}", subject.name());
            }
        }
    }

    async fn everybody_takes_away_what_they_could_list_and_nothing_else(app) {
        for (who, room) in [("zhang", "YT-101"), ("wang", "YT-102"), ("zhao", "HP-101")] {
            let unit = Kind::Unit.encode(app.world.unit(room));
            app.report_as(who, json!({ "unitId": unit })).await.ticket();
        }
        for (who, expected) in [
            ("ambassador.a", &["YT-101"][..]), ("ambassador.a2", &["YT-102"]), ("ambassador.b", &["HP-101"]),
            ("agent.a", &["YT-101", "YT-102"]), ("manager.a", &["YT-101", "YT-102"]), ("agent.b", &["HP-101"]),
            ("supervisor", &["HP-101", "YT-101", "YT-102"]), ("auditor", &["HP-101", "YT-101", "YT-102"]),
        ] {
            for table in ["tickets.csv", "owner-ledger.csv", "warranty-ledger.csv"] {
                assert_eq!(rooms(&app, who, table).await, expected, "{table} of {who}");
            }
        }
        // Sales agents see the homes of their projects, and of tickets those that sales answers for.
        assert_eq!(rooms(&app, "sales.a", "owner-ledger.csv").await, ["YT-101", "YT-102"]);
        assert_eq!(rooms(&app, "sales.a", "tickets.csv").await, [""; 0]);
        let elsewhere = Kind::Project.encode(app.world.id("project:HP"));
        let refused = download(&app.staff("manager.a").await, &format!("tickets.csv?project={elsewhere}")).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "BAD_USER_INPUT".to_owned()));
    }

    async fn s12_audit_log_says_who_took_what_away(app) {
        let project = Kind::Project.encode(app.world.id("project:YT"));
        let manager = app.staff("manager.a").await;
        download(&manager, &format!("tickets.xlsx?project={project}&openedFrom=2026-11-01T00:00:00Z")).await;
        download(&manager, "staff.csv").await;
        download(&app.staff("technician.a").await, "tickets.csv").await;
        let entries = app.staff("auditor").await.run(ENTRIES, json!({})).await["auditEntries"]["nodes"].clone();
        assert_eq!(entries.as_array().unwrap().len(), 1, "{entries}");
        assert_eq!((&entries[0]["objectType"], &entries[0]["objectId"]), (&json!("Export"), &Value::Null));
        assert_eq!(entries[0]["actor"]["name"], "员工7");
        let details: Value = serde_json::from_str(entries[0]["details"].as_str().unwrap()).unwrap();
        let expected = json!({
            "subject": "tickets", "format": "xlsx", "language": "en", "project": "YT", "from": "2026-11-01T00:00:00Z",
            "before": null, "surveyKind": null, "fromMonth": null, "toMonth": null,
        });
        assert_eq!(details, expected);
        let seen = app.staff("admin").await.run(ENTRIES, json!({})).await;
        assert_eq!(seen["auditEntries"]["nodes"], json!([]), "an export of customers is no setting of the company");
    }

    async fn an_address_may_not_export_without_end(app) {
        let rate = Rate { burst: NonZeroU32::new(50).unwrap(), per_second: NonZeroU32::new(1).unwrap() };
        let guard = Guard { doors: Some(rate), ..Guard::default() };
        let http = Some(HttpConfig { guard, workers: 1, ..HttpConfig::default() });
        let narrow = app.another_with(TestOptions { http, ..TestOptions::default() }).await;
        let client = narrow.staff("manager.a").await;
        assert_eq!(download(&client, "figures.csv").await.status, 200);
        let refused = download(&client, "figures.csv").await;
        assert_eq!((refused.status.as_u16(), refused.code()), (429, "RATE_LIMITED".to_owned()));
        assert_eq!(refused.header("retry-after"), "11");
        app.clock.advance(chrono::TimeDelta::seconds(11));
        assert_eq!(download(&client, "figures.csv").await.status, 200);
    }
}
