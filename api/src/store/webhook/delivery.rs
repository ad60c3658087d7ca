//! Events on their way to endpoints.

use chrono::{DateTime, Utc};
use entity::{
    vocab::{CertificateFault, WebhookDeliveryStatus, WebhookFailure, WebhookStatus},
    webhook_delivery::{ActiveModel, Column, Entity, Model},
    webhook_endpoint as endpoint,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::log::Place;
use crate::{
    auth::viewer::Viewer,
    error::Result,
    store::{self, db::Tx, list::List},
};

/// An endpoint's deliveries as far as they exist for the viewer: the newest event first.
pub fn list(viewer: &Viewer, endpoint_id: Uuid, status: Option<WebhookDeliveryStatus>) -> List<Entity> {
    let narrowed = Condition::all()
        .add(Column::EndpointId.eq(endpoint_id))
        .add_option(status.map(|status| Column::Status.eq(status)));
    let rows = store::find::<Entity>(viewer).filter(narrowed);
    let place = |row: &Model| (row.place_event, row.place_company);
    List::by_place(rows, (Column::PlaceEvent, Column::PlaceCompany), place).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    store::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// Puts events on their way. What was there before is sent anew: that is what going back in the logs is for.
pub async fn plan(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let anew = OnConflict::column(Column::Id)
        .update_columns([Column::Status, Column::Attempts, Column::FirstAttemptAt])
        .to_owned();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    Entity::insert_many(rows).on_conflict(anew).exec_without_returning(tx).await?;
    Ok(())
}

/// What an endpoint is to be sent next, in the order of the logs.
pub async fn next(conn: &impl ConnectionTrait, endpoint_id: Uuid, most: u64) -> Result<Vec<Model>> {
    let waiting = Entity::find().filter(is_waiting(endpoint_id));
    let in_order = waiting.order_by_asc(Column::PlaceEvent).order_by_asc(Column::PlaceCompany);
    Ok(in_order.limit(most).all(conn).await?)
}

fn is_waiting(endpoint_id: Uuid) -> Condition {
    Condition::all().add(Column::EndpointId.eq(endpoint_id)).add(Column::Status.eq(WebhookDeliveryStatus::Waiting))
}

/// Notes that an attempt begins, as long as the endpoint is claimed as it was. None when it is not, or there is nothing to
/// send any more. An attempt counts whatever becomes of it.
pub async fn begin(
    conn: &impl ConnectionTrait,
    claimed: &endpoint::Model,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Model>> {
    let still = endpoint::Entity::find()
        .select_only()
        .column(endpoint::Column::Id)
        .filter(endpoint::Column::Id.eq(claimed.id))
        .filter(endpoint::Column::Claim.eq(claimed.claim))
        .filter(endpoint::Column::Status.eq(WebhookStatus::Active));
    let begun = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::LastAttemptAt, Expr::value(now))
        .col_expr(Column::FirstAttemptAt, Expr::col(Column::FirstAttemptAt).if_null(Expr::value(now)))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(WebhookDeliveryStatus::Waiting))
        .filter(Column::EndpointId.in_subquery(still.into_query()))
        .exec_with_returning(conn)
        .await?;
    Ok(begun.into_iter().next())
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What the endpoint answered, if it did.
    pub http_status: Option<u16>,
    /// None when it took the message.
    pub failure: Option<WebhookFailure>,
    /// What was wrong with its certificate, when it was that.
    pub certificate_fault: Option<CertificateFault>,
}

/// Notes how an attempt ended, unless the message is to be sent anew since.
pub async fn settle(conn: &impl ConnectionTrait, attempt: &Model, ended: Ended, now: DateTime<Utc>) -> Result<()> {
    let mut row = ActiveModel { ..Default::default() };
    row.last_http_status = ActiveValue::Set(ended.http_status.map(i32::from));
    row.failure = ActiveValue::Set(ended.failure);
    row.certificate_fault = ActiveValue::Set(ended.certificate_fault);
    if ended.failure.is_none() {
        row.status = ActiveValue::Set(WebhookDeliveryStatus::Delivered);
        row.delivered_at = ActiveValue::Set(Some(now));
    }
    let this = Condition::all().add(Column::Id.eq(attempt.id)).add(Column::Attempts.eq(attempt.attempts));
    Entity::update_many().set(row).filter(this).exec(conn).await?;
    Ok(())
}

/// How many messages wait for endpoints that are sent to, and when the event of the oldest happened.
pub async fn backlog(conn: &impl ConnectionTrait) -> Result<(u64, Option<DateTime<Utc>>)> {
    let active = endpoint::Entity::find().select_only().column(endpoint::Column::Id);
    let active = active.filter(endpoint::Column::Status.eq(WebhookStatus::Active)).into_query();
    let waiting = Entity::find()
        .filter(Column::EndpointId.in_subquery(active))
        .filter(Column::Status.eq(WebhookDeliveryStatus::Waiting));
    let count = waiting.clone().count(conn).await?;
    let oldest = waiting.select_only().column(Column::OccurredAt).order_by_asc(Column::OccurredAt).limit(1);
    Ok((count, oldest.into_tuple().one(conn).await?))
}

/// Gives up everything that waits for an endpoint. Returns how many messages.
pub async fn give_up(tx: &Tx, endpoint_id: Uuid) -> Result<u64> {
    let dead = Entity::update_many().col_expr(Column::Status, Expr::value(WebhookDeliveryStatus::Dead));
    Ok(dead.filter(is_waiting(endpoint_id)).exec(tx).await?.rows_affected)
}

/// Lets what was given up wait again, as if it had never been tried. Returns how many messages.
pub async fn revive(tx: &Tx, endpoint_id: Uuid) -> Result<u64> {
    let dead =
        Condition::all().add(Column::EndpointId.eq(endpoint_id)).add(Column::Status.eq(WebhookDeliveryStatus::Dead));
    let row = ActiveModel { status: ActiveValue::Set(WebhookDeliveryStatus::Waiting), ..untried() };
    Ok(Entity::update_many().set(row).filter(dead).exec(tx).await?.rows_affected)
}

/// Lets the patience with what waits begin anew.
pub async fn begin_anew(tx: &Tx, endpoint_id: Uuid) -> Result<()> {
    Entity::update_many().set(untried()).filter(is_waiting(endpoint_id)).exec(tx).await?;
    Ok(())
}

fn untried() -> ActiveModel {
    ActiveModel { attempts: ActiveValue::Set(0), first_attempt_at: ActiveValue::Set(None), ..Default::default() }
}

/// What was taken before an instant.
pub fn taken_before(at: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::Status.eq(WebhookDeliveryStatus::Delivered)).add(Column::DeliveredAt.lt(at))
}

/// Forgets it. Returns how many messages.
pub async fn forget_before(conn: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<u64> {
    Ok(Entity::delete_many().filter(taken_before(at)).exec(conn).await?.rows_affected)
}

/// Takes back what waits behind a place, to be put on its way again when the logs are looked through from there.
pub async fn take_back(tx: &Tx, endpoint_id: Uuid, place: Place) -> Result<()> {
    let behind = Condition::any()
        .add(Column::PlaceEvent.gt(place.0))
        .add(Column::PlaceEvent.eq(place.0).and(Column::PlaceCompany.gt(place.1)));
    Entity::delete_many().filter(is_waiting(endpoint_id)).filter(behind).exec(tx).await?;
    Ok(())
}
