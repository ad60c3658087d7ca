//! Mail that leaves encrypted and with a login, as most mail servers want it.

use std::time::Duration;

use anju::{
    authorities::Authorities,
    channel::{Channel, Message, Undelivered, smtp::Smtp},
    clock::{Clock, SystemClock},
};
use entity::vocab::{Language, NotificationKind};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    Engine,
    authority::Authority,
    company::Company,
    mutation::{change, done},
    outside::Outside,
    process::ServerProcess,
    tls_mail::{LOGIN, mail_server},
    until_within,
};

const FROM: &str = "Anju <no-reply@anju.example>";
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn message() -> Message {
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

async fn sends(url: &str, believed: &Authorities) -> Result<(), Undelivered> {
    Smtp::new(url, FROM, believed).unwrap().send(&message()).await
}

/// A server that is told of an authority, beside those of the system.
async fn serve(company: &Company, password: &str, authority: &Authority, mail: &Outside) -> ServerProcess {
    let url = format!("smtp://{}:{password}@localhost:{}?tls=required", LOGIN.0, mail.port);
    let file = authority.file(&company.folder).display().to_string();
    let arguments = ["--smtp-url", &url, "--mail-from", FROM, "--outbound-ca", &file];
    ServerProcess::over(&company.database.url, company.folder.path(), &arguments).ready().await
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
    let authority = Authority::found("The company's own");
    let (company, mail) = (Company::found(Engine::Sqlite).await, mail_server(authority.vouch("localhost")).await);
    let server = serve(&company, "s%40crt", &authority, &mail).await;
    publish(&company, &server).await;
    let handed = until_within(PATIENCE, "the mail is there", async || mail.handed().first().cloned()).await;
    assert_eq!(handed.line("to"), "zhang@example.com");
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_refused_loses_no_mail() {
    let authority = Authority::found("The company's own");
    let (company, mail) = (Company::found(Engine::Sqlite).await, mail_server(authority.vouch("localhost")).await);
    let server = serve(&company, "wrong", &authority, &mail).await;
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
    let (own, foreign) = (Authority::found("The company's own"), Authority::found("Somebody else's"));
    for (why, shown, believed) in [
        ("another name", own.vouch("elsewhere.example"), own.believed()),
        ("expired", own.vouched_once("localhost"), own.believed()),
        ("an unknown authority", foreign.vouch("localhost"), own.believed()),
        ("nobody is named", own.vouch("localhost"), Authorities::default()),
    ] {
        let mail = mail_server(shown).await;
        let url = format!("smtp://{}:s%40crt@localhost:{}?tls=required", LOGIN.0, mail.port);
        assert_eq!((sends(&url, &believed).await, mail.handed().len()), (Err(Undelivered::Unavailable), 0), "{why}");
    }
    let mail = mail_server(own.vouch("localhost")).await;
    let url = format!("smtp://{}:s%40crt@localhost:{}?tls=opportunistic", LOGIN.0, mail.port);
    assert_eq!((sends(&url, &own.believed()).await, mail.handed().len()), (Ok(()), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_that_must_be_encrypted_does_not_go_out_without() {
    let mail = Outside::mail_server().await;
    let address = format!("smtp://127.0.0.1:{}", mail.port);
    for believed in [Authorities::default(), Authority::found("The company's own").believed()] {
        assert_eq!(sends(&format!("{address}?tls=required"), &believed).await, Err(Undelivered::Unavailable));
    }
    assert_eq!(mail.handed().len(), 0);
    let sent = sends(&address, &Authorities::default()).await;
    assert_eq!((sent, mail.handed().len()), (Ok(()), 1), "where it need not be, it does");
}
