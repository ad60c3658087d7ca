//! Broken machines: a database that dies or hangs, too many requests, full disks, clocks that jump, servers that are
//! restarted. What was acknowledged stays, what can't be done is said in time, and nobody has to repair anything.

mod clocks;
mod crowds;
mod database;
mod disks;
mod network;
mod pool;
mod rolling;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::Method;
use serde_json::Value;
use tokio::{task::JoinHandle, time::Instant};

use crate::harness::{
    Client,
    company::{Answered, Company, send_report},
};

/// By when every request is answered: the ten seconds that a request has, and some for a machine that is busy with other
/// tests.
const BOUND: Duration = Duration::from_secs(13);

/// The status of a page without a token.
async fn status(client: &Client, path: &str) -> u16 {
    client.request(Method::GET, path).send().await.map_or(0, |response| response.status().as_u16())
}

/// A figure of a server, as an operator sees it.
async fn figure(client: &Client, name: &str) -> u64 {
    let page = client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.map_or(0, |value| value.parse().unwrap())
}

/// How many reports were done, how many refused as busy, and whether to stop.
type Signals = (Arc<AtomicUsize>, Arc<AtomicUsize>, Arc<AtomicBool>);

/// One client's reports, and which were acknowledged.
async fn report_on(
    company: Arc<Company>,
    client: Client,
    reports: impl Iterator<Item = usize>,
    (done, busy, stop): Signals,
) -> Vec<(usize, Value)> {
    let mut acknowledged = Vec::new();
    for number in reports {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let sent = Instant::now();
        let answered = send_report(&client, company.report(number)).await.unwrap();
        assert!(sent.elapsed() < BOUND, "answered after {:?}", sent.elapsed());
        match answered {
            Answered::Done(ticket) => {
                done.fetch_add(1, Ordering::Relaxed);
                acknowledged.push((number, ticket));
            }
            Answered::Busy => {
                busy.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    acknowledged
}

/// Clients that report without pause, each report once, and insist on an answer in time.
struct Load {
    done: Arc<AtomicUsize>,
    busy: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<(usize, Value)>>>,
}

impl Load {
    fn start(company: &Arc<Company>, client: &Client, clients: usize) -> Self {
        let (done, busy, stop): Signals = Default::default();
        let mut load = Self { done, busy, stop, clients: Vec::new() };
        for first in 0..clients {
            let reports = (first..).step_by(clients);
            let signals = (load.done.clone(), load.busy.clone(), load.stop.clone());
            load.clients.push(tokio::spawn(report_on(Arc::clone(company), client.clone(), reports, signals)));
        }
        load
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    /// What was acknowledged: the number of each report and its ticket.
    async fn finish(self) -> Vec<(usize, Value)> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for client in self.clients {
            all.extend(client.await.unwrap());
        }
        all
    }
}
