//! Servers in processes of their own, whose time can be told from the client's: this binary starts itself with a word in its
//! environment. One is the server of the product; the other one runs the statements that were written by hand behind the
//! same web server, after it has verified the same kind of token by the same library.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStdin, Command, Stdio, exit},
    sync::Arc,
    thread,
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header,
    web::{self, Bytes, Data},
};
use anju::{
    auth::viewer::{Principal, Viewer},
    clock::ManualClock,
    config::{LogArgs, LogFormat},
    graphql::{guard::Guard, id},
    http::HttpConfig,
};
use async_graphql::ID;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    bounds::{Bound, Bounds},
    harness::{Database, Engine, TestApp, TestOptions, start_of_test},
    report::ByHand,
    town,
};

const WORD: &str = "ANJU_BENCH_PROCESS";

/// As many as the server has when nothing else is said, and as many for the other.
pub const CONNECTIONS: u32 = 16;

/// How long a connection is kept that is not used, as by the server.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// What a process is to serve.
#[derive(Serialize, Deserialize)]
pub enum Task {
    Api { database: String },
    ByHand { database: String, key: String, like: Uuid },
}

/// A process that serves until this is dropped.
pub struct Process {
    child: Child,
    /// It ends when this closes, which the end of this process does by itself.
    input: Option<ChildStdin>,
    pub address: SocketAddr,
}

impl Process {
    pub fn start(task: &Task) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.env(WORD, serde_json::to_string(task).unwrap()).stdin(Stdio::piped()).stdout(Stdio::piped());
        if matches!(task, Task::Api { .. }) {
            // It logs each request, as a server does.
            command.stderr(Stdio::null());
        }
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().parse().unwrap_or_else(|_| panic!("the server did not start: {line}"));
        Self { child, input, address }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// Serves, if that is what this process was started for.
pub fn serve_if_told() {
    let Ok(word) = env::var(WORD) else { return };
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        exit(0);
    });
    match serde_json::from_str(&word).unwrap() {
        Task::Api { database } => serve_api(database),
        Task::ByHand { database, key, like } => {
            actix_web::rt::System::new().block_on(serve_by_hand(&database, &key, like));
        }
    }
}

fn workers() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// The server as `anju serve` starts it, with its log, and without jobs: of what the clock starts nobody knows when it comes.
fn serve_api(database: String) {
    let _log = anju::logging::start(&LogArgs { log_format: LogFormat::Pretty, log: "info".to_owned() }, None).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let guard = Guard { rate: None, doors: None, ..Guard::default() };
        let http = HttpConfig { workers: workers(), guard, ..HttpConfig::default() };
        let options = TestOptions {
            production: true,
            http: Some(http),
            connections: Some(CONNECTIONS),
            ..TestOptions::default()
        };
        let clock = Arc::new(ManualClock::new(start_of_test()));
        let app = TestApp::over(Database::at(Engine::Postgres, database), clock, options).await;
        println!("{}", app.url.trim_start_matches("http://"));
        std::future::pending::<()>().await;
    });
}

/// What every request by hand is answered with.
struct Hand {
    connection: DatabaseConnection,
    key: DecodingKey,
    validation: Validation,
    my_tickets: Bound,
    butler_queue: Bound,
    ticket_by_id: Bound,
    households: Bound,
    report: ByHand,
}

#[derive(Deserialize)]
struct Claims {
    sub: Uuid,
    exp: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    operation_name: String,
    variables: Variables,
}

#[derive(Deserialize)]
struct Variables {
    id: Option<String>,
    input: Option<Input>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    unit_id: String,
}

async fn serve_by_hand(database: &str, key: &str, like: Uuid) {
    let (bounds, now, nobody) = (Bounds(Engine::Postgres), start_of_test(), Uuid::nil());
    let connection = town::pool(Engine::Postgres, database, CONNECTIONS).await;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["anju-api"]);
    validation.set_issuer(&["anju"]);
    // Time stands still for both servers.
    validation.validate_exp = false;
    let hand = Data::new(Hand {
        key: DecodingKey::from_ed_components(key).unwrap(),
        validation,
        my_tickets: bounds.my_tickets(nobody, now),
        butler_queue: bounds.butler_queue(nobody, now),
        ticket_by_id: bounds.ticket_by_id(nobody, nobody, now),
        households: bounds.households(nobody),
        report: ByHand::new(bounds, connection.clone(), like, now).await,
        connection,
    });
    let server = HttpServer::new(move || App::new().app_data(hand.clone()).route("/graphql", web::post().to(answer)))
        .workers(workers())
        // As long as the other one.
        .keep_alive(KEEP_ALIVE)
        .bind("127.0.0.1:0")
        .unwrap();
    println!("{}", server.addrs()[0]);
    server.run().await.unwrap();
}

async fn answer(request: HttpRequest, body: Bytes, hand: Data<Hand>) -> HttpResponse {
    let now = start_of_test();
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let claims = match decode::<Claims>(token, &hand.key, &hand.validation) {
        Ok(verified) if verified.claims.exp > now.timestamp() => verified.claims,
        _ => return HttpResponse::Unauthorized().finish(),
    };
    let asked: Asked = serde_json::from_slice(&body).unwrap();
    let id = |text: String| id::decode(&ID(text)).unwrap().1;
    let bound = match (asked.operation_name.as_str(), asked.variables) {
        ("MyTickets", _) => hand.my_tickets.with([claims.sub.into(), now.into()]),
        ("ButlerQueue", _) => hand.butler_queue.with([claims.sub.into(), now.into()]),
        ("Households", _) => hand.households.with([claims.sub.into()]),
        ("TicketById", Variables { id: Some(ticket), .. }) => {
            hand.ticket_by_id.with([claims.sub.into(), now.into(), id(ticket).into()])
        }
        ("CreateTicket", Variables { input: Some(input), .. }) => {
            let owner = Viewer::of(Principal::Owner(claims.sub));
            let made = hand.report.report(&owner, id(input.unit_id)).await;
            return HttpResponse::Ok().content_type("application/json").body(made);
        }
        _ => return HttpResponse::BadRequest().finish(),
    };
    HttpResponse::Ok().content_type("application/json").body(bound.ask(&hand.connection).await)
}
