//! Many at once: one wins, nothing is done twice, no number is lost.

use std::collections::{BTreeSet, HashMap};

use anju::graphql::id::Kind;
use entity::{ticket, ticket_event};
use futures_util::{StreamExt, future::join_all, stream};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        tickets::{Answer, merged},
    },
};

/// How often each answer was given.
fn tally(answers: &[Answer]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for answer in answers {
        *counts.entry(answer.word()).or_default() += 1;
    }
    counts
}

/// Asks as apps do: whoever is told that the server is busy has changed nothing, and asks again. Two hundred who want the
/// same row wait for a connection longer than they may where the machine is slow.
async fn insist(client: &Client, name: &str, input: Value) -> Answer {
    let mut answer = client.call(name, input.clone()).await;
    let mut tries = 1;
    while answer.word() == "error BUSY" && tries < 10 {
        answer = client.call(name, input.clone()).await;
        tries += 1;
    }
    answer
}

/// Reports by Zhang and Li, all sent at once.
async fn reports(app: &TestApp, count: usize, key: Option<&str>) -> Vec<Answer> {
    let (zhang, li) = (app.owner("zhang").await, app.owner("li").await);
    let unit = Kind::Unit.encode(app.world.unit("YT-101"));
    let calls = (0..count).map(|turn| {
        let client = if turn % 2 == 0 || key.is_some() { zhang.clone() } else { li.clone() };
        let mut input = json!({ "unitId": unit, "kind": "REPAIR", "title": "漏水", "idempotencyKey": key });
        if key.is_none() {
            input["title"] = json!(format!("漏水 {turn}"));
        }
        async move { insist(&client, "createTicket", input).await }
    });
    join_all(calls).await
}

fn running_numbers(tickets: &[ticket::Model]) -> BTreeSet<String> {
    tickets.iter().map(|ticket| ticket.number.clone()).collect()
}

both! {
    async fn two_hundred_accept_one_ticket_and_one_of_them_does(app) {
        let other = app.another().await;
        let ticket = app.report(json!({})).await;
        let mut clients = Vec::new();
        for who in ["agent.a", "manager.a", "ambassador.a"] {
            let client = app.staff(who).await;
            clients.extend([client.at(&other.url), client]);
        }
        // Every connection is open before the race, or the first is through before the second has started.
        let looks = (0..200).map(|turn| clients[turn % clients.len()].run("{ viewer { __typename } }", json!({})));
        join_all(looks).await;
        let usual = json!({
            "ticketId": ticket["id"], "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": "PROPERTY_COMPANY",
        });
        let calls = (0..200).map(|turn| {
            let input = merged(usual.clone(), &if turn % 2 == 0 { json!({}) } else { json!({ "expectedVersion": 1 }) });
            insist(&clients[turn % clients.len()], "acceptTicket", input)
        });
        let answers = join_all(calls).await;
        let counts = tally(&answers);
        assert_eq!(counts.get("done"), Some(&1), "{counts:?}");
        let lost = ["CONFLICT expectedVersion", "ILLEGAL_TRANSITION"].map(|word| counts.get(word).copied().unwrap_or(0));
        assert_eq!(lost.iter().sum::<usize>(), 199, "{counts:?}");
        assert_eq!(app.story(&ticket).await, ["CREATE", "ACCEPT"]);
        assert_eq!(app.look(&ticket).await["version"], 2);
    }

    async fn two_hundred_reports_at_once_get_two_hundred_numbers_without_gaps(app) {
        let answers = reports(&app, 200, None).await;
        assert_eq!(tally(&answers), HashMap::from([("done", 200)]));
        let tickets = ticket::Entity::find().all(app.services.db.reader()).await.unwrap();
        let expected: BTreeSet<String> = (1..=200).map(|number| format!("YT-20261123-{number:04}")).collect();
        assert_eq!(running_numbers(&tickets), expected);
        let events = ticket_event::Entity::find().count(app.services.db.reader()).await.unwrap();
        assert_eq!(events, 200);
    }

    async fn fifty_repetitions_of_one_call_make_one_ticket(app) {
        let answers = reports(&app, 50, Some("one")).await;
        assert_eq!(tally(&answers), HashMap::from([("done", 50)]));
        let ids: BTreeSet<String> = answers.into_iter().map(|answer| answer.ticket()["id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
        let tickets = ticket::Entity::find().all(app.services.db.reader()).await.unwrap();
        assert_eq!(running_numbers(&tickets), BTreeSet::from(["YT-20261123-0001".to_owned()]));
    }

    async fn owner_and_agent_at_once_leave_one_story(app) {
        for _ in 0..10 {
            let ticket = app.report(json!({})).await;
            let version = json!({ "expectedVersion": 1 });
            let (owner, agent) = tokio::join!(
                app.act_with("zhang", "cancelTicket", &ticket, version.clone()),
                app.act_with("agent.a", "acceptTicket", &ticket, version),
            );
            let answers = [owner, agent];
            let counts = tally(&answers);
            assert_eq!(counts.get("done"), Some(&1), "{answers:?}");
            assert_eq!(app.story(&ticket).await.len(), 2);
        }
    }

    async fn jobs_and_people_at_once_lose_nothing(app) {
        let mut tickets = Vec::new();
        for _ in 0..20 {
            tickets.push(app.report(json!({ "urgency": "URGENT" })).await);
        }
        app.clock.advance(chrono::TimeDelta::minutes(20));
        let agent = app.staff("agent.a").await;
        let accept = |ticket: &Value| json!({
            "ticketId": ticket["id"], "category": "PLUMBING", "urgency": "URGENT", "responsibleDepartment": "PROPERTY_COMPANY",
        });
        let calls = stream::iter(&tickets).map(|ticket| agent.call("acceptTicket", accept(ticket))).buffer_unordered(20);
        let (answers, ()) = tokio::join!(calls.collect::<Vec<_>>(), app.run_jobs());
        assert!(answers.iter().all(|answer| matches!(answer.word(), "done" | "CONFLICT expectedVersion")), "{answers:?}");
        for ticket in &tickets {
            let story = app.story(ticket).await;
            assert_eq!(story.iter().filter(|action| *action == "RESPOND_BREACHED").count(), 1, "{story:?}");
            assert_eq!(story.iter().filter(|action| *action == "ESCALATE").count(), 1, "{story:?}");
        }
    }
}
