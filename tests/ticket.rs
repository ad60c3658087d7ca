//! A ticket's life through the two apps' documents, and what each step leaves behind.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::vocab::{Department, TicketStatus};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{documents::Documents, tickets::at},
};

both! {
    async fn t5_4_a_repair_goes_from_the_owners_phone_to_the_follow_up_call(app) {
        let (owner, butler) = (Documents::owner(), Documents::butler());
        let zhang = app.owner("zhang").await;
        let (ambassador, technician) = (app.staff("ambassador.a").await, app.staff("technician.a").await);
        let unit = Kind::Unit.encode(app.world.unit("YT-101"));
        let report = json!({ "unitId": unit, "kind": "REPAIR", "title": " 厨房水管漏水 ", "description": "水槽下方" });
        let ticket = zhang.done(owner, "CreateTicket", report).await;
        assert_eq!((&ticket["title"], &ticket["channel"]), (&json!("厨房水管漏水"), &json!("APP")));
        assert_eq!((&ticket["status"], &ticket["version"]), (&json!("SUBMITTED"), &json!(1)));
        let id = &ticket["id"];

        let accept = json!({
            "ticketId": id, "expectedVersion": 1, "category": "PLUMBING", "urgency": "NORMAL",
            "responsibleDepartment": "PROPERTY_COMPANY", "note": "马上安排",
        });
        let ticket = ambassador.done(butler, "AcceptTicket", accept).await;
        assert_eq!((&ticket["status"], &ticket["version"]), (&json!("ACCEPTED"), &json!(2)));
        let technician_id = Kind::Staff.encode(app.world.staff("technician.a"));
        let assign = json!({ "ticketId": id, "expectedVersion": 2, "assigneeId": technician_id });
        let ticket = ambassador.done(butler, "AssignTicket", assign).await;
        assert_eq!((&ticket["status"], &ticket["assignee"]["id"]), (&json!("ASSIGNED"), &json!(technician_id)));
        for (operation, field, status) in [
            ("StartTicket", "note", "IN_PROGRESS"),
            ("HoldTicket", "reason", "ON_HOLD"),
            ("ResumeTicket", "note", "IN_PROGRESS"),
            ("ResolveTicket", "resolution", "RESOLVED"),
        ] {
            let ticket = technician.done(butler, operation, json!({ "ticketId": id, field: operation })).await;
            assert_eq!(ticket["status"], status, "{operation}");
            assert_eq!(ticket["latestEvent"]["toStatus"], status, "{operation}");
        }
        let confirm = json!({ "ticketId": id, "satisfied": true, "rating": 5, "note": "很及时" });
        let ticket = zhang.done(owner, "ConfirmTicket", confirm).await;
        assert_eq!((&ticket["status"], &ticket["rating"]), (&json!("CONFIRMED"), &json!(5)));
        let ticket = ambassador.done(butler, "RecordFollowUp", json!({ "ticketId": id, "outcome": "满意" })).await;
        assert_eq!((&ticket["status"], &ticket["version"]), (&json!("CLOSED"), &json!(9)));

        let seen = zhang.owner_app("TicketById", json!({ "id": id })).await["node"].clone();
        let steps: Vec<String> = seen["events"]["nodes"].as_array().unwrap().iter().map(step).collect();
        assert_eq!(steps, [
            "CREATE null>SUBMITTED by zhang: null",
            "ACCEPT SUBMITTED>ACCEPTED by 员工1: 马上安排",
            "ASSIGN ACCEPTED>ASSIGNED by 员工1: null",
            "START ASSIGNED>IN_PROGRESS by 员工3: StartTicket",
            "HOLD IN_PROGRESS>ON_HOLD by 员工3: HoldTicket",
            "RESUME ON_HOLD>IN_PROGRESS by 员工3: ResumeTicket",
            "RESOLVE IN_PROGRESS>RESOLVED by 员工3: ResolveTicket",
            "CONFIRM RESOLVED>CONFIRMED by zhang: 很及时",
            "RECORD_FOLLOW_UP CONFIRMED>CLOSED by 员工1: 满意",
        ]);
        let open = zhang.owner_app("MyTickets", json!({ "filter": { "open": true } })).await;
        assert_eq!(open["tickets"]["totalCount"], 0);
    }

    async fn the_third_rejected_resolution_goes_to_the_manager(app) {
        let mut ticket = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        for round in 1..=3 {
            ticket = app.act_with("zhang", "rejectResolution", &ticket, json!({ "reason": "还在漏" })).await.ticket();
            assert_eq!((&ticket["status"], &ticket["reworkCount"]), (&json!("IN_PROGRESS"), &json!(round)));
            assert_eq!(ticket["escalationLevel"], i32::from(round == 3), "round {round}");
            ticket = app.act("technician.a", "resolveTicket", &ticket).await.ticket();
        }
        ticket = app.act("zhang", "rejectResolution", &ticket).await.ticket();
        assert_eq!((&ticket["reworkCount"], &ticket["escalationLevel"]), (&json!(4), &json!(1)));
        let story = app.story(&ticket).await;
        assert_eq!(story.iter().filter(|action| *action == "ESCALATE").count(), 1);
        let queue = app.staff("manager.a").await.butler_app("ButlerQueue", json!({ "filter": { "escalated": true } })).await;
        assert_eq!(queue["tickets"]["nodes"][0]["id"], ticket["id"]);
    }

    async fn what_is_done_opens_again_within_seven_days_and_not_after(app) {
        let by_owner = app.ticket_in(TicketStatus::Confirmed, json!({})).await;
        let by_agent = app.ticket_in(TicketStatus::Closed, json!({})).await;
        let too_late = app.ticket_in(TicketStatus::Closed, json!({})).await;
        app.pass(TimeDelta::days(7)).await;
        for (who, ticket) in [("zhang", &by_owner), ("agent.a", &by_agent)] {
            let again = app.act(who, "reopenTicket", ticket).await.ticket();
            assert_eq!((&again["status"], &again["assignee"], &again["rating"]), (&json!("ACCEPTED"), &Value::Null, &Value::Null));
            assert_eq!(at(&again["resolveDueAt"]), app.services.now() + TimeDelta::hours(72));
        }
        app.pass(TimeDelta::microseconds(1)).await;
        assert_eq!(app.act("zhang", "reopenTicket", &too_late).await.word(), "TOO_LATE ticketId");
        assert_eq!(app.look(&too_late).await["status"], "CLOSED");
    }

    async fn escalating_takes_a_ticket_a_level_up_and_leaves_its_status(app) {
        let mut ticket = app.ticket_in(TicketStatus::OnHold, json!({})).await;
        for (level, who) in [(1, "zhang"), (2, "ambassador.a"), (3, "agent.a")] {
            ticket = app.act_with(who, "escalateTicket", &ticket, json!({ "reason": "没有人联系我" })).await.ticket();
            assert_eq!((&ticket["status"], &ticket["escalationLevel"]), (&json!("ON_HOLD"), &json!(level)));
        }
        let last = app.log(&ticket).await.pop().unwrap();
        assert_eq!((last.note.as_deref(), last.actor_staff_id), (Some("没有人联系我"), Some(app.world.staff("agent.a"))));
    }

    async fn a_cancelled_ticket_waits_for_nobody(app) {
        let ticket = app.ticket_in(TicketStatus::Cancelled, json!({})).await;
        assert_eq!(ticket["status"], "CANCELLED");
        app.pass(TimeDelta::days(30)).await;
        assert_eq!(app.story(&ticket).await, ["CREATE", "CANCEL"]);
        assert_eq!(app.look(&ticket).await["isOverdue"], false);
    }

    async fn a_valid_complaint_is_resolved_only_with_what_the_customer_is_owed(app) {
        let complaint = json!({ "kind": "COMPLAINT", "title": "楼道噪音" });
        let ticket = app.ticket_in(TicketStatus::InProgress, complaint).await;
        let resolve = async |fields: Value| app.act_with("technician.a", "resolveTicket", &ticket, fields).await;
        assert_eq!(resolve(json!({})).await.word(), "REQUIRED triage");
        let judged = app.act_with("manager.a", "triageTicket", &ticket, json!({ "reason": "邻居作证" })).await.ticket();
        assert_eq!((&judged["triage"], &judged["triageReason"]), (&json!("VALID"), &json!("邻居作证")));
        assert_eq!(resolve(json!({})).await.word(), "REQUIRED cause");
        assert_eq!(resolve(json!({ "cause": "施工" })).await.word(), "REQUIRED explanation");
        let full = json!({ "cause": "施工", "explanation": "已说明", "responsibleDepartment": "PROJECT_MANAGEMENT", "costCents": 12_000 });
        let done = resolve(full).await.ticket();
        assert_eq!((&done["cause"], &done["explanation"]), (&json!("施工"), &json!("已说明")));
        assert_eq!((&done["responsibleDepartment"], &done["costCents"]), (&json!("PROJECT_MANAGEMENT"), &json!(12_000)));
    }

    async fn an_invalid_complaint_needs_no_cause_and_a_repair_no_triage(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({ "kind": "COMPLAINT" })).await;
        app.act_with("agent.a", "triageTicket", &ticket, json!({ "verdict": "INVALID" })).await.ticket();
        assert_eq!(app.act("technician.a", "resolveTicket", &ticket).await.word(), "done");
        let repair = app.report(json!({})).await;
        assert_eq!(app.act("agent.a", "triageTicket", &repair).await.word(), "INVALID ticketId");
    }

    async fn another_window_moves_the_deadlines_with_it(app) {
        let now = app.services.now();
        let window = |hours: i64| json!({ "startsAt": now + TimeDelta::hours(hours), "endsAt": now + TimeDelta::hours(hours + 2) });
        let ticket = app.report(json!({ "urgency": "APPOINTMENT", "appointment": window(24) })).await;
        assert_eq!(at(&ticket["arriveDueAt"]), now + TimeDelta::hours(26));
        for (who, hours) in [("zhang", 48), ("ambassador.a", 30), ("agent.a", 60), ("manager.a", 72)] {
            let moved = app.act_with(who, "rescheduleTicket", &ticket, json!({ "appointment": window(hours) })).await.ticket();
            assert_eq!(at(&moved["appointment"]["startsAt"]), now + TimeDelta::hours(hours));
            assert_eq!(at(&moved["arriveDueAt"]), now + TimeDelta::hours(hours + 2));
            assert_eq!(at(&moved["resolveDueAt"]), now + TimeDelta::hours(hours + 26));
        }
        let plain = app.report(json!({})).await;
        assert_eq!(app.act("zhang", "rescheduleTicket", &plain).await.word(), "INVALID appointment");
    }

    async fn a_similar_open_ticket_of_the_last_seven_days_is_hinted(app) {
        let first = app.report(json!({ "category": "PLUMBING" })).await;
        let similar = async |fields: Value| match app.report_as("zhang", fields).await {
            crate::harness::tickets::Answer::Done(payload) => payload["similarTicket"]["id"].clone(),
            refused => panic!("{refused:?}"),
        };
        assert_eq!(similar(json!({ "category": "ELECTRICAL" })).await, Value::Null);
        assert_eq!(similar(json!({})).await, Value::Null);
        // The rule speaks of unit and category: a complaint about the same pipe is the same matter.
        assert_eq!(similar(json!({ "category": "PLUMBING", "kind": "COMPLAINT", "idempotencyKey": "k" })).await, first["id"]);
        app.report(json!({ "category": "PLUMBING" })).await;
        // A repeated call answers what the first one did, not what came after it.
        assert_eq!(similar(json!({ "category": "PLUMBING", "kind": "COMPLAINT", "idempotencyKey": "k" })).await, first["id"]);
    }

    async fn what_is_old_finished_or_elsewhere_is_not_similar(app) {
        let cancelled = app.report(json!({ "category": "PLUMBING" })).await;
        app.act("zhang", "cancelTicket", &cancelled).await.ticket();
        let wang = json!({ "category": "PLUMBING", "unitId": Kind::Unit.encode(app.world.unit("YT-102")) });
        app.report_as("wang", wang).await.ticket();
        let hint = async || match app.report_as("agent.a", json!({ "category": "PLUMBING" })).await {
            crate::harness::tickets::Answer::Done(payload) => payload["similarTicket"]["id"].clone(),
            refused => panic!("{refused:?}"),
        };
        assert_eq!(hint().await, Value::Null);
        app.clock.advance(TimeDelta::days(7) + TimeDelta::seconds(1));
        assert_eq!(hint().await, Value::Null);
    }

    async fn staff_report_for_an_owner_and_say_how_it_came_in(app) {
        let zhang = Kind::Owner.encode(app.world.owner("zhang"));
        let ticket = app.report_as("agent.a", json!({ "channel": "PHONE", "reporterId": zhang })).await.ticket();
        let row = app.row(&ticket).await;
        assert_eq!((row.reporter_owner_id, row.reporter_staff_id), (Some(app.world.owner("zhang")), Some(app.world.staff("agent.a"))));
        assert_eq!(ticket["channel"], "PHONE");
        for who in ["ambassador.a", "manager.a"] {
            assert_eq!(app.report_as(who, json!({})).await.ticket()["channel"], "BUTLER", "{who}");
        }
    }

    async fn numbers_run_per_project_and_per_day_in_shanghai(app) {
        let number = async |who: &str, room: &str| {
            let unit = Kind::Unit.encode(app.world.unit(room));
            app.report_as(who, json!({ "unitId": unit })).await.ticket()["number"].as_str().unwrap().to_owned()
        };
        assert_eq!(number("zhang", "YT-101").await, "YT-20261123-0001");
        assert_eq!(number("wang", "YT-102").await, "YT-20261123-0002");
        assert_eq!(number("zhao", "HP-101").await, "HP-20261123-0001");
        app.clock.set("2026-11-23T15:59:59.999999Z".parse().unwrap());
        assert_eq!(number("zhang", "YT-101").await, "YT-20261123-0003");
        app.clock.set("2026-11-23T16:00:00Z".parse().unwrap());
        assert_eq!(number("zhang", "YT-101").await, "YT-20261124-0001");
        assert_eq!(number("zhao", "HP-101").await, "HP-20261124-0001");
    }

    async fn a_stale_version_is_a_conflict_and_changes_nothing(app) {
        let ticket = app.ticket_in(TicketStatus::Accepted, json!({})).await;
        for stale in [1, 3, 0, -1] {
            let answer = app.act_with("agent.a", "assignTicket", &ticket, json!({ "expectedVersion": stale })).await;
            assert_eq!(answer.word(), "CONFLICT expectedVersion", "{stale}");
        }
        assert_eq!(app.look(&ticket).await["version"], 2);
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT"]);
        let fresh = app.act_with("agent.a", "assignTicket", &ticket, json!({ "expectedVersion": 2 })).await;
        assert_eq!(fresh.ticket()["version"], 3);
    }

    async fn a_classification_changes_the_clocks_that_have_not_run_out(app) {
        let ticket = app.report(json!({})).await;
        let urgent = json!({ "urgency": "URGENT", "category": "ELECTRICAL" });
        let accepted = app.act_with("agent.a", "acceptTicket", &ticket, urgent).await.ticket();
        let created = app.services.now();
        assert_eq!(at(&accepted["arriveDueAt"]), created + TimeDelta::minutes(30));
        assert_eq!(at(&accepted["resolveDueAt"]), created + TimeDelta::hours(24));
        let row = app.row(&ticket).await;
        assert_eq!(row.responsible_department, Some(Department::PropertyCompany));
    }
}

fn step(event: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("null").to_owned();
    let (action, from, to) = (text(&event["action"]), text(&event["fromStatus"]), text(&event["toStatus"]));
    format!("{action} {from}>{to} by {}: {}", text(&event["actor"]["name"]), text(&event["note"]))
}
