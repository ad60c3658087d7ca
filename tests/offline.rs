//! A phone that was offline for a day: what was done on it in the meantime arrives, what it missed comes back, and in the
//! end it knows what the server knows.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Client, TestApp,
        crew::Crew,
        device::{Device, butler_document, read_log},
        documents::Documents,
        queue::{action, after, words},
    },
};

/// The butler app on a phone: what it knows of each ticket, the place up to which it has seen the log, and what it could not
/// send yet.
struct Phone {
    client: Client,
    device: Device,
    tickets: BTreeMap<String, Value>,
    queue: Vec<Value>,
}

impl Phone {
    /// Signed in, with the whole queue loaded.
    async fn new(client: &Client) -> Self {
        let log = read_log(client, None, 100).await;
        let place = log.last().unwrap()["cursor"].as_str().unwrap().to_owned();
        let device = Device::new(client, butler_document()).after(&place);
        let tickets = BTreeMap::new();
        let mut phone = Self { client: client.clone(), device, tickets, queue: Vec::new() };
        for ticket in fresh(client).await {
            phone.learn(&ticket);
        }
        phone
    }

    /// The token has run out in the meantime.
    fn sign_in(&mut self, client: &Client) {
        self.client = client.clone();
        self.device.use_client(client);
    }

    /// Keeps the newest that it was told of a ticket.
    fn learn(&mut self, ticket: &Value) {
        let id = ticket["id"].as_str().unwrap().to_owned();
        let is_newer = |known: &Value| known["version"].as_i64() <= ticket["version"].as_i64();
        if self.tickets.get(&id).is_none_or(is_newer) {
            self.tickets.insert(id, ticket.clone());
        }
    }

    /// Sends the queue, keeps what has to be sent again, and learns from the answers.
    async fn send(&mut self) -> Vec<Value> {
        let outcomes = self.client.apply(&self.queue).await;
        for outcome in &outcomes {
            self.learn(&outcome["ticket"]);
        }
        let mut outcome = outcomes.iter();
        self.queue.retain(|_| outcome.next().is_some_and(|outcome| outcome["status"] == "RETRY"));
        outcomes
    }

    /// Reads what it missed, up to the end of the log.
    async fn catch_up(&mut self) {
        let missed = read_log(&self.client, self.device.cursor.as_deref(), 100).await.len();
        self.device.connect().await;
        for _ in 0..missed {
            let change = self.device.see().await;
            self.learn(&change["ticket"]);
        }
    }
}

/// What a phone is told that asks for everything anew.
async fn fresh(client: &Client) -> Vec<Value> {
    let data = client.run(&Documents::butler().operation("ButlerQueue"), json!({})).await;
    assert_eq!(data["tickets"]["pageInfo"]["hasNextPage"], false);
    data["tickets"]["nodes"].as_array().unwrap().clone()
}

/// A morning's work on two tickets, and what the butler could not know about two others.
fn day(app: &TestApp, [leak, lamp, lock, tap]: [&Value; 4]) -> Vec<Value> {
    let start = app.services.now();
    let hour = |hours| start + TimeDelta::hours(hours);
    let own = || json!({ "assigneeId": app.staff_id("ambassador.a") });
    let reason = || json!({ "reason": "业主不在家" });
    vec![
        action("acceptTicket", "q1", leak, hour(1), json!({})),
        after("q1", action("assignTicket", "q2", leak, hour(1), own())),
        after("q2", action("startTicket", "q3", leak, hour(2), json!({}))),
        action("acceptTicket", "q4", lamp, hour(2), json!({})),
        after("q3", action("holdTicket", "q5", leak, hour(3), reason())),
        action("escalateTicket", "q6", lock, hour(3), json!({ "reason": "锁芯缺货", "expectedVersion": 1 })),
        after("q5", action("resumeTicket", "q7", leak, hour(4), json!({}))),
        after("q7", action("resolveTicket", "q8", leak, hour(5), json!({ "resolution": "更换软管" }))),
        action("acceptTicket", "q9", tap, hour(6), json!({})),
        after("q9", action("assignTicket", "q10", tap, hour(6), own())),
        after("q10", action("startTicket", "q11", tap, hour(7), json!({}))),
        after("q11", action("escalateTicket", "q12", tap, hour(8), reason())),
    ]
}

both! {
    async fn a_phone_that_was_offline_for_a_day_ends_where_the_server_is(app) {
        let crew = Crew::of_101(&app).await;
        let mut ids = Vec::new();
        for title in ["厨房漏水", "楼道灯不亮", "门锁坏了", "水龙头滴水"] {
            ids.push(json!(crew.report(title).await));
        }
        let [leak, lamp, lock, tap] = [0, 1, 2, 3].map(|at: usize| &ids[at]);
        let mut phone = Phone::new(&crew.ambassador).await;
        let start = app.services.now();
        phone.queue = day(&app, [leak, lamp, lock, tap]);

        // Meanwhile the deadlines run out, the owner withdraws one report, an agent takes another, and a new one comes in.
        app.clock.advance(TimeDelta::hours(10));
        app.run_jobs().await;
        app.act("zhang", "cancelTicket", &json!({ "id": lamp })).await.ticket();
        app.act("agent.a", "acceptTicket", &json!({ "id": lock })).await.ticket();
        app.report(json!({ "title": "窗户关不上" })).await;
        app.clock.advance(TimeDelta::hours(14));
        app.run_jobs().await;

        // Back again, and signed in again. The line breaks after five actions, then the answer is lost on the way, and the
        // phone sends the same once more. Meanwhile the owner sees that the leak is repaired, and says so.
        phone.sign_in(&app.staff("ambassador.a").await);
        let lost = phone.client.apply(&phone.queue[..5]).await;
        let lost = [lost, phone.client.apply(&phone.queue).await.split_off(5)].concat();
        app.act("zhang", "confirmTicket", &json!({ "id": leak })).await.ticket();
        let outcomes = phone.send().await;
        assert_eq!(words(&outcomes), words(&lost));
        let words = words(&outcomes);
        let told: Vec<_> = (1..).zip(&words).filter(|(_, word)| *word != "APPLIED").collect();
        let (late, stale) = ("CONFLICT ILLEGAL_TRANSITION".to_owned(), "CONFLICT CONFLICT expectedVersion".to_owned());
        assert_eq!(told, [(4, &late), (6, &stale)]);
        // Both are told with the ticket as it is, for the person to decide.
        assert_eq!([3, 5].map(|at: usize| &outcomes[at]["ticket"]["status"]), ["CANCELLED", "ACCEPTED"]);
        assert!(phone.queue.is_empty());

        phone.catch_up().await;
        let mut server: Vec<Value> = fresh(&phone.client).await;
        server.sort_by_key(|ticket| ticket["id"].to_string());
        assert_eq!(phone.tickets.into_values().collect::<Vec<_>>(), server);
        assert_eq!(server.len(), 5);
        for (ticket, status) in [(leak, "CONFIRMED"), (lamp, "CANCELLED"), (lock, "ACCEPTED"), (tap, "IN_PROGRESS")] {
            let found = server.iter().find(|known| known["id"] == *ticket).unwrap();
            assert_eq!(found["status"], status);
        }
        let done = ["ACCEPT", "ASSIGN", "START", "HOLD", "RESUME", "RESOLVE"];
        let story = app.story(&json!({ "id": leak })).await;
        assert_eq!(story.iter().filter(|action| done.contains(&action.as_str())).count(), done.len(), "{story:?}");
        // The log has both: when the butler says it was done, and when it arrived.
        let log = app.log(&json!({ "id": leak })).await;
        let (made, arrived): (Vec<_>, Vec<_>) = log.iter().filter_map(|it| Some((it.made_at?, it.occurred_at))).unzip();
        assert_eq!(made, [1, 1, 2, 3, 4, 5].map(|hours| start + TimeDelta::hours(hours)));
        assert_eq!(arrived, [app.services.now(); 6]);
    }
}
