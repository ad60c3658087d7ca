//! A PostgreSQL cluster of one test's own, which it may stop, kill and freeze, and let a replica follow. Unlike the one of
//! the whole run, it has on the disk what it has acknowledged.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    net::TcpListener,
    process::{Child, ChildStdin, ChildStdout},
    sync::{Mutex, PoisonError},
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, Database as Connector};

use super::{Database, Engine, postgres};

pub struct Cluster {
    port: u16,
    keeper: Mutex<Keeper>,
}

/// A shell that does as it is told, a word a line, and ends the cluster when it is told nothing more.
struct Keeper {
    _shell: Child,
    words: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

const SCRIPT: &str = r#"
    trap '' INT
    data="$3/data"
    start() { "$2" -D "$data" -l "$3/log" -w -s start; }
    stop() { "$2" -D "$data" -m immediate -w -s stop; }
    # The first process starts the others, so it is the first to be stopped and the last to go on.
    freeze() { first=$(head -1 "$data/postmaster.pid"); kill -STOP "$first"; pkill -STOP -P "$first"; }
    thaw() { first=$(head -1 "$data/postmaster.pid"); pkill -CONT -P "$first"; kill -CONT "$first"; }
    follow() {
        "${1%/*}/pg_basebackup" -D "$3/replica" -d "host=127.0.0.1 port=$4 user=anju" -R -X stream -c fast --no-sync
        echo "port = $rest" >> "$3/replica/postgresql.conf"
        rejoin "$@"
    }
    rejoin() { "$2" -D "$3/replica" -l "$3/replica.log" -w -s start; }
    leave() { "$2" -D "$3/replica" -m immediate -w -s stop; }
    "$1" --pgdata="$data" --username=anju --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
    cat >> "$data/postgresql.conf" <<CONF
port = $4
unix_socket_directories = '$3'
listen_addresses = '127.0.0.1'
max_connections = 100
shared_buffers = 32MB
log_min_messages = fatal
CONF
    start "$@" && echo done
    while read -r word rest; do "$word" "$@" && echo done; done
    thaw 2>/dev/null
    leave "$@" 2>/dev/null
    stop "$@" 2>/dev/null
    rm -rf "$3"
"#;

impl Cluster {
    /// A running cluster; none where PostgreSQL's programs are missing.
    pub fn start() -> Option<Self> {
        if !postgres::is_there() {
            return None;
        }
        let initdb = super::process::program("initdb")?;
        let pg_ctl = initdb.with_file_name("pg_ctl");
        let folder = tempfile::tempdir().unwrap().keep();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut shell = postgres::shell(SCRIPT, &initdb, &pg_ctl, &folder, port);
        let words = shell.stdin.take().unwrap();
        let answers = BufReader::new(shell.stdout.take().unwrap()).lines();
        let mut keeper = Keeper { _shell: shell, words, answers };
        keeper.wait("start");
        Some(Self { port, keeper: Mutex::new(keeper) })
    }

    /// A migrated database in it.
    pub async fn database(&self) -> Database {
        let url = format!("postgres://anju@127.0.0.1:{}/postgres", self.port);
        let mut options = ConnectOptions::new(&url);
        options.max_connections(1).sqlx_logging(false);
        let db = Connector::connect(options).await.unwrap();
        Migrator::up(&db, None).await.unwrap();
        db.close().await.unwrap();
        Database::at(Engine::Postgres, url)
    }

    /// Ends it as a crash does.
    pub fn crash(&self) {
        self.tell("stop");
    }

    /// Starts it after a crash.
    pub fn recover(&self) {
        self.tell("start");
    }

    /// Stops every process of it where it is: connections stay open, and nothing answers.
    pub fn freeze(&self) {
        self.tell("freeze");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.tell("thaw");
    }

    /// Lets a streaming replica follow it; where that is.
    pub fn follow(&self) -> String {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        self.tell(&format!("follow {port}"));
        format!("postgres://anju@127.0.0.1:{port}/postgres")
    }

    /// Ends the replica as a crash does.
    pub fn crash_replica(&self) {
        self.tell("leave");
    }

    pub fn recover_replica(&self) {
        self.tell("rejoin");
    }

    fn tell(&self, word: &str) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(keeper.words, "{word}").unwrap();
        keeper.wait(word);
    }
}

impl Keeper {
    fn wait(&mut self, word: &str) {
        let answer = self.answers.next().and_then(Result::ok);
        assert_eq!(answer.as_deref(), Some("done"), "PostgreSQL did not {word}");
    }
}
