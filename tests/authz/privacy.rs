//! What must not be told: by an error, by a number in full, by a household that was handed over.

use anju::graphql::id::Kind;
use entity::audit_entry;
use reqwest::{Method, StatusCode};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    objects::{Objects, upload},
    papers,
};
use crate::{
    both,
    harness::{
        TestApp,
        tickets::{Answer, document, merged},
    },
};

/// The document of a mutation about a household or a member of staff.
fn plain(operation: &str) -> String {
    let (first, rest) = operation.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation Call($input: {input}!) {{ {operation}(input: $input) {{ userErrors {{ code field message }} }} }}"
    )
}

/// Calls with the id of something that exists, but not for this caller: who, what, the field, the thing, and the rest.
fn probes() -> Vec<(&'static str, &'static str, &'static str, &'static str, Value)> {
    let classes = json!({ "category": "OTHER", "urgency": "NORMAL", "responsibleDepartment": "SALES" });
    let contact = json!({ "channel": "PHONE", "summary": "x" });
    let report = json!({ "kind": "REPAIR", "title": "x" });
    let absence = json!({ "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-02T00:00:00Z", "reason": "x" });
    let draft = json!({ "number": "x", "buyerIds": [], "clauses": [{ "title": "x", "body": "x" }] });
    vec![
        ("wang", "confirmTicket", "ticketId", "ticket:YT-101", json!({ "satisfied": true })),
        ("wang", "cancelTicket", "ticketId", "ticket:HP-101", json!({ "reason": "x" })),
        ("zhang", "rejectResolution", "ticketId", "ticket:YT-102", json!({ "reason": "x" })),
        ("technician.a2", "startTicket", "ticketId", "ticket:YT-101", json!({})),
        ("technician.a", "resolveTicket", "ticketId", "ticket:YT-102", json!({ "resolution": "x" })),
        ("ambassador.a2", "acceptTicket", "ticketId", "ticket:YT-101", classes.clone()),
        ("agent.a", "acceptTicket", "ticketId", "ticket:HP-101", classes),
        ("manager.a", "triageTicket", "ticketId", "ticket:HP-101", json!({ "verdict": "VALID", "reason": "x" })),
        ("zhang", "createTicket", "unitId", "unit:YT-102", report.clone()),
        ("ambassador.a", "createTicket", "unitId", "unit:YT-102", report.clone()),
        ("agent.a", "createTicket", "unitId", "unit:HP-101", report),
        ("ambassador.a", "revealPhone", "ownerId", "owner:wang", json!({})),
        ("technician.a2", "revealPhone", "ownerId", "owner:zhang", json!({})),
        ("agent.a", "revealPhone", "ownerId", "owner:zhao", json!({})),
        ("ambassador.a2", "recordInteraction", "ownerId", "owner:zhang", contact.clone()),
        ("sales.a", "recordInteraction", "ownerId", "owner:zhao", contact),
        ("manager.a", "recordAbsence", "staffId", "staff:technician.b", absence),
        (
            "manager.a",
            "recordTraining",
            "staffId",
            "staff:agent.b",
            json!({ "topic": "x", "passedOn": "2026-11-01", "expiresOn": "2027-11-01" }),
        ),
        (
            "agent.b",
            "reviewPublication",
            "publicationId",
            "publication:YT",
            json!({ "contentVersion": 1, "verdict": "APPROVED" }),
        ),
        (
            "sales.a",
            "createPublication",
            "projectId",
            "project:HP",
            json!({ "kind": "BROCHURE", "title": "x", "body": "x" }),
        ),
        ("sales.a", "withdrawDisclosure", "disclosureId", "disclosure:HP", json!({ "reason": "x" })),
        ("sales.a", "draftContract", "unitId", "unit:HP-101", draft),
        ("wang", "acknowledgeClause", "clauseId", "clause:sun", json!({})),
        ("sales.a", "signContract", "contractId", "contract:HP-101", json!({})),
        ("wang", "cancelAppointment", "appointmentId", "appointment:sun", json!({})),
        ("agent.b", "startAppointment", "appointmentId", "appointment:sun", json!({})),
        ("ambassador.a", "moveStage", "ownerId", "owner:wang", json!({ "stage": "RENOVATING", "reason": "x" })),
    ]
}

/// An id of the same kind as a thing's, of nothing.
fn never(id: &str) -> String {
    let (kind, _) = anju::graphql::id::decode(&async_graphql::ID(id.to_owned())).unwrap();
    kind.encode(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001))
}

async fn reveal(app: &TestApp, who: &str, owner: &str) -> Answer {
    let input = json!({ "ownerId": Kind::Owner.encode(app.world.owner(owner)), "reason": "上门前联系" });
    let document =
        "mutation($input: RevealPhoneInput!) { revealPhone(input: $input) { phone userErrors { code field } } }";
    let (_, answer) = app.as_whom(who).await.post(document, json!({ "input": input })).await;
    Answer::read(&answer)
}

async fn audit(app: &TestApp) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find().all(app.services.db.reader()).await.unwrap()
}

both! {
    async fn what_is_foreign_is_answered_like_what_never_was(app) {
        let objects = Objects::create(&app).await;
        for (who, operation, field, thing, rest) in probes().into_iter().chain(papers::probes()) {
            let client = app.as_whom(who).await;
            let text = if operation.ends_with("Ticket") || operation.ends_with("Resolution") { document(operation) } else { plain(operation) };
            let mut answers = Vec::new();
            for id in [objects.id(thing).to_owned(), never(objects.id(thing))] {
                let input = merged(json!({ field: id }), &rest);
                answers.push(client.post(&text, json!({ "input": input })).await);
            }
            assert_eq!(answers[0], answers[1], "{who} {operation} {thing}");
            assert_eq!(Answer::read(&answers[0].1).word(), format!("NOT_FOUND {field}"), "{who} {operation} {thing}");
        }
    }

    async fn what_is_named_beside_a_ticket_tells_nothing_either(app) {
        let objects = Objects::create(&app).await;
        let unit = |room: &str| Kind::Unit.encode(app.world.unit(room));
        let ask = async |who: &str, fields: Value| app.report_as(who, fields).await;
        for (who, field, thing) in [("agent.a", "reporterId", "owner:wang"), ("agent.a", "reporterId", "owner:zhao"), ("zhang", "reporterId", "owner:li")] {
            for id in [objects.id(thing).to_owned(), never(objects.id(thing))] {
                let answer = ask(who, json!({ "unitId": unit("YT-101"), field: id })).await;
                assert_eq!(answer.word(), format!("NOT_FOUND {field}"), "{who} {thing}");
            }
        }
        for thing in ["attachment:YT-101", "attachment:HP-101", "waiting:agent.a"] {
            for id in [objects.id(thing).to_owned(), never(objects.id(thing))] {
                assert_eq!(ask("zhang", json!({ "attachmentIds": [id] })).await.word(), "NOT_FOUND attachmentIds", "{thing}");
            }
        }
        let filtered = "query($filter: TicketFilter) { tickets(filter: $filter) { totalCount nodes { id } } }";
        for (who, field, thing) in [("zhang", "unitId", "unit:YT-102"), ("agent.a", "projectId", "project:HP"), ("agent.a", "assigneeId", "staff:technician.b")] {
            let data = app.as_whom(who).await.run(filtered, json!({ "filter": { field: objects.id(thing) } })).await;
            assert_eq!(data["tickets"], json!({ "totalCount": 0, "nodes": [] }), "{who} {thing}");
        }
    }

    async fn a_picture_is_served_to_whoever_sees_its_ticket_and_to_nobody_else(app) {
        let objects = Objects::create(&app).await;
        let fetch = async |who: &str, id: &str| {
            let client = app.as_whom(who).await;
            let answer = client.request(Method::GET, &format!("/attachments/{id}")).send().await.unwrap();
            let status = answer.status();
            (status, if status.is_success() { String::new() } else { answer.text().await.unwrap() })
        };
        let picture = objects.id("attachment:YT-101");
        for who in ["zhang", "li", "ambassador.a", "technician.a", "agent.a", "manager.a", "supervisor", "auditor"] {
            assert_eq!(fetch(who, picture).await.0, StatusCode::OK, "{who}");
        }
        for who in ["wang", "zhao", "ambassador.a2", "technician.a2", "agent.b", "sales.a", "admin", "partner-1"] {
            let foreign = fetch(who, picture).await;
            assert_eq!(foreign.0, StatusCode::NOT_FOUND, "{who}");
            assert_eq!(foreign, fetch(who, &never(picture)).await, "{who}");
        }
        assert_eq!(fetch("anonymous", picture).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(fetch("auditor", objects.id("waiting:zhang")).await.0, StatusCode::NOT_FOUND);
    }

    async fn staff_read_a_masked_number_and_the_owner_the_whole(app) {
        let owner = Kind::Owner.encode(app.world.owner("zhang"));
        app.ticket_in(entity::vocab::TicketStatus::Assigned, json!({})).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Owner { phone } } }";
        for who in ["ambassador.a", "technician.a", "agent.a", "sales.a", "manager.a", "supervisor", "auditor"] {
            let data = app.as_whom(who).await.run(document, json!({ "id": owner })).await;
            assert_eq!(data["node"]["phone"], "191****0001", "{who}");
        }
        let own = app.owner("zhang").await.run(document, json!({ "id": owner })).await;
        assert_eq!(own["node"]["phone"], "19100000001");
        assert_eq!(audit(&app).await.len(), 0);
    }

    async fn a_revealed_number_is_audited_each_time(app) {
        app.ticket_in(entity::vocab::TicketStatus::Assigned, json!({})).await;
        let may = ["ambassador.a", "technician.a", "agent.a", "sales.a", "manager.a"];
        for who in may {
            match reveal(&app, who, "zhang").await {
                Answer::Done(payload) => assert_eq!(payload["phone"], "19100000001", "{who}"),
                refused => panic!("{who}: {refused:?}"),
            }
        }
        let entries = audit(&app).await;
        let mut actors: Vec<Uuid> = entries.iter().filter_map(|entry| entry.actor_id).collect();
        let mut expected: Vec<Uuid> = may.iter().map(|who| app.world.staff(who)).collect();
        actors.sort_unstable();
        expected.sort_unstable();
        assert_eq!(actors, expected);
        for entry in &entries {
            assert_eq!((entry.action.as_str(), entry.object_id), ("REVEAL_PHONE", Some(app.world.owner("zhang"))));
            assert_eq!(entry.occurred_at, app.services.now());
            assert_eq!(entry.details, Some(json!({ "reason": "上门前联系" })));
        }
    }

    async fn a_number_is_never_revealed_to_those_who_do_not_serve_the_customer(app) {
        for who in ["supervisor", "auditor", "admin", "zhang", "li", "partner-1"] {
            assert_eq!(reveal(&app, who, "zhang").await.word(), "error FORBIDDEN", "{who}");
        }
        for who in ["ambassador.a2", "ambassador.b", "technician.a", "agent.b"] {
            assert_eq!(reveal(&app, who, "zhang").await.word(), "NOT_FOUND ownerId", "{who}");
        }
        assert_eq!(audit(&app).await.len(), 0);
    }

    async fn a_transferred_household_changes_hands_whole(app) {
        let objects = Objects::create(&app).await;
        let (from, to) = (objects.id("staff:ambassador.a"), objects.id("staff:ambassador.a2"));
        let input = json!({ "fromStaffId": from, "toStaffId": to });
        let text = "mutation($input: TransferHouseholdsInput!) { transferHouseholds(input: $input) { householdCount userErrors { code field } } }";
        let data = app.staff("manager.a").await.run(text, json!({ "input": input })).await;
        assert_eq!(data["transferHouseholds"], json!({ "householdCount": 1, "userErrors": [] }));
        let household = [
            "unit:YT-101", "owner:zhang", "owner:li", "contract:YT-101", "warranty:YT-101", "ticket:YT-101",
            "event:YT-101", "attachment:YT-101", "interaction:YT-101", "ticket:complaint", "analysis:complaint",
        ];
        let ids: Vec<&str> = household.iter().map(|name| objects.id(name)).collect();
        for (who, sees) in [("ambassador.a", false), ("ambassador.a2", true)] {
            let client = app.staff(who).await;
            let data = client.run("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
            for (name, node) in household.iter().zip(data["nodes"].as_array().unwrap()) {
                assert_eq!(!node.is_null(), sees, "{who} and {name}");
            }
            let queue = client.butler_app("ButlerQueue", json!({})).await;
            assert_eq!(queue["tickets"]["totalCount"], if sees { 4 } else { 0 }, "{who}");
            let homes = client.butler_app("Households", json!({})).await;
            assert_eq!(homes["viewer"]["households"]["totalCount"], if sees { 2 } else { 0 }, "{who}");
            let answer = app.act(who, "escalateTicket", &json!({ "id": objects.id("ticket:YT-101") })).await;
            assert_eq!(answer.word(), if sees { "done" } else { "NOT_FOUND ticketId" }, "{who}");
            assert_eq!(reveal(&app, who, "zhang").await.word(), if sees { "done" } else { "NOT_FOUND ownerId" }, "{who}");
        }
        let document = "{ viewer { ... on Owner { units { nodes { ambassador { id workPhone } } } } } }";
        let home = app.owner("zhang").await.run(document, json!({})).await["viewer"]["units"]["nodes"][0].clone();
        assert_eq!(home["ambassador"], json!({ "id": to, "workPhone": "0510-8888-0002" }));
    }

    async fn a_picture_of_somebody_elses_ticket_is_not_taken_in(app) {
        let objects = Objects::create(&app).await;
        let client = app.owner("wang").await;
        let path = format!("/attachments?ticketId={}", objects.id("ticket:YT-101"));
        let answer = client.request(Method::POST, &path).header("content-type", "image/png").body("x").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let own = upload(&app.owner("zhang").await, &path).await;
        assert!(!own.is_empty());
    }
}
