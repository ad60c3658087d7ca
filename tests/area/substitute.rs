//! Somebody who is away is stood in for: the substitute answers for the households and takes over the tickets, from the
//! beginning of the absence to its end and not a moment longer.

use chrono::TimeDelta;
use entity::vocab::TicketStatus;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        work::{change, word},
    },
};

async fn households(app: &TestApp, who: &str) -> Value {
    let list = app.staff(who).await.butler_app("Households", json!({})).await;
    list["viewer"]["households"]["totalCount"].clone()
}

fn by(app: &TestApp, login: &str) -> Value {
    json!({ "substituteId": app.staff_id(login) })
}

both! {
    async fn t5_3_a_substitute_answers_for_the_households_while_the_ambassador_is_away(app) {
        assert_eq!(word(&app.away("ambassador.a", (1, 5), by(&app, "ambassador.a2")).await), "done");
        let ticket = app.report(json!({})).await;
        assert_eq!(households(&app, "ambassador.a2").await, 1, "not before");
        assert_eq!(app.act("ambassador.a2", "acceptTicket", &ticket).await.word(), "NOT_FOUND ticketId");
        app.pass(TimeDelta::hours(1)).await;
        assert_eq!(households(&app, "ambassador.a2").await, 2);
        assert_eq!(households(&app, "ambassador.a").await, 1, "the household stays the ambassador's");
        assert_eq!(app.act("ambassador.a2", "acceptTicket", &ticket).await.word(), "done");
        let home = "{ viewer { ... on Owner { units { nodes { ambassador { id } substitute { id workPhone } } } } } }";
        let seen = app.owner("zhang").await.run(home, json!({})).await["viewer"]["units"]["nodes"][0].clone();
        assert_eq!(seen, json!({
            "ambassador": { "id": app.staff_id("ambassador.a") },
            "substitute": { "id": app.staff_id("ambassador.a2"), "workPhone": "0510-8888-0002" },
        }));
        app.pass(TimeDelta::hours(4)).await;
        assert_eq!(households(&app, "ambassador.a2").await, 1, "not afterwards");
        assert_eq!(app.act("ambassador.a2", "escalateTicket", &ticket).await.word(), "NOT_FOUND ticketId");
        let seen = app.owner("zhang").await.run(home, json!({})).await["viewer"]["units"]["nodes"][0].clone();
        assert_eq!(seen["substitute"], Value::Null);
    }

    async fn t5_3_nobody_stands_in_any_more_for_somebody_who_is_back_early(app) {
        app.away("ambassador.a", (0, 50), by(&app, "ambassador.a2")).await;
        assert_eq!(households(&app, "ambassador.a2").await, 2, "at once");
        let manager = app.staff("manager.a").await;
        let list = "{ absences(filter: { isOpen: true }) { nodes { id reason substitute { id } } } }";
        let absence = manager.run(list, json!({})).await["absences"]["nodes"][0].clone();
        assert_eq!((&absence["reason"], &absence["substitute"]["id"]), (&json!("年假"), &json!(app.staff_id("ambassador.a2"))));
        let id = json!({ "absenceId": absence["id"] });
        assert_eq!(word(&change(&manager, "endAbsence", id.clone(), "absence { endsAt }").await), "done");
        assert_eq!(households(&app, "ambassador.a2").await, 1);
        assert_eq!(word(&change(&manager, "endAbsence", id, "absence { endsAt }").await), "TOO_LATE absenceId");
        app.run_jobs().await;
        assert_eq!(households(&app, "ambassador.a2").await, 1);
    }

    async fn t5_3_tickets_go_to_the_substitute_and_without_one_back_to_the_queue(app) {
        let ticket = app.ticket_in(TicketStatus::InProgress, json!({})).await;
        app.away("technician.a", (0, 5), by(&app, "technician.a2")).await;
        let now = app.look(&ticket).await;
        assert_eq!((&now["status"], &now["assignee"]["id"]), (&json!("ASSIGNED"), &json!(app.staff_id("technician.a2"))));
        assert_eq!(app.story(&ticket).await[4..], ["RETURN_TO_QUEUE", "ASSIGN"]);
        app.run_jobs().await;
        assert_eq!(app.story(&ticket).await.len(), 6, "once");
        app.away("technician.a2", (0, 5), json!({})).await;
        assert_eq!(app.look(&ticket).await["status"], "ACCEPTED");
    }

    async fn t5_3_only_somebody_who_can_do_the_work_is_a_substitute(app) {
        app.away("technician.a2", (3, 9), json!({})).await;
        for (login, substitute, refusal) in [
            ("ambassador.a", "ambassador.a", "NOT_AVAILABLE substituteId"),
            ("ambassador.a", "technician.a", "NOT_AVAILABLE substituteId"),
            ("ambassador.a", "ambassador.b", "NOT_FOUND substituteId"),
            ("technician.a", "technician.a2", "NOT_AVAILABLE substituteId"),
        ] {
            assert_eq!(word(&app.away(login, (1, 5), by(&app, substitute)).await), refusal, "{login} {substitute}");
        }
        let open = app.staff("manager.a").await.run("{ absences { totalCount } }", json!({})).await;
        assert_eq!(open["absences"]["totalCount"], 1, "a refused absence is none");
    }

    async fn t5_3_why_somebody_is_away_is_told_to_few(app) {
        app.away("ambassador.a", (0, 5), by(&app, "ambassador.a2")).await;
        let list = "{ absences { nodes { reason } } }";
        for (who, shown) in [
            ("manager.a", json!([{ "reason": "年假" }])), ("ambassador.a", json!([{ "reason": "年假" }])),
            ("supervisor", json!([{ "reason": "年假" }])), ("agent.a", json!([{ "reason": null }])),
            ("ambassador.a2", json!([{ "reason": null }])), ("technician.a", json!([])), ("agent.b", json!([])),
        ] {
            assert_eq!(app.staff(who).await.run(list, json!({})).await["absences"]["nodes"], shown, "{who}");
        }
        for who in ["zhang", "partner-1", "sales.a"] {
            assert_eq!(app.as_whom(who).await.refused(list, json!({})).await, "FORBIDDEN", "{who}");
        }
    }
}
