//! The endpoints of operators' systems. One server at a time sends to an endpoint: whoever has claimed it, for a limited time, and
//! as long as nobody else has claimed it since.

pub mod delivery;
pub mod log;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    company_event, ticket_event,
    vocab::{WebhookDeliveryStatus, WebhookStatus},
    webhook_delivery,
    webhook_endpoint::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use uuid::Uuid;

use self::log::Place;
use super::{db::Tx, list::List};
use crate::{
    auth::viewer::Viewer,
    domain::{span::latest_end, webhook::LONGEST_PAUSE},
    error::Result,
};

/// How long an endpoint is one server's: longer than a turn with it may take.
pub const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// The endpoints that exist for the viewer, in the order in which they were entered.
pub fn list(viewer: &Viewer) -> List<Entity> {
    List::by_id(super::find::<Entity>(viewer), Column::Id, |row| row.id)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn count(conn: &impl ConnectionTrait) -> Result<u64> {
    Ok(Entity::find().count(conn).await?)
}

/// An endpoint that nobody else changes before the transaction ends.
pub async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    Ok(super::find::<Entity>(viewer).filter(Column::Id.eq(id)).lock_exclusive().one(tx).await?)
}

pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    super::insert(Entity, conn, row).await
}

/// Changes an endpoint that is held.
pub async fn update(tx: &Tx, row: Model) -> Result<()> {
    super::write_back(Entity, tx, row).await
}

/// Deletes an endpoint with everything that was on its way to it.
pub async fn delete(tx: &Tx, id: Uuid) -> Result<()> {
    use webhook_delivery::Column as D;
    webhook_delivery::Entity::delete_many().filter(D::EndpointId.eq(id)).exec(tx).await?;
    Entity::delete_many().filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// The endpoints that are to be sent something now, and that nobody sends to. A time that lies further ahead than any could is of
/// a clock that ran ahead, and as good as over.
pub fn due(now: DateTime<Utc>) -> Select<Entity> {
    let is_over = |column: Column, length: TimeDelta| column.lte(now).or(column.gt(latest_end(length, now)));
    let is_free = Condition::any().add(Column::ClaimedUntil.is_null()).add(is_over(Column::ClaimedUntil, CLAIM));
    Entity::find()
        .filter(Column::Status.eq(WebhookStatus::Active))
        .filter(is_over(Column::NextAt, LONGEST_PAUSE))
        .filter(is_free)
        .filter(has_work())
}

/// Something stands in a log behind the place that was reached, or waits to be sent.
fn has_work() -> Condition {
    let event_head = head(ticket_event::Entity::find().select_only().expr(ticket_event::Column::Seq.max()));
    let company_head = head(company_event::Entity::find().select_only().expr(company_event::Column::Seq.max()));
    let own = Expr::col((webhook_delivery::Entity, webhook_delivery::Column::EndpointId)).equals((Entity, Column::Id));
    let waiting = webhook_delivery::Entity::find()
        .select_only()
        .column(webhook_delivery::Column::Id)
        .filter(own)
        .filter(webhook_delivery::Column::Status.eq(WebhookDeliveryStatus::Waiting));
    Condition::any()
        .add(Expr::col((Entity, Column::CursorEvent)).lt(event_head))
        .add(Expr::col((Entity, Column::CursorCompany)).lt(company_head))
        .add(Expr::exists(waiting.into_query()))
}

fn head<E: EntityTrait>(select: Select<E>) -> Expr {
    let statement: SelectStatement = select.into_query();
    Expr::SubQuery(None, Box::new(statement.into()))
}

/// Claims some of them, those that have waited longest first. Of two who claim the same, the second finds it claimed.
pub async fn claim(conn: &impl ConnectionTrait, now: DateTime<Utc>, most: u64) -> Result<Vec<Model>> {
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
    let claimed = Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(now + CLAIM))
        .col_expr(Column::Claim, Expr::col(Column::Claim).add(1))
        .filter(Column::Id.is_in(ids))
        .filter(Column::Status.eq(WebhookStatus::Active))
        .filter(
            Condition::any()
                .add(Column::ClaimedUntil.is_null())
                .add(Column::ClaimedUntil.lte(now))
                .add(Column::ClaimedUntil.gt(latest_end(CLAIM, now))),
        )
        .exec_with_returning(conn)
        .await?;
    Ok(claimed)
}

/// An endpoint that is still claimed by whoever claimed it so, and that nobody else changes before the transaction ends.
pub async fn hold_claimed(tx: &Tx, claimed: &Model) -> Result<Option<Model>> {
    Ok(Entity::find().filter(is_claimed(claimed)).lock_exclusive().one(tx).await?)
}

fn is_claimed(claimed: &Model) -> Condition {
    Condition::all()
        .add(Column::Id.eq(claimed.id))
        .add(Column::Claim.eq(claimed.claim))
        .add(Column::Status.eq(WebhookStatus::Active))
}

/// Notes up to where the logs were looked through.
pub async fn reach(tx: &Tx, id: Uuid, place: Place) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::CursorEvent, Expr::value(place.0))
        .col_expr(Column::CursorCompany, Expr::value(place.1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Gives an endpoint back, to be sent to again from an instant on; if it fails, since when.
pub async fn release(
    conn: &impl ConnectionTrait,
    claimed: &Model,
    next_at: DateTime<Utc>,
    failing_since: Option<DateTime<Utc>>,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(Column::NextAt, Expr::value(next_at))
        .col_expr(Column::FailingSince, Expr::value(failing_since))
        .filter(is_claimed(claimed))
        .exec(conn)
        .await?;
    Ok(())
}
