//! What lies behind people: a home that was sold, a colleague who has left, an errand elsewhere, and a log that is longer
//! than its page. Either way of answering shows the same of it.

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use super::{HOME, NODE, Pair, TICKET, at_both, without_shortcut};
use crate::{
    authz::{expected::PRINCIPALS, objects::Objects},
    both,
    harness::{
        TestApp,
        past::{leave, sell},
    },
};

const LOG: &str = "query Log($id: ID!, $after: String, $before: String) { node(id: $id) { ... on Ticket {
    on: events(first: 2, after: $after) { edges { cursor node { id } } pageInfo { ...Info } }
    back: events(last: 2, before: $before) { edges { cursor node { id } } pageInfo { ...Info } } } } }
fragment Info on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// One's tickets, by number.
async fn numbers(pair: &Pair, who: &str) -> Vec<Value> {
    let query = "{ tickets(first: 50) { totalCount nodes { number assignee { name } } } }";
    let answer = pair.ask(who, query, json!({})).await;
    let nodes = answer["data"]["tickets"]["nodes"].as_array().cloned().unwrap_or_default();
    nodes.into_iter().map(|node| node["number"].clone()).collect()
}

/// Whether somebody sees who sold the home, and who lives there.
async fn sees_owners(app: &TestApp, resolvers: &TestApp, who: &str) -> [bool; 2] {
    let pair = at_both(app, resolvers, who).await;
    let mut seen = [false; 2];
    for (owner, seen) in ["zhang", "li"].into_iter().zip(&mut seen) {
        let id = Kind::Owner.encode(app.world.owner(owner));
        let answer = pair.ask(who, "query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        *seen = !answer["data"]["node"].is_null();
    }
    seen
}

both! {
    async fn what_has_changed_hands_is_shown_the_same_either_way(app) {
        let objects = Objects::create(&app).await;
        let errand = json!({ "id": objects.id("ticket:sales") });
        let sent = json!({ "assigneeId": app.staff_id("ambassador.a") });
        app.act_with("agent.a", "assignTicket", &errand, sent).await.ticket();
        sell(&app, "zhang").await;
        let resolvers = without_shortcut(&app).await;
        assert_eq!(sees_owners(&app, &resolvers, "technician.a").await, [false, true], "who was sent there");
        leave(&app, "technician.a").await;
        for who in PRINCIPALS {
            let pair = at_both(&app, &resolvers, who).await;
            pair.walk(who, "CREATED_AT_DESC").await;
            pair.walk(who, "DEADLINE_ASC").await;
            for (_, id) in objects.all.iter().filter(|(name, _)| name.starts_with("ticket") || name.starts_with("unit")) {
                pair.ask(who, &format!("{NODE} {TICKET} {HOME}"), json!({ "id": id })).await;
            }
        }
        // Each of them is there to be compared.
        let own = at_both(&app, &resolvers, "zhang").await;
        let answer = own.ask("zhang", "query ($id: ID!) { node(id: $id) { ... on Ticket { title unit { code owners { name } warrantyItems { part } openTicketCount } } } }",
            json!({ "id": objects.id("ticket:YT-101") })).await;
        let home = &answer["data"]["node"]["unit"];
        assert!(home["code"].is_string(), "the address stays: {answer}");
        assert_eq!((&home["owners"], &home["warrantyItems"]), (&json!([]), &json!([])), "and nothing else of the home");
        assert!(!numbers(&own, "zhang").await.is_empty(), "what one reported stays");
        let ambassador = at_both(&app, &resolvers, "ambassador.a").await;
        let found = ambassador.ask("ambassador.a", "query ($id: ID!) { node(id: $id) { ... on Ticket { number assignee { id } } } }",
            json!({ "id": objects.id("ticket:sales") })).await;
        let number = &found["data"]["node"]["number"];
        assert!(numbers(&ambassador, "ambassador.a").await.contains(number), "an errand elsewhere is one's own too");
        // Those on site see who lives there now, and nobody who has left; who works there no more sees nobody.
        for (who, there) in [("ambassador.a", [false, true]), ("technician.a", [false, false])] {
            assert_eq!(sees_owners(&app, &resolvers, who).await, there, "{who}");
        }
        let agent = at_both(&app, &resolvers, "agent.a").await;
        let of_gone = agent.ask("agent.a", "query ($id: ID!) { node(id: $id) { ... on Ticket { assignee { name } } } }",
            json!({ "id": objects.id("ticket:YT-101") })).await;
        assert_eq!(of_gone["data"]["node"]["assignee"], Value::Null, "who has left the project is no colleague");
    }

    async fn a_log_is_turned_over_the_same_either_way(app) {
        let objects = Objects::create(&app).await;
        let resolvers = without_shortcut(&app).await;
        let id = objects.id("ticket:YT-101");
        for who in ["zhang", "ambassador.a", "technician.a", "agent.a", "auditor"] {
            let pair = at_both(&app, &resolvers, who).await;
            let (mut after, mut before, mut seen) = (Value::Null, Value::Null, Vec::new());
            loop {
                let answer = pair.ask(who, LOG, json!({ "id": id, "after": after, "before": before })).await;
                let ticket = &answer["data"]["node"];
                seen.extend(ticket["on"]["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()));
                let info = [&ticket["on"]["pageInfo"], &ticket["back"]["pageInfo"]];
                after = info[0]["endCursor"].clone();
                before = info[1]["startCursor"].clone();
                assert_eq!(info[0]["hasNextPage"], info[1]["hasPreviousPage"], "{who}");
                if info[0]["hasNextPage"] != true {
                    break;
                }
            }
            let log: Vec<_> = app.log(&json!({ "id": id })).await.iter().map(|event| json!(Kind::TicketEvent.encode(event.id))).collect();
            assert!(log.len() > 2);
            assert_eq!(seen, log, "each once, {who}");
        }
    }
}
