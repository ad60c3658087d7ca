//! A streaming replica that queries are read from: whoever has written reads it at once, the others what the replica has,
//! and everybody is answered when it is behind or gone.

use reqwest::Method;
use sea_orm::{ConnectOptions, ConnectionTrait, Database as Connector, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::{
    Client, Database, Engine,
    cluster::Cluster,
    company::{Company, report_at_last},
    device::{Device, butler_document, start_of_log},
    postgres,
    process::ServerProcess,
    socket::Socket,
    until,
};

/// A company on a primary with a replica.
struct Site {
    cluster: Cluster,
    company: Company,
    replica_url: String,
    primary: DatabaseConnection,
    replica: DatabaseConnection,
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Connector::connect(options).await.unwrap()
}

/// Whether a statement says yes.
async fn says(database: &DatabaseConnection, sql: String) -> bool {
    let row = database.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

impl Site {
    async fn found() -> Option<Self> {
        let cluster = Cluster::start()?;
        let company = Company::found_in(cluster.database().await).await;
        let replica_url = cluster.follow();
        let (primary, replica) = (connect(&company.database.url).await, connect(&replica_url).await);
        Some(Self { cluster, company, replica_url, primary, replica })
    }

    async fn serve(&self, most_lag_ms: &str) -> ServerProcess {
        let arguments = ["--replica-url", &self.replica_url, "--replica-max-lag-ms", most_lag_ms];
        self.company.serve_with(&arguments).await
    }

    /// The replica takes nothing over any more, and has everything until now.
    async fn pause(&self) {
        let sql = Statement::from_string(DbBackend::Postgres, "SELECT pg_current_wal_lsn()::text");
        let row = self.primary.query_one_raw(sql).await.unwrap().unwrap();
        let written: String = row.try_get_by_index(0).unwrap();
        let has_it = format!("SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn");
        until("the replica has it", async || says(&self.replica, has_it.clone()).await.then_some(())).await;
        self.replica.execute_unprepared("SELECT pg_wal_replay_pause()").await.unwrap();
        let is_paused = "SELECT pg_get_wal_replay_pause_state() = 'paused'";
        until("the replica rests", async || says(&self.replica, is_paused.to_owned()).await.then_some(())).await;
    }

    async fn resume(&self) {
        self.replica.execute_unprepared("SELECT pg_wal_replay_resume()").await.unwrap();
    }
}

/// The titles of the tickets that somebody sees, in order of the alphabet.
async fn titles(client: &Client) -> Vec<String> {
    titles_in(&client.run(TICKETS, json!({})).await)
}

const TICKETS: &str = "{ tickets(first: 20) { nodes { title } } }";

fn titles_in(data: &Value) -> Vec<String> {
    let nodes = data["tickets"]["nodes"].as_array().unwrap();
    let mut titles: Vec<String> = nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

async fn figure(server: &ServerProcess, name: &str) -> Option<f64> {
    let page = Client::new(&server.url, None).request(Method::GET, "/metrics").send().await.unwrap();
    let page = page.text().await.unwrap();
    page.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().parse().unwrap())
}

async fn is_in_use(server: &ServerProcess, expected: bool) {
    let expected = Some(f64::from(u8::from(expected)));
    until("the replica is taken in or left out", async || {
        (figure(server, "anju_replica_in_use ").await == expected).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_wrote_reads_it_at_once_on_every_server_and_others_what_the_replica_has() {
    let Some(site) = Site::found().await else { return };
    let (first, second) = (site.serve("600000").await, site.serve("600000").await);
    let zhang = site.company.owner("zhang", &first).await;
    let tablet = site.company.owner("zhang", &second).await;
    let butler = site.company.staff("agent.a", &second).await;
    report_at_last(&zhang, site.company.report(1)).await;
    site.pause().await;

    // Somebody else's change, which no session of theirs is marked with.
    site.primary.execute_unprepared("UPDATE tickets SET title = '第1次报修，已更正'").await.unwrap();
    for server in [&first, &second] {
        let butler = butler.at(&server.url);
        until("it is read from the replica", async || (titles(&butler).await == ["第1次报修"]).then_some(())).await;
    }
    report_at_last(&zhang, site.company.report(2)).await;
    for writer in [&zhang, &zhang.at(&second.url), &tablet, &tablet.at(&first.url)] {
        assert_eq!(titles(writer).await, ["第1次报修，已更正", "第2次报修"]);
    }
    let signed_in_now = site.company.owner("zhang", &second).await;
    assert_eq!(titles(&signed_in_now).await.len(), 2);
    for server in [&first, &second] {
        let butler = butler.at(&server.url);
        until("others read the replica", async || (titles(&butler).await == ["第1次报修"]).then_some(())).await;
    }

    // What is live comes from the primary, and so does what is asked on a socket that was opened before.
    let mut device = Device::new(&butler, butler_document()).after(&start_of_log());
    device.connect().await;
    device.see_many(2).await;
    let mut socket = Socket::connect(&butler).await;
    socket.subscribe(TICKETS, json!({})).await;
    assert_eq!(titles_in(&socket.message().await["payload"]["data"]).len(), 2);

    site.resume().await;
    until("the replica has caught up", async || (titles(&butler).await.len() == 2).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_behind_or_gone_is_left_out_until_it_is_back() {
    let Some(site) = Site::found().await else { return };
    let server = site.serve("500").await;
    let (zhang, butler) = (site.company.owner("zhang", &server).await, site.company.staff("agent.a", &server).await);
    is_in_use(&server, true).await;

    site.pause().await;
    report_at_last(&zhang, site.company.report(1)).await;
    is_in_use(&server, false).await;
    assert_eq!(titles(&butler).await, ["第1次报修"]);
    assert!(figure(&server, "anju_replica_lag_seconds ").await.unwrap() > 0.5);
    site.resume().await;
    is_in_use(&server, true).await;

    site.cluster.crash_replica();
    for _ in 0..20 {
        assert_eq!(titles(&butler).await, ["第1次报修"], "nobody notices");
    }
    is_in_use(&server, false).await;
    assert_eq!(titles(&butler).await, ["第1次报修"]);
    report_at_last(&zhang, site.company.report(2)).await;
    site.cluster.recover_replica();
    is_in_use(&server, true).await;
    until("the replica has caught up", async || (titles(&butler).await.len() == 2).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_replica_is_not_read_from() {
    if !postgres::is_there() {
        return;
    }
    let company = Company::found(Engine::Postgres).await;
    let server = company.serve_with(&["--replica-url", &company.database.url]).await;
    let sent = "anju_database_statements_total ";
    let before = figure(&server, sent).await.unwrap();
    until("it has been looked at", async || figure(&server, sent).await.filter(|sent| *sent > before + 50.0)).await;
    let asked = "anju_database_connections{pool=\"replica\",state=\"idle\"} ";
    // It is looked at again and again: the one connection may be busy with that at this moment.
    until("it is asked over a connection", async || figure(&server, asked).await.filter(|idle| *idle > 0.0)).await;
    is_in_use(&server, false).await;
    assert!(titles(&company.owner("zhang", &server).await).await.is_empty());
}

#[tokio::test]
async fn an_embedded_database_has_no_replica_and_the_refusal_says_what_to_do() {
    let database = Database::blank(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::over(&database.url, folder.path(), &["--replica-url", "postgres://db.internal/anju"]);
    let (status, said) = server.end(std::time::Duration::from_secs(20)).await;
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("leave it out, or move the data to PostgreSQL"), "{said}");
}
