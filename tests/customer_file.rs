//! Customers' files (S1): documents, what each stage asks for, and the list of what is lacking.

use anju::graphql::id::Kind;
use entity::{audit_entry, owner_document};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        homes::{call, done},
    },
};

const FILE: &str = "query($id: ID!) { node(id: $id) { ... on Owner { file {
    documents { id kind reference filedOn } required missing isComplete } } } }";
const INCOMPLETE: &str =
    "query($project: ID) { incompleteFiles(projectId: $project) { totalCount nodes { name file { missing } } } }";

/// What a resident's file must hold unless somebody says otherwise.
const OF_A_HOME: [&str; 5] =
    ["IDENTITY_DOCUMENT", "PURCHASE_CONTRACT", "PAYMENT_RECEIPT", "HANDOVER_FORM", "PROPERTY_SERVICE_AGREEMENT"];

fn owner(app: &TestApp, name: &str) -> String {
    Kind::Owner.encode(app.world.owner(name))
}

async fn file(app: &TestApp, who: &str, name: &str) -> Value {
    let data = app.as_whom(who).await.run(FILE, json!({ "id": owner(app, name) })).await;
    data["node"]["file"].clone()
}

async fn put_in(app: &TestApp, who: &str, name: &str, kind: &str) -> Value {
    let input = json!({ "ownerId": owner(app, name), "kind": kind, "reference": "档案柜 A-3" });
    done(call(&app.as_whom(who).await, "fileOwnerDocument", "document { id }", input).await)["document"].clone()
}

async fn names(app: &TestApp, who: &str) -> Vec<String> {
    let data = app.as_whom(who).await.run(INCOMPLETE, json!({})).await;
    let nodes = data["incompleteFiles"]["nodes"].as_array().unwrap().clone();
    assert_eq!(data["incompleteFiles"]["totalCount"], nodes.len());
    nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn s1_file_is_complete_when_it_holds_what_the_stage_asks_for(app) {
        let empty = file(&app, "zhang", "zhang").await;
        assert_eq!(empty, json!({ "documents": [], "required": OF_A_HOME, "missing": OF_A_HOME, "isComplete": false }));
        assert_eq!(names(&app, "agent.a").await, ["zhang", "li", "wang"]);
        for kind in OF_A_HOME {
            put_in(&app, "ambassador.a", "zhang", kind).await;
        }
        let whole = file(&app, "manager.a", "zhang").await;
        assert_eq!((&whole["missing"], &whole["isComplete"]), (&json!([]), &json!(true)));
        assert_eq!(whole["documents"][0]["reference"], "档案柜 A-3");
        assert_eq!(whole["documents"][0]["filedOn"], "2026-11-23");
        assert_eq!(names(&app, "agent.a").await, ["li", "wang"]);

        let id = whole["documents"][3]["id"].clone();
        let input = json!({ "documentId": id, "reason": "误归档" });
        let fields = "owner { file { missing isComplete } }";
        let removed = done(call(&app.staff("agent.a").await, "removeOwnerDocument", fields, input.clone()).await);
        assert_eq!(removed["owner"]["file"], json!({ "missing": ["HANDOVER_FORM"], "isComplete": false }));
        assert_eq!(names(&app, "agent.a").await, ["zhang", "li", "wang"]);
        let again = call(&app.staff("agent.a").await, "removeOwnerDocument", fields, input).await;
        assert_eq!(again.word(), "CONFLICT documentId");
        let audited = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("REMOVE_OWNER_DOCUMENT"));
        assert_eq!(audited.all(app.services.db.reader()).await.unwrap().len(), 1);
    }

    async fn s1_file_work_list_is_narrowed_to_who_asks(app) {
        for (who, expected) in [
            ("ambassador.a", vec!["zhang", "li"]), ("ambassador.a2", vec!["wang"]), ("agent.b", vec!["zhao"]),
            ("sales.a", vec!["zhang", "li", "wang"]), ("auditor", vec!["zhang", "li", "wang", "zhao"]),
        ] {
            assert_eq!(names(&app, who).await, expected, "{who}");
        }
        let project = json!({ "project": Kind::Project.encode(app.world.id("project:HP")) });
        let data = app.staff("supervisor").await.run(INCOMPLETE, project.clone()).await;
        assert_eq!(data["incompleteFiles"]["nodes"][0]["name"], "zhao");
        assert_eq!(data["incompleteFiles"]["totalCount"], 1);
        assert_eq!(app.staff("agent.a").await.run(INCOMPLETE, project).await["incompleteFiles"]["totalCount"], 0);
        for who in ["zhang", "technician.a", "admin", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(INCOMPLETE, json!({})).await, "FORBIDDEN", "{who}");
        }
    }

    async fn s1_file_is_seen_by_the_customer_and_who_serves_them_only(app) {
        let document = put_in(&app, "agent.a", "zhang", "PURCHASE_CONTRACT").await;
        app.ticket_in(entity::vocab::TicketStatus::Assigned, json!({})).await;
        let node = "query($id: ID!) { node(id: $id) { ... on OwnerDocument { kind owner { name } } } }";
        for who in ["zhang", "ambassador.a", "sales.a", "manager.a", "supervisor", "auditor"] {
            let seen = app.as_whom(who).await.run(node, json!({ "id": document["id"] })).await;
            assert_eq!(seen["node"]["owner"]["name"], "zhang", "{who}");
        }
        for who in ["li", "wang", "technician.a", "ambassador.a2", "agent.b", "admin", "partner-1"] {
            let seen = app.as_whom(who).await.run(node, json!({ "id": document["id"] })).await;
            assert_eq!(seen["node"], Value::Null, "{who}");
        }
        assert_eq!(file(&app, "technician.a", "zhang").await, Value::Null, "sent to the home, sees the contact only");
    }

    async fn s1_file_documents_that_make_no_sense_are_refused(app) {
        let good = json!({ "ownerId": owner(&app, "zhang"), "kind": "PURCHASE_CONTRACT", "reference": "A-3" });
        let agent = app.staff("agent.a").await;
        for (field, value, word) in [
            ("ownerId", json!(owner(&app, "zhao")), "NOT_FOUND ownerId"),
            ("unitId", json!(Kind::Unit.encode(app.world.unit("YT-102"))), "NOT_FOUND unitId"),
            ("reference", json!(" "), "REQUIRED reference"),
            ("reference", json!("长".repeat(201)), "TOO_LONG reference"),
            ("filedOn", json!("2026-11-24"), "OUT_OF_RANGE filedOn"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            assert_eq!(call(&agent, "fileOwnerDocument", "document { id }", input).await.word(), word);
        }
        for who in ["zhang", "technician.a", "supervisor", "auditor", "admin"] {
            let answer = call(&app.as_whom(who).await, "fileOwnerDocument", "document { id }", good.clone()).await;
            assert_eq!(answer.word(), "error FORBIDDEN", "{who}");
        }
        assert!(owner_document::Entity::find().all(app.services.db.reader()).await.unwrap().is_empty());
    }

    async fn s1_file_requirements_are_the_administrators_to_set(app) {
        let set = "requiredDocuments { stage kinds }";
        let input = json!({ "stage": "RESIDENT", "kinds": ["RENOVATION_ACCEPTANCE", "IDENTITY_DOCUMENT", "IDENTITY_DOCUMENT"] });
        for who in ["manager.a", "supervisor", "auditor", "zhang"] {
            let answer = call(&app.as_whom(who).await, "setRequiredDocuments", set, input.clone()).await;
            assert_eq!(answer.word(), "error FORBIDDEN", "{who}");
        }
        let admin = app.staff("admin").await;
        let payload = done(call(&admin, "setRequiredDocuments", set, input).await);
        assert_eq!(payload["requiredDocuments"]["kinds"], json!(["IDENTITY_DOCUMENT", "RENOVATION_ACCEPTANCE"]));
        assert_eq!(file(&app, "zhang", "zhang").await["required"], json!(["IDENTITY_DOCUMENT", "RENOVATION_ACCEPTANCE"]));
        let all = app.owner("zhang").await.run("{ requiredDocuments { stage kinds } }", json!({})).await;
        let stages: Vec<_> = all["requiredDocuments"].as_array().unwrap().iter().map(|row| row["stage"].clone()).collect();
        assert_eq!(stages, ["SIGNED", "HANDED_OVER", "RENOVATING", "RESIDENT"]);
        done(call(&admin, "setRequiredDocuments", set, json!({ "stage": "RESIDENT", "kinds": [] })).await);
        assert_eq!(file(&app, "zhang", "zhang").await["isComplete"], true);
        assert_eq!(names(&app, "auditor").await, Vec::<String>::new());
    }
}
