//! Actions that were queued while a device was offline: each for itself, in order, and not twice.

mod again;
mod rights;

use chrono::TimeDelta;
use entity::vocab::TicketStatus;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        queue::{action, after, document, words},
        tickets::at,
    },
};

/// The id of a ticket.
fn id(ticket: &Value) -> &Value {
    &ticket["id"]
}

fn reason() -> Value {
    json!({ "reason": "原因" })
}

async fn log_of(app: &TestApp, who: &str, ticket: &Value) -> Vec<Value> {
    let document = "query Log($id: ID!) { node(id: $id) { ... on Ticket { events(first: 50) { nodes {
        action occurredAt madeAt isBySystem } } } } }";
    let data = app.as_whom(who).await.run(document, json!({ "id": ticket["id"] })).await;
    data["node"]["events"]["nodes"].as_array().unwrap().clone()
}

both! {
    async fn each_action_is_answered_for_itself_and_in_order(app) {
        let report = async |title: &str| app.report(json!({ "title": title })).await;
        let (mine, late) = (report("厨房漏水").await, report("门锁坏了").await);
        let (other, last) = (report("灯不亮").await, report("窗户关不上").await);
        let unseen = app.report_as("zhao", json!({ "unitId": app.unit_id("HP-101") })).await.ticket();
        let agent = app.staff("agent.a").await;
        let now = app.services.now();
        let assignee = json!({ "assigneeId": app.staff_id("technician.a") });
        let outcomes = agent.apply(&[
            action("acceptTicket", "k1", id(&mine), now, json!({ "expectedVersion": 1 })),
            action("acceptTicket", "k2", id(&late), now, json!({ "expectedVersion": 7 })),
            action("cancelTicket", "k3", id(&unseen), now, reason()),
            after("k1", action("assignTicket", "k4", id(&mine), now, assignee.clone())),
            action("assignTicket", "k5", id(&late), now, assignee),
            action("cancelTicket", "k6", &json!("nonsense"), now, reason()),
            action("rejectResolution", "k7", id(&other), now, reason()),
            // What says which version was seen is not tried either: the person saw the step before it done.
            action("acceptTicket", "k8", id(&other), now, json!({ "expectedVersion": 1 })),
            action("assignTicket", "k9", id(&last), now, json!({ "assigneeId": "nonsense" })),
            action("escalateTicket", "k10", id(&mine), now, reason()),
            action("escalateTicket", "k11", id(&unseen), now, reason()),
        ]).await;
        assert_eq!(words(&outcomes), [
            "APPLIED",
            "CONFLICT CONFLICT expectedVersion",
            "REFUSED NOT_FOUND ticketId",
            "APPLIED",
            "SKIPPED SKIPPED",
            "REFUSED NOT_FOUND ticketId",
            "REFUSED FORBIDDEN",
            "SKIPPED SKIPPED",
            "REFUSED NOT_FOUND assigneeId",
            "APPLIED",
            "SKIPPED SKIPPED",
        ]);
        let keys: Vec<_> = outcomes.iter().map(|outcome| outcome["idempotencyKey"].as_str().unwrap().to_owned()).collect();
        assert_eq!(keys, (1..=11).map(|number| format!("k{number}")).collect::<Vec<_>>());
        // Whatever was not carried out shows the ticket as it is, and what is not there for the caller is not there here.
        let shown: Vec<_> = outcomes.iter().map(|outcome| outcome["ticket"]["status"].as_str()).collect();
        assert_eq!(shown, [
            Some("ACCEPTED"), Some("SUBMITTED"), None, Some("ASSIGNED"), Some("SUBMITTED"), None, Some("SUBMITTED"),
            Some("SUBMITTED"), Some("SUBMITTED"), Some("ASSIGNED"), None,
        ]);
        assert!(outcomes[2]["ticket"].is_null() && outcomes[5]["ticket"].is_null() && outcomes[10]["ticket"].is_null());
        assert_eq!(app.story(&mine).await, ["CREATE", "ACCEPT", "ASSIGN", "ESCALATE"]);
        for untouched in [&late, &other, &last, &unseen] {
            assert_eq!(app.story(untouched).await, ["CREATE"]);
        }
    }

    async fn an_action_stands_on_what_the_one_it_follows_has_left(app) {
        let ticket = app.report(json!({ "urgency": "URGENT" })).await;
        app.on_call("technician.a", (-1, 5)).await;
        let (ambassador, other) = (app.staff("ambassador.a").await, app.report(json!({})).await);
        let now = app.services.now();
        let own = json!({ "assigneeId": app.staff_id("ambassador.a") });
        // An urgent one goes on by itself when it is accepted: nobody offline can know the version after that.
        let outcomes = ambassador.apply(&[
            action("acceptTicket", "k1", id(&ticket), now, json!({ "expectedVersion": 1, "urgency": "URGENT" })),
            after("k1", action("assignTicket", "k2", id(&ticket), now, own)),
            after("k2", action("startTicket", "k3", id(&ticket), now, json!({}))),
        ]).await;
        assert_eq!(words(&outcomes), ["APPLIED", "APPLIED", "APPLIED"]);
        assert_eq!(outcomes[0]["ticket"]["version"], 3);
        // In a later call as well, also after a call that stood alone; and until somebody else has their say.
        let hold = after("k3", action("holdTicket", "k4", id(&ticket), now, reason()));
        assert_eq!(words(&ambassador.apply(&[hold]).await), ["APPLIED"]);
        app.act_with("ambassador.a", "resumeTicket", &ticket, json!({ "idempotencyKey": "k5" })).await.ticket();
        let escalate = |key: &str| action("escalateTicket", key, id(&ticket), now, reason());
        assert_eq!(words(&ambassador.apply(&[after("k5", escalate("k6"))]).await), ["APPLIED"]);
        app.act("agent.a", "escalateTicket", &ticket).await.ticket();
        let outcomes = ambassador.apply(&[after("k6", escalate("k7"))]).await;
        assert_eq!(words(&outcomes), ["CONFLICT CONFLICT expectedVersion"]);
        assert_eq!(outcomes[0]["ticket"]["escalationLevel"], 2);
        // What was not carried out can't be followed, nor what was done to another ticket, or by somebody else.
        let follow = |key: &str, mine: &str| after(key, action("escalateTicket", mine, id(&other), now, reason()));
        for (key, mine, refusal) in [
            ("k7", "f1", "SKIPPED SKIPPED"),
            ("k6", "f2", "REFUSED NOT_FOUND follows"),
            ("nothing", "f3", "REFUSED NOT_FOUND follows"),
        ] {
            assert_eq!(words(&ambassador.apply(&[follow(key, mine)]).await), [refusal], "{key}");
        }
        let foreign = after("k6", escalate("f4"));
        assert_eq!(words(&app.staff("agent.a").await.apply(&[foreign]).await), ["REFUSED NOT_FOUND follows"]);
        assert_eq!(app.story(&other).await, ["CREATE"]);
    }

    async fn what_no_queue_can_be_is_refused(app) {
        let ticket = app.report(json!({})).await;
        let (second, third) = (app.report(json!({})).await, app.report(json!({})).await);
        let agent = app.staff("agent.a").await;
        let now = app.services.now();
        let accept = |key: &str, ticket: &Value| action("acceptTicket", key, id(ticket), now, json!({}));
        let outcomes = agent.apply(&[
            action("acceptTicket", "k", id(&ticket), now, json!({ "idempotencyKey": null })),
            after("k", action("acceptTicket", "k", id(&second), now, json!({ "expectedVersion": 1 }))),
            accept("", &third),
        ]).await;
        let expected = ["REFUSED REQUIRED idempotencyKey", "REFUSED INVALID follows", "REFUSED OUT_OF_RANGE idempotencyKey"];
        assert_eq!(words(&outcomes), expected);
        for count in [0, 51] {
            let actions: Vec<Value> = (0..count).map(|number| accept(&number.to_string(), &ticket)).collect();
            let data = agent.run(&document(), json!({ "input": { "actions": actions } })).await;
            let payload = &data["applyTicketActions"];
            assert!(payload["outcomes"].is_null(), "{payload}");
            assert_eq!(payload["userErrors"][0]["code"], "OUT_OF_RANGE");
            assert_eq!(payload["userErrors"][0]["field"], "actions");
        }
        let two = json!({ "madeAt": now, "action": {
            "acceptTicket": accept("k", &ticket)["action"]["acceptTicket"],
            "cancelTicket": { "ticketId": id(&ticket), "reason": "x" },
        } });
        let refusal = agent.refused(&document(), json!({ "input": { "actions": [two] } })).await;
        assert_eq!(refusal, "BAD_USER_INPUT");
        for untouched in [&ticket, &second, &third] {
            assert_eq!(app.story(untouched).await, ["CREATE"]);
        }
    }

    async fn fifty_actions_are_one_call(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        let technician = app.staff("technician.a").await;
        let now = app.services.now();
        let actions: Vec<Value> = (0..50).map(|number| {
            let (operation, content) = if number % 2 == 0 { ("holdTicket", reason()) } else { ("resumeTicket", json!({})) };
            action(operation, &format!("k{number}"), id(&ticket), now, content)
        }).collect();
        assert_eq!(words(&technician.apply(&actions).await), ["APPLIED"; 50]);
        let expected = [vec!["CREATE", "ACCEPT", "ASSIGN", "START"], ["HOLD", "RESUME"].repeat(25)].concat();
        assert_eq!(app.story(&ticket).await, expected);
    }

    async fn a_device_may_say_when_and_the_server_decides(app) {
        let ticket = app.report(json!({})).await;
        let (future, past) = (app.report(json!({})).await, app.report(json!({})).await);
        let made = app.services.now() + TimeDelta::minutes(5);
        app.clock.advance(TimeDelta::hours(2));
        let now = app.services.now();
        let agent = app.staff("agent.a").await;
        let own = json!({ "assigneeId": app.staff_id("agent.a") });
        let outcomes = agent.apply(&[
            action("acceptTicket", "k1", id(&ticket), made, json!({})),
            action("assignTicket", "k2", id(&ticket), now + TimeDelta::hours(20), own),
            action("startTicket", "k3", id(&ticket), made - TimeDelta::days(3), json!({})),
            action("acceptTicket", "k4", id(&future), now + TimeDelta::hours(25), json!({})),
            action("acceptTicket", "k5", id(&past), now - TimeDelta::days(7), json!({})),
        ]).await;
        let refused = ["REFUSED OUT_OF_RANGE madeAt", "REFUSED TOO_LATE madeAt"];
        assert_eq!(words(&outcomes), [&["APPLIED"; 3][..], &refused].concat());
        let log = log_of(&app, "zhang", &ticket).await;
        let story: Vec<_> = log.iter().map(|event| event["action"].as_str().unwrap()).collect();
        // Five minutes after the report is what the phone says. The answer came after two hours, and that was too late.
        assert_eq!(story, ["CREATE", "RESPOND_BREACHED", "ESCALATE", "ACCEPT", "ASSIGN", "START"]);
        assert!(log[..3].iter().all(|event| event["madeAt"].is_null()), "{log:?}");
        assert!(log[1..].iter().all(|event| at(&event["occurredAt"]) == now), "{log:?}");
        let said: Vec<_> = log[3..].iter().map(|event| at(&event["madeAt"])).collect();
        assert_eq!(said, [made, now, at(&log[0]["occurredAt"])]);
        for untouched in [&future, &past] {
            let known = app.story(untouched).await;
            assert!(!known.contains(&"ACCEPT".to_owned()), "{known:?}");
        }
    }
}
