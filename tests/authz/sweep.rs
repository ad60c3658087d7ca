//! Every principal looks for every object by every way there is, and finds what the product says and nothing else.

use std::collections::BTreeSet;

use anju::graphql::id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    expected::{PRINCIPALS, visible},
    objects::Objects,
};
use crate::{both, harness::Client};

/// A node with everything that it leads to.
const DEEP: &str = "query Deep($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Ticket { unit { ...Home } assignee { id } reporter { ...Who } attachments { id } latestEvent { id }
        events(first: 10) { nodes { id ticket { id } actor { ...Who } } } }
    ... on TicketEvent { ticket { id } actor { ...Who } }
    ... on Unit { ...Home }
    ... on Building { project { id } }
    ... on Owner { file { documents { id } } units(first: 5) { totalCount nodes { ...Home } } }
    ... on Staff { projects { id } households(first: 5) { nodes { ...Home } } }
    ... on Lecture { project { id } partner { id } }
    ... on Activity { project { id } partner { id } evaluatedBy { id } myRegistration { id owner { id } } }
    ... on ActivityRegistration { activity { id } owner { id } }
    ... on ActivityOpinion { activity { id } owner { id } answeredBy { id } recordedBy { id } }
    ... on Article { project { id } author { id } }
    ... on Interaction { owner { id } staff { id } }
    ... on SurveyInvitation { survey { id questions { id } } owner { id } unit { id } interviewer { id } }
    ... on Survey { project { id } template { id questions { id } } } ... on ImprovementTask { project { id } survey { id } }
    ... on Bulletin { project { id } building { id } unit { id } publishedBy { id } }
    ... on BulletinDelivery { owner { id } }
    ... on Notification { project { id } ticket { id } } ... on WebhookEndpoint { project { id } }
    ... on Milestone { project { id } building { id } bulletin { id } }
    ... on Contractor { project { id } }
    ... on RectificationBatch { project { id } contractor { id } }
    ... on Handover { unit { ...Home } owner { id } slot { id project { id } } accompaniedBy { id } defects { id } steps { tickedBy { id } } }
    ... on HandoverSlot { project { id } }
    ... on OwnerDocument { owner { id } unit { ...Home } filedBy { id } }
    ... on AuditEntry { actor { ...Who } }
    ... on ComplaintAnalysis { ticket { id } analysedBy { id } }
    ... on InspectionPlan { project { id } building { id } points { id } latestInspection { id findings { id } } }
    ... on Inspection { plan { id } performedBy { id } findings { id point { id } ticket { id } } }
    ... on InspectionFinding { point { id } inspection { id } ticket { id } }
    ... on Incident { project { id } recordedBy { id } }
    ... on Training { staff { id trainings { id } } } } }
    fragment Home on Unit {id building { id project { id } } owners { id } ambassador { id } contract { id } warrantyItems { id } handover { id }}
    fragment Who on Actor { ... on Owner { id } ... on Staff { id } }";

const LISTS: &str = "{ tickets(first: 50) { totalCount nodes { id } } ticketEvents(first: 100) { nodes { id } } }";
const SURVEYS: &str = "{ surveyInvitations(first: 50) { totalCount nodes { id } } }";
const LECTURES: &str =
    "{ lectures(from: \"2026-01-01T00:00:00Z\", to: \"2027-01-01T00:00:00Z\") { totalCount nodes { id } } }";
const VIEWER: &str = "{ viewer { __typename ... on Owner { id units { totalCount nodes { id } } }
    ... on Staff { id householdCount openTicketCount projects { id } households { totalCount nodes { id owners { id } } } } } }";

/// Every id anywhere in an answer.
fn ids_in(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids_in(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "id") {
                    Some(id) => drop(found.insert(id.to_owned())),
                    None => ids_in(value, found),
                }
            }
        }
        _ => {}
    }
}

/// The names of everything that an answer shows.
pub(super) fn shown(objects: &Objects, answer: &Value) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    ids_in(answer, &mut ids);
    ids.iter().map(|id| objects.name(id).to_owned()).collect()
}

/// Looks every object up by `node`, ten at a time.
async fn by_node(client: &Client, objects: &Objects) -> Vec<bool> {
    let mut found = Vec::new();
    for chunk in objects.all.chunks(10) {
        let fields = (0..chunk.len()).map(|at| format!("n{at}: node(id: $i{at}) {{ id }}"));
        let declared: Vec<String> = (0..chunk.len()).map(|at| format!("$i{at}: ID!")).collect();
        let document = format!("query Find({}) {{ {} }}", declared.join(", "), fields.collect::<Vec<_>>().join(" "));
        let ids = chunk.iter().enumerate().map(|(at, (_, id))| (format!("i{at}"), json!(id)));
        let data = client.run(&document, Value::Object(ids.collect())).await;
        found.extend((0..chunk.len()).map(|at| !data[format!("n{at}")].is_null()));
    }
    found
}

/// Looks every object up by `nodes`, a hundred at a time.
async fn by_nodes(client: &Client, objects: &Objects) -> Vec<bool> {
    let mut found = Vec::new();
    for chunk in objects.all.chunks(100) {
        let ids: Vec<&String> = chunk.iter().map(|(_, id)| id).collect();
        let data = client.run("query Find($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        found.extend(data["nodes"].as_array().unwrap().iter().map(|node| !node.is_null()));
    }
    found
}

both! {
    async fn every_principal_finds_exactly_what_exists_for_it(app) {
        let objects = Objects::create(&app).await;
        for who in PRINCIPALS {
            let client = app.as_whom(who).await;
            let expected = visible(who, &objects);
            for found in [by_node(&client, &objects).await, by_nodes(&client, &objects).await] {
                for ((name, _), found) in objects.all.iter().zip(found) {
                    assert_eq!(found, expected.contains(name), "{who} and {name}");
                }
            }
        }
    }

    async fn whoever_is_not_signed_in_finds_nothing(app) {
        let objects = Objects::create(&app).await;
        for (name, id) in &objects.all {
            let code = app.anonymous().refused("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(code, "UNAUTHENTICATED", "{name}");
        }
    }

    async fn nothing_foreign_shows_through_what_is_visible(app) {
        let objects = Objects::create(&app).await;
        for who in PRINCIPALS {
            let client = app.as_whom(who).await;
            let expected = visible(who, &objects);
            let own: Vec<&String> = objects.all.iter().filter(|(name, _)| expected.contains(name)).map(|(_, id)| id).collect();
            for chunk in own.chunks(20) {
                let data = client.run(DEEP, json!({ "ids": chunk })).await;
                let foreign: Vec<String> = shown(&objects, &data).difference(&expected).cloned().collect();
                assert_eq!(foreign, Vec::<String>::new(), "{who}: {data:#}");
            }
        }
    }

    async fn lists_and_their_totals_hold_what_exists_for_the_principal(app) {
        let objects = Objects::create(&app).await;
        for who in PRINCIPALS {
            let client = app.as_whom(who).await;
            let expected = visible(who, &objects);
            let of = |kinds: &[&str]| -> BTreeSet<String> {
                let is_one = |name: &&String| kinds.iter().any(|kind| name.starts_with(kind));
                // Somebody who never had a device has none to show; names that stand for nothing fall away.
                expected.iter().filter(is_one).filter(|name| objects.all.iter().any(|(known, _)| known == *name)).cloned().collect()
            };
            let lectures = client.run(LECTURES, json!({})).await;
            assert_eq!(shown(&objects, &lectures), of(&["lecture:", "draft:"]), "{who}");
            assert_eq!(lectures["lectures"]["totalCount"], of(&["lecture:", "draft:"]).len(), "{who}");
            if matches!(*who, "admin" | "partner-1" | "partner-2") {
                assert_eq!(client.refused(LISTS, json!({})).await, "FORBIDDEN", "{who}");
                continue;
            }
            let lists = client.run(LISTS, json!({})).await;
            assert_eq!(shown(&objects, &lists), of(&["ticket:", "event:"]), "{who}");
            assert_eq!(lists["tickets"]["totalCount"], of(&["ticket:"]).len(), "{who}");
            if !who.starts_with("ambassador") && !who.starts_with("technician") {
                let surveys = client.run(SURVEYS, json!({})).await;
                assert_eq!(shown(&objects, &surveys), of(&["invitation:"]), "{who}");
                assert_eq!(surveys["surveyInvitations"]["totalCount"], of(&["invitation:"]).len(), "{who}");
            }
            let viewer = client.run(VIEWER, json!({})).await["viewer"].clone();
            let homes = if viewer["__typename"] == "Owner" { &viewer["units"] } else { &viewer["households"] };
            assert_eq!(homes["totalCount"], of(&["unit:"]).len(), "{who}");
            let shown = shown(&objects, &viewer);
            assert!(shown.is_subset(&expected), "{who}: {shown:?}");
        }
    }

    async fn a_colleague_shows_only_the_households_that_are_ones_own_to_see(app) {
        Objects::create(&app).await;
        let ambassador = Kind::Staff.encode(app.world.staff("ambassador.a"));
        let technician = Kind::Staff.encode(app.world.staff("technician.a"));
        let document = "query($a: ID!, $t: ID!) { a: node(id: $a) { ... on Staff { householdCount households { totalCount } } }
            t: node(id: $t) { ... on Staff { openTicketCount overdueTicketCount } } }";
        for (who, households, tickets) in [("agent.a", 1, 1), ("ambassador.a2", 0, 0), ("technician.a2", 0, 0), ("sales.a", 1, 0), ("admin", 0, 0)] {
            let data = app.staff(who).await.run(document, json!({ "a": ambassador, "t": technician })).await;
            assert_eq!(data["a"], json!({ "householdCount": households, "households": { "totalCount": households } }), "{who}");
            assert_eq!(data["t"]["openTicketCount"], tickets, "{who}");
        }
        let owner = app.owner("zhang").await.run(document, json!({ "a": ambassador, "t": technician })).await;
        assert_eq!(owner["a"], json!({ "householdCount": null, "households": { "totalCount": 1 } }));
        assert_eq!(owner["t"]["openTicketCount"], Value::Null);
    }

    async fn ids_of_nothing_and_of_another_kind_lead_nowhere(app) {
        let objects = Objects::create(&app).await;
        let auditor = app.staff("auditor").await;
        let mut ids: Vec<String> = Kind::ALL.iter().map(|kind| kind.encode(Uuid::from_u128(7))).collect();
        for (_, id) in &objects.all {
            let (kind, raw) = anju::graphql::id::decode(&async_graphql::ID(id.clone())).unwrap();
            // A lecture is an activity too, and known by both.
            let is_other = |other: &&Kind| **other != kind && (kind, **other) != (Kind::Lecture, Kind::Activity);
            ids.extend(Kind::ALL.iter().filter(is_other).map(|other| other.encode(raw)));
        }
        ids.extend(["", "x", "AQ", "\u{0}"].map(str::to_owned));
        for chunk in ids.chunks(100) {
            let data = auditor.run("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": chunk })).await;
            assert!(data["nodes"].as_array().unwrap().iter().all(Value::is_null), "{data}");
        }
    }
}
