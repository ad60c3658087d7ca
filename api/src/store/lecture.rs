//! Lectures and how many have registered.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    lecture::{Column, Entity, Model},
    lecture_registration, partner,
    vocab::RegistrationStatus,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::ExprTrait,
};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    error::Result,
    page::{Cursor, Page, Slice, bad_cursor},
};

/// From when to when, on the start of a lecture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

fn select(viewer: &Viewer, period: Period) -> Select<Entity> {
    super::find::<Entity>(viewer).filter(Column::StartsAt.gte(period.from)).filter(Column::StartsAt.lt(period.to))
}

/// A page of the schedule, the earliest first.
pub async fn list(conn: &impl ConnectionTrait, viewer: &Viewer, period: Period, page: &Page) -> Result<Slice<Model>> {
    let mut rows = select(viewer, period);
    for (field, cursor, is_after) in [("after", page.after, true), ("before", page.before, false)] {
        match cursor {
            None => {}
            Some(Cursor::Instant(at, id)) if is_after => {
                rows = rows.filter(Column::StartsAt.gt(at).or(Column::StartsAt.eq(at).and(Column::Id.gt(id))));
            }
            Some(Cursor::Instant(at, id)) => {
                rows = rows.filter(Column::StartsAt.lt(at).or(Column::StartsAt.eq(at).and(Column::Id.lt(id))));
            }
            Some(_) => return Err(bad_cursor(field)),
        }
    }
    let rows = if page.backward {
        rows.order_by_desc(Column::StartsAt).order_by_desc(Column::Id)
    } else {
        rows.order_by_asc(Column::StartsAt).order_by_asc(Column::Id)
    };
    Ok(page.cut(rows.limit(page.fetch()).all(conn).await?))
}

pub async fn count(conn: &impl ConnectionTrait, viewer: &Viewer, period: Period) -> Result<u64> {
    Ok(select(viewer, period).count(conn).await?)
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn partners(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, partner::Model>> {
    super::by_ids::<partner::Entity, Uuid>(conn, viewer, partner::Column::Id, ids, |row| row.id).await
}

/// The partner with this client id: for the token endpoint only.
pub async fn partner_by_client_id(conn: &impl ConnectionTrait, client_id: &str) -> Result<Option<partner::Model>> {
    Ok(partner::Entity::find().filter(partner::Column::ClientId.eq(client_id)).one(conn).await?)
}

#[derive(FromQueryResult)]
struct SeatCount {
    lecture_id: Uuid,
    seats: i64,
}

/// How many hold a seat at each of these lectures. Callers pass lectures that the viewer sees.
pub async fn registrations(conn: &impl ConnectionTrait, lectures: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use lecture_registration::{Column, Entity};
    let counts = Entity::find()
        .select_only()
        .column(Column::LectureId)
        .column_as(Column::Id.count(), "seats")
        .filter(Column::LectureId.is_in(lectures.iter().copied()))
        .filter(Column::Status.eq(RegistrationStatus::Registered))
        .group_by(Column::LectureId)
        .into_model::<SeatCount>()
        .all(conn)
        .await?;
    Ok(counts.into_iter().map(|count| (count.lecture_id, count.seats)).collect())
}

/// The partner behind a session: for authentication only.
pub async fn partner_for_session(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<partner::Model>> {
    Ok(partner::Entity::find_by_id(id).one(conn).await?)
}
