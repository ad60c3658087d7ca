//! Incidents: written down, judged anew when more is known, and seen by those who answer for the project.

use chrono::TimeDelta;
use entity::{audit_entry, incident};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        tickets::{Answer, merged},
    },
};

const LIST: &str =
    "query List($filter: IncidentFilter) { incidents(filter: $filter) { totalCount nodes { summary } } }";

async fn record(app: &TestApp, who: &str, fields: Value) -> Answer {
    let usual = json!({
        "projectId": app.project("YT"), "kind": "FIRE", "severity": "SERIOUS", "isLiable": false,
        "summary": "车库电箱起火", "occurredAt": app.services.now() - TimeDelta::hours(2),
    });
    app.as_whom(who).await.upkeep("recordIncident", merged(usual, &fields)).await
}

async fn listed(app: &TestApp, who: &str, filter: Value) -> Vec<String> {
    let list = app.staff(who).await.run(LIST, json!({ "filter": filter })).await["incidents"].clone();
    let shown: Vec<String> =
        list["nodes"].as_array().unwrap().iter().map(|it| it["summary"].as_str().unwrap().to_owned()).collect();
    assert_eq!(list["totalCount"], shown.len());
    shown
}

both! {
    async fn s12_incidents_are_listed_the_latest_first_and_narrowed(app) {
        let now = app.services.now();
        record(&app, "agent.a", json!({})).await.named("incident");
        let earlier = json!({ "kind": "EQUIPMENT", "severity": "MINOR", "isLiable": true, "summary": "电梯停梯", "occurredAt": now - TimeDelta::days(3) });
        record(&app, "manager.a", earlier).await.named("incident");
        let elsewhere = json!({ "projectId": app.project("HP"), "kind": "SAFETY", "summary": "湖边滑倒" });
        record(&app, "agent.b", elsewhere).await.named("incident");
        assert_eq!(listed(&app, "manager.a", json!({})).await, ["车库电箱起火", "电梯停梯"]);
        assert_eq!(listed(&app, "auditor", json!({})).await.len(), 3);
        assert_eq!(listed(&app, "supervisor", json!({ "projectId": app.project("HP") })).await, ["湖边滑倒"]);
        for (filter, expected) in [
            (json!({ "kind": "EQUIPMENT" }), vec!["电梯停梯"]),
            (json!({ "severity": "SERIOUS" }), vec!["车库电箱起火"]),
            (json!({ "isLiable": true }), vec!["电梯停梯"]),
            (json!({ "from": now - TimeDelta::days(1) }), vec!["车库电箱起火"]),
            (json!({ "to": now - TimeDelta::days(1) }), vec!["电梯停梯"]),
            (json!({ "severity": "SERIOUS", "isLiable": true }), vec![]),
        ] {
            assert_eq!(listed(&app, "agent.a", filter.clone()).await, expected, "{filter}");
        }
    }

    async fn s12_an_incident_is_judged_anew_and_the_audit_log_keeps_both(app) {
        let incident = record(&app, "agent.a", json!({})).await.named("incident");
        let judgement = json!({ "incidentId": incident["id"], "severity": "SERIOUS", "isLiable": true, "reason": "消防认定" });
        let judged = app.staff("manager.a").await.upkeep("judgeIncident", judgement.clone()).await.named("incident");
        assert_eq!((&judged["isLiable"], &judged["summary"]), (&json!(true), &json!("车库电箱起火")));
        for (who, expected) in [("agent.a", "error FORBIDDEN"), ("supervisor", "error FORBIDDEN"), ("zhang", "error FORBIDDEN")] {
            assert_eq!(app.as_whom(who).await.upkeep("judgeIncident", judgement.clone()).await.word(), expected, "{who}");
        }
        let blank = merged(judgement, &json!({ "reason": " " }));
        assert_eq!(app.staff("manager.a").await.upkeep("judgeIncident", blank).await.word(), "REQUIRED reason");
        let audited = audit_entry::Entity::find().all(app.services.db.reader()).await.unwrap();
        let actions: Vec<&str> = audited.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["RECORD_INCIDENT", "JUDGE_INCIDENT"]);
        assert_eq!(audited[1].details.as_ref().unwrap()["before"], json!({ "severity": "SERIOUS", "isLiable": false }));
    }

    async fn s12_incidents_exist_for_those_who_answer_for_the_project(app) {
        let id = record(&app, "agent.a", json!({})).await.named("incident")["id"].clone();
        for (who, is_shown) in [
            ("agent.a", true), ("manager.a", true), ("supervisor", true), ("auditor", true), ("agent.b", false), ("sales.a", false),
            ("ambassador.a", false), ("technician.a", false), ("zhang", false), ("admin", false), ("partner-1", false),
        ] {
            let seen = app.as_whom(who).await.run("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(!seen["node"].is_null(), is_shown, "{who}");
        }
        assert_eq!(listed(&app, "agent.b", json!({})).await, Vec::<String>::new());
        for who in ["zhang", "ambassador.a", "technician.a", "sales.a", "admin", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(LIST, json!({})).await, "FORBIDDEN", "{who}");
        }
    }

    async fn s12_what_is_no_incident_is_refused(app) {
        for (who, fields, expected) in [
            ("agent.a", json!({ "occurredAt": app.services.now() + TimeDelta::seconds(1) }), "OUT_OF_RANGE occurredAt"),
            ("agent.a", json!({ "summary": "\n" }), "REQUIRED summary"),
            ("agent.a", json!({ "summary": "长".repeat(2001) }), "TOO_LONG summary"),
            ("agent.a", json!({ "projectId": app.project("HP") }), "NOT_FOUND projectId"),
            ("auditor", json!({}), "error FORBIDDEN"),
            ("technician.a", json!({}), "error FORBIDDEN"),
        ] {
            assert_eq!(record(&app, who, fields.clone()).await.word(), expected, "{who} {fields}");
        }
        let keyed = json!({ "idempotencyKey": "one", "occurredAt": app.services.now() });
        let first = record(&app, "agent.a", keyed.clone()).await.named("incident");
        assert_eq!(record(&app, "agent.a", keyed).await.named("incident"), first);
        assert_eq!(incident::Entity::find().count(app.services.db.reader()).await.unwrap(), 1);
    }
}
