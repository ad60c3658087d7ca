//! A server process that is killed between the commit of what happened and the call that tells of it: the next one tells, once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{lease, webhook_endpoint};
use sea_orm::{EntityTrait, sea_query::Expr};
use serde_json::{Value, json};

use super::{body, enter_as, ids, is_signed_by};
use crate::harness::{
    Engine,
    company::{Company, report_at_last},
    outside::{Mood, Outside},
    postgres,
    process::ServerProcess,
    until,
};

async fn serve(company: &Company) -> ServerProcess {
    company.serve_with(&["--outbound-allow-net", "127.0.0.0/8"]).await
}

/// As after the minutes in which a killed server may still be alive for all that the others know.
async fn long_after(company: &Company) {
    let conn = company.services.db.writer();
    lease::Entity::delete_many().exec(conn).await.unwrap();
    let over = webhook_endpoint::Entity::update_many()
        .col_expr(webhook_endpoint::Column::ClaimedUntil, Expr::value(DateTime::<Utc>::UNIX_EPOCH));
    over.exec(conn).await.unwrap();
}

async fn killed(engine: Engine) {
    let company = Company::found(engine).await;
    let receiver = Outside::gateway().await;
    let server = serve(&company).await;
    let hook = enter_as(&company.staff("admin", &server).await, &receiver, json!({})).await;
    let owner = company.owner("zhang", &server).await;
    let mut reported: Vec<Value> = Vec::new();
    reported.push(report_at_last(&owner, company.report(0)).await.0);
    until("the first is received", async || (receiver.handed().len() == 1).then_some(())).await;
    receiver.be(Mood::FallsSilent);
    for number in 1..4 {
        reported.push(report_at_last(&owner, company.report(number)).await.0);
    }
    until("the second is in hand", async || (receiver.silences() > 0).then_some(())).await;
    server.kill().await;
    receiver.be(Mood::Takes);

    long_after(&company).await;
    let server = serve(&company).await;
    until("everything is received", async || (receiver.handed().len() == 4).then_some(())).await;
    assert_eq!(ids(&receiver).iter().collect::<BTreeSet<_>>().len(), 4, "once each");

    // Killed as soon as it has acknowledged: whether it has told anybody by then is chance.
    let owner = owner.at(&server.url);
    reported.push(report_at_last(&owner, company.report(4)).await.0);
    server.kill().await;
    long_after(&company).await;
    let server = serve(&company).await;
    reported.push(report_at_last(&owner.at(&server.url), company.report(5)).await.0);
    let told = until("the last is received", async || {
        let mut told: Vec<Value> =
            receiver.handed().iter().map(|handed| body(handed)["data"]["ticketId"].clone()).collect();
        told.dedup();
        (told.len() == 6).then_some(told)
    })
    .await;
    assert_eq!(told, reported, "in the order in which it happened");
    assert_eq!(ids(&receiver).iter().collect::<BTreeSet<_>>().len(), 6, "what came twice has one id");
    assert!(receiver.handed().iter().all(|handed| is_signed_by(handed, &hook.secret)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_between_commit_and_call_loses_and_doubles_nothing_on_sqlite() {
    killed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_between_commit_and_call_loses_and_doubles_nothing_on_postgres() {
    if postgres::is_there() {
        killed(Engine::Postgres).await;
    }
}
