//! What a collector of traces is sent: spans of requests, operations, statements, subscriptions and jobs, and nothing that
//! anybody put into them.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{App, HttpResponse, HttpServer, web};
use entity::throttle;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value as Told,
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use reqwest::Method;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

use crate::harness::{
    Client, Engine,
    company::{Company, REPORT},
    device::start_of_log,
    postgres,
    process::ServerProcess,
    socket::Socket,
    until,
};

/// A collector, and everything that it was sent.
struct Collector {
    url: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bodies);
        let server = HttpServer::new(move || {
            let kept = Arc::clone(&kept);
            let take = move |body: web::Bytes| {
                kept.lock().unwrap().push(body.to_vec());
                async { HttpResponse::Ok().finish() }
            };
            App::new().app_data(web::PayloadConfig::new(10_000_000)).route("/v1/traces", web::post().to(take))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        std::thread::spawn(|| actix_web::rt::System::new().block_on(server));
        Self { url, bodies }
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies.lock().unwrap();
        let requests = bodies.iter().map(|body| ExportTraceServiceRequest::decode(body.as_slice()).unwrap());
        let resources = requests.flat_map(|request| request.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    /// The one span of this name.
    fn span(&self, name: &str) -> Span {
        let spans = self.spans();
        let mut found = spans.iter().filter(|span| span.name == name);
        let (first, second) = (found.next(), found.next());
        assert!(second.is_none(), "{name} is there twice");
        first.cloned().unwrap_or_else(|| panic!("{name} is not among {:?}", names(&spans)))
    }

    /// Whether a text is in anything that was sent.
    fn holds(&self, text: &str) -> bool {
        let bodies = self.bodies.lock().unwrap();
        bodies.iter().any(|body| body.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}

fn names(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

fn told(span: &Span, key: &str) -> Option<Told> {
    span.attributes.iter().find(|attribute| attribute.key == key)?.value.clone()?.value
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// What a span says, as text.
fn text(span: &Span, key: &str) -> Option<String> {
    match told(span, key)? {
        Told::StringValue(text) => Some(text),
        other => panic!("{key} is {other:?}"),
    }
}

/// The statements that belong to a span.
fn statements<'a>(spans: &'a [Span], of: &Span) -> Vec<&'a Span> {
    let is_one = |span: &&Span| told(span, "db.system.name").is_some() && span.parent_span_id == of.span_id;
    spans.iter().filter(is_one).collect()
}

/// Whether a span points back to another.
fn is_linked(span: &Span, to: &Span) -> bool {
    span.links.iter().any(|link| (&link.trace_id, &link.span_id) == (&to.trace_id, &to.span_id))
}

/// Asks for something as a proxy does that has begun a trace.
async fn ask_in_trace(client: &Client) {
    let document = "query Thing($id: ID!) { node(id: $id) { __typename } }";
    let body = json!({ "query": document, "operationName": "Thing", "variables": { "id": "谁也不许知道" } });
    let request = client.request(Method::POST, "/graphql").json(&body);
    let sent = request.header("traceparent", format!("00-{TRACE}-{PARENT}-01")).send().await.unwrap();
    assert_eq!(sent.status(), 200, "{}", sent.text().await.unwrap());
}

async fn sign_in_in_vain(client: &Client) {
    let document = "mutation SignIn($phone: String!) {
        signInWithCode(input: { phone: $phone, code: \"271828\" }) { userErrors { code } } }";
    let body = json!({ "query": document, "operationName": "SignIn", "variables": { "phone": "19100000001" } });
    client.request(Method::POST, "/graphql").json(&body).send().await.unwrap();
}

/// Stops a server and waits until it has sent everything.
async fn stop(server: ServerProcess) {
    server.terminate().await;
    let (status, said) = server.end(Duration::from_secs(20)).await;
    assert_eq!(status.code(), Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_is_sent_what_was_done_and_not_for_whom() {
    let (collector, company) = (Collector::start(), Company::found(Engine::Sqlite).await);
    let long_ago = "2020-01-01T00:00:00Z".parse().unwrap();
    let over = throttle::Model { key: "over".to_owned(), count: 1, window_ends_at: long_ago };
    let db = company.services.db.writer();
    throttle::Entity::insert(over.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    let trusting = ["--otlp-endpoint", &collector.url, "--trusted-proxies", "127.0.0.1"];
    let server = company.serve_with(&trusting).await;
    let zhang = company.owner("zhang", &server).await;
    ask_in_trace(&zhang).await;
    sign_in_in_vain(&Client::new(&server.url, None)).await;
    zhang.request(Method::GET, "/calendar/secret-of-zhang.ics").send().await.unwrap();
    // A job that is ended half way says nothing of what it changed.
    let is_done = |span: &Span| span.name == "job Sweep" && told(span, "changed").is_some();
    until("the sweep is done", async || collector.spans().iter().any(is_done).then_some(())).await;
    stop(server).await;

    let operation = collector.span("query Thing");
    let request = collector.spans().into_iter().find(|span| span.span_id == operation.parent_span_id).unwrap();
    assert_eq!(request.name, "POST /graphql");
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.to_owned(), PARENT.to_owned()));
    assert_eq!(operation.trace_id, request.trace_id);
    assert_eq!(told(&request, "http.response.status_code"), Some(Told::IntValue(200)));
    assert_eq!(told(&operation, "graphql.operation.type"), Some(Told::StringValue("query".to_owned())));
    assert!(request.start_time_unix_nano <= operation.start_time_unix_nano);
    assert!(operation.end_time_unix_nano <= request.end_time_unix_nano);
    assert_ne!(collector.span("mutation SignIn").trace_id, request.trace_id);
    let calendar = collector.span("GET /calendar/{secret}");
    assert_eq!(told(&calendar, "http.response.status_code"), Some(Told::IntValue(404)));
    let job = collector.span("job Sweep");
    assert!(told(&job, "changed").is_some() && job.status.is_none_or(|it| it.code != StatusCode::Error as i32));

    let token = zhang.token.unwrap();
    for secret in
        ["谁也不许知道", "19100000001", "271828", "secret-of-zhang", token.as_str(), "readyz", "authorization"]
    {
        assert!(!collector.holds(secret), "{secret} was sent");
    }
    assert!(collector.holds("anju"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_that_a_stranger_says_to_have_begun_is_not_taken_on() {
    let (collector, company) = (Collector::start(), Company::found(Engine::Sqlite).await);
    let server = company.serve_with(&["--otlp-endpoint", &collector.url]).await;
    ask_in_trace(&company.owner("zhang", &server).await).await;
    stop(server).await;
    let request = collector.span("POST /graphql");
    assert_ne!(hex(&request.trace_id), TRACE);
    assert!(request.parent_span_id.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_collector_a_server_answers_and_stops_as_ever() {
    let company = Company::found(Engine::Sqlite).await;
    let server = company.serve_with(&["--otlp-endpoint", "http://127.0.0.1:1"]).await;
    let zhang = company.owner("zhang", &server).await;
    for _ in 0..50 {
        zhang.run("{ viewer { __typename } }", json!({})).await;
    }
    stop(server).await;
}

const HOMES: &str = "query Homes { viewer { ... on Owner { name units(first: 5) { nodes { code } } } } }";
const TITLES: &str = "query Titles { tickets(first: 5) { nodes { title reporter { __typename } } } }";
const WATCH: &str = "subscription Watch($after: String) {
    ticketStatusChanged(after: $after) { event { actor { __typename } } ticket { number } } }";
const HEAR: &str = "subscription Hear($after: String) { notificationReceived(after: $after) { cursor } }";

async fn tells_of_statements(engine: Engine, system: &str) {
    let (collector, company) = (Collector::start(), Company::found(engine).await);
    let server = company.serve_with(&["--otlp-endpoint", &collector.url]).await;
    let zhang = company.owner("zhang", &server).await;
    let report = REPORT.replace("mutation(", "mutation Report(");
    for (name, query, variables) in
        [("Report", report.as_str(), company.report(1)), ("Homes", HOMES, json!({})), ("Titles", TITLES, json!({}))]
    {
        let body = json!({ "query": query, "operationName": name, "variables": variables });
        zhang.request(Method::POST, "/graphql").json(&body).send().await.unwrap();
    }
    stop(server).await;

    let spans = collector.spans();
    for (name, expected) in [
        ("mutation Report", &["BEGIN", "SELECT units", "INSERT tickets", "INSERT notifications", "COMMIT"][..]),
        ("query Homes", &["SELECT owners"]),
        // In a batch, which is a task of its own.
        ("query Titles", &["SELECT tickets", "SELECT owners"]),
    ] {
        let operation = collector.span(name);
        let statements = statements(&spans, &operation);
        let found: Vec<_> = statements.iter().map(|span| span.name.as_str()).collect();
        assert!(expected.iter().all(|name| found.contains(name)), "{name}: {found:?}");
        for span in statements {
            let (does, table) = (text(span, "db.operation.name").unwrap(), text(span, "db.collection.name"));
            assert_eq!(span.name, [Some(does), table].into_iter().flatten().collect::<Vec<_>>().join(" "));
            assert_eq!(text(span, "db.system.name").as_deref(), Some(system));
            assert_eq!((span.kind(), &span.trace_id), (SpanKind::Client, &operation.trace_id));
            assert!(operation.start_time_unix_nano <= span.start_time_unix_nano && !span.name.contains('"'));
            assert!(span.start_time_unix_nano <= span.end_time_unix_nano);
            assert!(span.end_time_unix_nano <= operation.end_time_unix_nano);
        }
    }
    // The relay's looks at the log are nobody's.
    let is_known = |id: &Vec<u8>| spans.iter().any(|span| span.span_id == *id);
    let stray = |span: &&Span| told(span, "db.system.name").is_some() && !is_known(&span.parent_span_id);
    assert_eq!(spans.iter().find(stray), None);
    assert!(!collector.holds("第1次报修"), "nothing that is written is told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_are_told_of_with_what_they_were_sent_for_on_sqlite() {
    tells_of_statements(Engine::Sqlite, "sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_are_told_of_with_what_they_were_sent_for_on_postgres() {
    if postgres::is_there() {
        tells_of_statements(Engine::Postgres, "postgresql").await;
    }
}

/// A subscription from the beginning of the log, and its first answer.
async fn first_of(client: &Client, name: &str, query: &str) -> Socket {
    let mut socket = Socket::connect(client).await;
    let payload = json!({ "query": query, "operationName": name, "variables": { "after": start_of_log() } });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.message().await["type"], "next");
    socket
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_is_told_of_where_it_begins_and_each_time_it_is_sent_something() {
    let (collector, company) = (Collector::start(), Company::found(Engine::Sqlite).await);
    let server = company.serve_with(&["--otlp-endpoint", &collector.url]).await;
    let zhang = company.owner("zhang", &server).await;
    zhang.run(REPORT, company.report(1)).await;
    let mut watching = first_of(&zhang, "Watch", WATCH).await;
    let mut hearing = first_of(&company.staff("ambassador.a", &server).await, "Hear", HEAR).await;
    zhang.run(REPORT, company.report(2)).await;
    for socket in [&mut watching, &mut hearing] {
        assert_eq!(socket.message().await["type"], "next");
    }
    stop(server).await;

    let spans = collector.spans();
    for (name, what, table) in [("Watch", "tickets", "ticket_events"), ("Hear", "notifications", "notifications")] {
        let opening = collector.span(&format!("subscription {name}"));
        let named = |name: String| spans.iter().filter(move |span| span.name == name);
        let loads: Vec<_> = named(format!("load {what}")).collect();
        assert!(loads.len() >= 2, "{:?}", names(&spans));
        let shows: Vec<_> = named(format!("show {name}")).collect();
        assert_eq!(shows.len(), 2, "each was shown once");
        for span in loads.iter().chain(&shows) {
            assert!(is_linked(span, &opening), "{span:?}");
            assert!(span.parent_span_id.is_empty() && span.trace_id != opening.trace_id, "{span:?}");
        }
        assert!(loads.iter().all(|load| told(load, "asked") == Some(Told::IntValue(1))));
        let select = format!("SELECT {table}");
        assert!(loads.iter().any(|load| statements(&spans, load).iter().any(|span| span.name == select)));
        // It ended when it was open, and not hours later.
        assert!(shows.iter().all(|show| opening.end_time_unix_nano <= show.start_time_unix_nano));
    }
}
