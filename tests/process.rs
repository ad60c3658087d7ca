//! The server as a real process: killed, told to stop, started twice at once, started wrongly.

use std::{process::ExitCode, time::Duration};

use anju::{commands, config::Cli, logging, store::event::take_log_order, telemetry::Telemetry};
use clap::Parser;
use futures_util::{
    StreamExt,
    stream::{self, FuturesUnordered},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{
    Client, Database, Engine,
    company::{Company, REPORT, report_at_last, try_report},
    device::{Device, owner_document, read_log},
    postgres,
    process::{ARGUMENTS, ServerProcess},
    until,
};

/// Not a test of its own: it serves when a test starts this binary again for that, and is done at once otherwise.
#[test]
fn server_process() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let cli = Cli::parse_from(arguments.lines());
    let telemetry = Telemetry::of(&cli.command).unwrap();
    let log = logging::start(&cli.log, telemetry.as_ref()).unwrap();
    let code = commands::run(cli.command);
    if let Some(telemetry) = telemetry {
        telemetry.stop();
    }
    drop(log);
    std::process::exit(i32::from(code != ExitCode::SUCCESS));
}

const CALLS: usize = 200;

async fn killed_in_the_middle(engine: Engine) {
    let company = Company::found(engine).await;
    let server = company.serve().await;
    let owner = company.owner("zhang", &server).await;
    let mut calls: FuturesUnordered<_> = (0..CALLS)
        .map(|number| {
            let (owner, variables) = (owner.clone(), company.report(number));
            async move { (number, try_report(&owner, variables).await) }
        })
        .collect();
    let mut first_answers: Vec<Option<(Value, Value)>> = vec![None; CALLS];
    let mut server = Some(server);
    let mut answered = 0;
    while let Some((number, answer)) = calls.next().await {
        answered += usize::from(answer.is_some());
        first_answers[number] = answer;
        if answered == 40
            && let Some(server) = server.take()
        {
            server.kill().await;
        }
    }
    assert!((40..CALLS).contains(&answered), "{answered} answers: the kill came too late");

    let server = company.serve().await;
    let owner = owner.at(&server.url);
    for _ in 0..2 {
        let retries = (0..CALLS).map(|number| report_at_last(&owner, company.report(number)));
        let answers: Vec<_> = stream::iter(retries).buffered(20).collect().await;
        for (first, answer) in first_answers.iter_mut().zip(answers) {
            assert_eq!(first.get_or_insert_with(|| answer.clone()), &answer);
        }
    }
    let distinct = |of: fn(&(Value, Value)) -> &Value| {
        first_answers
            .iter()
            .flatten()
            .map(|answer| of(answer).to_string())
            .collect::<std::collections::HashSet<_>>()
            .len()
    };
    assert_eq!((distinct(|answer| &answer.0), distinct(|answer| &answer.1)), (CALLS, CALLS));
    let mine = owner.owner_app("MyTickets", json!({ "first": 1 })).await;
    assert_eq!(mine["tickets"]["totalCount"], CALLS);
    assert_eq!(read_log(&owner, None, 100).await.len(), CALLS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_under_load_loses_and_doubles_nothing_on_sqlite() {
    killed_in_the_middle(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_under_load_loses_and_doubles_nothing_on_postgres() {
    if postgres::is_there() {
        killed_in_the_middle(Engine::Postgres).await;
    }
}

/// Sends a report over a bare connection and comes back when the server has it in hand.
async fn send_by_hand(client: &Client, variables: Value) -> TcpStream {
    let body = json!({ "query": REPORT, "variables": variables }).to_string();
    let authority = client.url.strip_prefix("http://").unwrap();
    let token = client.token.as_deref().unwrap();
    let mut connection = TcpStream::connect(authority).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {authority}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    connection.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection.write_all(body.as_bytes()).await.unwrap();
    connection
}

async fn drains(engine: Engine) {
    let company = Company::found(engine).await;
    let server = company.serve().await;
    let owner = company.owner("zhang", &server).await;
    report_at_last(&owner, company.report(0)).await;
    let mut phone = Device::new(&owner, owner_document()).after(&crate::harness::device::start_of_log());
    phone.connect().await;
    phone.see().await;
    // The report can't be numbered while this is open, so it is under way when the server is told to stop.
    let turn = company.services.db.begin().await.unwrap();
    take_log_order(&turn).await.unwrap();
    let mut under_way = send_by_hand(&owner, company.report(1)).await;
    let stopping = tokio::time::Instant::now();
    server.terminate().await;
    assert_eq!(phone.hear().await, Err(Some(1001)));
    turn.rollback().await.unwrap();
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("第1次报修"), "{answer}");
    let (status, said) = server.end(Duration::from_secs(10)).await;
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(stopping.elapsed() < Duration::from_secs(10), "{:?}", stopping.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_answers_what_is_under_way_on_sqlite() {
    drains(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_answers_what_is_under_way_on_postgres() {
    if postgres::is_there() {
        drains(Engine::Postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_migrate_a_blank_database_at_once_both_come_up() {
    if !postgres::is_there() {
        return;
    }
    let database = Database::blank(Engine::Postgres).await;
    let folder = tempfile::tempdir().unwrap();
    let start = || ServerProcess::over(&database.url, folder.path(), &["--migrate"]).ready();
    let (one, two) = tokio::join!(start(), start());
    for server in [one, two] {
        server.terminate().await;
        let (status, said) = server.end(Duration::from_secs(10)).await;
        assert_eq!(status.code(), Some(0), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_counts_as_slow_is_for_the_operator_to_say() {
    let database = Database::create(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    for (threshold, is_counted) in [("0", true), ("3600000", false)] {
        let server = ServerProcess::over(&database.url, folder.path(), &["--slow-query-ms", threshold]).ready().await;
        let page = Client::new(&server.url, None).request(reqwest::Method::GET, "/metrics").send().await.unwrap();
        let page = page.text().await.unwrap();
        let count = page.lines().find_map(|line| line.strip_prefix("anju_database_slow_statements_total ")).unwrap();
        assert_eq!(count != "0", is_counted, "{count} statements over {threshold} ms");
    }
}

#[tokio::test]
async fn a_server_whose_log_nobody_takes_goes_on_and_counts_what_it_drops() {
    let database = Database::blank(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::over(&database.url, folder.path(), &["--log", "trace"]).ready().await;
    server.stop_listening();
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let dropped = "anju_log_lines_dropped_total ";
    until("lines are dropped", async || {
        // Each asks for much that is logged in detail.
        for _ in 0..50 {
            let answer =
                http.post(format!("{}/graphql", server.url)).json(&json!({ "query": "{ viewer { __typename } }" }));
            answer.send().await.expect("it still answers").text().await.expect("and to the end");
        }
        let page = http.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
        let lines: u64 = page.lines().find_map(|line| line.strip_prefix(dropped)).unwrap().parse().unwrap();
        (lines > 0).then_some(())
    })
    .await;
    server.terminate().await;
    let ended = tokio::time::timeout(Duration::from_secs(20), server.exit()).await;
    assert!(ended.expect("it ends with its log untaken").success());
}

async fn refuses(server: ServerProcess, because: &str) {
    let (status, said) = server.end(Duration::from_secs(20)).await;
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains(because), "{said}");
}

#[tokio::test]
async fn a_database_without_tables_is_refused_with_what_to_do() {
    if !postgres::is_there() {
        return;
    }
    let database = Database::blank(Engine::Postgres).await;
    let folder = tempfile::tempdir().unwrap();
    refuses(ServerProcess::over(&database.url, folder.path(), &[]), "run `anju migrate`, or serve with --migrate")
        .await;
}

#[tokio::test]
async fn production_without_a_master_key_is_refused_with_what_to_do() {
    let database = Database::blank(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::over(&database.url, folder.path(), &["--production"]);
    refuses(server, "make one with `openssl rand -hex 32`").await;
}

#[tokio::test]
async fn a_bus_with_an_address_that_is_none_is_named_as_the_reason() {
    let database = Database::blank(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::over(&database.url, folder.path(), &["--nats-url", "http://nowhere:4222"]);
    refuses(server, "--nats-url can't be used: http://nowhere:4222 is no address").await;
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_as_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::over("postgres://nobody@127.0.0.1:1/nothing", folder.path(), &[]);
    refuses(server, "check --database-url").await;
}
