//! A company behind servers that are processes of their own, and what its owner reports to them.

use std::sync::Arc;

use anju::{
    auth::delivery::MemoryDelivery,
    clock::{Clock, Ids, SystemClock},
    graphql::id::Kind,
    media::blob::BlobStore,
    service::{Services, session},
    start::Parts,
    store::{
        db::{Db, PoolOptions},
        vault::{Vault, VaultOptions},
    },
};
use entity::vocab::PrincipalKind;
use reqwest::header;
use serde_json::{Value, json};

use super::{Client, Database, Engine, World, process::ServerProcess, until};

/// A company in a database, put there before the server starts, and a way to sign in.
pub struct Company {
    pub database: Database,
    pub services: Services,
    pub world: World,
    /// Where pictures are kept.
    pub folder: tempfile::TempDir,
}

impl Company {
    pub async fn found(engine: Engine) -> Self {
        Self::found_in(Database::create(engine).await).await
    }

    /// The same in a database that is there already.
    pub async fn found_in(database: Database) -> Self {
        let db =
            Db::connect(&database.url, PoolOptions { max_connections: 4, ..PoolOptions::default() }).await.unwrap();
        let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
        let options = VaultOptions { master: None, issuer: "anju", audience: "anju-api" };
        let vault = Vault::open(&db, &*clock, &ids, options).await.unwrap();
        let delivery = Arc::new(MemoryDelivery::default());
        let services = Parts { db, clock, ids, vault, delivery, blobs: BlobStore::in_memory() }.assemble();
        let world = World::build(&services).await;
        Self { database, services, world, folder: tempfile::tempdir().unwrap() }
    }

    pub async fn serve(&self) -> ServerProcess {
        self.serve_with(&[]).await
    }

    /// The same with more arguments.
    pub async fn serve_with(&self, more: &[&str]) -> ServerProcess {
        ServerProcess::over(&self.database.url, self.folder.path(), more).ready().await
    }

    pub async fn owner(&self, name: &str, server: &ServerProcess) -> Client {
        let id = self.world.owner(name);
        let opened = session::open(&self.services, self.services.db.writer(), PrincipalKind::Owner, id, None).await;
        Client::new(&server.url, Some(opened.unwrap().access_token))
    }

    pub async fn staff(&self, login: &str, server: &ServerProcess) -> Client {
        let id = self.world.staff(login);
        let opened = session::open(&self.services, self.services.db.writer(), PrincipalKind::Staff, id, None).await;
        Client::new(&server.url, Some(opened.unwrap().access_token))
    }

    /// What the owner `zhang` reports.
    pub fn report(&self, number: usize) -> Value {
        json!({ "input": {
            "unitId": Kind::Unit.encode(self.world.unit("YT-101")),
            "kind": "REPAIR",
            "title": format!("第{number}次报修"),
            "idempotencyKey": format!("key-{number}"),
        } })
    }
}

/// Reports something, and asks for little back.
pub const REPORT: &str = "mutation($input: CreateTicketInput!) {
    createTicket(input: $input) { ticket { id number title } userErrors { code field message } } }";

/// One try, as on a bad network: the ticket's id and number, or nothing.
pub async fn try_report(client: &Client, variables: Value) -> Option<(Value, Value)> {
    let body = json!({ "query": REPORT, "variables": variables });
    let response = client.request(reqwest::Method::POST, "/graphql").json(&body).send().await.ok()?;
    let answer: Value = response.json().await.ok()?;
    let payload = &answer["data"]["createTicket"];
    let ticket = payload["ticket"].as_object()?;
    assert_eq!(payload["userErrors"], json!([]));
    Some((ticket["id"].clone(), ticket["number"].clone()))
}

/// Tries until it is answered, as a client does that was told to try again.
pub async fn report_at_last(client: &Client, variables: Value) -> (Value, Value) {
    until("the report is answered", async || try_report(client, variables.clone()).await).await
}

/// How a report was answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// The ticket's id.
    Done(Value),
    /// BUSY, and told to come again.
    Busy,
}

/// Sends a report that must be answered, and in no other way than these two.
pub async fn send_report(client: &Client, variables: Value) -> reqwest::Result<Answered> {
    let body = json!({ "query": REPORT, "variables": variables });
    let response = client.request(reqwest::Method::POST, "/graphql").json(&body).send().await?;
    let (status, again) = (response.status().as_u16(), response.headers().contains_key(header::RETRY_AFTER));
    let answer: Value = response.json().await?;
    if status == 503 {
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(again && code == "BUSY", "{answer}");
        return Ok(Answered::Busy);
    }
    let payload = &answer["data"]["createTicket"];
    assert!(status == 200 && answer.get("errors").is_none() && payload["userErrors"] == json!([]), "{status} {answer}");
    assert!(payload["ticket"]["id"].is_string(), "neither done nor refused: {answer}");
    Ok(Answered::Done(payload["ticket"]["id"].clone()))
}
