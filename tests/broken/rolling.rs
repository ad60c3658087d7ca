//! Servers that are restarted one after the other under load: a client that goes elsewhere when it gets no answer sees
//! nothing of it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::task::JoinHandle;

use crate::harness::{
    Client, Engine,
    company::{Answered, Company, report_at_last, send_report},
    device::{Device, ids, owner_document, read_log, start_of_log},
    postgres, until,
};

/// How long a client waits that was told to come again.
const COME_AGAIN: Duration = Duration::from_millis(50);

/// Where the two servers are at the moment.
type Addresses = Arc<Mutex<[String; 2]>>;

fn address(addresses: &Addresses, which: usize) -> String {
    addresses.lock().unwrap_or_else(PoisonError::into_inner)[which % 2].clone()
}

/// One client's reports, at the two servers in turn. It tries again, with the same key, only where it got no answer at all:
/// where a connection was refused, or an idle one was being closed while the report was sent. It takes no other answer
/// than success, or to be told to come again, as on a machine that is busy with other tests.
async fn report_on(
    company: Arc<Company>,
    client: Client,
    addresses: Addresses,
    (first, step): (usize, usize),
    (done, stop): (Arc<AtomicUsize>, Arc<AtomicBool>),
) -> Vec<(usize, Value)> {
    let mut acknowledged = Vec::new();
    for number in (first..).step_by(step) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        for attempt in 0.. {
            let server = client.at(&address(&addresses, number / step + attempt));
            match send_report(&server, company.report(number)).await {
                Ok(Answered::Done(ticket)) => {
                    acknowledged.push((number, ticket));
                    break;
                }
                Ok(Answered::Busy) => {
                    assert!(attempt < 100, "report {number} was answered with BUSY again and again");
                    tokio::time::sleep(COME_AGAIN).await;
                }
                Err(error) if error.is_connect() || error.is_request() => {
                    assert!(attempt < 100, "nobody serves: {error:?}");
                }
                Err(error) => panic!("report {number} was lost: {error:?}"),
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

/// Listens at one server, and at the other when it is told that this one goes away. Ends when it has seen `all` events.
async fn listen(
    mut phone: Device,
    client: Client,
    addresses: Addresses,
    mut at: usize,
    all: Arc<AtomicUsize>,
) -> (Device, usize) {
    let mut moves = 0;
    while phone.seen.len() < all.load(Ordering::Relaxed) {
        if let Err(code) = phone.hear().await {
            assert_eq!(code, Some(1001));
            moves += 1;
            at += 1;
            phone.use_client(&client.at(&address(&addresses, at)));
            phone.connect().await;
        }
    }
    (phone, moves)
}

const CLIENTS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_are_restarted_one_by_one_lose_no_request_and_no_event() {
    if !postgres::is_there() {
        return;
    }
    let company = Arc::new(Company::found(Engine::Postgres).await);
    let mut servers = [company.serve().await, company.serve().await];
    let addresses: Addresses = Arc::new(Mutex::new([servers[0].url.clone(), servers[1].url.clone()]));
    let owner = company.owner("zhang", &servers[0]).await;
    let all = Arc::new(AtomicUsize::new(usize::MAX));
    let mut phones: Vec<JoinHandle<(Device, usize)>> = Vec::new();
    for (at, server) in servers.iter().enumerate() {
        let client = owner.at(&server.url);
        let mut phone = Device::new(&client, owner_document()).after(&start_of_log());
        phone.connect().await;
        phones.push(tokio::spawn(listen(phone, client, addresses.clone(), at, all.clone())));
    }
    let (done, stop): (Arc<AtomicUsize>, Arc<AtomicBool>) = Default::default();
    let load: Vec<_> = (0..CLIENTS)
        .map(|first| {
            let client = Client::new("", owner.token.clone());
            let signals = (done.clone(), stop.clone());
            tokio::spawn(report_on(company.clone(), client, addresses.clone(), (first, CLIENTS), signals))
        })
        .collect();
    let served = async |more: usize| {
        let before = done.load(Ordering::Relaxed);
        until("people are served", async || (done.load(Ordering::Relaxed) >= before + more).then_some(())).await;
    };
    for (which, server) in servers.iter_mut().enumerate() {
        served(30).await;
        server.terminate().await;
        let next = company.serve().await;
        let old = std::mem::replace(server, next);
        let (ended, said) = old.end(Duration::from_secs(12)).await;
        assert_eq!(ended.code(), Some(0), "{said}");
        addresses.lock().unwrap_or_else(PoisonError::into_inner)[which] = server.url.clone();
    }
    served(30).await;
    stop.store(true, Ordering::Relaxed);
    let acknowledged: Vec<(usize, Value)> =
        futures_util::future::join_all(load).await.into_iter().flat_map(Result::unwrap).collect();
    let owner = owner.at(&servers[0].url);
    // The last event lets listeners see that they have seen everything.
    all.store(acknowledged.len() + 1, Ordering::Relaxed);
    report_at_last(&owner, company.report(usize::MAX)).await;
    let log = ids(&read_log(&owner, None, 100).await);
    assert_eq!(log.len(), acknowledged.len() + 1);
    for phone in phones {
        let (phone, moves) = phone.await.unwrap();
        assert_eq!(phone.event_ids(), log);
        assert!(moves >= 1, "it was never told to go elsewhere");
    }
}
