//! Emergencies: an urgent ticket goes at once to whoever is on duty, and how soon somebody was there is measured.

use chrono::TimeDelta;
use entity::vocab::{PrincipalKind, TicketAction, TicketStatus};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        tickets::raw_id,
        work::{change, word},
    },
};

async fn accepted(app: &TestApp, urgency: &str) -> Value {
    let ticket = app.report(json!({ "urgency": urgency })).await;
    app.act_with("agent.a", "acceptTicket", &ticket, json!({ "urgency": urgency })).await.ticket()
}

fn sent_to(app: &TestApp, ticket: &Value) -> String {
    let Some(id) = ticket["assignee"].get("id") else { return "nobody".to_owned() };
    let found = app.world.all().find(|(name, known)| name.starts_with("staff:") && *known == raw_id(id)).unwrap();
    found.0.trim_start_matches("staff:").to_owned()
}

async fn reaction(app: &TestApp, who: &str) -> Value {
    let document =
        "query($id: ID!, $from: DateTime!, $to: DateTime!) { urgentReaction(projectId: $id, from: $from, to: $to) {
        dueCount inTimeCount rate meanSeconds medianSeconds p90Seconds longestSeconds } }";
    let period = json!({ "id": app.project_id("YT"), "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z" });
    app.staff(who).await.run(document, period).await["urgentReaction"].clone()
}

both! {
    async fn s7_an_urgent_ticket_goes_at_once_to_whoever_is_on_duty(app) {
        assert_eq!(word(&app.on_call("technician.a2", (-1, 8)).await), "done");
        let ticket = accepted(&app, "URGENT").await;
        assert_eq!((&ticket["status"], sent_to(&app, &ticket).as_str()), (&json!("ASSIGNED"), "technician.a2"));
        let log = app.log(&ticket).await;
        let actions: Vec<_> = log.iter().map(|event| (event.action, event.actor_kind, event.occurred_at)).collect();
        let now = app.services.now();
        assert_eq!(actions[1..], [
            (TicketAction::Accept, PrincipalKind::Staff, now), (TicketAction::Assign, PrincipalKind::System, now),
        ]);
        assert_eq!(app.act("technician.a2", "startTicket", &ticket).await.word(), "done");
        let usual = accepted(&app, "NORMAL").await;
        assert_eq!((&usual["status"], sent_to(&app, &usual).as_str()), (&json!("ACCEPTED"), "nobody"));
    }

    async fn s7_nobody_is_sent_who_is_off_duty_away_or_untrained(app) {
        app.on_call("technician.a2", (2, 8)).await;
        let early = accepted(&app, "URGENT").await;
        assert_eq!(early["status"], "ACCEPTED", "the shift has not begun");
        app.pass(TimeDelta::hours(2)).await;
        assert_eq!(sent_to(&app, &accepted(&app, "URGENT").await), "technician.a2");
        app.away("technician.a2", (0, 1), json!({})).await;
        assert_eq!(sent_to(&app, &accepted(&app, "URGENT").await), "nobody", "away");
        app.pass(TimeDelta::hours(6)).await;
        assert_eq!(sent_to(&app, &accepted(&app, "URGENT").await), "nobody", "the shift is over");
    }

    async fn s7_of_several_on_duty_the_one_with_the_least_in_hand_goes(app) {
        app.on_call("technician.a", (0, 8)).await;
        app.on_call("technician.a2", (0, 8)).await;
        let sent = [accepted(&app, "URGENT").await, accepted(&app, "URGENT").await].map(|ticket| sent_to(&app, &ticket));
        assert_eq!(sent, ["technician.a", "technician.a2"]);
    }

    async fn s7_an_urgent_ticket_that_comes_back_goes_to_the_next_on_duty(app) {
        app.on_call("technician.a", (0, 8)).await;
        let ticket = accepted(&app, "URGENT").await;
        app.on_call("technician.a2", (0, 8)).await;
        app.away("technician.a", (0, 5), json!({})).await;
        let now = app.look(&ticket).await;
        assert_eq!((&now["status"], sent_to(&app, &now).as_str()), (&json!("ASSIGNED"), "technician.a2"));
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT", "ASSIGN", "RETURN_TO_QUEUE", "ASSIGN"]);
    }

    async fn s7_how_soon_somebody_was_there_is_measured(app) {
        assert_eq!(reaction(&app, "manager.a").await["rate"], Value::Null, "of none there is no share");
        app.on_call("technician.a", (0, 20)).await;
        let (soon, late, never) =
            (accepted(&app, "URGENT").await, accepted(&app, "URGENT").await, accepted(&app, "URGENT").await);
        let withdrawn = accepted(&app, "URGENT").await;
        app.act("zhang", "cancelTicket", &withdrawn).await.ticket();
        app.pass(TimeDelta::minutes(10)).await;
        app.act("technician.a", "startTicket", &soon).await.ticket();
        assert_eq!(reaction(&app, "manager.a").await["dueCount"], 0, "no deadline has come");
        app.pass(TimeDelta::minutes(30)).await;
        app.act("technician.a", "startTicket", &late).await.ticket();
        for who in ["manager.a", "agent.a", "supervisor", "auditor"] {
            let found = reaction(&app, who).await;
            assert_eq!((&found["dueCount"], &found["inTimeCount"]), (&json!(3), &json!(1)), "{who}");
            assert_eq!((&found["meanSeconds"], &found["medianSeconds"]), (&json!(1500), &json!(600)));
            assert_eq!((&found["p90Seconds"], &found["longestSeconds"]), (&json!(2400), &json!(2400)));
        }
        assert_eq!(app.look(&never).await["status"], "ASSIGNED");
        assert_eq!(reaction(&app, "agent.b").await["dueCount"], 0, "another's project shows nothing");
    }

    async fn s7_a_shift_that_makes_no_sense_is_refused(app) {
        for (login, hours, refusal) in [
            ("technician.a", (2, 1), "INVALID endsAt"),
            ("technician.a", (-3, -1), "IN_THE_PAST endsAt"),
            ("technician.a", (0, 37), "OUT_OF_RANGE endsAt"),
            ("sales.a", (0, 8), "NOT_AVAILABLE staffId"),
            ("technician.b", (0, 8), "NOT_FOUND staffId"),
        ] {
            assert_eq!(word(&app.on_call(login, hours).await), refusal, "{login} {hours:?}");
        }
        assert_eq!(word(&app.on_call("technician.a", (1, 8)).await), "done");
        assert_eq!(word(&app.on_call("technician.a", (1, 9)).await), "NOT_AVAILABLE startsAt");
        app.away("technician.a2", (2, 5), json!({})).await;
        assert_eq!(word(&app.on_call("technician.a2", (1, 8)).await), "NOT_AVAILABLE staffId");
    }

    async fn s7_a_shift_is_taken_off_the_roster_before_it_begins(app) {
        let id = app.on_call("technician.a", (1, 8)).await["dutyShift"]["id"].clone();
        let begun = app.on_call("technician.a2", (0, 8)).await["dutyShift"]["id"].clone();
        let list = "{ dutyShifts { totalCount } }";
        for (who, count) in [("technician.a2", 2), ("ambassador.a", 2), ("manager.a", 2), ("technician.b", 0)] {
            assert_eq!(app.staff(who).await.run(list, json!({})).await["dutyShifts"]["totalCount"], count, "{who}");
        }
        let manager = app.staff("manager.a").await;
        let cancel = async |id: &Value| change(&manager, "cancelDutyShift", json!({ "dutyShiftId": id }), "dutyShift { startsAt }").await;
        assert_eq!(word(&cancel(&begun).await), "TOO_LATE dutyShiftId");
        assert_eq!(word(&cancel(&id).await), "done");
        assert_eq!(word(&cancel(&id).await), "NOT_FOUND dutyShiftId");
        assert_eq!(app.bring(app.report(json!({})).await, TicketStatus::Accepted).await["status"], "ACCEPTED");
    }
}
