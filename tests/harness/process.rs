//! The server as a process of its own, which can be killed. The test binary starts itself again with a word in its
//! environment, and the one test that answers to it serves.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
    task::JoinHandle,
    time::timeout,
};

use super::until;

/// The word: the arguments of `anju serve`, one a line.
pub const ARGUMENTS: &str = "ANJU_TEST_SERVE";

/// The test that serves, by its full name.
const SERVER: &str = "process::server_process";

/// Serve with this program instead, such as an optimised build.
pub const PROGRAM: &str = "ANJU_TEST_PROGRAM";

/// Below the ports that the system gives out by itself, so that nobody takes one between the look and the start.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// How much of what a server says is kept.
const MOST_SAID: usize = 1 << 20;

static NEXT_PORT: AtomicU16 = AtomicU16::new(0);

/// How much memory a process has had at most, in bytes; none when it has ended.
pub fn peak_memory_of(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// A running server process. It is killed when dropped.
pub struct ServerProcess {
    child: Child,
    /// What it says on standard error.
    saying: JoinHandle<String>,
    is_heard: Arc<AtomicBool>,
    /// `http://127.0.0.1:port`
    pub url: String,
}

impl ServerProcess {
    /// Starts a server with these arguments beside `--listen`.
    pub fn start(arguments: &[&str]) -> Self {
        let Some(program) = std::env::var_os(PROGRAM) else {
            return Self::start_by(Command::new(std::env::current_exe().unwrap()), arguments);
        };
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new(program);
        command.args(["serve", "--listen", &address]).args(arguments);
        Self::spawn(command, &address, None)
    }

    /// Starts another program, which is told where to listen.
    pub fn start_other(program: &Path) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new(program);
        command.arg(&address);
        Self::spawn(command, &address, None)
    }

    /// Starts the test binary as a server, by a command that ends in running it.
    fn start_by(mut command: Command, arguments: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut all = vec!["anju", "serve", "--listen", &address];
        all.extend(arguments);
        command.args(["--exact", SERVER, "--nocapture", "--test-threads=1"]);
        Self::spawn(command, &address, Some(all.join("\n")))
    }

    fn spawn(mut command: Command, address: &str, word: Option<String>) -> Self {
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANJU_")) {
            command.env_remove(name);
        }
        if let Some(word) = word {
            command.env(ARGUMENTS, word);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let is_heard = Arc::new(AtomicBool::new(true));
        let saying = tokio::spawn(listen(child.stderr.take().expect("it is piped"), Arc::clone(&is_heard)));
        Self { child, saying, is_heard, url: format!("http://{address}") }
    }

    /// Starts a server over a database, with pictures in a folder.
    pub fn over(database_url: &str, folder: &Path, more: &[&str]) -> Self {
        let folder = folder.display().to_string();
        let mut arguments = vec!["--database-url", database_url, "--attachments", &folder, "--workers", "2"];
        arguments.extend(more);
        Self::start(&arguments)
    }

    /// The same, with a small disk that nobody else has.
    pub fn over_disk(database_url: &str, pictures: &Path, disk: &SmallDisk) -> Self {
        let pictures = pictures.display().to_string();
        let mut command = Command::new("unshare");
        let script = "mount -t tmpfs -o size=$1k tmpfs \"$2\" && { [ -z \"$3\" ] || cp \"$3\"/* \"$2\"; } && shift 3 && exec \"$@\"";
        command.args(["-m", "sh", "-c", script, "sh"]).arg(disk.kib.to_string()).arg(&disk.folder);
        command.arg(disk.filled_from.clone().unwrap_or_default()).arg(std::env::current_exe().unwrap());
        let arguments = ["--database-url", database_url, "--attachments", &pictures, "--workers", "2"];
        Self::start_by(command, &arguments)
    }

    /// A folder as the server sees it.
    pub fn sees(&self, folder: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.id()));
        root.join(folder.strip_prefix("/").unwrap())
    }

    /// How long it has been computing, on all cores together.
    pub fn cpu(&self) -> Duration {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.id())).unwrap();
        // The first number is the time that the thread ran, in nanoseconds; one that has ended meanwhile has no file.
        let ran = threads.flatten().filter_map(|thread| {
            let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(ran.sum())
    }

    /// How much memory it has, in bytes.
    pub fn memory(&self) -> u64 {
        self.resident_pages() * 4096
    }

    /// The most memory it ever had, in bytes.
    pub fn peak_memory(&self) -> u64 {
        peak_memory_of(self.id()).expect("it runs")
    }

    fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Nobody takes what it says from now on.
    pub fn stop_listening(&self) {
        self.is_heard.store(false, Ordering::Relaxed);
    }

    /// Waits until it says that it is ready.
    pub async fn ready(mut self) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let ready = format!("{}/readyz", self.url);
        until("the server is ready", async || {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended with {status}");
            }
            let answer = http.get(&ready).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        self
    }

    /// How many pages of memory it holds.
    pub fn resident_pages(&self) -> u64 {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.id())).unwrap();
        statm.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Ends it as a power cut does.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to stop.
    pub async fn terminate(&self) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(sent.success());
    }

    /// Waits for its end, whatever it still has to say.
    pub async fn exit(mut self) -> ExitStatus {
        self.child.wait().await.unwrap()
    }

    /// Waits for its end; how it ended and what it said on standard error.
    pub async fn end(mut self, within: Duration) -> (ExitStatus, String) {
        let ending = async {
            let said = self.saying.await.unwrap();
            (self.child.wait().await.unwrap(), said)
        };
        timeout(within, ending).await.expect("the server ends in time")
    }
}

/// Everything that is said, up to the end or until nobody listens; of very much, the last part.
async fn listen(stderr: ChildStderr, is_heard: Arc<AtomicBool>) -> String {
    let (mut said, mut lines) = (String::new(), BufReader::new(stderr).lines());
    while let Ok(Some(line)) = lines.next_line().await {
        if said.len() > MOST_SAID {
            said.clear();
        }
        said.push_str(&line);
        said.push('\n');
        if !is_heard.load(Ordering::Relaxed) {
            // The pipe stays open, and fills.
            std::future::pending::<()>().await;
        }
    }
    said
}

/// A file system in memory.
pub struct SmallDisk {
    /// Where it is put.
    pub folder: PathBuf,
    pub kib: u64,
    /// The folder whose files it has at the beginning.
    pub filled_from: Option<PathBuf>,
}

/// Whether small disks can be made here. Says so when not.
pub fn can_mount() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let mut probe = std::process::Command::new("unshare");
    probe.args(["-m", "mount", "-t", "tmpfs", "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
    let can = probe.status().is_ok_and(|status| status.success());
    if !can {
        eprintln!("file systems can't be mounted here: the tests of full disks are left out");
    }
    can
}

/// A program of Debian's. PostgreSQL's own programs and servers in general are kept off the path there.
pub fn program(name: &str) -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    places.push("/usr/sbin".into());
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut found: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
        found.sort();
        places.splice(0..0, found.into_iter().rev());
    }
    places.into_iter().map(|place| place.join(name)).find(|path| path.is_file())
}

/// A port of this machine on which nobody listens.
pub fn free_port() -> u16 {
    let span = PORTS.end - PORTS.start;
    let start = u16::try_from(std::process::id() % u32::from(span)).unwrap();
    loop {
        let port = PORTS.start + (start + NEXT_PORT.fetch_add(1, Ordering::Relaxed)) % span;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
