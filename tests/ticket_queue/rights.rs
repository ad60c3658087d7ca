//! In a queue everybody may do what they may do by single calls, and finds what they find: no more, and no less.

use entity::vocab::TicketStatus::{self, Accepted, Assigned, Confirmed, InProgress, OnHold, Resolved, Submitted};
use serde_json::{Value, json};

use super::id;
use crate::{
    both,
    harness::{
        TestApp,
        queue::{action, word},
        tickets::{Answer, usual_content},
    },
};

/// Every step, with where it exists.
const STEPS: &[(&str, TicketStatus)] = &[
    ("acceptTicket", Submitted),
    ("assignTicket", Accepted),
    ("startTicket", Assigned),
    ("holdTicket", InProgress),
    ("resumeTicket", OnHold),
    ("resolveTicket", InProgress),
    ("confirmTicket", Resolved),
    ("rejectResolution", Resolved),
    ("recordFollowUp", Confirmed),
    ("escalateTicket", Accepted),
    ("cancelTicket", Submitted),
    ("reopenTicket", Confirmed),
    ("triageTicket", Submitted),
    ("rescheduleTicket", Submitted),
];

/// Those around the home, and their neighbours and colleagues.
const CALLERS: &[&str] = &[
    "zhang",
    "wang",
    "zhao",
    "ambassador.a",
    "ambassador.a2",
    "technician.a",
    "technician.a2",
    "agent.a",
    "agent.b",
    "manager.a",
];

/// A ticket on which the step exists.
async fn ready(app: &TestApp, (operation, status): (&str, TicketStatus)) -> Value {
    let window = &usual_content(app, "rescheduleTicket")["appointment"];
    let fields = match operation {
        "triageTicket" => json!({ "kind": "COMPLAINT" }),
        "rescheduleTicket" => json!({ "urgency": "APPOINTMENT", "appointment": window }),
        _ => json!({}),
    };
    app.ticket_in(status, fields).await
}

/// How a queue says what a single call answers.
fn in_a_queue(answer: &Answer) -> String {
    match answer {
        Answer::Done(_) => "APPLIED".to_owned(),
        Answer::Refused(error) => error.replace("error", "REFUSED"),
        Answer::Fault(fault) if fault == "ILLEGAL_TRANSITION" => format!("CONFLICT {fault}"),
        Answer::Fault(fault) => format!("REFUSED {fault}"),
    }
}

both! {
    async fn the_queue_grants_what_the_single_call_grants(app) {
        let (mut done, mut unseen, mut forbidden) = (0, 0, 0);
        for step in STEPS {
            let (mut single, mut queued) = (ready(&app, *step).await, ready(&app, *step).await);
            for who in CALLERS {
                let (client, content) = (app.as_whom(who).await, usual_content(&app, step.0));
                let answer = app.act_at(&client, step.0, &single, json!({})).await;
                let key = format!("{} {}", step.0, queued["number"]);
                let sent = action(step.0, &key, id(&queued), app.services.now(), content);
                let outcome = client.apply(&[sent]).await.remove(0);
                assert_eq!(word(&outcome), in_a_queue(&answer), "{} by {who}", step.0);
                let look = client.run("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id(&queued) })).await;
                assert_eq!(outcome["ticket"].is_null(), look["node"].is_null(), "{} by {who}", step.0);
                match answer {
                    Answer::Done(_) => {
                        done += 1;
                        (single, queued) = (ready(&app, *step).await, ready(&app, *step).await);
                    }
                    Answer::Fault(fault) if fault == "NOT_FOUND ticketId" => unseen += 1,
                    Answer::Refused(_) => forbidden += 1,
                    Answer::Fault(_) => {}
                }
            }
        }
        assert!(done > STEPS.len() && unseen > STEPS.len() && forbidden > STEPS.len(), "{done} {unseen} {forbidden}");
    }
}
