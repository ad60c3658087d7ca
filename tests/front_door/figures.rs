//! The figures an operator watches: that they are there, that they tell what happened, and that the dashboard and the
//! alerts ask for nothing that is not served.

use std::collections::BTreeSet;

use anju::jobs;
use chrono::TimeDelta;
use entity::{
    notification, notification_delivery,
    vocab::{DeliveryFailure, DeliveryStatus, NotificationChannel},
};
use sea_orm::EntityTrait;

use super::*;
use crate::{
    both,
    harness::{
        CONNECTIONS,
        outside::{Mood, Outside},
        socket::Socket,
        until,
    },
    webhook,
};

const DASHBOARD: &str = include_str!("../../ops/grafana/anju.json");
const ALERTS: &str = include_str!("../../ops/prometheus/anju.rules.yml");
/// Figures of a server that has a replica; `tests/replica.rs` reads them.
const OF_A_REPLICA: [&str; 2] = ["anju_replica_in_use", "anju_replica_lag_seconds"];
/// Figures of what leaves the house.
const OUTWARD: [&str; 5] = [
    "anju_webhooks_total",
    "anju_webhooks_waiting",
    "anju_webhooks_oldest_waiting_seconds",
    "anju_messages_total",
    "anju_messages_given_up",
];
const RUNBOOK: &str = include_str!("../../docs/runbook.md");

/// The names of our figures in a text.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("anju_")).map(str::to_owned).collect()
}

/// The names of the figures that a page has values of.
fn served(page: &str) -> BTreeSet<String> {
    let values = page.lines().filter(|line| !line.starts_with('#'));
    values.filter_map(|line| line.split(['{', ' ']).next()).map(str::to_owned).collect()
}

/// The value on a line that begins so.
fn value(page: &str, start: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(start));
    line.unwrap_or_else(|| panic!("{start} is not in\n{page}")).trim().parse().unwrap()
}

async fn page(app: &TestApp) -> String {
    text(app, "/metrics").await.1
}

/// A message of somebody's that was given up.
async fn give_up(app: &TestApp, channel: NotificationChannel) {
    let (conn, now) = (app.services.db.writer(), app.services.now());
    let told = notification::Entity::find().one(conn).await.unwrap().unwrap();
    let row = notification_delivery::Model {
        id: app.services.new_id(now),
        notification_id: told.id,
        kind: told.kind,
        channel,
        status: DeliveryStatus::Dead,
        attempts: 12,
        next_at: now,
        sent_at: None,
        failure: Some(DeliveryFailure::Unavailable),
        created_at: now,
    };
    crate::harness::world::put::<notification_delivery::Entity>(&app.services, row).await;
}

async fn try_password(app: &TestApp, password: &str) {
    let variables = json!({ "login": "butler.nobody", "password": password });
    app.anonymous().butler_app("SignInWithPassword", variables).await;
}

#[test]
fn each_alert_has_its_row_in_the_runbook() {
    let alerts: Vec<&str> = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    let missing: Vec<_> = alerts.iter().filter(|alert| !RUNBOOK.contains(&format!("| {alert} |"))).collect();
    assert!(alerts.len() > 8 && missing.is_empty(), "{missing:?} of {alerts:?}");
}

both! {
    async fn the_dashboard_and_the_alerts_ask_for_what_is_served(app) {
        let zhang = app.owner("zhang").await;
        zhang.run("{ viewer { __typename } }", json!({})).await;
        zhang.refused("{ nothing }", json!({})).await;
        try_password(&app, "wrong").await;
        app.run_jobs().await;
        let shown = app.services.metrics.backlog();
        jobs::tell_backlog(&app.services, &shown).await.unwrap();
        let _socket = Socket::connect(&zhang).await;
        let served = until("the relay has made a round", async || {
            let served = served(&page(&app).await);
            served.contains("anju_relay_lag_seconds").then_some(served)
        })
        .await;
        for (file, text) in [("the dashboard", DASHBOARD), ("the alerts", ALERTS)] {
            let named = named(text);
            assert!(named.len() > 8, "{file} names {named:?}");
            let missing = named.difference(&served).filter(|name| !OF_A_REPLICA.contains(&name.as_str()));
            let missing: Vec<_> = missing.collect();
            assert!(missing.is_empty(), "{file} asks for {missing:?}, which is not served");
        }
        let left_out: Vec<_> = OUTWARD.iter().filter(|name| !named(DASHBOARD).contains(**name)).collect();
        assert!(left_out.is_empty(), "the dashboard shows nothing of {left_out:?}");
    }

    async fn the_figures_tell_of_jobs_sign_ins_and_connections(app) {
        app.run_jobs().await;
        for _ in 0..11 {
            try_password(&app, "wrong").await;
        }
        let page = page(&app).await;
        assert_eq!(value(&page, "anju_jobs_total{job=\"agenda\",outcome=\"done\"} "), 1.0);
        assert_eq!(value(&page, "anju_sign_ins_total{way=\"password\",outcome=\"refused\"} "), 10.0);
        assert_eq!(value(&page, "anju_sign_ins_total{way=\"password\",outcome=\"throttled\"} "), 1.0);
        let pool = if app.services.db.is_postgres() { "shared" } else { "reader" };
        assert_eq!(value(&page, &format!("anju_database_connections{{pool=\"{pool}\",state=\"max\"}} ")), f64::from(CONNECTIONS));
        assert!(value(&page, "anju_database_statements_total ") > 10.0);
        assert!(value(&page, "anju_process_resident_memory_bytes ") > 1e6);
        assert!(value(&page, "anju_process_open_fds ") > 3.0);
    }

    async fn what_waits_to_leave_the_house_is_told_by_whoever_does_the_jobs(app) {
        let receiver = Outside::gateway().await;
        let hook = webhook::enter(&app, &receiver, json!({})).await;
        receiver.be(Mood::IsBusy);
        app.report(json!({})).await;
        app.clock.advance(TimeDelta::seconds(90));
        app.report(json!({})).await;
        webhook::send(&app.services).await;
        let shown = app.services.metrics.backlog();
        jobs::tell_backlog(&app.services, &shown).await.unwrap();
        let told = page(&app).await;
        assert_eq!(value(&told, "anju_webhooks_waiting "), 2.0);
        assert_eq!(value(&told, "anju_webhooks_oldest_waiting_seconds "), 90.0);
        assert_eq!(value(&told, "anju_messages_given_up{channel=\"email\"} "), 0.0);
        assert_eq!(value(&told, "anju_messages_total{channel=\"sms\",outcome=\"dead\"} "), 0.0, "also before the first");
        give_up(&app, NotificationChannel::Email).await;
        webhook::change(&app, "pauseWebhookEndpoint", &hook, json!({})).await;
        jobs::tell_backlog(&app.services, &shown).await.unwrap();
        let told = page(&app).await;
        assert_eq!(value(&told, "anju_webhooks_waiting "), 0.0, "nobody is waited for who is to be sent nothing");
        assert_eq!(value(&told, "anju_webhooks_oldest_waiting_seconds "), 0.0);
        assert_eq!(value(&told, "anju_messages_given_up{channel=\"email\"} "), 1.0);
        assert_eq!(value(&told, "anju_messages_given_up{channel=\"sms\"} "), 0.0);
        drop(shown);
        assert!(!page(&app).await.contains("anju_webhooks_waiting"), "whoever does the jobs no more says nothing of it");
    }

    async fn a_job_that_fails_is_counted_by_its_name(app) {
        app.database.execute("DROP TABLE activity_registrations").await;
        jobs::run_once(&app.services).await.unwrap_err();
        let page = page(&app).await;
        assert!(page.contains("outcome=\"failed\"} 1"), "{page}");
    }

    async fn a_connection_in_use_is_counted_until_it_is_given_back(app) {
        let pool = if app.services.db.is_postgres() { "shared" } else { "writer" };
        let used = format!("anju_database_connections{{pool=\"{pool}\",state=\"in_use\"}} ");
        let tx = app.services.db.begin().await.unwrap();
        until("it is counted", async || (value(&page(&app).await, &used) >= 1.0).then_some(())).await;
        tx.rollback().await.unwrap();
        until("it is given back", async || (value(&page(&app).await, &used) == 0.0).then_some(())).await;
    }
}
