//! Deadlines: what they are, what a hold does to them, and that a missed one is written down once and never lost.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    deadline_policy,
    vocab::{PrincipalKind, TicketAction, TicketKind, TicketStatus, Urgency},
};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        tickets::at,
        world::{instant, put},
    },
};

/// The product's table: kind, urgency, minutes to respond, arrive and resolve. A repair by appointment is counted from
/// the end of its window, here 22 hours after the report.
#[rustfmt::skip]
const DEADLINES: &[(&str, &str, i64, Option<i64>, i64)] = &[
    ("REPAIR",     "URGENT",      15,      Some(30),      24 * 60),
    ("REPAIR",     "NORMAL",      30,      Some(24 * 60), 72 * 60),
    ("REPAIR",     "APPOINTMENT", 2 * 60,  Some(22 * 60), (22 + 24) * 60),
    ("COMPLAINT",  "URGENT",      24 * 60, None,          7 * 24 * 60),
    ("COMPLAINT",  "NORMAL",      24 * 60, None,          7 * 24 * 60),
    ("INQUIRY",    "NORMAL",      24 * 60, None,          3 * 24 * 60),
    ("SUGGESTION", "NORMAL",      24 * 60, None,          3 * 24 * 60),
    ("RECTIFICATION", "NORMAL",   24 * 60, None,          30 * 24 * 60),
];

fn window(app: &TestApp) -> Value {
    let now = app.services.now();
    json!({ "startsAt": now + TimeDelta::hours(20), "endsAt": now + TimeDelta::hours(22) })
}

/// How often each of these happened to a ticket.
async fn times(app: &TestApp, ticket: &Value, action: TicketAction) -> usize {
    app.log(ticket).await.iter().filter(|event| event.action == action).count()
}

/// A policy of YT's own for ordinary repairs.
async fn own_policy(app: &TestApp, calendar: Option<Value>) {
    let now = app.services.now();
    let row = deadline_policy::Model {
        id: app.services.new_id(now),
        project_id: Some(app.world.id("project:YT")),
        kind: TicketKind::Repair,
        urgency: Urgency::Normal,
        respond_minutes: 60,
        arrive_minutes: Some(240),
        resolve_minutes: 960,
        from_window_end: false,
        calendar,
        public_holidays: None,
        updated_at: now,
    };
    put::<deadline_policy::Entity>(&app.services, row).await;
}

/// Weekdays from nine to six with an hour of lunch; Tuesday is a holiday, Saturday is worked for it.
fn office_hours() -> Value {
    let day = json!([{ "from": "09:00", "to": "12:00" }, { "from": "13:00", "to": "18:00" }]);
    json!({
        "timeZone": "Asia/Shanghai", "weekly": [day, day, day, day, day, [], []],
        "holidays": ["2026-11-24"], "makeUpDays": ["2026-11-28"],
    })
}

fn dues(ticket: &Value) -> (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>) {
    (at(&ticket["respondDueAt"]), at(&ticket["arriveDueAt"]), at(&ticket["resolveDueAt"]))
}

both! {
    async fn a_report_is_due_by_when_the_product_says(app) {
        for (kind, urgency, respond, arrive, resolve) in DEADLINES {
            let mut fields = json!({ "kind": kind, "urgency": urgency });
            if *urgency == "APPOINTMENT" {
                fields["appointment"] = window(&app);
            }
            let ticket = app.report(fields).await;
            let due = |minutes: i64| app.services.now() + TimeDelta::minutes(minutes);
            assert_eq!(at(&ticket["respondDueAt"]), due(*respond), "{kind} {urgency}");
            assert_eq!(ticket["arriveDueAt"].as_str().map(instant), arrive.map(due), "{kind} {urgency}");
            assert_eq!(at(&ticket["resolveDueAt"]), due(*resolve), "{kind} {urgency}");
        }
    }

    async fn a_hold_moves_the_resolve_deadline_by_exactly_its_length(app) {
        let ticket = app.ticket_in(TicketStatus::OnHold, json!({})).await;
        let due = at(&ticket["resolveDueAt"]);
        let pause = TimeDelta::days(5) + TimeDelta::microseconds(123_456);
        app.pass(pause).await;
        assert_eq!(app.look(&ticket).await["isOverdue"], false);
        let resumed = app.act("technician.a", "resumeTicket", &ticket).await.ticket();
        assert_eq!(at(&resumed["resolveDueAt"]), due + pause);
        app.act("technician.a", "holdTicket", &ticket).await.ticket();
        app.pass(TimeDelta::hours(3)).await;
        // Giving it to somebody else ends the hold as well.
        let assigned = app.act("agent.a", "assignTicket", &ticket).await.ticket();
        assert_eq!(at(&assigned["resolveDueAt"]), due + pause + TimeDelta::hours(3));
        assert_eq!(times(&app, &ticket, TicketAction::ResolveBreached).await, 0);
        app.pass(due + pause + TimeDelta::hours(3) - app.services.now()).await;
        assert_eq!(times(&app, &ticket, TicketAction::ResolveBreached).await, 0);
        app.pass(TimeDelta::microseconds(1)).await;
        assert_eq!(times(&app, &ticket, TicketAction::ResolveBreached).await, 1);
    }

    async fn each_missed_deadline_is_recorded_once_and_escalates_once(app) {
        let ticket = app.report(json!({ "urgency": "URGENT" })).await;
        let mut level = 0;
        for (minutes, action) in [
            (15, TicketAction::RespondBreached),
            (15, TicketAction::ArriveBreached),
            (23 * 60 + 30, TicketAction::ResolveBreached),
        ] {
            app.pass(TimeDelta::minutes(minutes)).await;
            assert_eq!(times(&app, &ticket, action).await, 0, "{action:?} on the dot is in time");
            app.pass(TimeDelta::microseconds(1)).await;
            app.run_jobs().await;
            app.clock.advance(TimeDelta::microseconds(-1));
            level += 1;
            assert_eq!(times(&app, &ticket, action).await, 1, "{action:?}");
            assert_eq!(app.look(&ticket).await["escalationLevel"], level);
        }
        app.pass(TimeDelta::days(40)).await;
        assert_eq!(app.story(&ticket).await, [
            "CREATE", "RESPOND_BREACHED", "ESCALATE", "ARRIVE_BREACHED", "ESCALATE", "RESOLVE_BREACHED", "ESCALATE",
        ]);
        assert!(app.log(&ticket).await.iter().skip(1).all(|event| event.actor_kind == PrincipalKind::System));
        assert_eq!(app.look(&ticket).await["isOverdue"], true);
    }

    async fn two_servers_record_a_missed_deadline_once(app) {
        let other = app.another().await;
        let mut tickets = Vec::new();
        for _ in 0..8 {
            tickets.push(app.report(json!({ "urgency": "URGENT" })).await);
        }
        app.clock.advance(TimeDelta::hours(1));
        tokio::join!(app.run_jobs(), other.run_jobs(), app.run_jobs(), other.run_jobs());
        for ticket in &tickets {
            assert_eq!(app.story(ticket).await, ["CREATE", "RESPOND_BREACHED", "ESCALATE", "ARRIVE_BREACHED", "ESCALATE"]);
            assert_eq!(app.look(ticket).await["escalationLevel"], 2);
        }
    }

    async fn a_deadline_missed_while_no_job_ran_comes_out_with_the_next_action(app) {
        let ticket = app.report(json!({})).await;
        app.clock.advance(TimeDelta::hours(25));
        let accepted = app.act("agent.a", "acceptTicket", &ticket).await.ticket();
        assert_eq!(accepted["escalationLevel"], 2);
        let expected = ["CREATE", "RESPOND_BREACHED", "ESCALATE", "ARRIVE_BREACHED", "ESCALATE", "ACCEPT"];
        assert_eq!(app.story(&ticket).await, expected);
        app.run_jobs().await;
        assert_eq!(app.story(&ticket).await, expected);
        let row = app.row(&ticket).await;
        assert_eq!(row.respond_breached_at, Some(at(&ticket["respondDueAt"])));
    }

    async fn a_deadline_missed_while_the_servers_were_down_is_found_by_the_next_one(app) {
        let ticket = app.report(json!({})).await;
        app.stop();
        app.clock.advance(TimeDelta::days(4));
        let next = app.another().await;
        next.run_jobs().await;
        assert_eq!(next.story(&ticket).await, [
            "CREATE", "RESPOND_BREACHED", "ESCALATE", "ARRIVE_BREACHED", "ESCALATE", "RESOLVE_BREACHED", "ESCALATE",
        ]);
    }

    async fn what_is_done_in_time_breaches_nothing(app) {
        let ticket = app.report(json!({ "urgency": "URGENT" })).await;
        app.pass(TimeDelta::minutes(15)).await;
        app.act_with("agent.a", "acceptTicket", &ticket, json!({ "urgency": "URGENT" })).await.ticket();
        app.act("agent.a", "assignTicket", &ticket).await.ticket();
        app.pass(TimeDelta::minutes(15)).await;
        app.act("technician.a", "startTicket", &ticket).await.ticket();
        app.pass(TimeDelta::minutes(23 * 60 + 30)).await;
        app.act("technician.a", "resolveTicket", &ticket).await.ticket();
        app.pass(TimeDelta::hours(70)).await;
        assert_eq!(app.look(&ticket).await["escalationLevel"], 0);
    }

    async fn a_resolution_left_unanswered_for_72_hours_is_confirmed_by_the_system(app) {
        let ticket = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        app.pass(TimeDelta::hours(72) - TimeDelta::microseconds(1)).await;
        assert_eq!(app.look(&ticket).await["status"], "RESOLVED");
        app.pass(TimeDelta::microseconds(2)).await;
        app.run_jobs().await;
        let confirmed = app.look(&ticket).await;
        assert_eq!((&confirmed["status"], &confirmed["rating"], &confirmed["satisfied"]), (&json!("CONFIRMED"), &Value::Null, &Value::Null));
        let log = app.log(&ticket).await;
        assert_eq!(log.iter().filter(|event| event.action == TicketAction::Confirm).count(), 1);
        assert_eq!(log.last().unwrap().actor_kind, PrincipalKind::System);
        let closed = app.act("agent.a", "recordFollowUp", &ticket).await;
        assert_eq!(closed.word(), "done");
    }

    async fn a_rejected_resolution_is_not_confirmed_by_the_system(app) {
        let ticket = app.ticket_in(TicketStatus::Resolved, json!({})).await;
        app.pass(TimeDelta::hours(71)).await;
        app.act("zhang", "rejectResolution", &ticket).await.ticket();
        app.act("technician.a", "resolveTicket", &ticket).await.ticket();
        app.pass(TimeDelta::hours(71)).await;
        assert_eq!(app.look(&ticket).await["status"], "RESOLVED");
        app.pass(TimeDelta::hours(2)).await;
        assert_eq!(app.look(&ticket).await["status"], "CONFIRMED");
    }

    async fn a_projects_own_deadlines_go_before_the_companys(app) {
        own_policy(&app, None).await;
        let minutes = |minutes: i64| app.services.now() + TimeDelta::minutes(minutes);
        let own = app.report(json!({})).await;
        assert_eq!(dues(&own), (minutes(60), minutes(240), minutes(960)));
        let unit = anju::graphql::id::Kind::Unit.encode(app.world.unit("HP-101"));
        let elsewhere = app.report_as("zhao", json!({ "unitId": unit })).await.ticket();
        assert_eq!(dues(&elsewhere), (minutes(30), minutes(24 * 60), minutes(72 * 60)));
        let urgent = app.report(json!({ "urgency": "URGENT" })).await;
        assert_eq!(at(&urgent["respondDueAt"]), minutes(15));
    }

    async fn a_policy_may_count_working_time(app) {
        own_policy(&app, Some(office_hours())).await;
        // Monday 11:30: lunch begins in half an hour, Tuesday is a holiday.
        app.clock.set(instant("2026-11-23T03:30:00Z"));
        let ticket = app.report(json!({})).await;
        assert_eq!(dues(&ticket), (
            instant("2026-11-23T05:30:00Z"),
            instant("2026-11-23T08:30:00Z"),
            instant("2026-11-26T03:30:00Z"),
        ));
        // Friday 17:00: Saturday is worked for Tuesday, Sunday is free.
        app.clock.set(instant("2026-11-27T09:00:00Z"));
        let ticket = app.report(json!({})).await;
        assert_eq!(dues(&ticket), (
            instant("2026-11-27T10:00:00Z"),
            instant("2026-11-28T04:00:00Z"),
            instant("2026-11-30T09:00:00Z"),
        ));
    }

    async fn a_hold_over_the_holidays_costs_a_working_calendar_nothing(app) {
        own_policy(&app, Some(office_hours())).await;
        let ticket = app.ticket_in(TicketStatus::OnHold, json!({})).await;
        let due = at(&ticket["resolveDueAt"]);
        // From Monday 09:00 to Wednesday 10:00: the whole of Monday and one hour of Wednesday are working time.
        app.pass(TimeDelta::hours(49)).await;
        let resumed = app.act("technician.a", "resumeTicket", &ticket).await.ticket();
        assert_eq!(due, instant("2026-11-25T10:00:00Z"));
        assert_eq!(at(&resumed["resolveDueAt"]), instant("2026-11-27T02:00:00Z"));
    }
}
