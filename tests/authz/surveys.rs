//! Surveys: a call of each root field, and who finds which of them.

use anju::graphql::id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

fn query(name: &'static str, text: &str) -> (&'static str, String, Value) {
    (name, text.to_owned(), json!({}))
}

fn change(name: &'static str, input: Value) -> (&'static str, String, Value) {
    let (first, rest) = name.split_at(1);
    let input_type = format!("{}{rest}Input", first.to_uppercase());
    let document =
        format!("mutation Call($input: {input_type}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
    (name, document, json!({ "input": input }))
}

/// One call of each root field.
pub fn calls() -> Vec<(&'static str, String, Value)> {
    let id = Kind::Ticket.encode(Uuid::nil());
    vec![
        query("surveyInvitations", "{ surveyInvitations { nodes { id } } }"),
        query("surveys", "{ surveys { nodes { id } } }"),
        query("surveyTemplates", "{ surveyTemplates { nodes { id } } }"),
        query("improvementTasks", "{ improvementTasks { nodes { id } } }"),
        query("surveyStatistics", "{ surveyStatistics { total { isHidden } } }"),
        query("surveyAlerts", "{ surveyAlerts { month } }"),
        change("saveSurveyAnswers", json!({ "invitationId": id, "answers": [] })),
        change("submitSurvey", json!({ "invitationId": id })),
        change("createSurveyTemplate", json!({ "kind": "SALES", "title": "x", "questions": [] })),
        change("updateSurveyTemplate", json!({ "templateId": id, "title": "x", "questions": [] })),
        change("activateSurveyTemplate", json!({ "templateId": id })),
        change("openSurvey", json!({ "projectId": id, "kind": "PROPERTY_SERVICE" })),
        change("completeImprovementTask", json!({ "taskId": id, "measure": "x" })),
    ]
}

/// What each household is asked, and what its project's staff see.
const ASKED_YT: &str = "survey:YT template:service question:service";
const ASKED_HP: &str = "survey:HP template:service question:service";
const SEEN_YT: &str = "survey:YT invitation:YT-101 invitation:YT-102 task:YT template:service question:service";
const SEEN_HP: &str = "survey:HP invitation:HP-101 task:HP template:service question:service";

/// The names of what exists for a principal; the group's people see everything anyhow.
pub fn visible(who: &str) -> Vec<&'static str> {
    let parts = match who {
        // Of two owners the first is asked.
        "zhang" => vec![ASKED_YT, "invitation:YT-101"],
        "wang" => vec![ASKED_YT, "invitation:YT-102"],
        "zhao" => vec![ASKED_HP, "invitation:HP-101"],
        "agent.a" | "manager.a" => vec![SEEN_YT],
        "agent.b" => vec![SEEN_HP],
        // Surveys of the property's service are no matter of sales; questionnaires are everybody's in the projects.
        "sales.a" | "admin" => vec!["template:service question:service"],
        _ => Vec::new(),
    };
    parts.into_iter().flat_map(str::split_whitespace).collect()
}
