//! The audit log (S12): it can only grow, supervisors read it, and an auditor changes nothing.

mod export;

use anju::{
    auth::{
        policy::{Verdict, may_call},
        viewer::{Principal, Viewer},
    },
    graphql::{id::Kind, schema},
};
use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use entity::{
    audit_entry,
    vocab::{Department, Role},
};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    both,
    harness::{
        TestApp,
        homes::{call, done},
    },
};

const ENTRIES: &str = "query($filter: AuditFilter, $first: Int, $after: String) { auditEntries(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id occurredAt action actorKind actor { ... on Staff { id } ... on Owner { id } } objectType objectId details } } }";

/// Three entries of different kinds.
async fn live(app: &TestApp) {
    let owner = Kind::Owner.encode(app.world.owner("zhang"));
    let input = json!({ "ownerId": owner, "reason": "回访" });
    done(call(&app.staff("ambassador.a").await, "revealPhone", "phone", input).await);
    done(call(&app.owner("zhang").await, "exportPersonalData", "document", json!({ "ownerId": owner })).await);
    let input = json!({ "stage": "FORMER", "kinds": [] });
    done(call(&app.staff("admin").await, "setRequiredDocuments", "requiredDocuments { stage }", input).await);
}

async fn entries(app: &TestApp, who: &str, filter: Value) -> Value {
    app.staff(who).await.run(ENTRIES, json!({ "filter": filter })).await["auditEntries"].clone()
}

fn actions(list: &Value) -> Vec<&str> {
    list["nodes"].as_array().unwrap().iter().map(|node| node["action"].as_str().unwrap()).collect()
}

both! {
    async fn s12_audit_log_refuses_to_be_changed_by_the_database_itself(app) {
        live(&app).await;
        let conn = app.services.db.writer();
        let before = audit_entry::Entity::find().all(conn).await.unwrap();
        for statement in [
            "UPDATE audit_entries SET action = 'NOTHING'",
            "UPDATE audit_entries SET details = NULL WHERE action = 'REVEAL_PHONE'",
            "DELETE FROM audit_entries",
            "DELETE FROM audit_entries WHERE action = 'REVEAL_PHONE'",
        ] {
            let refused = conn.execute_unprepared(statement).await.unwrap_err().to_string();
            assert!(refused.contains("the audit log can only grow"), "{statement}: {refused}");
        }
        if app.services.db.is_postgres() {
            assert!(conn.execute_unprepared("TRUNCATE audit_entries").await.is_err());
        }
        assert_eq!(audit_entry::Entity::find().all(conn).await.unwrap(), before);
    }

    async fn s12_audit_log_says_who_did_what_to_whom(app) {
        live(&app).await;
        for who in ["auditor", "supervisor"] {
            let all = entries(&app, who, Value::Null).await;
            assert_eq!(actions(&all), ["SET_REQUIRED_DOCUMENTS", "EXPORT_PERSONAL_DATA", "REVEAL_PHONE"], "{who}");
            assert_eq!(all["totalCount"], 3);
        }
        let owner = Kind::Owner.encode(app.world.owner("zhang"));
        let butler = Kind::Staff.encode(app.world.staff("ambassador.a"));
        let found = entries(&app, "auditor", json!({ "actorId": butler })).await;
        assert_eq!(found["totalCount"], 1);
        let entry = &found["nodes"][0];
        assert_eq!(entry["actorKind"], "STAFF");
        assert_eq!(entry["actor"]["id"], json!(butler));
        assert_eq!((&entry["objectType"], &entry["objectId"]), (&json!("Owner"), &json!(owner)));
        assert_eq!(entry["details"], "{\"reason\":\"回访\"}");
        assert_eq!(entries(&app, "auditor", json!({ "objectId": owner })).await["totalCount"], 2);
        assert_eq!(actions(&entries(&app, "auditor", json!({ "action": "EXPORT_PERSONAL_DATA" })).await), ["EXPORT_PERSONAL_DATA"]);
        let later = app.services.now() + chrono::TimeDelta::seconds(1);
        assert_eq!(entries(&app, "auditor", json!({ "from": later })).await["totalCount"], 0);
        assert_eq!(entries(&app, "auditor", json!({ "to": later })).await["totalCount"], 3);
    }

    async fn s12_audit_log_is_paged_without_gaps(app) {
        for _ in 0..3 {
            live(&app).await;
            app.clock.advance(chrono::TimeDelta::seconds(1));
        }
        let auditor = app.staff("auditor").await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = auditor.run(ENTRIES, json!({ "first": 2, "after": after })).await["auditEntries"].clone();
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (9, 9));
    }

    async fn s12_audit_log_shows_the_administrator_the_company_and_no_customer(app) {
        live(&app).await;
        let seen = entries(&app, "admin", Value::Null).await;
        assert_eq!(actions(&seen), ["SET_REQUIRED_DOCUMENTS"]);
        assert_eq!(seen["totalCount"], 1);
        let owner = Kind::Owner.encode(app.world.owner("zhang"));
        assert_eq!(entries(&app, "admin", json!({ "objectId": owner })).await["totalCount"], 0);
        for who in ["zhang", "ambassador.a", "technician.a", "agent.a", "sales.a", "manager.a", "partner-1"] {
            assert_eq!(app.as_whom(who).await.refused(ENTRIES, json!({})).await, "FORBIDDEN", "{who}");
        }
        let id = entries(&app, "auditor", json!({ "action": "REVEAL_PHONE" })).await["nodes"][0]["id"].clone();
        for who in ["zhang", "ambassador.a", "manager.a", "admin", "partner-1"] {
            let node = app.as_whom(who).await.run("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(node["node"], Value::Null, "{who}");
        }
    }
}

/// What an auditor may do: come, go, say which phone it is, and see to the own notifications.
const OWN_ACCESS: [&str; 10] = [
    "requestSignInCode",
    "signInWithCode",
    "signInWithPassword",
    "refreshSession",
    "signOut",
    "registerDevice",
    "unregisterDevice",
    "changePassword",
    "markNotificationsRead",
    "updateNotificationSettings",
];

#[test]
fn s12_auditor_changes_nothing() {
    let id = Uuid::from_u128(1);
    let auditor = Viewer::of(Principal::Staff { id, role: Role::Auditor, department: Department::GroupProperty });
    let document = parse_schema(schema::sdl()).unwrap();
    let mutations = document.definitions.iter().find_map(|definition| match definition {
        TypeSystemDefinition::Type(found) if found.node.name.node == "Mutation" => match &found.node.kind {
            TypeKind::Object(object) => Some(&object.fields),
            _ => None,
        },
        _ => None,
    });
    let mutations = mutations.unwrap();
    assert!(mutations.len() > 40, "the mutations went missing");
    for mutation in mutations {
        let name = mutation.node.name.node.as_str();
        let expected = if OWN_ACCESS.contains(&name) { Verdict::Allowed } else { Verdict::Refused };
        assert_eq!(may_call(&auditor, name), expected, "{name}");
    }
}
