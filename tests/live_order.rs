//! The log's order: numbers are given in the order of commits, so a reader that goes by numbers misses nothing.

use anju::{
    auth::viewer::Viewer,
    service::Services,
    store::event::{after, append, head, take_log_order},
};
use entity::{ticket, ticket_event};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::{
    both,
    harness::{
        Engine, TestApp,
        crew::Crew,
        device::{Device, ids, read_log, start_of_log},
        dice::Dice,
        postgres, until,
    },
};

/// What a device asks for when only the order matters.
const LEAN: &str =
    "subscription($after: String) { ticketStatusChanged(after: $after) { cursor event { id action note } } }";

/// An event as the service writes one, about the one ticket there is.
async fn event(services: &Services, note: &str) -> ticket_event::Model {
    let ticket = ticket::Entity::find().one(services.db.reader()).await.unwrap().unwrap();
    ticket_event::Model {
        seq: 0,
        id: services.new_id(services.now()),
        ticket_id: ticket.id,
        project_id: ticket.project_id,
        unit_id: ticket.unit_id,
        action: entity::vocab::TicketAction::Escalate,
        from_status: Some(ticket.status),
        to_status: ticket.status,
        note: Some(note.to_owned()),
        actor_kind: entity::vocab::PrincipalKind::System,
        actor_owner_id: None,
        actor_staff_id: None,
        details: None,
        occurred_at: services.now(),
        made_at: None,
    }
}

/// How many transactions of this database wait for a turn to number events.
async fn waiting(services: &Services) -> i64 {
    let sql = "SELECT COUNT(*) AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let row = services.db.reader().query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql));
    row.await.unwrap().unwrap().try_get("", "waiting").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_took_its_number_first_commits_first() {
    if !postgres::is_there() {
        return;
    }
    let app = TestApp::new(Engine::Postgres).await;
    let crew = Crew::of_101(&app).await;
    crew.report("厨房水管漏水").await;
    let services = &app.services;
    let mut device = Device::new(&crew.owner, LEAN.to_owned()).after(&start_of_log());
    device.connect().await;
    device.see().await;
    let end = head(services.db.reader()).await.unwrap();

    // The first writer has its number and does not commit yet. The second wants to commit before it.
    let early = services.db.begin().await.unwrap();
    let (first, second) = (event(services, "numbered first").await, event(services, "numbered second").await);
    let in_order = [first.id, second.id];
    append(&early, vec![first]).await.unwrap();
    let late = {
        let services = services.clone();
        tokio::spawn(async move {
            let tx = services.db.begin().await.unwrap();
            append(&tx, vec![second]).await.unwrap();
            tx.commit().await.unwrap();
            services.hub.committed();
        })
    };
    until("the second writer waits for its number", async || (waiting(services).await == 1).then_some(())).await;
    // Whoever reads now is at the end of what was committed, and stays below both numbers.
    assert_eq!(head(services.db.reader()).await.unwrap(), end);
    assert!(after(services.db.reader(), &Viewer::system(), end, None, 10).await.unwrap().is_empty());
    let mut newcomer = Device::new(&crew.owner, LEAN.to_owned());
    newcomer.listen(&app).await;
    assert!(!late.is_finished());

    early.commit().await.unwrap();
    services.hub.committed();
    late.await.unwrap();
    let log = after(services.db.reader(), &Viewer::system(), end, None, 10).await.unwrap();
    assert_eq!(log.iter().map(|event| event.id).collect::<Vec<_>>(), in_order);
    for mut device in [device, newcomer] {
        device.seen.clear();
        device.see_many(2).await;
        let notes: Vec<_> = device.seen.iter().map(|change| change["event"]["note"].clone()).collect();
        assert_eq!(notes, ["numbered first", "numbered second"]);
    }
}

/// Writes so many events, one a transaction, and takes its time between number and commit.
async fn write(services: Services, writer: usize, events: usize) {
    for number in 0..events {
        let event = event(&services, &format!("{writer}/{number}")).await;
        let tx = services.db.begin().await.unwrap();
        append(&tx, vec![event]).await.unwrap();
        tokio::task::yield_now().await;
        if number % 5 == 4 {
            // A writer that gives up leaves a hole in the numbers and nothing else.
            tx.rollback().await.unwrap();
        } else {
            tx.commit().await.unwrap();
            services.hub.committed();
        }
    }
}

/// Reads on, with cuts at random places, until everything was seen.
async fn follow(mut device: Device, seed: u64, total: usize) -> Device {
    let mut dice = Dice::new(seed);
    while device.seen.len() < total {
        device.connect().await;
        for _ in 0..=dice.throw(60) {
            if device.seen.len() < total {
                device.see().await;
            }
        }
        device.cut();
    }
    device
}

both! {
    async fn twenty_writers_at_once_are_read_by_everyone_in_one_order(app) {
        const WRITERS: usize = 20;
        const KEPT: usize = 16;
        let other = app.another().await;
        let owner = Crew::of_101(&app).await;
        owner.report("厨房水管漏水").await;
        let readers: Vec<_> = (0..5)
            .map(|number| {
                let url = if number % 2 == 0 { &app.url } else { &other.url };
                let device = Device::new(&owner.owner.at(url), LEAN.to_owned()).after(&start_of_log());
                tokio::spawn(follow(device, number, 1 + WRITERS * KEPT))
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let server = if number % 2 == 0 { &app } else { &other };
                tokio::spawn(write(server.services.clone(), number, 20))
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let log = ids(&read_log(&owner.owner, None, 100).await);
        assert_eq!(log.len(), 1 + WRITERS * KEPT);
        for reader in readers {
            assert_eq!(reader.await.unwrap().event_ids(), log);
        }
    }

    async fn a_writer_that_gives_up_its_turn_lets_the_next_one_number(app) {
        let crew = Crew::of_101(&app).await;
        let owner = crew.owner.clone();
        let tx = app.services.db.begin().await.unwrap();
        take_log_order(&tx).await.unwrap();
        let reporting = tokio::spawn(async move { crew.report("厨房水管漏水").await });
        assert!(read_log(&owner, None, 10).await.is_empty());
        tx.rollback().await.unwrap();
        reporting.await.unwrap();
        assert_eq!(read_log(&owner, None, 10).await.len(), 1);
    }
}
