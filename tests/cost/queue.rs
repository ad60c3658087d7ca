//! What a queue of actions costs: so much for each action, as much for the tenth as for the second, and nothing more for
//! reading the answers.

use serde_json::{Value, json};

use crate::harness::{
    Client, Engine, TestApp, TestOptions, postgres,
    queue::{action, document, words},
};

/// What an action may cost: its key, the ticket, the rights, the deadlines, the change, the event, those who are told, and
/// the key again.
const ACTION: u64 = 10;

/// What the call may cost beside: who asks, and what the answers lead to.
const CALL: u64 = 4;

/// How many statements it takes to send a queue that escalates so many new tickets; and to send it again.
async fn send(app: &TestApp, agent: &Client, count: usize) -> (u64, u64) {
    let mut queue: Vec<Value> = Vec::new();
    for number in 0..count {
        let ticket = app.report(json!({})).await;
        let key = format!("{count} {number}");
        queue.push(action("escalateTicket", &key, &ticket["id"], app.services.now(), json!({ "reason": "原因" })));
    }
    let mut counts = [0, 0];
    for sent in &mut counts {
        let variables = json!({ "input": { "actions": queue } });
        let (data, statements) = app.statements(agent.run(&document(), variables)).await;
        let outcomes = data["applyTicketActions"]["outcomes"].as_array().unwrap();
        assert_eq!(words(outcomes), vec!["APPLIED"; count]);
        assert!(outcomes.iter().all(|outcome| outcome["ticket"]["unit"]["owners"][0]["name"].is_string()));
        *sent = statements;
    }
    (counts[0], counts[1])
}

async fn a_queue_costs_its_actions(engine: Engine) {
    let app = TestApp::with(engine, TestOptions { without_relay: true, ..TestOptions::default() }).await;
    let agent = app.staff("agent.a").await;
    let ((two, two_again), (four, four_again)) = (send(&app, &agent, 2).await, send(&app, &agent, 4).await);
    let (ten, ten_again) = send(&app, &agent, 10).await;
    let (action, again) = ((four - two) / 2, (four_again - two_again) / 2);
    assert_eq!((ten - four, ten_again - four_again), (6 * action, 6 * again));
    assert!(action <= ACTION && again <= 3, "an action takes {action} statements, and {again} when it is sent again");
    assert!(two - 2 * action <= CALL, "beside its actions the call takes {}", two - 2 * action);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_costs_so_much_an_action_on_sqlite() {
    a_queue_costs_its_actions(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_costs_so_much_an_action_on_postgres() {
    if postgres::is_there() {
        a_queue_costs_its_actions(Engine::Postgres).await;
    }
}
