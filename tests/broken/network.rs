//! A network between server and database that swallows: connections stay open, and nothing comes through them any more.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::Load;
use crate::harness::{
    Database, Engine, TestApp,
    company::Company,
    device::{Device, ids, owner_document, read_log, start_of_log},
    postgres,
    process::ServerProcess,
    until, until_within,
};

/// A way to the database on which connections can be made to swallow.
struct Way {
    port: u16,
    swallowed: watch::Sender<u32>,
}

impl Way {
    async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self { port: listener.local_addr().unwrap().port(), swallowed: watch::Sender::new(0) };
        let swallowed = way.swallowed.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, port, swallowed.subscribe()));
            }
        });
        way
    }

    /// From now on nothing comes through the connections that are open; new ones are good.
    fn swallow(&self) {
        self.swallowed.send_modify(|times| *times += 1);
    }
}

async fn carry(mut client: TcpStream, port: u16, mut swallowed: watch::Receiver<u32>) {
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => return,
        _ = swallowed.changed() => {}
    }
    // Both ends believe that they are connected.
    let _open = (client, server);
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_swallow_are_given_up_and_replaced() {
    if !postgres::is_there() {
        return;
    }
    let company = Arc::new(Company::found(Engine::Postgres).await);
    let (host, name) = company.database.url.rsplit_once('/').unwrap();
    let way = Way::to(host.rsplit_once(':').unwrap().1.parse().unwrap()).await;
    let roundabout = Database::at(Engine::Postgres, format!("postgres://anju@127.0.0.1:{}/{name}", way.port));
    let more = ["--max-connections", "4"];
    let server = ServerProcess::over(&roundabout.url, company.folder.path(), &more).ready().await;
    let owner = company.owner("zhang", &server).await;
    let mut phone = Device::new(&owner, owner_document()).after(&start_of_log());
    phone.connect().await;
    let load = Load::start(&company, &owner, 8);
    until("people are served", async || (load.done() > 20).then_some(())).await;
    phone.see().await;
    way.swallow();
    until("somebody is told to come again", async || (load.busy() > 0).then_some(())).await;
    let done = load.done();
    // Ten seconds for the requests, five for what they left behind, and some more.
    until_within(Duration::from_secs(40), "people are served again", async || (load.done() > done + 20).then_some(()))
        .await;
    let acknowledged = load.finish().await;
    let mine = owner.owner_app("MyTickets", json!({ "first": 1 })).await;
    assert!(mine["tickets"]["totalCount"].as_u64().unwrap() >= acknowledged.len() as u64);
    let log = ids(&read_log(&owner, None, 100).await);
    while phone.seen.len() < log.len() {
        if let Err(code) = phone.hear().await {
            assert_eq!(code, Some(1013));
            phone.connect().await;
        }
    }
    assert_eq!(phone.event_ids(), log);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_whose_answer_hangs_is_ended_and_goes_on_where_it_was() {
    if !postgres::is_there() {
        return;
    }
    let app = TestApp::new(Engine::Postgres).await;
    app.report(json!({})).await;
    let owner = app.owner("zhang").await;
    let document = "subscription ($ticketId: ID, $after: String) {
        ticketStatusChanged(ticketId: $ticketId, after: $after) { cursor event { id } ticket { attachments { id } } }
    }";
    let mut phone = Device::new(&owner, document.to_owned()).after(&start_of_log());
    // The log can be read; what the answer is made of can't.
    let other = app.database.connect().await;
    let lock = other.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE attachments IN ACCESS EXCLUSIVE MODE").await.unwrap();
    phone.connect().await;
    assert_eq!(phone.hear().await, Err(Some(1013)));
    lock.rollback().await.unwrap();
    phone.connect().await;
    phone.see().await;
    assert_eq!(phone.event_ids(), ids(&read_log(&owner, None, 100).await));
}
