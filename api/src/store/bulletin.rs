//! Bulletins: a numbered log like the tickets' events, and what was delivered to whom.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    bulletin::{ActiveModel, Column, Entity, Model},
    bulletin_delivery as delivery, ownership, unit,
    vocab::BulletinKind,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, TryInsertResult,
    sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

use super::{db::Tx, event::take_log_order, list::List};
use crate::{
    auth::{scope::delivered_to, viewer::Viewer},
    clock::ids_since,
    error::Result,
};

/// How many deliveries are written in one statement.
const CHUNK: usize = 500;

/// How many bulletins are looked through for what is new.
const NEWS: u64 = 32;

/// Which bulletins a list is about; what is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct BulletinFilter {
    pub project_id: Option<Uuid>,
    pub kinds: Vec<BulletinKind>,
    /// True: delivered to the viewer and not read by them yet. False: read.
    pub unread: Option<bool>,
}

/// The bulletins that exist for the viewer, the newest first.
pub fn list(viewer: &Viewer, filter: &BulletinFilter) -> List<Entity> {
    let mut select = super::find::<Entity>(viewer);
    if let Some(id) = filter.project_id {
        select = select.filter(Column::ProjectId.eq(id));
    }
    if !filter.kinds.is_empty() {
        select = select.filter(Column::Kind.is_in(filter.kinds.iter().copied()));
    }
    if let Some(unread) = filter.unread {
        let read_at = delivery::Column::ReadAt;
        let own = super::find::<delivery::Entity>(viewer)
            .select_only()
            .column(delivery::Column::BulletinId)
            .filter(delivery::Column::OwnerId.eq(viewer.id()))
            .filter(if unread { read_at.is_null() } else { read_at.is_not_null() });
        select = select.filter(Column::Id.in_subquery(own.into_query()));
    }
    List::by_seq(select, Column::Seq, |row| row.seq).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    super::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}

/// What follows a place in the log, as far as the viewer may see it: the oldest first.
pub async fn after(conn: &impl ConnectionTrait, viewer: &Viewer, seq: i64, limit: u64) -> Result<Vec<Model>> {
    let rows = super::find::<Entity>(viewer).filter(Column::Seq.gt(seq));
    Ok(rows.order_by_asc(Column::Seq).limit(limit).all(conn).await?)
}

/// What follows a place in the log, for each of these owners, the oldest first. Owners for whom there may be more than
/// that are left out.
pub async fn news(conn: &impl ConnectionTrait, owners: &[Uuid], seq: i64) -> Result<HashMap<Uuid, Vec<Arc<Model>>>> {
    let ahead = Entity::find().filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).limit(NEWS);
    let ahead: Vec<_> = ahead.all(conn).await?.into_iter().map(Arc::new).collect();
    let mut news: HashMap<Uuid, Vec<Arc<Model>>> = HashMap::new();
    if (ahead.len() as u64) < NEWS {
        news.extend(owners.iter().map(|owner| (*owner, Vec::new())));
    }
    let ids: Vec<Uuid> = ahead.iter().map(|bulletin| bulletin.id).collect();
    let receivers = receivers(conn, &ids, owners).await?;
    for bulletin in ahead {
        for owner in receivers.get(&bulletin.id).into_iter().flatten() {
            news.entry(*owner).or_default().push(Arc::clone(&bulletin));
        }
    }
    Ok(news)
}

/// To which of these owners each of these bulletins was delivered.
async fn receivers(
    conn: &impl ConnectionTrait,
    bulletins: &[Uuid],
    owners: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    use delivery::Column as D;
    let mut receivers: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if bulletins.is_empty() {
        return Ok(receivers);
    }
    let pairs = delivery::Entity::find()
        .select_only()
        .columns([D::BulletinId, D::OwnerId])
        .filter(D::BulletinId.is_in(bulletins.iter().copied()))
        .filter(delivered_to(owners))
        .into_tuple::<(Uuid, Uuid)>();
    for (bulletin, owner) in pairs.all(conn).await? {
        receivers.entry(bulletin).or_default().push(owner);
    }
    Ok(receivers)
}

#[derive(FromQueryResult)]
struct Head {
    head: Option<i64>,
}

/// The last number in the log; 0 when it is empty.
pub async fn head(conn: &impl ConnectionTrait) -> Result<i64> {
    let head = Entity::find().select_only().column_as(Column::Seq.max(), "head").into_model::<Head>().one(conn).await?;
    Ok(head.and_then(|head| head.head).unwrap_or(0))
}

/// Appends a bulletin; the database gives it its number. Returns it as stored. Take no other lock after this.
pub async fn append(tx: &Tx, row: Model) -> Result<Model> {
    take_log_order(tx).await?;
    let mut row: ActiveModel = row.into_active_model().reset_all();
    row.seq = ActiveValue::NotSet;
    Ok(Entity::insert(row).exec_with_returning(tx).await?)
}

/// Delivers to those who don't have it yet. Returns how many those were.
pub async fn deliver(conn: &impl ConnectionTrait, deliveries: Vec<delivery::Model>) -> Result<u64> {
    use delivery::Column as D;
    let mut delivered = 0;
    for chunk in deliveries.chunks(CHUNK) {
        let rows = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        let nothing = OnConflict::columns([D::BulletinId, D::OwnerId]).do_nothing().to_owned();
        let inserted =
            delivery::Entity::insert_many(rows).on_conflict(nothing).try_insert().exec_without_returning(conn).await?;
        delivered += match inserted {
            TryInsertResult::Inserted(rows) => rows,
            TryInsertResult::Empty | TryInsertResult::Conflicted => 0,
        };
    }
    Ok(delivered)
}

/// A customer whom a bulletin concerns and who does not have it.
#[derive(Clone, Copy, Debug, PartialEq, FromQueryResult)]
pub struct Missed {
    pub bulletin_id: Uuid,
    pub owner_id: Uuid,
}

/// Who owns a home now in the area of a bulletin published since an instant and does not have it. Emergencies are over
/// for newcomers, and milestones concern those who had signed by then.
pub async fn newcomers(conn: &impl ConnectionTrait, since: DateTime<Utc>, limit: u64) -> Result<Vec<Missed>> {
    let mut select = unwelcomed(since);
    select.distinct().limit(limit);
    Ok(Missed::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?)
}

/// Only owners whose ownership began, or was written down, since then can have been missed; the day before is for writers
/// who took their time.
pub(super) fn unwelcomed(since: DateTime<Utc>) -> SelectStatement {
    let col = |column| Expr::col((Entity, column));
    let within = |own: Column, home: unit::Column| {
        Condition::any().add(own.is_null()).add(col(own).equals((unit::Entity, home)))
    };
    let homes = Condition::all()
        .add(col(Column::ProjectId).equals((unit::Entity, unit::Column::ProjectId)))
        .add(within(Column::BuildingId, unit::Column::BuildingId))
        .add(within(Column::UnitId, unit::Column::Id));
    let owners = Condition::all()
        .add(Expr::col((ownership::Entity, ownership::Column::UnitId)).equals((unit::Entity, unit::Column::Id)))
        .add(ownership::Column::EndedOn.is_null());
    let lately = since - TimeDelta::days(1);
    let newcomers = Condition::any()
        .add(Expr::col((ownership::Entity, ownership::Column::Id)).gte(ids_since(lately)))
        .add(ownership::Column::StartedOn.gte(lately.date_naive()));
    let mut select = Query::select();
    let owner = Expr::col((ownership::Entity, ownership::Column::OwnerId));
    select
        .expr_as(col(Column::Id), "bulletin_id")
        .expr_as(owner.clone(), "owner_id")
        .from(Entity)
        .inner_join(unit::Entity, homes)
        .inner_join(ownership::Entity, owners)
        .cond_where(newcomers)
        .and_where(Column::PublishedAt.gte(since))
        .and_where(Column::IsEmergency.eq(false))
        .and_where(Column::Kind.ne(BulletinKind::Milestone))
        .and_where(Expr::from(delivered(col(Column::Id), owner)).is_null());
    select
}

/// The delivery of a bulletin to an owner. As a subquery it is one index probe each; as an outer join PostgreSQL may go
/// through all deliveries of the bulletin for each owner.
pub(super) fn delivered(bulletin: Expr, owner: Expr) -> SelectStatement {
    Query::select()
        .column((delivery::Entity, delivery::Column::Id))
        .from(delivery::Entity)
        .and_where(Expr::col((delivery::Entity, delivery::Column::BulletinId)).eq(bulletin))
        .and_where(Expr::col((delivery::Entity, delivery::Column::OwnerId)).eq(owner))
        .limit(1)
        .take()
}

/// Notes that an owner has read it; the first time counts.
pub async fn mark_read(
    conn: &impl ConnectionTrait,
    bulletin_id: Uuid,
    owner_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    use delivery::Column as D;
    delivery::Entity::update_many()
        .col_expr(D::ReadAt, Expr::value(now))
        .filter(D::BulletinId.eq(bulletin_id))
        .filter(D::OwnerId.eq(owner_id))
        .filter(D::ReadAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// What was delivered of a bulletin, as far as the viewer sees it; only what was read, or only what was not.
pub fn deliveries(viewer: &Viewer, bulletin_id: Uuid, read: Option<bool>) -> List<delivery::Entity> {
    let mut select = super::find::<delivery::Entity>(viewer).filter(delivery::Column::BulletinId.eq(bulletin_id));
    if let Some(read) = read {
        let read_at = delivery::Column::ReadAt;
        select = select.filter(if read { read_at.is_not_null() } else { read_at.is_null() });
    }
    List::by_id(select, delivery::Column::Id, |row| row.id)
}

/// When the viewer, an owner, read each of these.
pub async fn readings(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    bulletins: &[Uuid],
) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    let rows = super::find::<delivery::Entity>(viewer)
        .filter(delivery::Column::BulletinId.is_in(bulletins.iter().copied()))
        .filter(delivery::Column::OwnerId.eq(viewer.id()))
        .filter(delivery::Column::ReadAt.is_not_null())
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.bulletin_id, row.read_at?))).collect())
}

/// To how many a bulletin was delivered and how many of them have read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromQueryResult)]
pub struct Receipts {
    pub bulletin_id: Uuid,
    pub delivered: i64,
    pub read: i64,
}

/// The receipts of each of these, as far as the viewer sees the deliveries.
pub async fn receipts(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    bulletins: &[Uuid],
) -> Result<HashMap<Uuid, Receipts>> {
    use delivery::Column as D;
    let rows = super::find::<delivery::Entity>(viewer)
        .select_only()
        .column(D::BulletinId)
        .column_as(D::Id.count(), "delivered")
        .column_as(D::ReadAt.count(), "read")
        .filter(D::BulletinId.is_in(bulletins.iter().copied()))
        .group_by(D::BulletinId)
        .into_model::<Receipts>()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.bulletin_id, row)).collect())
}

#[derive(FromQueryResult)]
struct Unread {
    owner_id: Uuid,
    unread: i64,
}

/// How many bulletins each of these owners has not read yet.
pub async fn unread(conn: &impl ConnectionTrait, viewer: &Viewer, owners: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use delivery::Column as D;
    let rows = super::find::<delivery::Entity>(viewer)
        .select_only()
        .column(D::OwnerId)
        .column_as(D::Id.count(), "unread")
        .filter(D::OwnerId.is_in(owners.iter().copied()))
        .filter(D::ReadAt.is_null())
        .group_by(D::OwnerId)
        .into_model::<Unread>()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, row.unread)).collect())
}

/// Everyone whom these were delivered to, for routing.
pub async fn recipients(conn: &impl ConnectionTrait, bulletins: &[Uuid]) -> Result<Vec<Uuid>> {
    let owners = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::OwnerId)
        .distinct()
        .filter(delivery::Column::BulletinId.is_in(bulletins.iter().copied()))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(owners)
}
