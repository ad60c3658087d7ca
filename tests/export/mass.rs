//! Very many tickets, from a server that is a process of its own: how much memory it takes, and whether what arrives is what
//! is in the database. A few thousand in every run; on demand as many as one likes:
//! `ANJU_EXPORT=400000 ANJU_TEST_PROGRAM=$PWD/target/release/anju cargo test -p anju-tests export::mass -- --nocapture`.

use std::{
    fs::File,
    io::{Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

use anju::graphql::id::decode;
use entity::ticket;
use futures_util::StreamExt;
use reqwest::{Method, Response};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectOptions, ConnectionTrait, Database, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{cells::Names, command::tickets_of_all, file};
use crate::harness::{
    Client, Engine,
    company::{Company, report_at_last},
    dialect::Dialect,
    postgres,
    process::{PROGRAM, ServerProcess},
    until, until_within,
};

/// How many tickets there are.
const SIZE: &str = "ANJU_EXPORT";

/// What a server may take, whatever it is asked for.
const MOST_MEMORY: u64 = 150_000_000;

/// How much more it may take than before. A test binary that serves is far larger than a server.
const MOST_GROWTH: u64 = 80_000_000;

/// More than the buffers between two programs hold.
const TOO_MUCH_FOR_BUFFERS: u32 = 40_000;

const PATIENCE: Duration = Duration::from_secs(60);

/// How many rows of the database are compared at a time.
const BATCH: u64 = 5_000;

/// As many tickets as told, no two of them alike, spread over all homes of the company.
async fn fill(company: &Company, server: &ServerProcess, size: u32) {
    let (id, _) = report_at_last(&company.owner("zhang", server).await, company.report(1)).await;
    let (_, id) = decode(id.as_str().unwrap()).unwrap();
    let sql = Dialect(company.database.engine);
    let pick = |of: [&str; 3]| {
        let [one, two, three] = of.map(|name| sql.uuid(company.world.id(name)));
        format!("CASE n % 3 WHEN 0 THEN {one} WHEN 1 THEN {two} ELSE {three} END")
    };
    let moment = |every: u32| format!("CASE WHEN n % {every} = 0 THEN {} END", sql.minutes("(n % 5000)"));
    let columns = [
        ("id", sql.id(6, "n")),
        ("number", "'N' || n".to_owned()),
        ("project_id", pick(["project:YT", "project:YT", "project:HP"])),
        ("unit_id", pick(["unit:YT-101", "unit:YT-102", "unit:HP-101"])),
        ("reporter_owner_id", pick(["owner:zhang", "owner:wang", "owner:zhao"])),
        ("assignee_id", pick(["staff:technician.a", "staff:technician.a2", "staff:technician.b"])),
        (
            "title",
            "CASE n % 4 WHEN 0 THEN '=1+' || n WHEN 1 THEN '漏水,\"' || n || '\"' ELSE '第' || n || '次' END"
                .to_owned(),
        ),
        ("description", "'水槽下方一直滴水,已经三天了。\n请尽快派人来看看,白天家里一直有人。编号 ' || n".to_owned()),
        ("status", "CASE n % 3 WHEN 0 THEN 'CLOSED' WHEN 1 THEN 'IN_PROGRESS' ELSE 'SUBMITTED' END".to_owned()),
        ("category", "CASE n % 2 WHEN 0 THEN 'PLUMBING' END".to_owned()),
        ("accepted_at", moment(2)),
        ("started_at", moment(3)),
        ("resolved_at", moment(5)),
        ("closed_at", moment(7)),
        ("resolution", "CASE WHEN n % 5 = 0 THEN '更换了软管 ' || n END".to_owned()),
        ("cost_cents", "CASE WHEN n % 5 = 0 THEN n END".to_owned()),
        ("rating", "CASE WHEN n % 7 = 0 THEN 1 + n % 5 END".to_owned()),
        ("held_seconds", "n % 1000".to_owned()),
        ("next_check_at", "NULL".to_owned()),
    ];
    let statement = sql.copy(ticket::Entity, &format!("id = {}", sql.uuid(id)), 1..=size, &columns);
    let mut options = ConnectOptions::new(&company.database.url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    let (before, after) = match company.database.engine {
        Engine::Postgres => ("SET session_replication_role = replica", "VACUUM ANALYZE tickets"),
        Engine::Sqlite => ("PRAGMA synchronous = OFF", "PRAGMA wal_checkpoint"),
    };
    for statement in [before, &statement, after] {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

async fn begin(client: &Client, table: &str) -> Response {
    let request = client.request(Method::GET, &format!("/exports/{table}")).header("accept-language", "en");
    request.send().await.unwrap()
}

/// Downloads a table into a file; how long that took.
async fn fetch(client: &Client, table: &str) -> (File, Duration) {
    let begun = Instant::now();
    let response = begin(client, table).await;
    assert_eq!(response.status(), 200);
    let mut file = tempfile::tempfile().unwrap();
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        file.write_all(&part.unwrap()).unwrap();
    }
    file.rewind().unwrap();
    (file, begun.elapsed())
}

/// The tickets of a project in the database, in the order of their ids.
struct Stored<'a> {
    company: &'a Company,
    project: Option<Uuid>,
    batch: std::vec::IntoIter<ticket::Model>,
    last: Uuid,
    count: usize,
}

impl<'a> Stored<'a> {
    fn of(company: &'a Company, project: Option<&str>) -> Self {
        let project = project.map(|name| company.world.id(name));
        Self { company, project, batch: Vec::new().into_iter(), last: Uuid::nil(), count: 0 }
    }

    async fn next(&mut self) -> Option<ticket::Model> {
        if let Some(row) = self.batch.next() {
            self.count += 1;
            return Some(row);
        }
        let mut rows = ticket::Entity::find().filter(ticket::Column::Id.gt(self.last));
        if let Some(project) = self.project {
            rows = rows.filter(ticket::Column::ProjectId.eq(project));
        }
        let rows =
            rows.order_by_asc(ticket::Column::Id).limit(BATCH).all(self.company.services.db.reader()).await.unwrap();
        self.last = rows.last()?.id;
        self.batch = rows.into_iter();
        self.count += 1;
        self.batch.next()
    }
}

/// Compares each cell of a table of text with the database.
async fn same_in_text(company: &Company, names: &Names, mut file: File, project: Option<&str>) -> usize {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    let mut stored = Stored::of(company, project);
    for line in file::csv(&bytes).skip(1) {
        let row = stored.next().await.expect("no row is twice in it");
        let expected: Vec<String> = names.row(&row).iter().map(|cell| cell.in_text()).collect();
        assert_eq!(line, expected);
    }
    let count = stored.count;
    assert_eq!(stored.next().await, None, "the table ends too early");
    count
}

/// The same of a workbook.
async fn same_in_workbook(company: &Company, names: &Names, file: File, project: Option<&str>) -> usize {
    let (sender, mut rows) = tokio::sync::mpsc::channel(1000);
    let columns = names.row(&Stored::of(company, project).next().await.unwrap()).len();
    let reading =
        tokio::task::spawn_blocking(move || file::xlsx(file, columns, |row| sender.blocking_send(row).unwrap()));
    let mut stored = Stored::of(company, project);
    while let Some(found) = rows.recv().await {
        let row = stored.next().await.expect("no row is twice in it");
        let expected: Vec<file::Found> = names.row(&row).iter().map(|cell| cell.in_workbook()).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(reading.await.unwrap().iter().sum::<usize>(), stored.count);
    let count = stored.count;
    assert_eq!(stored.next().await, None, "the workbook ends too early");
    count
}

/// Whether two files hold the same.
fn same(path: &Path, other: &File) -> bool {
    let mut other = other.try_clone().unwrap();
    let mut expected = Vec::new();
    std::io::Read::read_to_end(&mut other, &mut expected).unwrap();
    other.rewind().unwrap();
    std::fs::read(path).unwrap() == expected
}

async fn a_town_is_exported(engine: Engine) {
    let size = std::env::var(SIZE).map_or(3_000, |size| size.parse().unwrap());
    let company = Company::found(engine).await;
    let server = company.serve().await;
    fill(&company, &server, size).await;
    let names = Names::read(company.services.db.reader()).await;
    let (auditor, manager) = (company.staff("auditor", &server).await, company.staff("manager.a", &server).await);
    let idle = server.peak_memory();
    let (text, text_took) = fetch(&auditor, "tickets.csv").await;
    let after_text = server.peak_memory();
    let (book, book_took) = fetch(&auditor, "tickets.xlsx").await;
    let after_book = server.peak_memory();
    eprintln!(
        "{size} tickets on {engine:?}: {} MB of text in {text_took:.1?}, {} MB of workbook in {book_took:.1?}; at most {} MB \
         before, {} MB after the text, {} MB after the workbook",
        text.metadata().unwrap().len() / 1_000_000,
        book.metadata().unwrap().len() / 1_000_000,
        idle / 1_000_000,
        after_text / 1_000_000,
        after_book / 1_000_000,
    );
    let bound = if std::env::var_os(PROGRAM).is_some() { MOST_MEMORY } else { idle + MOST_GROWTH };
    assert!(after_book < bound, "{after_book} bytes");
    let all = usize::try_from(size).unwrap() + 1;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tickets.csv");
    let by_command = tickets_of_all(&company.database.url, &path).await;
    eprintln!("the command took {} MB", by_command / 1_000_000);
    assert!(by_command < bound, "{by_command} bytes");
    assert!(same(&path, &text), "the command wrote something else");
    assert_eq!(same_in_text(&company, &names, text, None).await, all);
    assert_eq!(same_in_workbook(&company, &names, book, None).await, all);
    let (own, _) = fetch(&manager, "tickets.csv").await;
    let of_project = same_in_text(&company, &names, own, Some("project:YT")).await;
    assert_eq!(of_project, all - usize::try_from((size + 1) / 3).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_town_is_exported_in_little_memory_and_equals_the_database_on_sqlite() {
    a_town_is_exported(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_town_is_exported_in_little_memory_and_equals_the_database_on_postgres() {
    if postgres::is_there() {
        a_town_is_exported(Engine::Postgres).await;
    }
}

/// How many exports a server says are in work.
async fn in_work(client: &Client) -> usize {
    let page = client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let value = page.lines().find_map(|line| line.strip_prefix("anju_open_exports "));
    value.unwrap().parse().unwrap()
}

/// A server with more tickets than fit between it and whoever does not read on.
async fn a_long_table() -> (Company, ServerProcess) {
    let company = Company::found(Engine::Sqlite).await;
    let server = company.serve().await;
    fill(&company, &server, TOO_MUCH_FOR_BUFFERS).await;
    (company, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_exports_one_table_at_a_time_and_who_goes_away_ends_the_work() {
    let (company, server) = a_long_table().await;
    let auditor = company.staff("auditor", &server).await;
    for table in ["tickets.csv", "tickets.xlsx"] {
        until("nothing is in work", async || (in_work(&auditor).await == 0).then_some(())).await;
        let mut held = begin(&auditor, table).await;
        assert_eq!(held.status(), 200);
        assert!(held.chunk().await.unwrap().is_some());
        assert_eq!(in_work(&auditor).await, 1);
        let second = begin(&auditor, "figures.csv").await;
        assert_eq!(second.status(), 503);
        assert!(second.headers().contains_key("retry-after"));
        let answer: serde_json::Value = second.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BUSY");
        let other = begin(&company.staff("supervisor", &server).await, "figures.csv").await;
        assert_eq!(other.status(), 200);
        drop((held, other));
        until_within(PATIENCE, "the work ends", async || (in_work(&auditor).await == 0).then_some(())).await;
        assert_eq!(begin(&auditor, "figures.csv").await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_signed_out_reads_no_further_and_has_no_whole_file() {
    let (company, server) = a_long_table().await;
    let auditor = company.staff("auditor", &server).await;
    let mut held = begin(&auditor, "tickets.csv").await;
    assert!(held.chunk().await.unwrap().is_some());
    auditor.run("mutation { signOut { userErrors { code } } }", serde_json::json!({})).await;
    let broken = loop {
        match held.chunk().await {
            Ok(Some(_)) => {}
            end => break end,
        }
    };
    assert!(broken.is_err(), "the file looks whole");
    let supervisor = company.staff("supervisor", &server).await;
    until("the place is free", async || (in_work(&supervisor).await == 0).then_some(())).await;
}

/// What comes while a table is read is not in it, and what changes is in it once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_shows_each_ticket_of_its_beginning_once() {
    let (company, server) = a_long_table().await;
    let db = company.services.db.writer();
    let before = ticket::Entity::find().count(db).await.unwrap();
    let auditor = company.staff("auditor", &server).await;
    let response = begin(&auditor, "tickets.csv").await;
    report_at_last(&company.owner("zhang", &server).await, company.report(2)).await;
    let last = ticket::Entity::find().filter(ticket::Column::Number.eq("N40000")).one(db).await.unwrap().unwrap();
    let mut changed = last.into_active_model();
    changed.title = Set("改过的标题".to_owned());
    changed.update(db).await.unwrap();
    let bytes = response.bytes().await.unwrap();
    let lines: Vec<Vec<String>> = file::csv(&bytes).skip(1).collect();
    assert_eq!(lines.len() as u64, before);
    let numbers: std::collections::BTreeSet<&str> = lines.iter().map(|line| line[0].as_str()).collect();
    assert_eq!(numbers.len(), lines.len());
    assert!(lines.iter().any(|line| line[9] == "改过的标题"));
}
