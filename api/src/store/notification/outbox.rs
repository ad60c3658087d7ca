//! The outbox: notifications on their way through the channels. A message is claimed before it is sent, for a limited time:
//! whoever dies with it in hand leaves it to the next.

use chrono::{DateTime, Utc};
use entity::{
    notification as told,
    notification_delivery::{ActiveModel, Column, Entity, Model},
    vocab::{DeliveryFailure, DeliveryStatus, NotificationChannel},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, OnConflict, SelectStatement},
};
use uuid::Uuid;

use super::receipt;
use crate::{
    auth::{scope::Scoped, viewer::Viewer},
    error::Result,
    store::{self, db::Tx, list::List},
};

/// What nobody has decided the channels of yet.
pub fn unplanned() -> Select<told::Entity> {
    told::Entity::find().filter(told::Column::PlannedAt.is_null())
}

/// Some of it, the oldest first.
pub async fn to_plan(conn: &impl ConnectionTrait, most: u64) -> Result<Vec<told::Model>> {
    Ok(unplanned().order_by_asc(told::Column::Seq).limit(most).all(conn).await?)
}

/// Writes down by which channels these notifications go. What was written before stays.
pub async fn plan(tx: &Tx, notifications: &[Uuid], deliveries: Vec<Model>, now: DateTime<Utc>) -> Result<()> {
    // Two who plan the same take the rows in one order, or each would wait for the other's.
    let these = told::Entity::find().filter(told::Column::Id.is_in(notifications.iter().copied()));
    let in_order = these.select_only().column(told::Column::Id).order_by_asc(told::Column::Seq).lock_exclusive();
    in_order.into_tuple::<Uuid>().all(tx).await?;
    if !deliveries.is_empty() {
        let once = OnConflict::columns([Column::NotificationId, Column::Channel]).do_nothing().to_owned();
        let rows = deliveries.into_iter().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await?;
    }
    told::Entity::update_many()
        .col_expr(told::Column::PlannedAt, Expr::value(now))
        .filter(told::Column::Id.is_in(notifications.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How many messages were given up and not sent anew, by channel.
pub async fn dead_by_channel(conn: &impl ConnectionTrait) -> Result<Vec<(NotificationChannel, i64)>> {
    let dead = Entity::find().filter(Column::Status.eq(DeliveryStatus::Dead));
    let counted = dead.select_only().column(Column::Channel).column_as(Column::Id.count(), "count");
    Ok(counted.group_by(Column::Channel).into_tuple().all(conn).await?)
}

/// What is to be sent now.
pub fn due(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Column::Status.eq(DeliveryStatus::Waiting)).filter(Column::NextAt.lte(now))
}

/// Takes some of what is due, for this server alone until an instant. Each begun attempt counts, whatever becomes of it.
pub async fn claim(
    conn: &impl ConnectionTrait,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    most: u64,
) -> Result<Vec<Model>> {
    let ids: Vec<Uuid> = due(now)
        .select_only()
        .column(Column::Id)
        .order_by_asc(Column::NextAt)
        .limit(most)
        .into_tuple()
        .all(conn)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Of two who claim the same, the second finds it claimed.
    let claimed = Entity::update_many()
        .col_expr(Column::NextAt, Expr::value(until))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(ids))
        .filter(Column::Status.eq(DeliveryStatus::Waiting))
        .filter(Column::NextAt.lte(now))
        .exec_with_returning(conn)
        .await?;
    Ok(claimed)
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Dropped,
    /// Nothing was tried: the person does not want to be disturbed until then.
    Postponed(DateTime<Utc>),
    Again(DeliveryFailure, DateTime<Utc>),
    Dead(DeliveryFailure),
}

/// Notes how an attempt ended. One that took so long that another was begun says nothing, unless it went out after all.
pub async fn settle(conn: &impl ConnectionTrait, attempt: &Model, outcome: Outcome, now: DateTime<Utc>) -> Result<()> {
    let mut row = ActiveModel { ..Default::default() };
    match outcome {
        Outcome::Sent => {
            row.status = ActiveValue::Set(DeliveryStatus::Sent);
            row.failure = ActiveValue::Set(None);
        }
        Outcome::Postponed(at) => {
            row.next_at = ActiveValue::Set(at);
            row.attempts = ActiveValue::Set(attempt.attempts - 1);
        }
        Outcome::Dropped => row.status = ActiveValue::Set(DeliveryStatus::Dropped),
        Outcome::Again(failure, at) => {
            row.next_at = ActiveValue::Set(at);
            row.failure = ActiveValue::Set(Some(failure));
        }
        Outcome::Dead(failure) => {
            row.status = ActiveValue::Set(DeliveryStatus::Dead);
            row.failure = ActiveValue::Set(Some(failure));
        }
    }
    let mut settling = Entity::update_many().set(row).filter(Column::Id.eq(attempt.id));
    if outcome == Outcome::Sent {
        // A message to several devices has reached its first one before.
        let first = Func::coalesce([Expr::col(Column::SentAt), Expr::value(now)]);
        settling = settling.col_expr(Column::SentAt, first.into());
    } else {
        let own = Column::Attempts.eq(attempt.attempts).and(Column::Status.eq(DeliveryStatus::Waiting));
        settling = settling.filter(own);
    }
    settling.exec(conn).await?;
    Ok(())
}

/// A notification as its recipient sees it at this moment.
pub async fn as_seen(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<told::Model>> {
    store::by_id::<told::Entity>(conn, viewer, told::Column::Id, id).await
}

/// A notification, for whoever finds out to whom it goes.
pub async fn told(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<told::Model>> {
    as_seen(conn, &Viewer::system(), id).await
}

/// What was given up, as far as the viewer may see it: the newest first.
pub fn dead(viewer: &Viewer) -> List<Entity> {
    let rows = store::find::<Entity>(viewer).filter(Column::Status.eq(DeliveryStatus::Dead));
    List::by_id(rows, Column::Id, |row| row.id).newest_first()
}

/// Which of what was given up.
#[derive(Clone, Debug)]
pub enum GivenUp {
    These(Vec<Uuid>),
    /// Everything of a channel.
    By(NotificationChannel),
}

/// Lets what was given up go out again, as far as the viewer may see it. Returns how many messages that are.
pub async fn revive(conn: &impl ConnectionTrait, viewer: &Viewer, which: &GivenUp, now: DateTime<Utc>) -> Result<u64> {
    let which = match which {
        GivenUp::These(ids) => Column::Id.is_in(ids.iter().copied()),
        GivenUp::By(channel) => Column::Channel.eq(*channel),
    };
    let row = ActiveModel {
        status: ActiveValue::Set(DeliveryStatus::Waiting),
        attempts: ActiveValue::Set(0),
        next_at: ActiveValue::Set(now),
        failure: ActiveValue::Set(None),
        ..Default::default()
    };
    let revived = Entity::update_many()
        .set(row)
        .filter(Entity::scope(viewer))
        .filter(which)
        .filter(Column::Status.eq(DeliveryStatus::Dead))
        .exec(conn)
        .await?;
    Ok(revived.rows_affected)
}

/// Deletes what is on its way to a person.
pub async fn forget(conn: &impl ConnectionTrait, recipient_id: Uuid) -> Result<()> {
    let theirs = told::Entity::find()
        .select_only()
        .column(told::Column::Id)
        .filter(told::Column::RecipientId.eq(recipient_id))
        .into_query();
    forget_of(conn, theirs).await
}

/// Deletes the deliveries of these notifications.
pub(super) async fn forget_of(conn: &impl ConnectionTrait, notifications: SelectStatement) -> Result<()> {
    let these = || Entity::find().filter(Column::NotificationId.in_subquery(notifications.clone()));
    receipt::forget(conn, these().select_only().column(Column::Id).into_query()).await?;
    Entity::delete_many().filter(Column::NotificationId.in_subquery(notifications)).exec(conn).await?;
    Ok(())
}
