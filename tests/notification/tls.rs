//! Mail that leaves encrypted and with a login, as most mail servers want it.

use std::time::Duration;

use anju::{
    channel::{Channel, Message, Undelivered, smtp::Smtp},
    clock::{Clock, SystemClock},
};
use entity::vocab::{Language, NotificationKind};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    Engine,
    company::Company,
    mutation::{change, done},
    outside::Outside,
    process::ServerProcess,
    tls_mail::{LOGIN, authority, mail_server},
    until_within,
};

const FROM: &str = "Anju <no-reply@anju.example>";
const PATIENCE: Duration = Duration::from_secs(60);

fn message() -> Message {
    Message {
        id: Uuid::from_u128(7),
        to: "zhang@example.com".to_owned(),
        kind: NotificationKind::BulletinPublished,
        language: Language::En,
        title: "title".to_owned(),
        body: "body".to_owned(),
        is_emergency: false,
        at: SystemClock.now(),
        cursor: String::new(),
    }
}

async fn sends(url: &str) -> Result<(), Undelivered> {
    Smtp::new(url, FROM).unwrap().send(&message()).await
}

/// A server that trusts the tests' authority and nobody else.
async fn serve(company: &Company, password: &str, mail: &Outside) -> ServerProcess {
    let url = format!("smtp://{}:{password}@localhost:{}?tls=required", LOGIN.0, mail.port);
    let arguments = ["--smtp-url", &url, "--mail-from", FROM];
    let trusts = [("SSL_CERT_FILE", authority().display().to_string())];
    ServerProcess::over_with(&company.database.url, company.folder.path(), &arguments, &trusts).ready().await
}

async fn publish(company: &Company, server: &ServerProcess) {
    let zhang = company.owner("zhang", server).await;
    done(
        change(&zhang, "updateNotificationSettings", "settings { language }", json!({ "email": "zhang@example.com" }))
            .await,
    );
    let project = anju::graphql::id::Kind::Project.encode(company.world.id("project:YT"));
    let input = json!({ "projectId": project, "kind": "OUTAGE", "title": "water", "body": "off" });
    done(change(&company.staff("agent.a", server).await, "publishBulletin", "bulletin { id }", input).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_goes_out_over_tls_and_with_a_login() {
    let (company, mail) = (Company::found(Engine::Sqlite).await, mail_server().await);
    let server = serve(&company, "s%40crt", &mail).await;
    publish(&company, &server).await;
    let handed = until_within(PATIENCE, "the mail is there", async || mail.handed().first().cloned()).await;
    assert_eq!(handed.line("to"), "zhang@example.com");
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_refused_loses_no_mail() {
    let (company, mail) = (Company::found(Engine::Sqlite).await, mail_server().await);
    let server = serve(&company, "wrong", &mail).await;
    publish(&company, &server).await;
    let attempt = async || {
        use sea_orm::EntityTrait;
        let rows = entity::notification_delivery::Entity::find().all(company.services.db.reader()).await.unwrap();
        rows.into_iter().find(|row| row.failure.is_some())
    };
    let row = until_within(PATIENCE, "it was tried", attempt).await;
    assert_eq!((row.status, mail.handed().len()), (entity::vocab::DeliveryStatus::Waiting, 0));
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_nobody_vouches_for_gets_no_mail() {
    let mail = mail_server().await;
    let url = format!("smtp://{}:s%40crt@localhost:{}?tls=required", LOGIN.0, mail.port);
    assert_eq!((sends(&url).await, mail.handed().len()), (Err(Undelivered::Unavailable), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_that_must_be_encrypted_does_not_go_out_without() {
    let mail = Outside::mail_server().await;
    let address = format!("smtp://127.0.0.1:{}", mail.port);
    assert_eq!(sends(&format!("{address}?tls=required")).await, Err(Undelivered::Unavailable));
    assert_eq!(mail.handed().len(), 0);
    assert_eq!((sends(&address).await, mail.handed().len()), (Ok(()), 1), "where it need not be, it does");
}
