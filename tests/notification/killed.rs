//! A real server that is killed between writing down what people are told and sending it: a push, an email and a text
//! message still arrive, once each.

use std::{collections::BTreeSet, time::Duration};

use anju::{
    clock::{Clock, SystemClock},
    store::lease,
};
use chrono::TimeDelta;
use entity::{
    notification_delivery,
    notification_delivery::Column,
    vocab::{DeliveryStatus, NotificationChannel, NotificationKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::harness::{
    Client, Engine,
    browser::{Browser, VAPID_KEY, service_account},
    company::{Company, report_at_last},
    mutation::{change, done},
    outside::{Handed, Mood, Outside},
    postgres,
    process::ServerProcess,
    until_within,
};

/// Longer than a server looks for its jobs' lease, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a lease lasts.
const LASTS: TimeDelta = TimeDelta::seconds(20);

/// Everything that stands outside: a mail server, a gateway for text messages, and the push services of Google and of a
/// browser.
struct Outsides {
    mail: Outside,
    texts: Outside,
    google: Outside,
    browsers: Outside,
}

impl Outsides {
    async fn open() -> Self {
        let (mail, texts) = (Outside::mail_server().await, Outside::gateway().await);
        Self { mail, texts, google: Outside::gateway().await, browsers: Outside::gateway().await }
    }

    fn all(&self) -> [&Outside; 4] {
        [&self.mail, &self.texts, &self.google, &self.browsers]
    }

    fn be(&self, mood: Mood) {
        for outside in self.all() {
            outside.be(mood);
        }
    }

    /// The ids by which each knows what it was handed.
    fn ids(&self) -> [Vec<String>; 4] {
        let data = |handed: &Handed| {
            serde_json::from_str::<Value>(&handed.body).unwrap()["message"]["data"]["id"].as_str().unwrap().to_owned()
        };
        let of = |outside: &Outside, id: &dyn Fn(&Handed) -> String| outside.handed().iter().map(id).collect();
        [
            of(&self.mail, &|handed| handed.line("message-id").to_owned()),
            of(&self.texts, &|handed| handed.line("webhook-id").to_owned()),
            of(&self.google, &data),
            of(&self.browsers, &|handed| handed.line("topic").to_owned()),
        ]
    }

    async fn serve(&self, company: &Company) -> ServerProcess {
        let credentials = company.folder.path().join("google.json");
        std::fs::write(&credentials, service_account(self.google.port)).unwrap();
        let arguments = [
            ("--smtp-url", format!("smtp://127.0.0.1:{}", self.mail.port)),
            ("--mail-from", "Anju <no-reply@anju.example>".to_owned()),
            ("--sms-webhook-url", format!("http://127.0.0.1:{}/", self.texts.port)),
            ("--message-webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
            ("--fcm-credentials", credentials.display().to_string()),
            ("--fcm-url", format!("http://127.0.0.1:{}", self.google.port)),
            ("--vapid-key", VAPID_KEY.clone()),
            ("--vapid-contact", "mailto:it@anju.example".to_owned()),
            ("--outbound-allow-net", "127.0.0.0/8".to_owned()),
        ];
        let arguments: Vec<&str> = arguments.iter().flat_map(|(flag, value)| [*flag, value.as_str()]).collect();
        company.serve_with(&arguments).await
    }
}

/// An owner who is told by every channel that somebody has accepted a report: that is written down when this returns.
async fn tell(company: &Company, outsides: &Outsides, server: &ServerProcess) {
    let zhang = company.owner("zhang", server).await;
    // Whatever the day on which the test runs brings, nothing else goes out.
    let choice = |channel: &str, kind: &NotificationKind| json!({ "kind": kind, "channel": channel, "isWanted": *kind == NotificationKind::TicketAccepted });
    let choices: Vec<Value> = ["EMAIL", "SMS", "PUSH"]
        .iter()
        .flat_map(|channel| NotificationKind::ALL.iter().map(|kind| choice(channel, kind)))
        .collect();
    let settings = json!({ "email": "zhang@example.com", "choices": choices });
    done(change(&zhang, "updateNotificationSettings", "settings { language }", settings).await);
    let browser = Browser::at(&format!("http://127.0.0.1:{}/push/1", outsides.browsers.port));
    for device in [
        json!({ "platform": "ANDROID", "pushToken": "token-1" }),
        json!({ "platform": "WEB", "subscription": browser.input() }),
    ] {
        done(change(&zhang, "registerDevice", "device { id }", device).await);
    }
    let (ticket, _) = report_at_last(&zhang, company.report(0)).await;
    accept(&company.staff("agent.a", server).await, &ticket).await;
}

async fn accept(agent: &Client, ticket: &Value) {
    let input = json!({
        "ticketId": ticket,
        "category": "PLUMBING",
        "urgency": "NORMAL",
        "responsibleDepartment": "PROPERTY_COMPANY",
    });
    done(change(agent, "acceptTicket", "ticket { status }", input).await);
}

/// The jobs are somebody else's until this is aborted: no server sends anything.
async fn hold_jobs(company: &Company) -> JoinHandle<()> {
    let (conn, clock) = (company.services.db.writer().clone(), SystemClock);
    let hold = async move || {
        let now = clock.now();
        let row = entity::lease::Model { name: "jobs".to_owned(), holder: Uuid::nil(), expires_at: now + LASTS };
        assert!(lease::take(&conn, row, now).await.unwrap(), "a server has the jobs");
    };
    hold().await;
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(2)).await;
            hold().await;
        }
    })
}

/// As if the time had passed after which the next server may do the jobs, and send what another had in hand.
async fn let_time_pass(company: &Company) {
    let conn = company.services.db.writer();
    entity::lease::Entity::delete_many().exec(conn).await.unwrap();
    notification_delivery::Entity::update_many()
        .col_expr(Column::NextAt, Expr::value(SystemClock.now()))
        .filter(Column::Status.eq(DeliveryStatus::Waiting))
        .exec(conn)
        .await
        .unwrap();
}

async fn deliveries(company: &Company) -> BTreeSet<(NotificationChannel, DeliveryStatus)> {
    let rows = notification_delivery::Entity::find().all(company.services.db.reader()).await.unwrap();
    rows.into_iter().map(|row| (row.channel, row.status)).collect()
}

async fn all_are_sent(company: &Company) {
    use NotificationChannel::{Email, Push, Sms};
    let expected: BTreeSet<_> = [Email, Sms, Push].map(|channel| (channel, DeliveryStatus::Sent)).into();
    until_within(PATIENCE, "everything is sent", async || (deliveries(company).await == expected).then_some(())).await;
}

/// Killed before it began to send.
async fn killed_before(engine: Engine) {
    let (company, outsides) = (Company::found(engine).await, Outsides::open().await);
    let holding = hold_jobs(&company).await;
    let server = outsides.serve(&company).await;
    tell(&company, &outsides, &server).await;
    server.kill().await;
    assert_eq!(deliveries(&company).await, BTreeSet::new(), "nobody has looked at it yet");
    holding.abort();
    holding.await.unwrap_err();
    let_time_pass(&company).await;
    let next = outsides.serve(&company).await;
    all_are_sent(&company).await;
    assert_eq!(outsides.ids().map(|ids| ids.len()), [1, 1, 1, 1], "{:?}", outsides.ids());
    next.kill().await;
}

/// Killed with every message in hand. What the other side had taken by then, and could not say so, it gets again under the
/// same id, and can tell.
async fn killed_while_sending(engine: Engine, mood: Mood, expected: usize) {
    let (company, outsides) = (Company::found(engine).await, Outsides::open().await);
    outsides.be(mood);
    let server = outsides.serve(&company).await;
    tell(&company, &outsides, &server).await;
    until_within(PATIENCE, "every message is on its way", async || {
        outsides.all().iter().all(|outside| outside.silences() > 0).then_some(())
    })
    .await;
    server.kill().await;
    outsides.be(Mood::Takes);
    let_time_pass(&company).await;
    let next = outsides.serve(&company).await;
    all_are_sent(&company).await;
    for ids in outsides.ids() {
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), distinct.len()), (expected, 1), "{ids:?}");
    }
    next.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_down_before_a_kill_is_received_once_on_sqlite() {
    killed_before(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_down_before_a_kill_is_received_once_on_postgres() {
    if postgres::is_there() {
        killed_before(Engine::Postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_server_was_sending_is_received_once_on_sqlite() {
    killed_while_sending(Engine::Sqlite, Mood::FallsSilent, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_server_was_sending_is_received_once_on_postgres() {
    if postgres::is_there() {
        killed_while_sending(Engine::Postgres, Mood::FallsSilent, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_when_the_server_was_killed_comes_again_under_the_same_id() {
    let engine = if postgres::is_there() { Engine::Postgres } else { Engine::Sqlite };
    killed_while_sending(engine, Mood::TakesInSilence, 2).await;
}
