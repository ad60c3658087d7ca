//! The table of the product, row by row: which action leads where, and who may take it.

use std::collections::HashMap;

use entity::vocab::TicketStatus::{
    self, Accepted, Assigned, Cancelled, Closed, Confirmed, InProgress, OnHold, Resolved, Submitted,
};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

/// Every action with the statuses in which it exists, where it leads (none: nowhere), and who of the world takes it.
/// Written down from the product's own table; the last two rows from its text on complaints and appointments.
#[rustfmt::skip]
const ACTIONS: &[(&str, &[TicketStatus], Option<TicketStatus>, &str)] = &[
    ("acceptTicket",     &[Submitted],                                    Some(Accepted),   "ambassador.a"),
    ("assignTicket",     &[Accepted, Assigned, InProgress, OnHold],       Some(Assigned),   "ambassador.a"),
    ("startTicket",      &[Assigned],                                     Some(InProgress), "technician.a"),
    ("holdTicket",       &[InProgress],                                   Some(OnHold),     "manager.a"),
    ("resumeTicket",     &[OnHold],                                       Some(InProgress), "manager.a"),
    ("resolveTicket",    &[InProgress],                                   Some(Resolved),   "technician.a"),
    ("confirmTicket",    &[Resolved],                                     Some(Confirmed),  "zhang"),
    ("rejectResolution", &[Resolved],                                     Some(InProgress), "zhang"),
    ("recordFollowUp",   &[Confirmed],                                    Some(Closed),     "ambassador.a"),
    ("escalateTicket",   &[Submitted, Accepted, Assigned, InProgress, OnHold, Resolved, Confirmed], None, "zhang"),
    ("cancelTicket",     &[Submitted, Accepted, Assigned],                Some(Cancelled),  "zhang"),
    ("reopenTicket",     &[Confirmed, Closed],                            Some(Accepted),   "zhang"),
    ("triageTicket",     &[Submitted, Accepted, Assigned, InProgress, OnHold], None,        "agent.a"),
    ("rescheduleTicket", &[Submitted, Accepted, Assigned],                None,             "zhang"),
];

const STATUSES: &[TicketStatus] =
    &[Submitted, Accepted, Assigned, InProgress, OnHold, Resolved, Confirmed, Closed, Cancelled];

/// A complaint with a window: a ticket on which every action can be tried.
fn anything(app: &TestApp) -> Value {
    let starts_at = app.services.now() + chrono::TimeDelta::hours(20);
    let ends_at = starts_at + chrono::TimeDelta::hours(1);
    json!({
        "kind": "COMPLAINT", "urgency": "APPOINTMENT", "appointment": { "startsAt": starts_at, "endsAt": ends_at },
    })
}

/// A ticket on which only the status can stand in an action's way. Whoever is the assignee stays it.
async fn fresh(app: &TestApp, status: TicketStatus) -> Value {
    let ticket = app.report(anything(app)).await;
    let ticket = app.act_with("agent.a", "triageTicket", &ticket, json!({ "verdict": "INVALID" })).await.ticket();
    app.bring(ticket, status).await
}

fn word(status: TicketStatus) -> Value {
    serde_json::to_value(status).unwrap()
}

both! {
    async fn every_action_leads_where_the_product_says_and_nowhere_else(app) {
        for status in STATUSES {
            let here = fresh(&app, *status).await;
            for (operation, from, to, who) in ACTIONS {
                if from.contains(status) {
                    let moved = app.act(who, operation, &fresh(&app, *status).await).await.ticket();
                    assert_eq!(moved["status"], word(to.unwrap_or(*status)), "{operation} in {status:?}");
                } else if let Some(answer) = refused(&app, who, operation, &here).await {
                    assert_eq!(answer, "ILLEGAL_TRANSITION", "{operation} in {status:?}");
                }
            }
            let after = app.look(&here).await;
            assert_eq!((&after["version"], &after["status"]), (&here["version"], &here["status"]), "{status:?}");
        }
    }
}

/// How an action is refused; nothing where nobody is assigned yet who could try.
async fn refused(app: &TestApp, who: &str, operation: &str, ticket: &Value) -> Option<String> {
    if who == "technician.a" && ticket["assignee"].is_null() {
        return None;
    }
    Some(app.act(who, operation, ticket).await.word().to_owned())
}

/// Who tries: owners (Zhang and Li own the home, Wang next door, Zhao in the other project), staff of both projects,
/// a partner, nobody.
const EVERYBODY: &[&str] = &[
    "zhang",
    "li",
    "wang",
    "zhao",
    "ambassador.a",
    "ambassador.a2",
    "ambassador.b",
    "technician.a",
    "technician.a2",
    "technician.b",
    "agent.a",
    "agent.b",
    "sales.a",
    "manager.a",
    "supervisor",
    "auditor",
    "admin",
    "partner-1",
    "anonymous",
];

/// For each action: who may take it, who is told that there is no such ticket. Everybody else is told that the action
/// is not theirs, and who is not signed in to sign in. The ticket is Zhang's and Li's, in the hands of technician.a.
#[rustfmt::skip]
const RIGHTS: &[(&str, TicketStatus, &[&str], &[&str])] = &[
    ("acceptTicket", Submitted, &["ambassador.a", "agent.a", "manager.a"], &["ambassador.a2", "ambassador.b", "agent.b"]),
    ("assignTicket", Assigned, &["ambassador.a", "agent.a", "manager.a"], &["ambassador.a2", "ambassador.b", "agent.b"]),
    ("startTicket", Assigned, &["technician.a"], &["ambassador.a2", "ambassador.b", "technician.a2", "technician.b", "agent.b"]),
    ("holdTicket", InProgress, &["technician.a", "agent.a", "manager.a"], &["ambassador.a2", "ambassador.b", "technician.a2", "technician.b", "agent.b"]),
    ("resumeTicket", OnHold, &["technician.a", "agent.a", "manager.a"], &["ambassador.a2", "ambassador.b", "technician.a2", "technician.b", "agent.b"]),
    ("resolveTicket", InProgress, &["technician.a"], &["ambassador.a2", "ambassador.b", "technician.a2", "technician.b", "agent.b"]),
    ("confirmTicket", Resolved, &["zhang", "li", "agent.a"], &["wang", "zhao", "agent.b"]),
    ("rejectResolution", Resolved, &["zhang", "li"], &["wang", "zhao"]),
    ("recordFollowUp", Confirmed, &["ambassador.a", "agent.a", "manager.a"], &["ambassador.a2", "ambassador.b", "agent.b"]),
    ("escalateTicket", InProgress, &["zhang", "li", "ambassador.a", "agent.a"], &["wang", "zhao", "ambassador.a2", "ambassador.b", "agent.b"]),
    ("cancelTicket", Assigned, &["zhang", "li", "agent.a", "manager.a"], &["wang", "zhao", "agent.b"]),
    ("reopenTicket", Closed, &["zhang", "li", "agent.a"], &["wang", "zhao", "agent.b"]),
    ("triageTicket", InProgress, &["agent.a", "manager.a"], &["agent.b"]),
    ("rescheduleTicket", Assigned, &["zhang", "li", "ambassador.a", "agent.a", "manager.a"], &["wang", "zhao", "ambassador.a2", "ambassador.b", "agent.b"]),
];

both! {
    async fn each_action_is_taken_by_whom_the_product_names_and_by_nobody_else(app) {
        let mut clients: HashMap<&str, Client> = HashMap::new();
        for who in EVERYBODY {
            clients.insert(who, app.as_whom(who).await);
        }
        for (operation, status, may, blind) in RIGHTS {
            let ticket = fresh(&app, *status).await;
            for who in EVERYBODY.iter().filter(|who| !may.contains(who)) {
                let expected = match *who {
                    "anonymous" => "error UNAUTHENTICATED",
                    who if blind.contains(&who) => "NOT_FOUND ticketId",
                    _ => "error FORBIDDEN",
                };
                let answer = app.act_at(&clients[who], operation, &ticket, channel(operation, who)).await;
                assert_eq!(answer.word(), expected, "{operation} by {who}");
            }
            assert_eq!(app.look(&ticket).await["version"], ticket["version"], "{operation}");
            for who in *may {
                let ticket = fresh(&app, *status).await;
                let answer = app.act_at(&clients[who], operation, &ticket, channel(operation, who)).await;
                assert_eq!(answer.word(), "done", "{operation} by {who}");
            }
        }
    }

    async fn a_ticket_is_made_by_owners_for_their_homes_and_by_staff_who_serve_them(app) {
        for who in EVERYBODY {
            let expected = match *who {
                "zhang" | "li" | "ambassador.a" | "agent.a" | "manager.a" => "done",
                "wang" | "zhao" | "ambassador.a2" | "ambassador.b" | "agent.b" => "NOT_FOUND unitId",
                "anonymous" => "error UNAUTHENTICATED",
                _ => "error FORBIDDEN",
            };
            assert_eq!(app.report_as(who, json!({})).await.word(), expected, "{who}");
        }
    }

    async fn whoever_reported_still_reads_it_after_selling_and_reports_no_more(app) {
        let ticket = app.report(json!({})).await;
        let sale = format!("UPDATE ownerships SET ended_on = '2026-11-22' WHERE owner_id = {}", literal(&app, "zhang"));
        app.database.execute(&sale).await;
        let seen = app.owner("zhang").await.owner_app("TicketById", json!({ "id": ticket["id"] })).await;
        assert_eq!(seen["node"]["number"], ticket["number"]);
        assert_eq!(app.report_as("zhang", json!({})).await.word(), "NOT_FOUND unitId");
        let others = app.report_as("li", json!({})).await.ticket();
        let hidden = app.owner("zhang").await.owner_app("TicketById", json!({ "id": others["id"] })).await;
        assert_eq!(hidden["node"], Value::Null);
    }
}

/// An agent who speaks for the owner says how the owner was asked.
fn channel(operation: &str, who: &str) -> Value {
    if operation == "confirmTicket" && who.starts_with("agent") { json!({ "channel": "PHONE" }) } else { json!({}) }
}

/// An owner's id as SQL of either database.
fn literal(app: &TestApp, owner: &str) -> String {
    let id = app.world.owner(owner);
    match app.database.engine {
        crate::harness::Engine::Postgres => format!("'{id}'"),
        crate::harness::Engine::Sqlite => format!("X'{}'", id.simple()),
    }
}
