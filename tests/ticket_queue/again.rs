//! A queue that is sent again, by a phone that can't know what became of the first one; and a server that can't go on.

use chrono::TimeDelta;
use entity::{idempotency_key, ticket, vocab::TicketStatus};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{id, reason};
use crate::{
    both,
    harness::{
        TestApp,
        queue::{action, after, words},
        tickets::raw_id,
    },
};

/// Takes away what is known of a call but that it was begun, or gives it back.
async fn set_result(app: &TestApp, key: &str, result: Option<Uuid>) {
    idempotency_key::Entity::update_many()
        .col_expr(idempotency_key::Column::ResultId, Expr::value(result))
        .filter(idempotency_key::Column::Key.eq(key))
        .exec(app.services.db.writer())
        .await
        .unwrap();
}

async fn set_kind(app: &TestApp, ticket: &Value, kind: &str) {
    ticket::Entity::update_many()
        .col_expr(ticket::Column::Kind, Expr::value(kind))
        .filter(ticket::Column::Id.eq(raw_id(id(ticket))))
        .exec(app.services.db.writer())
        .await
        .unwrap();
}

both! {
    async fn a_repeated_queue_is_told_the_same_whatever_has_happened_since(app) {
        let (ticket, sent) = (app.report(json!({})).await, app.ticket_in(TicketStatus::Assigned, json!({})).await);
        let (technician, now) = (app.staff("technician.a").await, app.services.now());
        let queue = [
            action("startTicket", "k1", id(&sent), now, json!({ "expectedVersion": sent["version"] })),
            // Not in this technician's hands, and so not there.
            action("startTicket", "k2", id(&ticket), now, json!({})),
            after("k2", action("holdTicket", "k3", id(&ticket), now, reason())),
            after("k1", action("holdTicket", "k4", id(&sent), now, reason())),
            action("acceptTicket", "k5", id(&sent), now, json!({})),
            action("resumeTicket", "k6", id(&sent), now, json!({})),
        ];
        let told =
            ["APPLIED", "REFUSED NOT_FOUND ticketId", "SKIPPED SKIPPED", "APPLIED", "REFUSED FORBIDDEN", "SKIPPED SKIPPED"];
        // The line broke in the middle, and then the whole answer was lost.
        assert_eq!(words(&technician.apply(&queue[..2]).await), told[..2]);
        assert_eq!(words(&technician.apply(&queue).await), told);
        // Meanwhile the technician is sent to the first ticket, and the other one goes to a colleague.
        app.act("agent.a", "acceptTicket", &ticket).await.ticket();
        app.act("agent.a", "assignTicket", &ticket).await.ticket();
        let colleague = json!({ "assigneeId": app.staff_id("technician.a2") });
        app.act_with("agent.a", "assignTicket", &sent, colleague).await.ticket();
        let outcomes = technician.apply(&queue).await;
        assert_eq!(words(&outcomes), told);
        assert_eq!(outcomes[1]["ticket"]["status"], "ASSIGNED");
        assert!(outcomes[0]["ticket"].is_null() && outcomes[3]["ticket"].is_null(), "it is out of sight");
        // What was refused may be done with a new key, and only with that one, also by a call that stands alone.
        let single = |key: &str| json!({ "idempotencyKey": key });
        let refused = app.act_with("technician.a", "startTicket", &ticket, single("k2")).await;
        assert_eq!(refused.word(), "NOT_FOUND ticketId");
        assert_eq!(app.act_with("technician.a", "acceptTicket", &sent, single("k5")).await.word(), "error FORBIDDEN");
        let anew = action("startTicket", "k7", id(&ticket), now, json!({}));
        assert_eq!(words(&technician.apply(&[anew]).await), ["APPLIED"]);
        let reused = action("startTicket", "k3", id(&ticket), now, json!({}));
        assert_eq!(words(&technician.apply(&[reused]).await), ["CONFLICT ILLEGAL_TRANSITION"], "what was skipped has used no key");
        let reused = action("holdTicket", "k7", id(&ticket), now, reason());
        assert_eq!(words(&technician.apply(&[reused]).await), ["REFUSED KEY_REUSED idempotencyKey"]);
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT", "ASSIGN", "START"]);
        assert_eq!(app.story(&sent).await, ["CREATE", "ACCEPT", "ASSIGN", "START", "HOLD", "ASSIGN"]);
    }

    async fn a_repeated_refusal_is_told_in_the_language_of_whoever_asks_then(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let technician = app.staff("technician.a").await;
        let queue = [action("startTicket", "k1", id(&ticket), app.services.now(), json!({}))];
        let mut told = Vec::new();
        for wish in [Some("en"), None, Some("en")] {
            let outcomes = technician.reading(wish).apply(&queue).await;
            assert_eq!(words(&outcomes), ["CONFLICT ILLEGAL_TRANSITION"]);
            told.push(outcomes[0]["userErrors"][0]["message"].as_str().unwrap().to_owned());
        }
        assert!(told[0].starts_with("Start is not possible in In progress."), "{told:#?}");
        assert!(told[1].starts_with("工单处于“处理中”状态时无法执行“到场”。"), "{told:#?}");
        assert_eq!(told[2], told[0]);
    }

    async fn a_queue_that_comes_back_after_its_keys_are_forgotten_does_nothing(app) {
        let ticket = app.report(json!({})).await;
        let made_at = app.services.now();
        let queue = [action("escalateTicket", "k1", id(&ticket), made_at, reason())];
        assert_eq!(words(&app.staff("ambassador.a").await.apply(&queue).await), ["APPLIED"]);
        app.pass(TimeDelta::days(6)).await;
        assert_eq!(words(&app.staff("ambassador.a").await.apply(&queue).await), ["APPLIED"]);
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(idempotency_key::Entity::find().all(app.services.db.reader()).await.unwrap(), [], "all are forgotten");
        let refused = app.staff("ambassador.a").await.apply(&queue).await;
        assert_eq!(words(&refused), ["REFUSED TOO_LATE madeAt"]);
        let log = app.log(&ticket).await;
        assert_eq!(log.iter().filter(|event| event.made_at.is_some()).count(), 1);
    }

    async fn copies_of_a_queue_at_once_do_it_once_and_are_told_the_same(app) {
        let other = app.another().await;
        let (ticket, late) = (app.report(json!({})).await, app.report(json!({})).await);
        let (ambassador, now) = (app.staff("ambassador.a").await, app.services.now());
        let own = json!({ "assigneeId": app.staff_id("ambassador.a") });
        let queue = [
            action("acceptTicket", "k1", id(&ticket), now, json!({ "expectedVersion": 1 })),
            action("acceptTicket", "k2", id(&late), now, json!({ "expectedVersion": 2 })),
            after("k1", action("assignTicket", "k3", id(&ticket), now, own)),
            after("k3", action("startTicket", "k4", id(&ticket), now, json!({}))),
            action("escalateTicket", "k5", id(&late), now, reason()),
            after("k4", action("holdTicket", "k6", id(&ticket), now, reason())),
        ];
        let copies: Vec<_> = (0..8).map(|turn| ambassador.at(if turn % 2 == 0 { &app.url } else { &other.url })).collect();
        let answers = join_all(copies.iter().map(|copy| copy.apply(&queue))).await;
        let told = ["APPLIED", "CONFLICT CONFLICT expectedVersion", "APPLIED", "APPLIED", "SKIPPED SKIPPED", "APPLIED"];
        for answer in &answers {
            assert_eq!(words(answer), told);
        }
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT", "ASSIGN", "START", "HOLD"]);
        assert_eq!(app.story(&late).await, ["CREATE"]);
    }

    async fn what_can_not_be_done_at_the_moment_is_kept_and_nothing_overtakes_it(app) {
        let (first, second) = (app.report(json!({})).await, app.report(json!({})).await);
        let (agent, now) = (app.staff("agent.a").await, app.services.now());
        let queue = [
            action("escalateTicket", "k1", id(&first), now, reason()),
            action("acceptTicket", "k2", id(&second), now, json!({})),
            action("escalateTicket", "k3", id(&second), now, reason()),
        ];
        assert_eq!(words(&agent.apply(&queue[..2]).await), ["APPLIED", "APPLIED"]);
        // As if the first call were still running.
        let ticket_id = raw_id(id(&first));
        set_result(&app, "k1", None).await;
        let outcomes = agent.apply(&queue).await;
        assert_eq!(words(&outcomes), ["RETRY BUSY", "RETRY BUSY", "RETRY BUSY"]);
        assert_eq!(app.story(&second).await, ["CREATE", "ACCEPT"]);
        set_result(&app, "k1", Some(ticket_id)).await;
        assert_eq!(words(&agent.apply(&queue).await), ["APPLIED", "APPLIED", "APPLIED"]);
        assert_eq!(app.story(&first).await, ["CREATE", "ESCALATE"]);
        assert_eq!(app.story(&second).await, ["CREATE", "ACCEPT", "ESCALATE"]);
    }

    async fn a_fault_of_ours_holds_up_its_ticket_and_no_other(app) {
        let (broken, sound) = (app.report(json!({})).await, app.report(json!({})).await);
        let (agent, now) = (app.staff("agent.a").await, app.services.now());
        let queue = [
            action("acceptTicket", "k1", id(&broken), now, json!({})),
            action("acceptTicket", "k2", id(&sound), now, json!({})),
            action("escalateTicket", "k3", id(&broken), now, reason()),
        ];
        set_kind(&app, &broken, "NO_KIND").await;
        let outcomes = agent.apply(&queue).await;
        assert_eq!(words(&outcomes), ["RETRY INTERNAL", "APPLIED", "RETRY BUSY"]);
        assert!(!outcomes[0]["userErrors"][0]["message"].as_str().unwrap().contains("NO_KIND"));
        set_kind(&app, &broken, "REPAIR").await;
        assert_eq!(words(&agent.apply(&queue).await), ["APPLIED", "APPLIED", "APPLIED"]);
        assert_eq!(app.story(&broken).await, ["CREATE", "ACCEPT", "ESCALATE"]);
    }
}
