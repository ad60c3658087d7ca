//! Calls that a phone on a bad network sends again.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{ticket, vocab::TicketStatus};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use crate::{both, harness::TestApp};

async fn tickets(app: &TestApp) -> u64 {
    ticket::Entity::find().count(app.services.db.reader()).await.unwrap()
}

both! {
    async fn the_same_call_with_the_same_key_makes_one_ticket(app) {
        let first = app.report(json!({ "idempotencyKey": "phone-1" })).await;
        app.clock.advance(TimeDelta::hours(20));
        let again = app.report(json!({ "idempotencyKey": "phone-1" })).await;
        assert_eq!((&again["id"], &again["number"]), (&first["id"], &first["number"]));
        assert_eq!(tickets(&app).await, 1);
        assert_eq!(app.story(&first).await, ["CREATE"]);
    }

    async fn an_action_repeated_with_its_key_happens_once(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let fields = json!({ "idempotencyKey": "k", "expectedVersion": ticket["version"], "reason": "等配件" });
        let first = app.act_with("technician.a", "holdTicket", &ticket, fields.clone()).await.ticket();
        let again = app.act_with("technician.a", "holdTicket", &ticket, fields.clone()).await.ticket();
        assert_eq!(first, again);
        app.act("technician.a", "resumeTicket", &ticket).await.ticket();
        // Also when the ticket has moved on: the answer is the ticket, and nothing is done again.
        let late = app.act_with("technician.a", "holdTicket", &ticket, fields).await.ticket();
        assert_eq!(late["status"], "IN_PROGRESS");
        assert_eq!(app.story(&ticket).await.iter().filter(|action| *action == "HOLD").count(), 1);
    }

    async fn a_key_used_for_another_call_is_refused(app) {
        let ticket = app.report(json!({ "idempotencyKey": "k" })).await;
        let reused = "KEY_REUSED idempotencyKey";
        assert_eq!(app.report_as("zhang", json!({ "idempotencyKey": "k", "title": "别的事" })).await.word(), reused);
        let unit = json!({ "idempotencyKey": "k", "kind": "INQUIRY" });
        assert_eq!(app.report_as("zhang", unit).await.word(), reused);
        let cancel = app.act_with("zhang", "cancelTicket", &ticket, json!({ "idempotencyKey": "k" })).await;
        assert_eq!(cancel.word(), reused);
        assert_eq!(tickets(&app).await, 1);
        assert_eq!(app.look(&ticket).await["status"], "SUBMITTED");
    }

    async fn the_same_key_of_somebody_else_is_another_key(app) {
        let first = app.report(json!({ "idempotencyKey": "k" })).await;
        let other = app.report_as("li", json!({ "idempotencyKey": "k" })).await.ticket();
        assert_ne!(first["id"], other["id"]);
        let wang = json!({ "idempotencyKey": "k", "unitId": Kind::Unit.encode(app.world.unit("YT-102")) });
        assert_ne!(app.report_as("wang", wang).await.ticket()["id"], first["id"]);
    }

    async fn a_refused_call_does_not_use_up_its_key(app) {
        assert_eq!(app.report_as("zhang", json!({ "idempotencyKey": "k", "title": "" })).await.word(), "REQUIRED title");
        let ticket = app.report(json!({ "idempotencyKey": "k" })).await;
        let stale = json!({ "idempotencyKey": "k2", "expectedVersion": 9 });
        assert_eq!(app.act_with("zhang", "cancelTicket", &ticket, stale).await.word(), "CONFLICT expectedVersion");
        let right = json!({ "idempotencyKey": "k2", "expectedVersion": 1 });
        assert_eq!(app.act_with("zhang", "cancelTicket", &ticket, right).await.word(), "done");
    }
}
