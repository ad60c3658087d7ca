//! A report made by an owner, against the same rows written by hand in one transaction.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use anju::{auth::viewer::Viewer, clock::Ids, graphql::id::Kind};
use chrono::{DateTime, Utc};
use entity::{notification, ticket, ticket_event};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, IdenStatic, Iterable,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    bounds::Bounds,
    contest::{Contest, api},
    harness::documents::Documents,
    meter::Ask,
    town::{self, Town},
};

/// The lock that the log's writers take.
const LOG_LOCK: i64 = 0x0041_4e4a_554c_4f47;

/// Writes what a report writes.
pub struct ByHand {
    connection: DatabaseConnection,
    bounds: Bounds,
    ids: Ids,
    number: AtomicU32,
    now: DateTime<Utc>,
    /// A ticket that the API made, whose content is that of all.
    like: ticket::Model,
    insert_ticket: String,
    insert_event: String,
    tell: String,
}

pub async fn contest(town: &Town, engine: &anju::graphql::engine::Engine, connection: &DatabaseConnection) -> Contest {
    let document = Documents::owner().operation("CreateTicket");
    let number = AtomicU32::new(0);
    let (skipped, homes) = (town::HOMES_OF_AMBASSADOR, town.homes);
    let run = engine.services().new_id(engine.services().now());
    let asks = move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let home = skipped + 1 + number % (homes - skipped);
        (town::owner(home), json!({ "input": written(town::unit(home), format!("{run}-{number}")) }))
    };
    let api = api(engine, &document, asks);
    let like = made(&api().await);
    let bounds = Bounds(town.app.database.engine);
    let by_hand = Arc::new(ByHand::new(bounds, connection.clone(), like, town.app.services.now()).await);
    let bound: Ask = Arc::new(move || {
        let by_hand = Arc::clone(&by_hand);
        let home = skipped + 1 + by_hand.number.fetch_add(1, Ordering::Relaxed) % (homes - skipped);
        Box::pin(async move { by_hand.report(&town::owner(home), town::unit(home)).await })
    });
    Contest { name: "createTicket", api, bound, is_new: true, servers: None }
}

/// The id of the ticket that the API has made.
pub fn made(answer: &str) -> Uuid {
    let made: serde_json::Value = serde_json::from_str(answer).unwrap();
    let made = made["data"]["createTicket"]["ticket"]["id"].as_str().unwrap_or_else(|| panic!("{made}"));
    anju::graphql::id::decode(&async_graphql::ID(made.to_owned())).unwrap().1
}

/// What an owner writes about a home.
pub fn written(unit: Uuid, key: String) -> serde_json::Value {
    json!({
        "unitId": Kind::Unit.encode(unit), "kind": "REPAIR", "category": "PLUMBING", "title": "厨房水管漏水",
        "description": "水槽下方一直滴水", "idempotencyKey": key,
    })
}

impl ByHand {
    /// Writes tickets like this one.
    pub async fn new(bounds: Bounds, connection: DatabaseConnection, like: Uuid, now: DateTime<Utc>) -> Self {
        let like = ticket::Entity::find_by_id(like).one(&connection).await.unwrap().unwrap();
        Self {
            connection,
            bounds,
            ids: Ids::new(),
            // The API has made one already.
            number: AtomicU32::new(1),
            now,
            insert_ticket: copy_one(ticket::Entity, &["id", "number", "unit_id", "reporter_owner_id"], "id", ""),
            insert_event: copy_one(
                ticket_event::Entity,
                &["id", "ticket_id", "unit_id", "actor_owner_id"],
                "ticket_id",
                "seq",
            ),
            tell: tell(),
            like,
        }
    }

    pub async fn report(&self, viewer: &Viewer, unit: Uuid) -> String {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.connection.begin_with_options(options).await.unwrap();
        let (owner, id) = (viewer.owner_id().expect("an owner reports"), self.ids.new_id(self.now));
        let key = id.to_string();
        let claim = "INSERT INTO idempotency_keys (principal_id, key, operation, request_hash, created_at) \
            VALUES ($1, $2, 'createTicket', $2, $3) ON CONFLICT DO NOTHING";
        write(&tx, claim, [owner.into(), key.clone().into(), self.now.into()]).await;
        let count = "INSERT INTO ticket_numbers (project_id, day, last_number) VALUES ($1, $2, 1) \
            ON CONFLICT (project_id, day) DO UPDATE SET last_number = ticket_numbers.last_number + 1 RETURNING last_number";
        let count = statement(&tx, count, [self.like.project_id.into(), self.now.date_naive().into()]);
        let count: i32 = tx.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        let number = format!("H-{}-{count:06}", self.now.date_naive());
        write(&tx, &self.insert_ticket, [id.into(), number.into(), unit.into(), owner.into(), self.like.id.into()])
            .await;
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOG_LOCK})")).await.unwrap();
        }
        let event = self.ids.new_id(self.now);
        write(&tx, &self.insert_event, [event.into(), id.into(), unit.into(), owner.into(), self.like.id.into()]).await;
        let told = self.ids.new_id(self.now);
        write(&tx, &self.tell, [told.into(), id.into(), told.to_string().into(), unit.into(), self.like.id.into()])
            .await;
        let done = "UPDATE idempotency_keys SET result_id = $1 WHERE principal_id = $2 AND key = $3";
        write(&tx, done, [id.into(), owner.into(), key.into()]).await;
        let answer = self.bounds.report(owner, id, self.now).ask(&tx).await;
        tx.commit().await.unwrap();
        answer
    }
}

/// Copies one row with new values in some columns; the last value says which row.
pub fn copy_one<E: EntityTrait>(entity: E, new: &[&str], by: &str, without: &str) -> String {
    let places: Vec<String> = (1..=new.len()).map(|place| format!("${place}")).collect();
    let new: Vec<(&str, &str)> = new.iter().copied().zip(places.iter().map(String::as_str)).collect();
    copy_with(entity, &new, &format!("{by} = ${}", new.len() + 1), without)
}

fn copy_with<E: EntityTrait>(entity: E, new: &[(&str, &str)], which: &str, without: &str) -> String {
    let columns: Vec<&str> = E::Column::iter().map(|column| column.as_str()).filter(|name| *name != without).collect();
    let value = |name| new.iter().find(|(column, _)| *column == name).map_or(name, |(_, value)| *value);
    let values: Vec<&str> = columns.iter().map(|name| value(*name)).collect();
    let table = entity.table_name();
    format!("INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {which}", columns.join(", "), values.join(", "))
}

/// Tells the home's ambassador, as another was told of the ticket that the API made.
fn tell() -> String {
    let ambassador = "(SELECT staff_id FROM ambassador_assignments WHERE unit_id = $4 AND ended_at IS NULL)";
    let new =
        [("id", "$1"), ("ticket_id", "$2"), ("subject_id", "$2"), ("message_key", "$3"), ("recipient_id", ambassador)];
    copy_with(notification::Entity, &new, "ticket_id = $5", "seq")
}

fn statement(tx: &DatabaseTransaction, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(tx.get_database_backend(), sql, values)
}

async fn write(tx: &DatabaseTransaction, sql: &str, values: impl IntoIterator<Item = Value>) {
    let written = tx.execute_raw(statement(tx, sql, values)).await.unwrap();
    assert_eq!(written.rows_affected(), 1, "{sql}");
}
