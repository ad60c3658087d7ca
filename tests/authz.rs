//! Who may do what, and who sees what: the tables as a customer reads them, kept as snapshots, and proof over the wire
//! that the server keeps to them.

mod calls;
mod direct;
mod expected;
pub mod notices;
mod objects;
mod papers;
mod presales;
mod privacy;
mod sight;
mod surveys;
mod sweep;
mod work;

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
        let calls = calls::calls(&schema::sdl());
        let subscriptions = ["ticketStatusChanged", "bulletinPublished", "notificationReceived"];
        assert_eq!(calls.len() + subscriptions.len(), policy::root_fields().count(), "all others are called");
        for (column, who) in COLUMNS.iter().enumerate() {
            let client = app.as_whom(who).await;
            for (field, document) in &calls {
                let row = matrix.lines().find(|line| line.split_whitespace().next() == Some(field.as_str())).unwrap();
                let is_allowed = row.split_whitespace().nth(column + 1) == Some("yes");
                // Signing out ends the session: on one of its own.
                let client = if field == "signOut" { app.as_whom(who).await } else { client.clone() };
                let (_, answer) = client.post(document, json!({})).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
                let refusal = if *who == "anonymous" { "UNAUTHENTICATED" } else { "FORBIDDEN" };
                if is_allowed {
                    assert!(!matches!(code, "UNAUTHENTICATED" | "FORBIDDEN" | "INTERNAL"), "{field} by {who}: {answer}");
                } else {
                    assert_eq!(code, refusal, "{field} by {who}: {answer}");
                }
            }
        }
    }
}
