//! Who may do what, and who sees what: the tables as a customer reads them, kept as snapshots, and proof over the wire
//! that the server keeps to them.

mod expected;
mod objects;
mod privacy;
mod surveys;
mod sweep;

use std::{collections::BTreeSet, fmt::Write};

use anju::{
    auth::{
        policy::{self, Standing, may_act},
        viewer::{Principal, Viewer},
    },
    domain::ticket::allowed_actions,
    graphql::schema,
};
use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use entity::vocab::{Department, Role, TicketAction, TicketStatus};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{both, harness::snapshot};

/// The root fields of the schema, as its own SDL says.
fn fields_of_the_schema() -> BTreeSet<String> {
    let document = parse_schema(schema::sdl()).unwrap();
    let roots = document.definitions.iter().find_map(|definition| match definition {
        TypeSystemDefinition::Schema(schema) => Some(&schema.node),
        _ => None,
    });
    let roots = roots.unwrap();
    let names: Vec<_> = [&roots.query, &roots.mutation, &roots.subscription].into_iter().flatten().collect();
    assert_eq!(names.len(), 3);
    let of_type = |definition: &TypeSystemDefinition| match definition {
        TypeSystemDefinition::Type(found) if names.iter().any(|name| name.node == found.node.name.node) => match &found
            .node
            .kind
        {
            TypeKind::Object(object) => object.fields.iter().map(|field| field.node.name.node.to_string()).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    document.definitions.iter().flat_map(of_type).collect()
}

#[test]
fn every_root_field_has_a_row_and_every_row_a_field() {
    let rows: Vec<&str> = policy::root_fields().collect();
    let distinct: BTreeSet<String> = rows.iter().map(|row| (*row).to_owned()).collect();
    assert_eq!(distinct.len(), rows.len(), "a field has two rows");
    assert_eq!(fields_of_the_schema(), distinct);
}

#[test]
fn the_authorization_matrix_is_the_one_that_was_agreed() {
    snapshot::matches("authorization_matrix.txt", &policy::root_matrix());
}

#[test]
fn the_rights_on_tickets_are_those_that_were_agreed() {
    let text = format!("{}\n{}", rights(), statuses());
    snapshot::matches("ticket_actions.txt", &text);
}

/// The columns of the table of rights.
fn callers() -> Vec<(&'static str, Principal)> {
    let id = Uuid::nil();
    let staff = |role| Principal::Staff { id, role, department: Department::CustomerService };
    let mut callers = vec![("owner", Principal::Owner(id))];
    let names = ["ambas", "techn", "agent", "sales", "manag", "super", "audit", "admin"];
    callers.extend(names.into_iter().zip(Role::ALL.iter().map(|role| staff(*role))));
    callers.extend([("partn", Principal::Partner(id)), ("anon", Principal::Anonymous), ("system", Principal::System)]);
    callers
}

const LEGEND: &str = "\
Who may take which step on a ticket that they can see.

yes    always
home   when they answer for the household at that moment
hands  when the ticket is in their hands
clean  when it is not in their hands and they have not worked on it
-      never

";

fn rights() -> String {
    let mut text = LEGEND.to_owned();
    let _ = write!(text, "{:<18}", "step");
    for (name, _) in callers() {
        let _ = write!(text, "{name:<7}");
    }
    for action in TicketAction::ALL {
        text.truncate(text.trim_end().len());
        let _ = write!(text, "\n{:<18}", word(json!(action)));
        for (_, principal) in callers() {
            let _ = write!(text, "{:<7}", right(principal, *action));
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// On which standing a right depends.
fn right(principal: Principal, action: TicketAction) -> &'static str {
    let viewer = Viewer::of(principal);
    let all: Vec<Standing> = (0..8)
        .map(|bits| Standing {
            answers_for_household: bits & 1 != 0,
            is_assignee: bits & 2 != 0,
            has_worked_on_it: bits & 4 != 0,
        })
        .collect();
    let is =
        |rule: fn(&Standing) -> bool| all.iter().all(|standing| may_act(&viewer, action, *standing) == rule(standing));
    #[allow(clippy::type_complexity)]
    let rules: [(&str, fn(&Standing) -> bool); 5] = [
        ("yes", |_| true),
        ("-", |_| false),
        ("home", |standing| standing.answers_for_household),
        ("hands", |standing| standing.is_assignee),
        ("clean", |standing| !standing.is_assignee && !standing.has_worked_on_it),
    ];
    let fitting = rules.into_iter().find(|(_, rule)| is(*rule));
    fitting.unwrap_or_else(|| panic!("{action:?} of {principal:?} depends on something without a name")).0
}

fn statuses() -> String {
    let mut text = String::from("Which steps exist where a ticket stands.\n\n");
    for status in TicketStatus::ALL {
        let steps: Vec<String> = allowed_actions(*status).map(|action| word(json!(action))).collect();
        let steps = if steps.is_empty() { "-".to_owned() } else { steps.join(" ") };
        let _ = writeln!(text, "{:<13}{steps}", word(json!(status)));
    }
    text
}

fn word(value: Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A call of every root field that the document check lets through, so that only rights can stand in its way.
fn calls() -> Vec<(&'static str, String, Value)> {
    let id = anju::graphql::id::Kind::Ticket.encode(Uuid::nil());
    let on_ticket = |more: Value| crate::harness::tickets::merged(json!({ "ticketId": id }), &more);
    let window = json!({ "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-01T01:00:00Z" });
    let query = |name: &'static str, text: &str| (name, text.to_owned(), json!({}));
    let change = |name: &'static str, input: Value| {
        let (first, rest) = name.split_at(1);
        let input_type = format!("{}{rest}Input", first.to_uppercase());
        let document =
            format!("mutation Call($input: {input_type}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        (name, document, json!({ "input": input }))
    };
    let classes = json!({ "category": "OTHER", "urgency": "NORMAL", "responsibleDepartment": "SALES" });
    vec![
        query("viewer", "{ viewer { __typename } }"),
        query("node", "{ node(id: \"x\") { id } }"),
        query("nodes", "{ nodes(ids: [\"x\"]) { id } }"),
        query("tickets", "{ tickets { nodes { id } } }"),
        query("ticketEvents", "{ ticketEvents { nodes { id } } }"),
        query(
            "lectures",
            "{ lectures(from: \"2026-11-01T00:00:00Z\", to: \"2026-12-01T00:00:00Z\") { nodes { id } } }",
        ),
        change("requestSignInCode", json!({ "phone": "12" })),
        change("signInWithCode", json!({ "phone": "12", "code": "1" })),
        change("signInWithPassword", json!({ "login": "nobody", "password": "x" })),
        change("refreshSession", json!({ "refreshToken": "x" })),
        ("signOut", "mutation { signOut { userErrors { code } } }".to_owned(), json!({})),
        change("registerDevice", json!({ "platform": "WEB" })),
        change("createTicket", json!({ "unitId": id, "kind": "REPAIR", "title": "x" })),
        change("acceptTicket", on_ticket(classes)),
        change("assignTicket", on_ticket(json!({ "assigneeId": id }))),
        change("startTicket", on_ticket(json!({}))),
        change("holdTicket", on_ticket(json!({ "reason": "x" }))),
        change("resumeTicket", on_ticket(json!({}))),
        change("resolveTicket", on_ticket(json!({ "resolution": "x" }))),
        change("triageTicket", on_ticket(json!({ "verdict": "VALID", "reason": "x" }))),
        change("rescheduleTicket", on_ticket(json!({ "appointment": window, "reason": "x" }))),
        change("confirmTicket", on_ticket(json!({ "satisfied": true, "channel": "PHONE" }))),
        change("rejectResolution", on_ticket(json!({ "reason": "x" }))),
        change("recordFollowUp", on_ticket(json!({ "outcome": "x" }))),
        change("escalateTicket", on_ticket(json!({ "reason": "x" }))),
        change("cancelTicket", on_ticket(json!({ "reason": "x" }))),
        change("reopenTicket", on_ticket(json!({ "reason": "x" }))),
        change("revealPhone", json!({ "ownerId": id })),
        change("recordInteraction", json!({ "ownerId": id, "channel": "PHONE", "summary": "x" })),
        change("transferHouseholds", json!({ "fromStaffId": id, "toStaffId": id })),
        change(
            "recordAbsence",
            json!({ "staffId": id, "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-02T00:00:00Z", "reason": "x" }),
        ),
        change(
            "recordTraining",
            json!({ "staffId": id, "topic": "x", "passedOn": "2026-11-01", "expiresOn": "2027-11-01" }),
        ),
        change("disableStaff", json!({ "staffId": id })),
    ]
}

/// Who stands for each column of the matrix, in its order.
const COLUMNS: &[&str] = &[
    "anonymous",
    "zhang",
    "partner-1",
    "ambassador.a",
    "technician.a",
    "agent.a",
    "sales.a",
    "manager.a",
    "supervisor",
    "auditor",
    "admin",
];

both! {
    async fn the_server_keeps_to_the_matrix(app) {
        let matrix = policy::root_matrix();
        let mut calls = calls();
        calls.extend(surveys::calls());
        assert_eq!(calls.len() + 1, policy::root_fields().count(), "all but the subscription are called");
        for (column, who) in COLUMNS.iter().enumerate() {
            let client = app.as_whom(who).await;
            for (field, document, variables) in &calls {
                let row = matrix.lines().find(|line| line.split_whitespace().next() == Some(field)).unwrap();
                let is_allowed = row.split_whitespace().nth(column + 1) == Some("yes");
                // Signing out ends the session: on one of its own.
                let client = if *field == "signOut" { app.as_whom(who).await } else { client.clone() };
                let (_, answer) = client.post(document, variables.clone()).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
                let refusal = if *who == "anonymous" { "UNAUTHENTICATED" } else { "FORBIDDEN" };
                assert_eq!(code, if is_allowed { "none" } else { refusal }, "{field} by {who}: {answer}");
            }
        }
    }
}
