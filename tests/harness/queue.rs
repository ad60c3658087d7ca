//! A queue of actions as the butler app sends it after a time offline.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Client, documents::Documents, tickets::merged};

/// The mutation, with the fragments of the butler app.
pub fn document() -> String {
    let fragments = Documents::butler().operation("AcceptTicket");
    let (_, fragments) = fragments.split_once("\nfragment").unwrap();
    format!(
        "mutation Apply($input: ApplyTicketActionsInput!) {{ applyTicketActions(input: $input) {{
            outcomes {{ idempotencyKey status ticket {{ ...QueueTicket }} userErrors {{ ...UserErrorFields }} }}
            userErrors {{ ...UserErrorFields }} }} }}\nfragment{fragments}"
    )
}

/// An action on a ticket, done at a time.
pub fn action(operation: &str, key: &str, ticket: &Value, made_at: DateTime<Utc>, content: Value) -> Value {
    let input = merged(json!({ "ticketId": ticket, "idempotencyKey": key }), &content);
    let input = match operation {
        "acceptTicket" => merged(
            json!({ "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": "PROPERTY_COMPANY" }),
            &input,
        ),
        _ => input,
    };
    json!({ "madeAt": made_at, "action": { operation: input } })
}

/// The same, if what the action with this key has left is still there.
pub fn after(key: &str, action: Value) -> Value {
    merged(action, &json!({ "follows": key }))
}

/// The outcome in words: `APPLIED`, `CONFLICT CONFLICT expectedVersion`, `REFUSED FORBIDDEN`.
pub fn word(outcome: &Value) -> String {
    let error = &outcome["userErrors"][0];
    let parts = [&outcome["status"], &error["code"], &error["field"]];
    parts.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(" ")
}

/// The outcomes in words.
pub fn words(outcomes: &[Value]) -> Vec<String> {
    outcomes.iter().map(word).collect()
}

impl Client {
    /// Sends a queue; the outcomes.
    pub async fn apply(&self, actions: &[Value]) -> Vec<Value> {
        let data = self.run(&document(), json!({ "input": { "actions": actions } })).await;
        assert_eq!(data["applyTicketActions"]["userErrors"], json!([]));
        data["applyTicketActions"]["outcomes"].as_array().unwrap().clone()
    }
}
