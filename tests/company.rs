//! Operators run the company's own staff, projects and partners, by the API and as administrators only.

mod account;
mod leaving;
mod partner;
mod password;
mod project;
mod secret;

use serde_json::{Value, json};

use crate::harness::{
    TestApp,
    work::{change, word},
};

/// Runs a mutation as the administrator; the payload.
async fn administer(app: &TestApp, operation: &str, input: Value, fields: &str) -> Value {
    change(&app.staff("admin").await, operation, input, fields).await
}

/// The same of a call that must have been carried out.
async fn carried_out(app: &TestApp, operation: &str, input: Value, fields: &str) -> Value {
    let payload = administer(app, operation, input.clone(), fields).await;
    assert_eq!(word(&payload), "done", "{operation} {input}");
    payload
}

/// What the audit log says of an object, the newest first, as administrators read it.
async fn acts(app: &TestApp, object_id: &str) -> Vec<Value> {
    let document = "query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { action actor { ... on Staff { id } } details } } }";
    let found = app.staff("admin").await.run(document, json!({ "id": object_id })).await;
    found["auditEntries"]["nodes"].as_array().unwrap().clone()
}
