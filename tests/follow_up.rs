//! Calls that are due after completion, cases that go to the manager, and the ways in which customers reach the company.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::vocab::{Channel, TicketStatus};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{TestApp, documents::Documents},
};

/// The ids of a work list, in its order.
async fn listed(app: &TestApp, who: &str, list: &str) -> Vec<Value> {
    let document = format!("{{ {list} {{ totalCount nodes {{ id }} }} }}");
    let found = app.staff(who).await.run(&document, json!({})).await[list].clone();
    let ids: Vec<Value> = found["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
    assert_eq!(found["totalCount"], ids.len());
    ids
}

async fn rate(app: &TestApp, who: &str) -> Value {
    let document =
        "query($id: ID!) { followUpRate(projectId: $id, from: \"2026-11-01T00:00:00Z\", to: \"2026-12-01T00:00:00Z\") {
        confirmedCount followedUpCount rate } }";
    app.staff(who).await.run(document, json!({ "id": app.project_id("YT") })).await["followUpRate"].clone()
}

both! {
    async fn s2_every_channel_is_recorded_on_tickets_and_contacts(app) {
        let owner = Kind::Owner.encode(app.world.owner("zhang"));
        for channel in Channel::ALL {
            let word = json!(channel);
            let ticket = app.report_as("agent.a", json!({ "channel": word, "kind": "INQUIRY" })).await.ticket();
            assert_eq!(app.look(&ticket).await["channel"], word);
            assert_eq!(app.log(&ticket).await[0].details.as_ref().unwrap()["channel"], word);
            let input = json!({ "ownerId": owner, "channel": word, "summary": "询问" });
            let contact = app.staff("agent.a").await.done(Documents::butler(), "RecordInteraction", input).await;
            assert_eq!(contact["channel"], word);
        }
        assert_eq!(Channel::ALL.len(), 8);
    }

    async fn s5_completed_repairs_and_complaints_wait_for_their_call_the_oldest_first(app) {
        let complaint = app.ticket_in(TicketStatus::Confirmed, json!({ "kind": "COMPLAINT" })).await;
        app.clock.advance(TimeDelta::minutes(1));
        let repair = app.ticket_in(TicketStatus::Confirmed, json!({})).await;
        app.ticket_in(TicketStatus::Confirmed, json!({ "kind": "INQUIRY" })).await;
        app.ticket_in(TicketStatus::Resolved, json!({})).await;
        let due = [complaint["id"].clone(), repair["id"].clone()];
        for who in ["agent.a", "manager.a", "ambassador.a", "supervisor", "auditor"] {
            assert_eq!(listed(&app, who, "followUpsDue").await, due, "{who}");
        }
        for who in ["ambassador.a2", "agent.b", "ambassador.b"] {
            assert!(listed(&app, who, "followUpsDue").await.is_empty(), "{who}");
        }
        for who in ["zhang", "technician.a", "sales.a", "admin", "partner-1"] {
            let code = app.as_whom(who).await.refused("{ followUpsDue { totalCount } }", json!({})).await;
            assert_eq!(code, "FORBIDDEN", "{who}");
        }
        app.act("ambassador.a", "recordFollowUp", &complaint).await.ticket();
        assert_eq!(listed(&app, "agent.a", "followUpsDue").await, [repair["id"].clone()]);
    }

    async fn s5_the_rate_is_of_those_confirmed_and_of_none_there_is_none(app) {
        assert_eq!(rate(&app, "manager.a").await, json!({ "confirmedCount": 0, "followedUpCount": 0, "rate": null }));
        for status in [TicketStatus::Closed, TicketStatus::Confirmed, TicketStatus::Closed, TicketStatus::Closed] {
            app.ticket_in(status, json!({})).await;
        }
        app.ticket_in(TicketStatus::Confirmed, json!({ "kind": "INQUIRY" })).await;
        for who in ["manager.a", "agent.a", "supervisor", "auditor"] {
            let found = rate(&app, who).await;
            assert_eq!(found, json!({ "confirmedCount": 4, "followedUpCount": 3, "rate": 75.0 }), "{who}");
        }
        assert_eq!(rate(&app, "agent.b").await["confirmedCount"], 0);
    }

    async fn s6_a_request_a_missed_deadline_and_the_third_rejection_reach_the_manager(app) {
        let calm = app.ticket_in(TicketStatus::Assigned, json!({})).await;
        let asked = app.ticket_in(TicketStatus::Assigned, json!({})).await;
        app.act("zhang", "escalateTicket", &asked).await.ticket();
        let disputed = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        for turn in 1..=3 {
            app.act("zhang", "rejectResolution", &disputed).await.ticket();
            let is_raised = listed(&app, "manager.a", "escalations").await.contains(&disputed["id"]);
            assert_eq!(is_raised, turn == 3, "the third rejection, not the {turn}.");
            if turn < 3 {
                app.act("technician.a", "resolveTicket", &disputed).await.ticket();
            }
        }
        let late = app.report(json!({ "urgency": "URGENT" })).await;
        app.pass(TimeDelta::minutes(16)).await;
        let raised = listed(&app, "manager.a", "escalations").await;
        assert_eq!(raised.len(), 3);
        assert_eq!(raised[0], late["id"], "the earliest running deadline first");
        assert!(raised.contains(&asked["id"]) && !raised.contains(&calm["id"]));
        app.run_jobs().await;
        assert_eq!(app.look(&late).await["escalationLevel"], 1, "a breach escalates once");
    }

    async fn s6_the_managers_queue_is_the_managers(app) {
        let asked = app.report(json!({})).await;
        app.act("zhang", "escalateTicket", &asked).await.ticket();
        let elsewhere = app.report_as("zhao", json!({ "unitId": app.unit_id("HP-101") })).await.ticket();
        app.act("zhao", "escalateTicket", &elsewhere).await.ticket();
        assert_eq!(listed(&app, "manager.a", "escalations").await, [asked["id"].clone()], "of own projects");
        assert_eq!(listed(&app, "supervisor", "escalations").await.len(), 2);
        for who in ["zhang", "ambassador.a", "technician.a", "agent.a", "sales.a", "admin", "partner-1"] {
            let code = app.as_whom(who).await.refused("{ escalations { totalCount } }", json!({})).await;
            assert_eq!(code, "FORBIDDEN", "{who}");
        }
        app.act("zhang", "cancelTicket", &asked).await.ticket();
        assert!(listed(&app, "manager.a", "escalations").await.is_empty(), "what is over is off the list");
    }
}
