//! A NATS server of a test's own, which it may stop and start again.

use std::{env, path::PathBuf, process::Stdio, sync::OnceLock};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use super::{
    process::{free_port, program},
    until,
};

/// Set by CI: without the program the run fails instead of leaving NATS out.
const INSIST: &str = "ANJU_REQUIRE_NATS";

static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();

/// Whether tests can use NATS here. Says so once when not.
pub fn is_there() -> bool {
    PROGRAM.get_or_init(find).is_some()
}

fn find() -> Option<PathBuf> {
    let found = program("nats-server");
    if found.is_none() {
        assert!(env::var_os(INSIST).is_none(), "{INSIST} is set, but nats-server was not found");
        eprintln!("nats-server was not found: its tests are left out");
    }
    found
}

/// A running NATS server. It is killed when dropped.
pub struct Nats {
    port: u16,
    child: Option<Child>,
}

impl Nats {
    pub async fn start() -> Self {
        let mut nats = Self { port: free_port(), child: None };
        nats.restart().await;
        nats
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut does.
    pub async fn kill(&mut self) {
        self.child.take().expect("it runs").kill().await.unwrap();
    }

    /// Starts it where it was.
    pub async fn restart(&mut self) {
        let program = PROGRAM.get_or_init(find).as_ref().expect("asked for only where it is there");
        let mut command = Command::new(program);
        command.args(["--addr", "127.0.0.1", "--port", &self.port.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        self.child = Some(command.spawn().unwrap());
        until("NATS takes connections", async || TcpStream::connect(("127.0.0.1", self.port)).await.ok()).await;
    }
}
