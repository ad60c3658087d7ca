//! Two servers, PostgreSQL and NATS, each of which is killed again and again while people work. At the end every
//! acknowledged write is there once, and every device that resumed has seen every event once and in order.

mod follower;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::harness::{
    Client,
    cluster::Cluster,
    company::{Company, try_report},
    device::{ids, read_log},
    dice::Dice,
    nats::{self, Nats},
    process::ServerProcess,
    until_within,
};

/// How long it goes on, in seconds, and how often something is killed: `ANJU_CHAOS=300 ANJU_CHAOS_KILLS=20` is what a
/// release has to live through.
const SECONDS: (&str, u64) = ("ANJU_CHAOS", 10);
const KILLS: (&str, u64) = ("ANJU_CHAOS_KILLS", 5);

const WRITERS: usize = 4;
const FOLLOWERS: usize = 4;

/// The pause of a person between two reports.
const PAUSE: Duration = Duration::from_millis(100);

fn number((name, default): (&str, u64)) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Where the two servers are at the moment.
#[derive(Clone)]
pub struct Site(Arc<Mutex<[String; 2]>>);

impl Site {
    fn url(&self, turn: usize) -> String {
        self.0.lock().unwrap()[turn % 2].clone()
    }
}

/// Everything that can be killed.
struct Machines {
    company: Arc<Company>,
    cluster: Cluster,
    nats: Nats,
    servers: [Option<ServerProcess>; 2],
    site: Site,
}

impl Machines {
    async fn start() -> Option<Self> {
        if !nats::is_there() {
            return None;
        }
        let cluster = Cluster::start()?;
        let company = Arc::new(Company::found_in(cluster.database().await).await);
        let nats = Nats::start().await;
        let site = Site(Arc::new(Mutex::new([String::new(), String::new()])));
        let mut machines = Self { company, cluster, nats, servers: [None, None], site };
        for number in 0..2 {
            machines.serve(number).await;
        }
        Some(machines)
    }

    async fn serve(&mut self, number: usize) {
        let server = self.company.serve_with(&["--nats-url", &self.nats.url()]).await;
        self.site.0.lock().unwrap()[number] = server.url.clone();
        self.servers[number] = Some(server);
    }

    /// Kills one of them as a power cut does, and brings it back after a while.
    async fn kill(&mut self, which: u64, for_a_while: Duration) -> &'static str {
        match which {
            0 | 1 => {
                let number = usize::try_from(which).unwrap();
                self.servers[number].take().expect("it runs").kill().await;
                sleep(for_a_while).await;
                self.serve(number).await;
                "a server"
            }
            2 => {
                self.cluster.crash();
                sleep(for_a_while).await;
                self.cluster.recover();
                "PostgreSQL"
            }
            _ => {
                self.nats.kill().await;
                sleep(for_a_while).await;
                self.nats.restart().await;
                "NATS"
            }
        }
    }
}

/// What a writer was acknowledged: the number of each report, and its ticket.
type Written = Vec<(usize, String)>;

/// Reports and has accepted, each until it is acknowledged, at whichever server answers.
async fn write(
    site: Site,
    company: Arc<Company>,
    (owner, ambassador): (Client, Client),
    numbers: impl Iterator<Item = usize>,
    stop: watch::Receiver<bool>,
) -> Written {
    let mut written = Vec::new();
    for number in numbers {
        if *stop.borrow() {
            break;
        }
        let mut turn = number;
        let id = loop {
            let reported = try_report(&owner.at(&site.url(turn)), company.report(number)).await;
            if let Some((id, _)) = reported {
                break id.as_str().unwrap().to_owned();
            }
            turn += 1;
            sleep(PAUSE).await;
        };
        while !try_accept(&ambassador.at(&site.url(turn)), &id).await {
            turn += 1;
            sleep(PAUSE).await;
        }
        written.push((number, id));
        sleep(PAUSE).await;
    }
    written
}

const ACCEPT: &str = "mutation($input: AcceptTicketInput!) {
    acceptTicket(input: $input) { ticket { status } userErrors { code } } }";

/// One try; whether it was acknowledged.
async fn try_accept(client: &Client, ticket: &str) -> bool {
    let input = json!({
        "ticketId": ticket, "category": "PLUMBING", "urgency": "NORMAL", "responsibleDepartment": "PROPERTY_COMPANY",
        "idempotencyKey": format!("accept-{ticket}"),
    });
    let body = json!({ "query": ACCEPT, "variables": { "input": input } });
    let Ok(response) = client.request(reqwest::Method::POST, "/graphql").json(&body).send().await else { return false };
    let Ok(answer) = response.json::<Value>().await else { return false };
    let payload = &answer["data"]["acceptTicket"];
    if payload.is_object() {
        assert_eq!(payload["userErrors"], json!([]), "a repeated call gives the first one's result");
    }
    payload["ticket"]["status"] == "ACCEPTED"
}

/// Somebody who only looks, and takes it as it comes.
async fn read(site: Site, owner: Client, mut stop: watch::Receiver<bool>) {
    let list = json!({ "query": "{ tickets(first: 20) { nodes { id status } } }" });
    let mut turn = 0;
    while !*stop.borrow_and_update() {
        turn += 1;
        let request = owner.at(&site.url(turn)).request(reqwest::Method::POST, "/graphql").json(&list);
        // An answer or none: nothing is promised to a reader but that it comes in time.
        let _ = request.send().await;
        sleep(PAUSE).await;
    }
}

/// Everyone at work, until they are told to stop.
struct People {
    stop: watch::Sender<bool>,
    goal: watch::Sender<Option<String>>,
    writers: Vec<JoinHandle<Written>>,
    readers: Vec<JoinHandle<()>>,
    followers: Vec<JoinHandle<Vec<String>>>,
}

impl People {
    fn start(machines: &Machines, owner: &Client, ambassador: &Client) -> Self {
        let (stop, goal) = (watch::Sender::new(false), watch::Sender::new(None));
        let (site, company) = (&machines.site, &machines.company);
        let writer = |first: usize| {
            let people = (owner.clone(), ambassador.clone());
            let numbers = (first..).step_by(WRITERS);
            tokio::spawn(write(site.clone(), Arc::clone(company), people, numbers, stop.subscribe()))
        };
        let writers = (0..WRITERS).map(writer).collect();
        let readers = vec![tokio::spawn(read(site.clone(), owner.clone(), stop.subscribe()))];
        let follower = |turn| tokio::spawn(follower::follow(site.clone(), owner.clone(), turn, goal.subscribe()));
        let followers = (0..FOLLOWERS).map(follower).collect();
        Self { stop, goal, writers, readers, followers }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_nothing_acknowledged_is_lost_and_no_event_missed_or_doubled() {
    let Some(mut machines) = Machines::start().await else { return };
    let owner = machines.company.owner("zhang", machines.servers[0].as_ref().unwrap()).await;
    let ambassador = machines.company.staff("ambassador.a", machines.servers[0].as_ref().unwrap()).await;
    let mut people = People::start(&machines, &owner, &ambassador);

    let (seconds, kills) = (number(SECONDS), number(KILLS));
    let began = Instant::now();
    let mut dice = Dice::new(20_261_127);
    for kill in 0..kills {
        sleep(Duration::from_millis(seconds * 1000 / kills / 2 + dice.throw(seconds * 1000 / kills))).await;
        // The first four are one of each.
        let which = if kill < 4 { kill } else { dice.throw(4) };
        let killed = machines.kill(which, Duration::from_millis(100 + dice.throw(900))).await;
        eprintln!("{:?}: {killed} was killed and is back", began.elapsed());
    }

    people.stop.send_replace(true);
    let mut written = Vec::new();
    for writer in people.writers.drain(..) {
        written.extend(writer.await.unwrap());
    }
    for reader in people.readers.drain(..) {
        reader.await.unwrap();
    }
    let log = read_log(&owner.at(&machines.site.url(0)), None, 100).await;
    check_writes(&written, &log);

    people.goal.send_replace(Some(log.last().unwrap()["cursor"].as_str().unwrap().to_owned()));
    let expected = ids(&log);
    for follower in &mut people.followers {
        let finished = until_within(Duration::from_secs(60), "a device has caught up", async || {
            follower.is_finished().then_some(())
        });
        finished.await;
        let seen = follower.await.unwrap();
        assert_eq!(seen.len(), expected.len(), "events seen, and events there are");
        assert_eq!(seen, expected, "each once and in order");
    }
    eprintln!(
        "{kills} kills in {:?}: {} acknowledged writes, 0 lost; {} events to {FOLLOWERS} devices, 0 missed, 0 doubled",
        began.elapsed(),
        written.len() * 2,
        log.len(),
    );
}

/// Each acknowledged report is one ticket that was reported once and accepted once, and there are no others.
fn check_writes(written: &Written, log: &[Value]) {
    assert!(written.len() > 20, "only {} reports: there was no load", written.len());
    let mut actions: HashMap<&str, Vec<&str>> = HashMap::new();
    for event in log {
        let (ticket, action) = (event["ticket"]["id"].as_str().unwrap(), event["action"].as_str().unwrap());
        actions.entry(ticket).or_default().push(action);
    }
    for (number, id) in written {
        assert_eq!(actions[id.as_str()], ["CREATE", "ACCEPT"], "report {number}, ticket {id}");
    }
    let distinct: std::collections::HashSet<_> = written.iter().map(|(_, id)| id).collect();
    assert_eq!((distinct.len(), log.len()), (written.len(), written.len() * 2), "nothing twice, and nothing else");
}
