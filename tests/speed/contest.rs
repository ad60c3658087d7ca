//! One operation against its lower bound: first both must answer the same, then they are measured in turns, so that what
//! else happens on the machine meets both.

use std::{sync::Arc, time::Duration};

use anju::{
    auth::viewer::Viewer,
    graphql::{
        backend::{Backend, GraphqlRequest},
        engine::Engine,
        id,
    },
    page::Cursor,
};
use async_graphql::{ID, Variables};
use data_encoding::BASE64URL_NOPAD;
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    bounds::Bound,
    meter::{Ask, Cost, Meter, mean, median, within},
};

/// How often the two take turns.
const ROUNDS: usize = 5;

const WARM_UP: Duration = Duration::from_millis(500);

pub struct Contest {
    pub name: &'static str,
    pub api: Ask,
    pub bound: Ask,
    /// Made anew by each request, so that only its shape can be compared.
    pub is_new: bool,
    /// The processes that serve, where they are not this one.
    pub servers: Option<[u32; 2]>,
}

/// What an operation and its lower bound cost.
pub struct Outcome {
    pub alone: [Duration; 2],
    pub loaded: [Cost; 2],
    /// What 99 of 100 requests took at most under load, where servers were asked.
    pub slowest: Option<[Duration; 2]>,
}

impl Contest {
    pub async fn check(&self) {
        let api: Value = serde_json::from_str(&(self.api)().await).unwrap();
        let bound: Value = serde_json::from_str(&(self.bound)().await).unwrap();
        assert!(api["errors"].is_null(), "{}: {api}", self.name);
        let (api, bound) = (plain(&api["data"], self.is_new), plain(&bound, self.is_new));
        assert_eq!(api, bound, "{} answers something else than its lower bound", self.name);
    }

    /// Lets all clients ask both sides, unmeasured.
    pub async fn warm_up(&self) {
        for ask in [&self.api, &self.bound] {
            Meter::new(Vec::new()).under_load(ask, WARM_UP).await;
        }
    }

    /// Measures both, for so long each.
    pub async fn run(&self, meter: &Meter, time: Duration) -> Outcome {
        let round = time / u32::try_from(ROUNDS).expect("a few");
        let own = std::process::id();
        let meters = self.servers.unwrap_or([own, own]).map(|server| meter.of(server));
        let sides = [&self.api, &self.bound];
        let (mut alone, mut loaded, mut times) =
            ([const { Vec::new() }; 2], [const { Vec::new() }; 2], [const { Vec::new() }; 2]);
        for _ in 0..ROUNDS {
            for (side, ask) in sides.iter().enumerate() {
                alone[side].extend(meter.alone(ask, 60).await);
                let (cost, took) = meters[side].under_load(ask, round).await;
                loaded[side].push(cost);
                times[side].extend(took);
            }
        }
        let slowest = self.servers.map(|_| times.map(|mut times| within(&mut times, 99)));
        Outcome { alone: alone.map(|mut times| median(&mut times)), loaded: loaded.map(|costs| mean(&costs)), slowest }
    }
}

/// Asks the engine, from the decoded request to the rendered answer, as somebody who has signed in.
pub fn api(engine: &Engine, document: &str, ask: impl Fn() -> (Viewer, Value) + Send + Sync + 'static) -> Ask {
    let (engine, document) = (engine.clone(), document.to_owned());
    Arc::new(move || {
        let (viewer, variables) = ask();
        let request = GraphqlRequest {
            query: document.clone(),
            variables: Variables::from_json(variables),
            ..GraphqlRequest::default()
        };
        let engine = engine.clone();
        Box::pin(async move {
            let prepared = engine.prepare(&viewer, request).unwrap_or_else(|refused| panic!("{:?}", refused.errors));
            let response = engine.execute(&viewer, prepared, "speed").await;
            serde_json::to_string(&response).unwrap()
        })
    })
}

pub fn statement(connection: &DatabaseConnection, bound: Bound) -> Ask {
    let connection = connection.clone();
    Arc::new(move || Box::pin(bound.clone().answer(connection.clone())))
}

/// An answer with ids and cursors as the database has them; or without them, where they are new each time.
pub fn plain(answer: &Value, is_new: bool) -> Value {
    match answer {
        Value::Array(items) => items.iter().map(|item| plain(item, is_new)).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let value = match name.as_str() {
                    "id" | "number" | "cursor" | "startCursor" | "endCursor" | "url" if is_new => json!("new"),
                    "id" | "cursor" | "startCursor" | "endCursor" => plain_id(value),
                    "url" | "thumbnailUrl" => plain_link(value),
                    _ => plain(value, is_new),
                };
                (name.clone(), value)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.clone(),
    }
}

fn plain_link(value: &Value) -> Value {
    let parts = value.as_str().unwrap_or_default().split('/');
    parts.map(|part| plain_id(&json!(part))).collect()
}

fn plain_id(value: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    if let Ok(id) = Uuid::parse_str(text) {
        return json!(id);
    }
    if let Some((_, id)) = id::decode(&ID(text.to_owned())) {
        return json!(id);
    }
    match Cursor::decode(text) {
        Some(Cursor::Id(id) | Cursor::Instant(_, id)) => json!(id),
        Some(Cursor::Seq(seq)) => json!(seq),
        Some(Cursor::Place(event, company)) => json!([event, company]),
        None => {
            assert!(BASE64URL_NOPAD.decode(text.as_bytes()).is_err() || text.len() < 12, "{text}");
            value.clone()
        }
    }
}
