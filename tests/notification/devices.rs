//! Two devices of one person, who read at the same time. On SQLite one waits for the other before it begins.

use chrono::{DateTime, Utc};
use entity::{notification, vocab::TicketStatus};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, TransactionTrait,
    sea_query::{Expr, LockBehavior, LockType},
};
use serde_json::json;
use uuid::Uuid;

use super::{inbox, mark};
use crate::harness::{Engine, TestApp, TestOptions, postgres, tickets::raw_id, until};

fn rows(ids: &[Uuid]) -> Select<notification::Entity> {
    notification::Entity::find().filter(notification::Column::Id.is_in(ids.iter().copied()))
}

/// Which of these nobody holds.
async fn free(conn: &DatabaseConnection, ids: &[Uuid]) -> Vec<Uuid> {
    let free = rows(ids).order_by_asc(notification::Column::Seq);
    let free = free.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(conn).await.unwrap();
    free.into_iter().map(|row| row.id).collect()
}

async fn set(conn: &DatabaseConnection, ids: &[Uuid], column: notification::Column, at: Option<DateTime<Utc>>) {
    let these = notification::Entity::update_many().filter(notification::Column::Id.is_in(ids.iter().copied()));
    these.col_expr(column, Expr::value(at)).exec(conn).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_marks_several_takes_them_in_the_order_of_the_log_on_postgres() {
    if !postgres::is_there() {
        return;
    }
    let app = TestApp::with(Engine::Postgres, TestOptions { connections: Some(6), ..TestOptions::default() }).await;
    app.ticket_in(TicketStatus::InProgress, json!({})).await;
    let (zhang, conn) = (app.owner("zhang").await, app.services.db.writer());
    let nodes = inbox(&zhang).await;
    let ids: Vec<Uuid> = nodes.iter().rev().map(|node| raw_id(&node["id"])).collect();
    let [first, middle, last] = ids[..] else { panic!("three are told: {ids:?}") };
    // Where rows are kept, the first is the last one now.
    set(conn, &[first], notification::Column::PlannedAt, Some(app.services.now())).await;
    let by_id: Vec<_> = nodes.iter().map(|node| &node["id"]).collect();
    for input in [json!({ "notificationIds": by_id }), json!({ "through": nodes[0]["cursor"] })] {
        set(conn, &ids, notification::Column::ReadAt, None).await;
        set(conn, &[first], notification::Column::ReadAt, None).await;
        let other = conn.begin().await.unwrap();
        rows(&[middle]).lock_exclusive().one(&other).await.unwrap().unwrap();
        let zhang = zhang.clone();
        let marking = tokio::spawn(async move { mark(&zhang, input).await });
        let waits = async || (free(conn, &ids).await == [last]).then_some(());
        until("the first is taken, and the last is not", waits).await;
        other.rollback().await.unwrap();
        assert_eq!(marking.await.unwrap(), 0);
    }
}
