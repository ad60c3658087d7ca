//! Learning from complaints (S4): the work list, the analysis on each complaint, and the statistics over them.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{audit_entry, complaint_analysis, ticket, vocab::TicketStatus};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        tickets::{Answer, merged, raw_id},
        world::instant,
    },
};

const WAITING: &str =
    "query Waiting($project: ID) { complaintsToAnalyse(projectId: $project) { totalCount nodes { id } } }";
const STATISTICS: &str = "query Count($filter: ComplaintStatisticsFilter!) { complaintStatistics(filter: $filter) {
    all { total valid invalid analysed } byRootCause { rootCause counts { total valid } }
    byDepartment { department counts { total } } byMonth { monthOn counts { total analysed } } } }";

async fn complaint(app: &TestApp, status: TicketStatus) -> Value {
    app.ticket_in(status, json!({ "kind": "COMPLAINT", "title": "保洁不到位" })).await
}

async fn analyse(app: &TestApp, who: &str, ticket: &Value, fields: Value) -> Answer {
    let usual = json!({
        "ticketId": ticket["id"], "rootCause": "ENVIRONMENT", "responsibleDepartment": "PROPERTY_COMPANY",
        "improvementMeasure": "增加巡查频次",
    });
    app.as_whom(who).await.upkeep("analyseComplaint", merged(usual, &fields)).await
}

async fn waiting(app: &TestApp, who: &str) -> Vec<Value> {
    let list = app.staff(who).await.run(WAITING, json!({})).await["complaintsToAnalyse"].clone();
    let ids: Vec<Value> = list["nodes"].as_array().unwrap().iter().map(|ticket| ticket["id"].clone()).collect();
    assert_eq!(list["totalCount"], ids.len());
    ids
}

/// Lets a ticket have been reported at another time.
async fn reported_at(app: &TestApp, ticket: &Value, at: &str) {
    let row = app.row(ticket).await;
    let row = ticket::ActiveModel { created_at: ActiveValue::Set(instant(at)), ..row.into_active_model() };
    row.update(app.services.db.writer()).await.unwrap();
}

async fn analyses(app: &TestApp) -> u64 {
    complaint_analysis::Entity::find().count(app.services.db.reader()).await.unwrap()
}

both! {
    async fn s4_every_complaint_waits_for_its_analysis_once_it_is_resolved(app) {
        let open = complaint(&app, TicketStatus::InProgress).await;
        let resolved = complaint(&app, TicketStatus::Resolved).await;
        let closed = complaint(&app, TicketStatus::Closed).await;
        complaint(&app, TicketStatus::Cancelled).await;
        app.ticket_in(TicketStatus::Closed, json!({})).await;
        assert_eq!(waiting(&app, "agent.a").await, [resolved["id"].clone(), closed["id"].clone()], "the oldest first");
        assert_eq!(waiting(&app, "agent.b").await, Vec::<Value>::new());
        let answer = analyse(&app, "agent.a", &resolved, json!({})).await.named("ticket");
        assert_eq!(answer["version"], resolved["version"], "the ticket itself is what it was");
        let analysis = &answer["analysis"];
        assert_eq!([&analysis["rootCause"], &analysis["responsibleDepartment"], &analysis["improvementMeasure"]], ["ENVIRONMENT", "PROPERTY_COMPANY", "增加巡查频次"]);
        assert_eq!(analysis["analysedBy"]["id"], Kind::Staff.encode(app.world.staff("agent.a")));
        assert_eq!(waiting(&app, "manager.a").await, [closed["id"].clone()]);
        let project = app.staff("auditor").await.run(WAITING, json!({ "project": app.project("HP") })).await;
        assert_eq!(project["complaintsToAnalyse"]["totalCount"], 0);
        app.act("technician.a", "resolveTicket", &open).await;
    }

    async fn s4_an_analysis_is_replaced_and_both_are_in_the_audit_log(app) {
        let ticket = complaint(&app, TicketStatus::Closed).await;
        let first = analyse(&app, "agent.a", &ticket, json!({})).await.named("ticket")["analysis"].clone();
        app.clock.advance(TimeDelta::minutes(5));
        let second = analyse(&app, "manager.a", &ticket, json!({ "rootCause": "ATTITUDE", "improvementMeasure": " 培训 " }));
        let second = second.await.named("ticket")["analysis"].clone();
        assert_eq!(second["id"], first["id"]);
        assert_eq!([&second["rootCause"], &second["improvementMeasure"]], ["ATTITUDE", "培训"]);
        assert_eq!(second["analysedBy"]["id"], Kind::Staff.encode(app.world.staff("manager.a")));
        assert_ne!(second["analysedAt"], first["analysedAt"]);
        assert_eq!(analyses(&app).await, 1);
        let entries = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("ANALYSE_COMPLAINT"));
        let entries = entries.all(app.services.db.reader()).await.unwrap();
        let before = |entry: &audit_entry::Model| entry.details.as_ref().unwrap()["before"].clone();
        assert_eq!(entries.len(), 2);
        assert_eq!(before(&entries[0]), Value::Null);
        assert_eq!(before(&entries[1]), json!({ "rootCause": "ENVIRONMENT", "department": "PROPERTY_COMPANY" }));
        assert_eq!(entries[1].object_id, Some(raw_id(&ticket["id"])));
    }

    async fn s4_what_can_not_be_analysed_is_refused(app) {
        let closed = complaint(&app, TicketStatus::Closed).await;
        let open = complaint(&app, TicketStatus::OnHold).await;
        let withdrawn = complaint(&app, TicketStatus::Cancelled).await;
        let repair = app.ticket_in(TicketStatus::Closed, json!({})).await;
        for (who, ticket, fields, expected) in [
            ("agent.a", &open, json!({}), "TOO_EARLY ticketId"),
            ("agent.a", &withdrawn, json!({}), "INVALID ticketId"),
            ("agent.a", &repair, json!({}), "INVALID ticketId"),
            ("agent.a", &closed, json!({ "improvementMeasure": "  " }), "REQUIRED improvementMeasure"),
            ("agent.a", &closed, json!({ "improvementMeasure": "长".repeat(2001) }), "TOO_LONG improvementMeasure"),
            ("agent.b", &closed, json!({}), "NOT_FOUND ticketId"),
            ("zhang", &closed, json!({}), "error FORBIDDEN"),
            ("ambassador.a", &closed, json!({}), "error FORBIDDEN"),
            ("technician.a", &closed, json!({}), "error FORBIDDEN"),
            ("supervisor", &closed, json!({}), "error FORBIDDEN"),
            ("auditor", &closed, json!({}), "error FORBIDDEN"),
            ("admin", &closed, json!({}), "error FORBIDDEN"),
            ("partner-1", &closed, json!({}), "error FORBIDDEN"),
        ] {
            assert_eq!(analyse(&app, who, ticket, fields.clone()).await.word(), expected, "{who} {fields}");
        }
        assert_eq!(analyses(&app).await, 0);
    }

    async fn s4_ten_at_once_leave_one_analysis_and_a_key_carries_a_call_out_once(app) {
        let ticket = complaint(&app, TicketStatus::Closed).await;
        let other = app.another().await;
        let calls = (0..10).map(|turn| {
            let server = if turn % 2 == 0 { &app } else { &other };
            analyse(server, "agent.a", &ticket, json!({ "improvementMeasure": format!("措施{turn}") }))
        });
        let answers = join_all(calls).await;
        assert!(answers.iter().all(|answer| answer.word() == "done"), "{answers:?}");
        assert_eq!(analyses(&app).await, 1);
        let keyed = json!({ "improvementMeasure": "先", "idempotencyKey": "one" });
        analyse(&app, "agent.a", &ticket, keyed.clone()).await.named("ticket");
        analyse(&app, "agent.a", &ticket, json!({ "improvementMeasure": "后" })).await.named("ticket");
        let repeated = analyse(&app, "agent.a", &ticket, keyed).await.named("ticket");
        assert_eq!(repeated["analysis"]["improvementMeasure"], "后", "the repeated call comes too late to undo anything");
    }

    async fn s4_customers_and_technicians_never_learn_whose_fault_it_was(app) {
        let ticket = complaint(&app, TicketStatus::Closed).await;
        let analysis = analyse(&app, "agent.a", &ticket, json!({})).await.named("ticket")["analysis"]["id"].clone();
        let document = "query($ticket: ID!, $analysis: ID!) { ticket: node(id: $ticket) { ... on Ticket { analysis { id } } } analysis: node(id: $analysis) { id } }";
        for (who, is_shown) in [
            ("agent.a", true), ("manager.a", true), ("ambassador.a", true), ("supervisor", true), ("auditor", true),
            ("zhang", false), ("li", false), ("wang", false), ("technician.a", false), ("ambassador.a2", false), ("agent.b", false),
            ("admin", false), ("partner-1", false),
        ] {
            let seen = app.as_whom(who).await.run(document, json!({ "ticket": ticket["id"], "analysis": analysis })).await;
            assert_eq!(!seen["analysis"].is_null(), is_shown, "{who}");
            assert_eq!(!seen["ticket"]["analysis"].is_null(), is_shown, "{who}");
        }
        for who in ["zhang", "ambassador.a", "technician.a", "sales.a", "admin", "partner-1"] {
            let filter = json!({ "filter": { "from": "2026-11-01", "to": "2026-11-30" } });
            assert_eq!(app.as_whom(who).await.refused(STATISTICS, filter).await, "FORBIDDEN", "{who}");
            assert_eq!(app.as_whom(who).await.refused(WAITING, json!({})).await, "FORBIDDEN", "{who}");
        }
    }

    async fn s4_statistics_count_by_cause_department_and_the_projects_own_month(app) {
        let mut tickets = Vec::new();
        for at in ["2026-10-31T15:59:00Z", "2026-10-31T16:00:00Z", "2026-11-30T15:59:00Z", "2026-11-30T16:00:00Z"] {
            let ticket = complaint(&app, TicketStatus::Closed).await;
            reported_at(&app, &ticket, at).await;
            tickets.push(ticket);
        }
        let withdrawn = complaint(&app, TicketStatus::Cancelled).await;
        reported_at(&app, &withdrawn, "2026-11-10T00:00:00Z").await;
        let elsewhere = json!({ "kind": "COMPLAINT", "unitId": Kind::Unit.encode(app.world.unit("HP-101")) });
        app.report_as("zhao", elsewhere).await.ticket();
        analyse(&app, "agent.a", &tickets[1], json!({})).await.named("ticket");
        analyse(&app, "agent.a", &tickets[2], json!({ "rootCause": "ATTITUDE" })).await.named("ticket");
        analyse(&app, "agent.a", &tickets[3], json!({ "rootCause": "FEES" })).await.named("ticket");
        let count = async |who: &str, more: Value| {
            let filter = merged(json!({ "from": "2026-11-01", "to": "2026-12-31" }), &more);
            app.staff(who).await.run(STATISTICS, json!({ "filter": filter })).await["complaintStatistics"].clone()
        };
        let counted = count("manager.a", json!({})).await;
        assert_eq!(counted["all"], json!({ "total": 3, "valid": 0, "invalid": 3, "analysed": 3 }), "October and the withdrawn one are out");
        assert_eq!(counted["byMonth"], json!([
            { "monthOn": "2026-11-01", "counts": { "total": 2, "analysed": 2 } },
            { "monthOn": "2026-12-01", "counts": { "total": 1, "analysed": 1 } },
        ]));
        assert_eq!(counted["byDepartment"], json!([{ "department": "PROPERTY_COMPANY", "counts": { "total": 3 } }]));
        assert_eq!(counted["byRootCause"].as_array().unwrap().len(), 3);
        let all = count("auditor", json!({})).await;
        assert_eq!(all["all"], json!({ "total": 4, "valid": 0, "invalid": 3, "analysed": 3 }), "both projects");
        assert_eq!(count("agent.b", json!({})).await["all"]["total"], 1);
        assert_eq!(count("auditor", json!({ "projectId": app.project("HP") })).await["all"]["total"], 1);
        assert_eq!(count("auditor", json!({ "rootCause": "FEES" })).await["all"]["total"], 1);
        assert_eq!(count("auditor", json!({ "responsibleDepartment": "SALES" })).await["all"]["total"], 0);
        let longer = json!({ "filter": { "from": "2026-01-01", "to": "2029-01-01" } });
        assert_eq!(app.staff("auditor").await.refused(STATISTICS, longer).await, "BAD_USER_INPUT");
        let foreign = json!({ "filter": { "from": "2026-11-01", "to": "2026-11-30", "projectId": app.project("YT") } });
        assert_eq!(app.staff("agent.b").await.refused(STATISTICS, foreign).await, "BAD_USER_INPUT");
    }
}
