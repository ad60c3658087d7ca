//! Measuring: how long one request takes when nothing else runs, and how much of the processors a request takes, of ours
//! and of the database's, when many run at a time. Processor time is read from Linux's `/proc`.

use std::{
    fs, process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;

/// Sends one request and reads the whole answer.
pub type Ask = Arc<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>;

/// How many requests run at a time under load.
const CLIENTS: usize = 16;

/// Processor time that was used so far.
#[derive(Clone, Copy)]
struct Used {
    server: Duration,
    database: Duration,
}

/// What a request costs, in microseconds of processor time; how many there were, and how long that took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub server: f64,
    pub database: f64,
    pub requests: u64,
    pub time: Duration,
}

impl Cost {
    pub fn total(self) -> f64 {
        self.server + self.database
    }

    /// Requests a second.
    // Fewer requests than a double counts exactly.
    #[allow(clippy::cast_precision_loss)]
    pub fn rate(self) -> f64 {
        self.requests as f64 / self.time.as_secs_f64()
    }
}

/// Reads the processor time of a server's process and of the database's.
pub struct Meter {
    server: u32,
    database: Vec<i32>,
}

impl Meter {
    /// Of what is served in this process.
    pub fn new(database: Vec<i32>) -> Self {
        Self { server: process::id(), database }
    }

    /// Of another process that serves, over the same database.
    pub fn of(&self, server: u32) -> Self {
        Self { server, database: self.database.clone() }
    }

    fn used(&self) -> Used {
        let threads = fs::read_dir(format!("/proc/{}/task", self.server)).expect("the server runs, and /proc is there");
        let server =
            threads.flatten().map(|thread| running(&thread.path().join("schedstat").display().to_string())).sum();
        let database = self.database.iter().map(|id| running(&format!("/proc/{id}/schedstat"))).sum();
        Used { server, database }
    }

    /// How long each of so many requests takes, one after the other.
    pub async fn alone(&self, ask: &Ask, times: usize) -> Vec<Duration> {
        let mut all = Vec::with_capacity(times);
        for _ in 0..times {
            let start = Instant::now();
            ask().await;
            all.push(start.elapsed());
        }
        all
    }

    /// Sixteen clients ask for a while. What each request cost, and how long each took.
    pub async fn under_load(&self, ask: &Ask, time: Duration) -> (Cost, Vec<Duration>) {
        let stop = Arc::new(AtomicBool::new(false));
        let (before, start) = (self.used(), Instant::now());
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (ask, stop) = (Arc::clone(ask), Arc::clone(&stop));
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let start = Instant::now();
                        ask().await;
                        times.push(start.elapsed());
                    }
                    times
                })
            })
            .collect();
        tokio::time::sleep(time).await;
        stop.store(true, Ordering::Relaxed);
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await.unwrap());
        }
        (self.cost((before, start), times.len() as u64), times)
    }

    /// What each of so many pieces of work costs, of which all are done when `work` is.
    pub async fn each(&self, pieces: u64, work: impl Future<Output = ()>) -> Cost {
        let before = (self.used(), Instant::now());
        work.await;
        self.cost(before, pieces)
    }

    fn cost(&self, (before, start): (Used, Instant), requests: u64) -> Cost {
        let (after, time) = (self.used(), start.elapsed());
        // Fewer requests than a double counts exactly.
        #[allow(clippy::cast_precision_loss)]
        let each = |time: Duration| time.as_secs_f64() * 1e6 / requests.max(1) as f64;
        let server = each(after.server.saturating_sub(before.server));
        Cost { server, database: each(after.database.saturating_sub(before.database)), requests, time }
    }
}

/// The processor time of a thread, none when it has ended.
fn running(path: &str) -> Duration {
    let text = fs::read_to_string(path).unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// Of several measurements of the same, the mean weighed by how much was measured.
pub fn mean(costs: &[Cost]) -> Cost {
    let requests: u64 = costs.iter().map(|cost| cost.requests).sum();
    // Fewer requests than a double counts exactly.
    #[allow(clippy::cast_precision_loss)]
    let weighed = |of: fn(&Cost) -> f64| {
        costs.iter().map(|cost| of(cost) * cost.requests as f64).sum::<f64>() / requests.max(1) as f64
    };
    let time = costs.iter().map(|cost| cost.time).sum();
    Cost { server: weighed(|cost| cost.server), database: weighed(|cost| cost.database), requests, time }
}

pub fn median(times: &mut [Duration]) -> Duration {
    within(times, 50)
}

/// How long so many of a hundred took at most.
pub fn within(times: &mut [Duration], of_hundred: usize) -> Duration {
    times.sort_unstable();
    times.get(times.len() * of_hundred / 100).copied().unwrap_or_default()
}
