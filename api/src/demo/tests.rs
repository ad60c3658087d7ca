//! The demo fills a database as promised, the same way each time. One filling serves most of the tests.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use entity::{
    absence, activity, activity_registration, ambassador_assignment, building, bulletin, contract, handover, milestone,
    owner, ownership, partner, project, rectification_batch, staff, ticket, ticket_event, training, unit,
    vocab::{
        ActivityKind, BulletinKind, Channel, HandoverStatus, RegistrationStatus, Role, TicketAction, TicketCategory,
        TicketKind, TicketStatus, Triage, Urgency,
    },
    warranty_item,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{days::local_day, *};
use crate::{
    auth::{
        delivery::MemoryDelivery,
        secret::token_hash,
        viewer::{Principal, Viewer},
    },
    clock::{Clock, Ids},
    graphql::{engine::Engine, schema::SchemaOptions},
    http::{Backend, GraphqlRequest},
    media::blob::BlobStore,
    start::Parts,
    store::{
        db::{Db, PoolOptions},
        vault::{Vault, VaultOptions},
    },
};

/// A database in a folder of its own, and the services over it.
struct Filled {
    services: Services,
    clock: Arc<ManualClock>,
    accounts: Accounts,
    _folder: tempfile::TempDir,
}

/// Half past midnight where the company is: the hour at which it is hardest to have something new.
fn present() -> DateTime<Utc> {
    "2026-11-22T16:30:00Z".parse().unwrap()
}

async fn empty() -> (Services, Arc<ManualClock>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("anju.db").display());
    let options = PoolOptions { survives_power_cut: false, ..PoolOptions::default() };
    let db = Db::connect(&url, options).await.unwrap();
    Migrator::up(db.writer(), None).await.unwrap();
    let clock = Arc::new(ManualClock::new(present()));
    let ids = Arc::new(Ids::new());
    let options = VaultOptions { master: None, issuer: "anju", audience: "anju-api" };
    let vault = Vault::open(&db, &*clock, &ids, options).await.unwrap();
    let blobs = BlobStore::from_url(folder.path().join("pictures").to_str().unwrap(), &BTreeMap::new()).unwrap();
    let delivery = Arc::new(MemoryDelivery::default());
    let services = Parts { db, clock: clock.clone(), ids, vault, delivery, blobs }.assemble();
    (services, clock, folder)
}

async fn filled() -> Filled {
    let (services, clock, folder) = empty().await;
    let accounts = fill(&services, &clock, present(), "$argon2id$demo").await.unwrap();
    Filled { services, clock, accounts, _folder: folder }
}

impl Filled {
    async fn all<E: EntityTrait>(&self) -> Vec<E::Model>
    where
        E::Model: Send + Sync,
    {
        E::find().all(self.services.db.reader()).await.unwrap()
    }

    async fn tickets(&self) -> Vec<ticket::Model> {
        ticket::Entity::find().order_by_asc(ticket::Column::Number).all(self.services.db.reader()).await.unwrap()
    }

    async fn events(&self) -> Vec<ticket_event::Model> {
        let events = ticket_event::Entity::find().order_by_asc(ticket_event::Column::Seq);
        events.all(self.services.db.reader()).await.unwrap()
    }
}

mod areas_of_work;

use areas_of_work::{asked, before_the_signing, closed, looked_after};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_company_is_there_its_people_its_homes_and_the_same_five_hundred_tickets_each_time() {
    let again = tokio::spawn(filled());
    let demo = filled().await;
    assert_eq!(demo.clock.now(), present());
    assert_eq!(demo.accounts, accounts());
    people(&demo).await;
    homes(&demo).await;
    schedule(&demo).await;
    told(&demo).await;
    papers(&demo).await;
    before_the_signing(&demo).await;
    asked(&demo).await;
    looked_after(&demo).await;
    closed(&demo).await;
    let tickets = demo.tickets().await;
    let events = demo.events().await;
    variety(&tickets, &events);
    now_open(&tickets);
    histories(&tickets, &events);
    first_account(&demo).await;
    let known = |row: ticket::Model| (row.number, row.status, row.title, row.version, row.updated_at);
    let again = again.await.unwrap().tickets().await;
    assert_eq!(again.into_iter().map(known).collect::<Vec<_>>(), tickets.into_iter().map(known).collect::<Vec<_>>());
}

/// Homes with their owners were handed over, some that wait have a time, and a few files lack a paper.
async fn papers(demo: &Filled) {
    let handovers = demo.all::<handover::Entity>().await;
    let in_status = |status| handovers.iter().filter(|row| row.status == status).count();
    let given = demo.all::<unit::Entity>().await.iter().filter(|unit| unit.handed_over_on.is_some()).count();
    assert_eq!(in_status(HandoverStatus::Completed), given);
    assert_eq!(in_status(HandoverStatus::Booked), 10);
    let incomplete = crate::store::customer_file::incomplete(&Viewer::system(), None);
    let lacking = incomplete.count(demo.services.db.reader()).await.unwrap();
    let all = demo.all::<owner::Entity>().await.len() as u64;
    assert!((all / 20..all / 5).contains(&lacking), "{lacking} of {all} files lack something");
}

async fn people(demo: &Filled) {
    let staff = demo.all::<staff::Entity>().await;
    assert_eq!(staff.len(), 14);
    let roles: HashSet<Role> = staff.iter().map(|row| row.role).collect();
    assert_eq!(roles.len(), Role::ALL.len());
    assert!(staff.iter().all(|row| row.is_active && row.password_hash.as_deref() == Some("$argon2id$demo")));
    let partners = demo.all::<partner::Entity>().await;
    for account in &demo.accounts.partners {
        let row = partners.iter().find(|row| row.client_id == account.client_id).unwrap();
        assert_eq!(row.secret_hash.as_deref(), Some(token_hash(account.client_secret).as_str()));
    }
    let today = present().date_naive();
    let trainings = demo.all::<training::Entity>().await;
    let newest = |id| trainings.iter().filter(|row| row.staff_id == id).map(|row| row.valid_until).max();
    let lapsed: Vec<_> = staff.iter().filter(|row| newest(row.id).is_some_and(|until| until < today)).collect();
    assert_eq!(lapsed.iter().map(|row| row.login.as_str()).collect::<Vec<_>>(), ["butler2.yt"]);
    let absences = demo.all::<absence::Entity>().await;
    assert_eq!(absences.iter().filter(|row| row.starts_at > present()).count(), 1);
}

async fn homes(demo: &Filled) {
    assert_eq!(demo.all::<project::Entity>().await.len(), 2);
    assert_eq!(demo.all::<building::Entity>().await.len(), 6);
    let mut units = demo.all::<unit::Entity>().await;
    units.retain(|unit| !unit.is_public_area);
    assert_eq!(units.len(), 304, "four of them for sale");
    assert_eq!(units.iter().map(|unit| (unit.project_id, &unit.code)).collect::<HashSet<_>>().len(), 304);
    let handed_over: HashSet<_> =
        units.iter().filter(|unit| unit.handed_over_on.is_some()).map(|unit| unit.id).collect();
    assert!((195..=225).contains(&handed_over.len()), "{}", handed_over.len());
    assert_eq!(demo.all::<contract::Entity>().await.len(), 301, "one of them a draft");
    assert_eq!(demo.all::<warranty_item::Entity>().await.len(), handed_over.len() * 6);
    let current = ambassador_assignment::Entity::find().filter(ambassador_assignment::Column::EndedAt.is_null());
    let current = current.all(demo.services.db.reader()).await.unwrap();
    assert_eq!(current.len(), handed_over.len() - 3);
    assert!(current.iter().all(|row| handed_over.contains(&row.unit_id)));
    let mut owners_of: HashMap<_, usize> = HashMap::new();
    let mut homes_of: HashMap<_, usize> = HashMap::new();
    for row in demo.all::<ownership::Entity>().await {
        *owners_of.entry(row.unit_id).or_default() += 1;
        *homes_of.entry(row.owner_id).or_default() += 1;
    }
    let co_owned = owners_of.values().filter(|owners| **owners == 2).count();
    assert!((80..=130).contains(&co_owned), "{co_owned} homes have two owners");
    assert_eq!(homes_of.values().filter(|homes| **homes == 2).count(), 11);
    for owner in demo.all::<owner::Entity>().await {
        let phone = demo.services.vault.open_phone(owner.id, &owner.phone_sealed.unwrap()).unwrap();
        assert!(phone.starts_with("1910000"), "{phone}");
        assert_eq!(owner.phone_hash, Some(demo.services.vault.phone_hash(&phone)));
        assert_eq!(owner.phone_masked, Some(format!("191****{}", &phone[7..])));
    }
}

async fn schedule(demo: &Filled) {
    let activities = demo.all::<activity::Entity>().await;
    let lectures: Vec<_> = activities.into_iter().filter(|row| row.kind == ActivityKind::Lecture).collect();
    assert_eq!(lectures.iter().filter(|lecture| lecture.starts_at > present()).count(), 8);
    assert_eq!(lectures.iter().filter(|lecture| lecture.ends_at < present()).count(), 4);
    let registrations = demo.all::<activity_registration::Entity>().await;
    let mut crowded = 0;
    for lecture in lectures {
        let count = |status| {
            let own = registrations.iter().filter(|row| row.activity_id == lecture.id);
            own.filter(|row| row.status == status).count()
        };
        let (seats, capacity) = (count(RegistrationStatus::Registered), usize::try_from(lecture.capacity).unwrap());
        assert!(seats > 0 && seats <= capacity);
        if count(RegistrationStatus::Waitlisted) > 0 {
            assert_eq!(seats, capacity);
            crowded += 1;
        }
    }
    assert_eq!(crowded, 3);
    assert!(registrations.iter().all(|row| row.created_at < present()));
}

async fn told(demo: &Filled) {
    let bulletins = demo.all::<bulletin::Entity>().await;
    let kinds: HashSet<_> = bulletins.iter().map(|row| row.kind).collect();
    assert_eq!(kinds.len(), BulletinKind::ALL.len(), "one of each kind");
    assert!(bulletins.iter().all(|row| row.published_at <= present()));
    assert_eq!(demo.all::<milestone::Entity>().await.len(), 5);
    assert_eq!(demo.all::<rectification_batch::Entity>().await.len(), 1);
}

fn variety(tickets: &[ticket::Model], events: &[ticket_event::Model]) {
    assert_eq!(tickets.len(), 501, "one of them from a round");
    fn all<T: Eq + std::hash::Hash>(found: impl Iterator<Item = T>, expected: usize, what: &str) {
        assert_eq!(found.collect::<HashSet<_>>().len(), expected, "{what}");
    }
    all(tickets.iter().map(|row| row.kind), TicketKind::ALL.len(), "kinds");
    all(tickets.iter().map(|row| row.status), TicketStatus::ALL.len(), "statuses");
    all(tickets.iter().map(|row| row.urgency), Urgency::ALL.len(), "urgencies");
    all(tickets.iter().filter_map(|row| row.category), TicketCategory::ALL.len(), "categories");
    all(tickets.iter().map(|row| row.channel), Channel::ALL.len(), "channels");
    all(tickets.iter().filter_map(|row| row.triage), Triage::ALL.len(), "verdicts");
    all(tickets.iter().filter_map(|row| row.rating), 5, "ratings");
    all(events.iter().map(|row| row.action), TicketAction::ALL.len(), "actions");
    let breached = tickets.iter().filter(|row| row.escalation_level > 0).count();
    assert!((30..=120).contains(&breached), "{breached} escalated");
    assert!(tickets.iter().any(|row| row.rework_count >= 3 && row.escalation_level > 0));
    assert!(tickets.iter().any(|row| row.satisfied.is_none() && row.status == TicketStatus::Closed));
    assert!(tickets.iter().all(|row| !row.title.contains('{') && !row.description.contains('{')));
}

fn now_open(tickets: &[ticket::Model]) {
    let open = tickets.iter().filter(|row| row.is_open).count();
    assert_eq!(open, 43);
    let hours_ago = |row: &ticket::Model| (present() - row.created_at).num_hours();
    assert!(tickets.iter().filter(|row| hours_ago(row) < 12).count() >= 8, "several are new");
    assert!(tickets.iter().map(hours_ago).max().unwrap() > 24 * 50, "the history goes far back");
    assert!(tickets.iter().all(|row| row.next_check_at.is_none_or(|at| at >= present())), "no clock is left to serve");
    assert!(tickets.iter().any(|row| row.is_open && row.queue_deadline_at < present()), "some are overdue");
}

fn histories(tickets: &[ticket::Model], events: &[ticket_event::Model]) {
    assert!(events.is_sorted_by_key(|event| event.occurred_at), "the log is in the order of time");
    assert!(events.iter().all(|event| event.occurred_at <= present()));
    for ticket in tickets {
        let own: Vec<_> = events.iter().filter(|event| event.ticket_id == ticket.id).collect();
        assert_eq!(own[0].action, TicketAction::Create, "{}", ticket.number);
        assert_eq!(own[own.len() - 1].to_status, ticket.status, "{}", ticket.number);
        for pair in own.windows(2) {
            assert_eq!(pair[1].from_status, Some(pair[0].to_status), "{}", ticket.number);
        }
    }
}

/// What the owner of the guide sees: two homes, and eight tickets of which one waits for an answer.
async fn first_account(demo: &Filled) {
    let phone = demo.accounts.owners[0].phone;
    let hash = demo.services.vault.phone_hash(phone);
    let owner = crate::store::owner::by_phone_hash(demo.services.db.reader(), &hash).await.unwrap().unwrap();
    assert_eq!(owner.name, demo.accounts.owners[0].name);
    let viewer = Viewer::of(Principal::Owner(owner.id));
    let reader = demo.services.db.reader();
    let tickets = crate::store::find::<ticket::Entity>(&viewer).all(reader).await.unwrap();
    let statuses: HashSet<_> = tickets.iter().map(|row| row.status).collect();
    assert_eq!(tickets.len(), 8);
    assert_eq!(tickets.iter().filter(|row| row.status == TicketStatus::Resolved).count(), 1);
    assert!(statuses.len() >= 7, "{statuses:?}");
    assert_eq!(tickets.iter().map(|row| row.unit_id).collect::<HashSet<_>>().len(), 2);
    // The guide reports something for the first home in the owner's list, and shows it in its butler's queue.
    let filter = crate::store::unit::UnitFilter { owner_id: Some(owner.id), ..Default::default() };
    let page = crate::page::Page { limit: 1, backward: false, after: None, before: None };
    let first = crate::store::unit::list(reader, &viewer, &filter, &page).await.unwrap().rows.remove(0);
    let butler = crate::store::staff::by_login(reader, demo.accounts.staff[0].login).await.unwrap().unwrap();
    assert!(crate::store::ambassador::answers_for(reader, butler.id, first.unit.id).await.unwrap());
}

#[test]
fn the_guide_names_every_account_and_lines_to_paste() {
    let accounts = accounts();
    let text = guide(&accounts, "127.0.0.1:8080");
    for staff in &accounts.staff {
        assert!(text.contains(staff.login) && text.contains(staff.number), "{}", staff.login);
    }
    for partner in &accounts.partners {
        assert!(text.contains(partner.client_id) && text.contains(partner.client_secret));
    }
    assert!(text.contains(PASSWORD) && text.contains("19100000001"));
    assert!(text.contains("API=http://127.0.0.1:8080/graphql"));
    assert!(text.contains("accept: text/event-stream"));
}

/// The documents of the guide's lines, each with the shell variable that holds its token.
fn documents(text: &str) -> Vec<(Option<&str>, String)> {
    let variables =
        [("'$CODE'", "1"), ("'$UNIT'", "u"), ("'$FROM'", "2026-11-01T00:00:00Z"), ("'$TO'", "2027-12-31T00:00:00Z")];
    let mut documents = Vec::new();
    for line in text.lines() {
        let Some((before, rest)) = line.split_once("-d '{") else { continue };
        let body = variables.iter().fold(format!("{{{rest}"), |body, (name, value)| body.replace(name, value));
        let body = &body[..=body.rfind("}").unwrap()];
        let body = body.split_once("}' | ").map_or(body.to_owned(), |(body, _)| format!("{body}}}"));
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let token = before.split_once("Bearer $").and_then(|(_, rest)| rest.split('"').next());
        documents.push((token, body["query"].as_str().unwrap().to_owned()));
    }
    documents
}

#[tokio::test]
async fn every_line_of_the_guide_is_valid_and_allowed_to_whom_it_is_for() {
    let (services, _clock, _folder) = empty().await;
    let engine = Engine::new(services, SchemaOptions::default());
    let text = guide(&accounts(), "127.0.0.1:8080");
    let documents = documents(&text);
    assert_eq!(documents.len(), 14);
    for (token, query) in documents {
        let id = uuid::Uuid::nil();
        let staff = |role| {
            let account = accounts().staff.into_iter().find(|account| account.role == role).unwrap();
            Viewer::of(Principal::Staff { id, role, department: account.department })
        };
        let viewer = match token {
            None => Viewer::anonymous(),
            Some("TOKEN") => Viewer::of(Principal::Owner(id)),
            Some("STAFF") => staff(Role::Ambassador),
            Some("MANAGER") => staff(Role::Manager),
            Some("GROUP") => staff(Role::GroupSupervisor),
            Some("PARTNER") => Viewer::of(Principal::Partner(id)),
            Some(other) => panic!("nobody holds {other}"),
        };
        let request = GraphqlRequest {
            query: query.clone(),
            operation_name: None,
            variables: Default::default(),
            extensions: Default::default(),
            address: None,
            language: None,
            is_viewer_fresh: true,
        };
        let refused = engine.prepare(&viewer, request).err();
        assert!(refused.is_none(), "{query}: {refused:?}");
    }
}
