//! The ledger of warranties: terms, items, and the notices that went out.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ownership, unit,
    vocab::WarrantyPart,
    warranty_item::{Column, Entity, Model},
    warranty_notice as notice, warranty_term as term,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

/// The terms under these keys: `all`, a project's or a contract's id.
pub async fn terms(conn: &impl ConnectionTrait, keys: &[String]) -> Result<Vec<term::Model>> {
    Ok(term::Entity::find().filter(term::Column::ScopeKey.is_in(keys.iter().cloned())).all(conn).await?)
}

/// Writes a term, in the place of an earlier one.
pub async fn set_term(conn: &impl ConnectionTrait, row: term::Model) -> Result<()> {
    use term::Column as T;
    let same =
        OnConflict::columns([T::ScopeKey, T::Part]).update_columns([T::Years, T::Seasons, T::UpdatedAt]).to_owned();
    term::Entity::insert(row.into_active_model().reset_all()).on_conflict(same).exec_without_returning(conn).await?;
    Ok(())
}

/// Starts warranties; those that run already stay as they are.
pub async fn start(conn: &impl ConnectionTrait, items: Vec<Model>) -> Result<()> {
    let rows = items.into_iter().map(|row| row.into_active_model().reset_all());
    let same = OnConflict::columns([Column::UnitId, Column::Part, Column::StartsOn]).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(same).try_insert().exec_without_returning(conn).await?;
    Ok(())
}

/// The warranties of a unit that count from a day.
pub async fn started(conn: &impl ConnectionTrait, unit_id: Uuid, on: NaiveDate) -> Result<Vec<Model>> {
    let rows = Entity::find().filter(Column::UnitId.eq(unit_id)).filter(Column::StartsOn.eq(on));
    Ok(rows.order_by_asc(Column::ExpiresOn).order_by_asc(Column::Id).all(conn).await?)
}

/// Which warranties a list is about; what is `None` does not narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WarrantyFilter {
    pub project_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub part: Option<WarrantyPart>,
    pub expires_from: Option<NaiveDate>,
    pub expires_to: Option<NaiveDate>,
    pub noticed: Option<bool>,
}

/// The warranties that exist for the viewer, in the order in which they were entered.
pub fn list(viewer: &Viewer, filter: WarrantyFilter) -> List<Entity> {
    let in_project = filter.project_id.map(|id| {
        let units = unit::Entity::find().select_only().column(unit::Column::Id).filter(unit::Column::ProjectId.eq(id));
        Column::UnitId.in_subquery(units.into_query())
    });
    let noticed = filter
        .noticed
        .map(|noticed| if noticed { Column::NoticedAt.is_not_null() } else { Column::NoticedAt.is_null() });
    let narrowed = Condition::all()
        .add_option(in_project)
        .add_option(filter.unit_id.map(|id| Column::UnitId.eq(id)))
        .add_option(filter.part.map(|part| Column::Part.eq(part)))
        .add_option(filter.expires_from.map(|day| Column::ExpiresOn.gte(day)))
        .add_option(filter.expires_to.map(|day| Column::ExpiresOn.lte(day)))
        .add_option(noticed);
    List::by_id(super::find::<Entity>(viewer).filter(narrowed), Column::Id, |row| row.id)
}

/// The warranties that end within these days and of which nobody was told yet.
fn unnoticed(first: NaiveDate, last: NaiveDate) -> Condition {
    Condition::all().add(Column::NoticedAt.is_null()).add(Column::ExpiresOn.gte(first)).add(Column::ExpiresOn.lte(last))
}

/// Homes of a project with such warranties and somebody to tell, after `place` in the order of their ids.
pub async fn units_to_notify(
    conn: &impl ConnectionTrait,
    project_id: Uuid,
    (first, last): (NaiveDate, NaiveDate),
    place: Option<Uuid>,
    limit: u64,
) -> Result<Vec<unit::Model>> {
    let units = to_notify(project_id, (first, last))
        .filter(Condition::all().add_option(place.map(|id| unit::Column::Id.gt(id))))
        .order_by_asc(unit::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(units)
}

pub(super) fn to_notify(project_id: Uuid, (first, last): (NaiveDate, NaiveDate)) -> Select<unit::Entity> {
    let ending = Entity::find().select_only().column(Column::UnitId).filter(unnoticed(first, last)).into_query();
    let owned = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::UnitId)
        .filter(ownership::Column::EndedOn.is_null())
        .into_query();
    unit::Entity::find()
        .filter(unit::Column::ProjectId.eq(project_id))
        .filter(unit::Column::Id.in_subquery(ending))
        .filter(unit::Column::Id.in_subquery(owned))
}

/// The warranties of a unit that end within these days, claimed for the one notice they get: of two servers at once, one
/// has them. The first to end first.
pub async fn claim(
    conn: &impl ConnectionTrait,
    unit_id: Uuid,
    (first, last): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Vec<Model>> {
    let waiting = Entity::find().filter(Column::UnitId.eq(unit_id)).filter(unnoticed(first, last));
    let waiting = waiting.order_by_asc(Column::ExpiresOn).order_by_asc(Column::Id).all(conn).await?;
    let mut claimed = Vec::with_capacity(waiting.len());
    for item in waiting {
        let claim = Entity::update_many()
            .col_expr(Column::NoticedAt, Expr::value(now))
            .filter(Column::Id.eq(item.id))
            .filter(Column::NoticedAt.is_null());
        if claim.exec(conn).await?.rows_affected == 1 {
            claimed.push(item);
        }
    }
    Ok(claimed)
}

/// Writes down that owners were told. A warranty that was moved by a correction is told anew, in the place of the earlier.
pub async fn add_notices(conn: &impl ConnectionTrait, notices: Vec<notice::Model>) -> Result<()> {
    use notice::Column as N;
    let rows = notices.into_iter().map(|row| row.into_active_model().reset_all());
    let again = OnConflict::column(N::ItemId).update_columns([N::BulletinId, N::DueOn, N::NoticedAt]).to_owned();
    notice::Entity::insert_many(rows).on_conflict(again).exec_without_returning(conn).await?;
    Ok(())
}
