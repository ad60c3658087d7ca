//! A PostgreSQL cluster of the test run's own, in a temporary folder; gone when the run ends, however it ends.

use std::{
    env,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};

use super::{TestApp, process::program, until};

/// Set by CI: without the programs the run fails instead of leaving PostgreSQL out.
const INSIST: &str = "ANJU_REQUIRE_POSTGRES";

struct Cluster {
    port: u16,
    /// The keeper ends the cluster when this closes, which the end of the run does by itself.
    _keeper: (Child, ChildStdin),
}

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();

/// Makes databases one after the other: two copies of one template at a time get in each other's way.
static ADMIN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Whether tests can run on PostgreSQL here. Says so once when not.
pub fn is_there() -> bool {
    CLUSTER.get_or_init(start).is_some()
}

/// Where a database of the cluster is.
pub fn url(database: &str) -> String {
    let cluster = CLUSTER.get_or_init(start).as_ref().expect("asked for only where it is there");
    format!("postgres://anju@127.0.0.1:{}/{database}", cluster.port)
}

/// Runs a statement about databases.
pub async fn admin(sql: &str) {
    let _turn = ADMIN.lock().await;
    let mut options = ConnectOptions::new(url("postgres"));
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

fn start() -> Option<Cluster> {
    let Some(initdb) = program("initdb") else {
        assert!(env::var_os(INSIST).is_none(), "{INSIST} is set, but initdb was not found");
        eprintln!("PostgreSQL's programs were not found: its tests are left out");
        return None;
    };
    let pg_ctl = initdb.with_file_name("pg_ctl");
    let folder = tempfile::tempdir().unwrap().keep();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut keeper = keeper(&initdb, &pg_ctl, &folder, port);
    let stdin = keeper.stdin.take().unwrap();
    let mut lines = BufReader::new(keeper.stdout.take().unwrap()).lines();
    let ready = lines.any(|line| line.is_ok_and(|line| line == "ready"));
    assert!(ready, "PostgreSQL did not start");
    Some(Cluster { port, _keeper: (keeper, stdin) })
}

/// A shell that starts the cluster and stops it when its input ends. The server refuses to run as root.
fn keeper(initdb: &Path, pg_ctl: &Path, folder: &Path, port: u16) -> Child {
    let script = r#"
        trap '' INT
        set -e
        data="$3/data"
        "$1" --pgdata="$data" --username=anju --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
        "$2" -D "$data" -l "$3/log" -w -s -o "-p $4 -k $3 -c listen_addresses=127.0.0.1 -c fsync=off \
            -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB \
            -c log_min_messages=fatal" start
        echo ready
        cat >/dev/null
        "$2" -D "$data" -m immediate -s stop || true
        rm -rf "$3"
    "#;
    shell(script, initdb, pg_ctl, folder, port)
}

/// A shell as a user that PostgreSQL runs for, who owns the folder. The script finds the programs, the folder and the
/// port as its arguments.
pub(super) fn shell(script: &str, initdb: &Path, pg_ctl: &Path, folder: &Path, port: u16) -> Child {
    let mut command = if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(folder).status().unwrap();
        assert!(owned.success(), "the user postgres is missing");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", script, "sh"]).arg(initdb).arg(pg_ctl).arg(folder).arg(port.to_string());
    command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

pub(super) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// Waits until somebody waits for a lock on this table.
pub async fn until_waited_for(app: &TestApp, table: &str) {
    let waiting = format!("SELECT 1 FROM pg_locks WHERE relation = '{table}'::regclass AND NOT granted");
    until(&format!("somebody waits for {table}"), async || {
        let waiting = Statement::from_string(DbBackend::Postgres, &waiting);
        app.services.db.reader().query_one_raw(waiting).await.unwrap()
    })
    .await;
}
