//! What a collector of traces is sent: spans of requests, operations and jobs, and nothing that anybody put into them.

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
    trace::v1::{Span, status::StatusCode},
};
use prost::Message;
use reqwest::Method;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

use crate::harness::{Client, Engine, company::Company, process::ServerProcess, until};

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
