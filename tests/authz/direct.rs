//! Two ways of answering, one answer: what is answered directly, by one statement, is what the resolvers answer, to the
//! letter, for whoever asks.

mod past;

use std::collections::BTreeMap;

use anju::{
    graphql::id::Kind,
    http::{Guard, HttpConfig},
    page::Cursor,
    store::direct::placeholder,
};
use chrono::{SubsecRound, TimeDelta};
use reqwest::Method;
use serde_json::{Value, json};

use super::{expected::PRINCIPALS, objects::Objects};
use crate::{
    both,
    harness::{
        Client, TestApp, TestOptions,
        documents::Documents,
        queue::{action, words},
    },
};

/// Everything of a ticket that can be answered directly, and some of it twice.
const TICKET: &str = "fragment All on Ticket {
    __typename id number kind category urgency status title description version channel responsibleDepartment
    createdAt updatedAt acceptedAt startedAt resolvedAt confirmedAt closedAt cancelledAt
    respondDueAt arriveDueAt resolveDueAt isOverdue heldSeconds escalationLevel reworkCount triage triageReason cause
    explanation resolution costCents satisfied rating confirmedChannel appointment { __typename startsAt endsAt }
    unit { ...Home } home: unit { code } assignee { ...Colleague } attachments { ...Picture } latestEvent { ...Step }
    events(first: 2) { __typename edges { __typename cursor node { ...Step } } pageInfo { ...Info } }
    last: events(last: 2) { nodes { ...Step } pageInfo { ...Info } } first: events(first: 1) { nodes { id } }
}
fragment Step on TicketEvent { __typename id cursor action fromStatus toStatus note occurredAt madeAt
    actor { __typename ... on Owner { id name } ... on Staff { id name role } ... on Node { id } } }
fragment Picture on Attachment { id url thumbnailUrl contentType byteSize width height createdAt }";

/// Everything of a home, and of members of staff.
const HOME: &str = "fragment Info on PageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }
fragment Colleague on Staff { __typename id name role department isActive }
fragment Home on Unit { __typename id code section room floorArea handedOverOn isPublicArea
    building { __typename id name project { __typename id code name timeZone } }
    owners { __typename id name } warrantyItems { __typename id part startsOn expiresOn noticedAt } openTicketCount }";

const LIST: &str = "query List($first: Int, $after: String, $last: Int, $before: String, $filter: TicketFilter,
        $by: TicketOrder! = CREATED_AT_DESC) {
    tickets(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $by) {
        __typename totalCount edges { __typename cursor node { ...All } } nodes { id version } pageInfo { ...Info } }
    others: tickets(first: 1, filter: { open: false }) { totalCount nodes { number } }
}";

const NODE: &str = "query Find($id: ID!) { node(id: $id) { __typename id ...All ...Home } }";

const HOMES: &str = "query Homes($first: Int = 2, $after: String, $search: String) { viewer { __typename ... on Staff {
    ...Colleague households(first: $first, after: $after, search: $search) {
        __typename totalCount edges { cursor node { ...Home } } nodes { code } pageInfo { ...Info } } } } }";

/// The same principal at a server that answers directly, and at one that leaves everything to its resolvers.
struct Pair {
    direct: Client,
    resolved: Client,
}

async fn text(client: &Client, query: &str, variables: &Value) -> String {
    let body = json!({ "query": query, "variables": variables });
    client.request(Method::POST, "/graphql").json(&body).send().await.unwrap().text().await.unwrap()
}

impl Pair {
    /// What both answer.
    async fn ask(&self, who: &str, query: &str, variables: Value) -> Value {
        let (direct, resolved) =
            (text(&self.direct, query, &variables).await, text(&self.resolved, query, &variables).await);
        assert_eq!(direct, resolved, "{who} asks with {variables}");
        serde_json::from_str(&direct).unwrap()
    }

    /// Page after page of the tickets in an order, and all the way back.
    async fn walk(&self, who: &str, order: &str) {
        let query = format!("{LIST} {TICKET} {HOME}");
        let (mut place, mut pages) = (Value::Null, 0);
        loop {
            let answer = self.ask(who, &query, json!({ "first": 3, "after": place, "by": order })).await;
            let page = answer["data"]["tickets"]["pageInfo"].clone();
            place = page["endCursor"].clone();
            pages += 1;
            if page["hasNextPage"] != true {
                break;
            }
        }
        for _ in 1..pages {
            let answer = self.ask(who, &query, json!({ "last": 3, "before": place, "by": order })).await;
            place = answer["data"]["tickets"]["pageInfo"]["startCursor"].clone();
        }
    }
}

async fn at_both(app: &TestApp, resolvers: &TestApp, who: &str) -> Pair {
    Pair { direct: app.as_whom(who).await, resolved: resolvers.as_whom(who).await }
}

/// Something that was done a while before it arrived, at an instant with a fraction and at one without.
async fn offline(app: &TestApp, objects: &Objects) {
    let (ticket, now) = (json!(objects.id("ticket:YT-101")), app.services.now());
    let escalate = |key, made_at| action("escalateTicket", key, &ticket, made_at, json!({ "reason": "原因" }));
    let earlier = now - TimeDelta::minutes(7);
    let outcomes =
        app.staff("agent.a").await.apply(&[escalate("q1", earlier), escalate("q2", earlier.trunc_subsecs(0))]).await;
    assert_eq!(words(&outcomes), ["APPLIED", "APPLIED"]);
}

async fn without_shortcut(app: &TestApp) -> TestApp {
    let guard = Guard { answers_directly: false, ..Guard::default() };
    let http = HttpConfig { guard, workers: 1, ..HttpConfig::default() };
    app.another_with(TestOptions { http: Some(http), ..TestOptions::default() }).await
}

both! {
    async fn what_is_answered_directly_is_what_the_resolvers_answer(app) {
        // Instants with a fraction, which both databases keep and each says in its own way.
        app.pass(TimeDelta::microseconds(120_300)).await;
        let objects = Objects::create(&app).await;
        app.pass(TimeDelta::hours(30)).await;
        offline(&app, &objects).await;
        let resolvers = without_shortcut(&app).await;
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for who in PRINCIPALS {
            let pair = at_both(&app, &resolvers, who).await;
            for order in ["CREATED_AT_DESC", "CREATED_AT_ASC", "DEADLINE_ASC"] {
                pair.walk(who, order).await;
            }
            let list = format!("{LIST} {TICKET} {HOME}");
            for filter in [json!({ "open": true }), json!({ "overdue": true }), json!({ "search": "水" }), json!({ "statuses": ["NEW", "CLOSED"] })] {
                pair.ask(who, &list, json!({ "filter": filter })).await;
            }
            let homes = format!("{HOMES} {HOME}");
            let first = pair.ask(who, &homes, json!({})).await;
            let after = &first["data"]["viewer"]["households"]["pageInfo"]["endCursor"];
            pair.ask(who, &homes, json!({ "after": after })).await;
            pair.ask(who, &homes, json!({ "first": 10, "search": "1" })).await;
            for (name, id) in &objects.all {
                let answer = pair.ask(who, &format!("{NODE} {TICKET} {HOME}"), json!({ "id": id })).await;
                if let Some(kind) = answer["data"]["node"]["__typename"].as_str() {
                    let kind = if name.starts_with("ticket") { "ticket" } else { kind };
                    *found.entry(match kind { "ticket" => "ticket", "Unit" => "unit", _ => "other" }).or_default() += 1;
                }
            }
        }
        assert!(found["ticket"] > 20 && found["unit"] > 20, "{found:?}");
        let pair = at_both(&app, &resolvers, "zhang").await;
        let id = objects.id("ticket:YT-101");
        let answer = pair.ask("zhang", &format!("{NODE} {TICKET} {HOME}"), json!({ "id": id })).await;
        let events = &answer["data"]["node"]["last"]["nodes"];
        assert!(events[0]["madeAt"].is_string() && events[1]["madeAt"].is_string(), "{events}");
    }

    async fn mistakes_are_told_the_same_either_way(app) {
        let resolvers = without_shortcut(&app).await;
        let pair = at_both(&app, &resolvers, "zhang").await;
        let list = format!("{LIST} {TICKET} {HOME}");
        let mistakes = [
            json!({ "first": 0 }), json!({ "first": 1, "last": 1 }), json!({ "after": "nowhere" }), json!({ "by": "DEADLINE_ASC", "after": "aQEBAQEBAQEBAQEBAQEBAQE" }),
            json!({ "filter": { "unitId": "nothing" } }), json!({ "filter": { "statuses": vec!["NEW"; 21] } }),
        ];
        for variables in mistakes {
            let answer = pair.ask("zhang", &list, variables).await;
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{answer}");
        }
        let nothing = pair.ask("zhang", &format!("{NODE} {TICKET} {HOME}"), json!({ "id": "nothing" })).await;
        assert_eq!(nothing["data"]["node"], Value::Null);
    }

    async fn an_id_that_stands_for_others_in_statements_is_nobodys_when_a_client_writes_it(app) {
        Objects::create(&app).await;
        let resolvers = without_shortcut(&app).await;
        let list = format!("{LIST} {TICKET} {HOME}");
        let pair = at_both(&app, &resolvers, "technician.a").await;
        let own = json!({ "filter": { "assigneeId": app.staff_id("technician.a") } });
        assert_ne!(pair.ask("technician.a", &list, own).await["data"]["tickets"]["totalCount"], 0);
        for id in (0..4).map(placeholder) {
            let of_nobody = json!({ "filter": { "assigneeId": Kind::Staff.encode(id) } });
            assert_eq!(pair.ask("technician.a", &list, of_nobody).await["data"]["tickets"]["totalCount"], 0);
            for order in ["CREATED_AT_DESC", "CREATED_AT_ASC"] {
                pair.ask("technician.a", &list, json!({ "after": Cursor::Id(id).encode(), "by": order })).await;
            }
        }
    }

    async fn the_apps_own_documents_are_answered_the_same(app) {
        let objects = Objects::create(&app).await;
        let resolvers = without_shortcut(&app).await;
        for who in PRINCIPALS {
            let pair = at_both(&app, &resolvers, who).await;
            for (documents, name) in [(Documents::owner(), "MyTickets"), (Documents::owner(), "OwnerHome"), (Documents::butler(), "ButlerQueue"), (Documents::butler(), "Households"), (Documents::butler(), "ButlerHome")] {
                pair.ask(who, &documents.operation(name), json!({})).await;
            }
            for (_, id) in objects.all.iter().filter(|(name, _)| name.starts_with("ticket")) {
                pair.ask(who, &Documents::owner().operation("TicketById"), json!({ "id": id })).await;
            }
        }
    }
}
