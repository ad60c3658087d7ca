//! The same operations over HTTP, each sent as an app sends it on connections that are kept: to a server of the product, and
//! to one that runs the statement written by hand. Counted is what the servers' processes and the database take.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use anju::{auth::viewer::Viewer, graphql::id::Kind, service::session};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::{
    contest::Contest,
    harness::documents::Documents,
    meter::Ask,
    processes::{Process, Task},
    report,
    town::{self, Town},
    wire::{Wire, post},
};

/// What is asked for.
pub const NAMES: [&str; 6] = [
    "MyTickets over HTTP",
    "ButlerQueue over HTTP",
    "TicketById over HTTP",
    "TicketById over HTTP, by its hash",
    "Households over HTTP",
    "createTicket over HTTP",
];

/// How many owners report.
const REPORTERS: u32 = 1_000;

/// A server, for as long as somebody asks it.
struct Side {
    process: Process,
    wire: Wire,
}

/// Both servers over a company.
struct Sides {
    api: Arc<Side>,
    by_hand: Arc<Side>,
}

impl Side {
    fn start(task: &Task) -> Arc<Self> {
        let process = Process::start(task);
        let wire = Wire::to(process.address);
        Arc::new(Self { process, wire })
    }

    /// Sends one request after the other, of which each has a number.
    fn asks(self: &Arc<Self>, request: &Arc<impl Fn(u32) -> Vec<u8> + Send + Sync + 'static>) -> Ask {
        let (side, request, next) = (Arc::clone(self), Arc::clone(request), AtomicU32::new(0));
        Arc::new(move || {
            let (side, request) = (Arc::clone(&side), request(next.fetch_add(1, Ordering::Relaxed)));
            Box::pin(async move { side.wire.ask(&request).await })
        })
    }
}

impl Sides {
    fn contest(
        &self,
        name: &'static str,
        request: impl Fn(u32) -> Vec<u8> + Send + Sync + 'static,
        is_new: bool,
    ) -> Contest {
        let request = Arc::new(request);
        let servers = Some([self.api.process.id(), self.by_hand.process.id()]);
        Contest { name, api: self.api.asks(&request), bound: self.by_hand.asks(&request), is_new, servers }
    }

    fn query(&self, name: &'static str, token: &str, body: &Value) -> Contest {
        let request = post(token, &body.to_string());
        self.contest(name, move |_| request.clone(), false)
    }
}

/// The four queries and a report, of the same people as without HTTP; and a query that is sent by its hash.
pub async fn contests(town: &Town) -> Vec<Contest> {
    let (owner, butler) = (signed_in(town, &town::owner(8)).await, signed_in(town, &town::ambassador(1)).await);
    let reports = reports(town).await;
    let database = town.app.database.url.clone();
    let api = Side::start(&Task::Api { database: database.clone() });
    let like = report::made(&api.wire.ask(&reports(u32::MAX)).await);
    let jwks = town.app.services.vault.tokens.jwks(town.app.services.now());
    let key = jwks["keys"][0]["x"].as_str().unwrap().to_owned();
    let by_hand = Side::start(&Task::ByHand { database, key, like });
    let sides = Sides { api, by_hand };

    let (of_owner, of_butler) = (Documents::owner(), Documents::butler());
    let ticket = json!({ "id": Kind::Ticket.encode(town::ticket(8)) });
    let asked = |documents: &Documents, name: &str, variables: Value| json!({ "operationName": name, "query": documents.operation(name), "variables": variables });
    let queue = json!({ "filter": { "open": true } });
    let by_id = asked(of_owner, "TicketById", ticket);
    let [my_tickets, butler_queue, ticket_by_id, ticket_by_hash, households, create_ticket] = NAMES;
    vec![
        sides.query(my_tickets, &owner, &asked(of_owner, "MyTickets", json!({}))),
        sides.query(butler_queue, &butler, &asked(of_butler, "ButlerQueue", queue)),
        sides.query(ticket_by_id, &owner, &by_id),
        sides.query(ticket_by_hash, &owner, &by_hash(&sides, &owner, by_id.clone()).await),
        sides.query(households, &butler, &asked(of_butler, "Households", json!({}))),
        sides.contest(create_ticket, reports, true),
    ]
}

/// The same request without its document, which the server is shown once.
async fn by_hash(sides: &Sides, token: &str, mut asked: Value) -> Value {
    let document = asked["query"].as_str().expect("it has one");
    let hash = HEXLOWER.encode(digest(&SHA256, document.as_bytes()).as_ref());
    asked["extensions"] = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    sides.api.wire.ask(&post(token, &asked.to_string())).await;
    asked.as_object_mut().expect("it is one").remove("query");
    asked
}

/// The token of a new session.
async fn signed_in(town: &Town, viewer: &Viewer) -> String {
    let (services, id) = (&town.app.services, viewer.id().expect("somebody"));
    session::open(services, services.db.writer(), viewer.kind(), id, None).await.unwrap().access_token
}

/// Reports of many owners, each of a new one.
async fn reports(town: &Town) -> impl Fn(u32) -> Vec<u8> + Send + Sync + 'static {
    let (skipped, document) = (town::HOMES_OF_AMBASSADOR, Documents::owner().operation("CreateTicket"));
    let mut reporters = Vec::new();
    for home in skipped + 1..=town.homes.min(skipped + REPORTERS) {
        reporters.push((signed_in(town, &town::owner(home)).await, town::unit(home)));
    }
    let run = town.app.services.new_id(town.app.services.now());
    move |number| {
        let (token, unit) = &reporters[number as usize % reporters.len()];
        let variables = json!({ "input": report::written(*unit, format!("{run}-{number}")) });
        let body = json!({ "operationName": "CreateTicket", "query": document, "variables": variables });
        post(token, &body.to_string())
    }
}
