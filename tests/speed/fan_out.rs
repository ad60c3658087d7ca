//! One event that many watch: what each message costs, from the commit to the rendered text in each subscriber's hands,
//! against one statement whose text is handed to as many.

use std::{sync::Arc, time::Instant};

use anju::{
    auth::viewer::{Principal, Viewer},
    graphql::{
        backend::{Backend, GraphqlRequest},
        engine::Engine,
    },
};
use entity::{
    ticket_event,
    vocab::{Department, Role},
};
use futures_util::StreamExt;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;
use tokio::{
    sync::{broadcast, mpsc},
    task::JoinSet,
};

use crate::{
    bounds::Bounds,
    contest::{Outcome, plain},
    harness::{documents::Documents, until},
    meter::{Cost, Meter, median},
    report::copy_one,
    town::{self, Town},
};

/// How many messages each subscriber gets.
const EVENTS: u32 = 20;

/// Watchers who hand on what they are told.
struct Watchers {
    told: mpsc::UnboundedReceiver<String>,
    count: usize,
    _tasks: JoinSet<()>,
}

/// Who watches.
#[derive(Clone, Copy)]
pub enum Who {
    /// One person, on so many devices.
    One,
    /// So many people, with one device each.
    Many,
}

pub struct FanOut<'a> {
    pub town: &'a Town,
    pub engine: &'a Engine,
    pub connection: &'a DatabaseConnection,
    pub watchers: usize,
    pub who: Who,
}

impl FanOut<'_> {
    pub async fn run(&self, meter: &Meter) -> Outcome {
        let services = self.engine.services();
        let relay = tokio::spawn(anju::events::run_relay(services.db.clone(), services.hub.clone()));
        let mut subscribers = self.subscribers().await;
        let (api, api_cost) = self.tell(&mut subscribers, meter, |_| async { services.hub.committed() }).await;
        drop(subscribers);
        relay.abort();

        let (sender, mut listeners) = self.listeners();
        let (bounds, now) = (Bounds(self.town.app.database.engine), services.now());
        let hand_on = |seq: i64| {
            let (sender, bound) = (sender.clone(), bounds.change(seq, now));
            async move {
                let text: Arc<str> = bound.ask(self.connection).await.into();
                sender.send(text).unwrap();
            }
        };
        let (bound, bound_cost) = self.tell(&mut listeners, meter, hand_on).await;
        assert_eq!(shape(&api.0, "data"), shape(&bound.0, ""), "subscribers are told something else");
        Outcome { alone: [api.1, bound.1], loaded: [api_cost, bound_cost], slowest: None }
    }

    /// People of the project who follow everything in it.
    async fn subscribers(&self) -> Watchers {
        let agent = |number| match self.who {
            Who::One => self.town.app.world.staff("agent.a"),
            Who::Many => town::agent(number),
        };
        let department = Department::CustomerService;
        let (tell, told) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        for number in 0..self.watchers {
            let id = agent(u32::try_from(number).expect("a few hundred"));
            let viewer = Viewer::of(Principal::Staff { id, role: Role::ServiceAgent, department });
            let query = Documents::butler().operation("QueueChanged");
            let request = GraphqlRequest { query, ..GraphqlRequest::default() };
            let prepared =
                self.engine.prepare(&viewer, request).unwrap_or_else(|refused| panic!("{:?}", refused.errors));
            let mut stream = Box::pin(self.engine.subscribe(&viewer, prepared));
            let tell = tell.clone();
            tasks.spawn(async move {
                while let Some(pushed) = stream.next().await {
                    if tell.send(pushed.to_json()).is_err() {
                        break;
                    }
                }
            });
        }
        let hub = &self.engine.services().hub;
        until("all have subscribed", async || (hub.subscribers() >= self.watchers).then_some(())).await;
        Watchers { told, count: self.watchers, _tasks: tasks }
    }

    fn listeners(&self) -> (broadcast::Sender<Arc<str>>, Watchers) {
        let (sender, _) = broadcast::channel::<Arc<str>>(16);
        let (tell, told) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        for _ in 0..self.watchers {
            let (mut listener, tell) = (sender.subscribe(), tell.clone());
            tasks.spawn(async move {
                while let Ok(text) = listener.recv().await {
                    if tell.send(text.to_string()).is_err() {
                        break;
                    }
                }
            });
        }
        (sender, Watchers { told, count: self.watchers, _tasks: tasks })
    }

    /// Lets something happen, again and again, and waits each time until all know. One of the messages, the usual time until
    /// the last one has its own, and the cost of a message.
    async fn tell<T: Future<Output = ()>>(
        &self,
        watchers: &mut Watchers,
        meter: &Meter,
        spread: impl Fn(i64) -> T,
    ) -> ((String, std::time::Duration), Cost) {
        let (mut message, mut times) = (String::new(), Vec::new());
        let messages = u64::from(EVENTS) * watchers.count as u64;
        let work = async {
            for _ in 0..EVENTS {
                let seq = self.happen().await;
                let start = Instant::now();
                spread(seq).await;
                for _ in 0..watchers.count {
                    message = watchers.told.recv().await.expect("they watch");
                }
                times.push(start.elapsed());
            }
        };
        let cost = meter.each(messages, work).await;
        ((message, median(&mut times)), cost)
    }

    /// Something happens to a ticket; its place in the log.
    async fn happen(&self) -> i64 {
        let services = self.engine.services();
        let columns = ["id", "ticket_id", "unit_id", "actor_owner_id"];
        let first = format!(
            "{} AND action = 'CREATE' RETURNING seq",
            copy_one(ticket_event::Entity, &columns, "ticket_id", "seq")
        );
        let owner = town::owner(1).owner_id().expect("an owner");
        let (id, ticket) = (services.new_id(services.now()), town::ticket(1));
        let like = self.town.ticket.id;
        let values = [id.into(), ticket.into(), town::unit(1).into(), owner.into(), like.into()];
        let insert = Statement::from_sql_and_values(self.connection.get_database_backend(), first, values);
        self.connection.query_one_raw(insert).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

/// A message without what is new in each.
fn shape(message: &str, data: &str) -> Value {
    let message: Value = serde_json::from_str(message).unwrap();
    plain(if data.is_empty() { &message } else { &message[data] }, true)
}
