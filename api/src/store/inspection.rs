//! Plans of rounds with their points, the rounds that were made, and what they found.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    inspection, inspection_finding as finding, inspection_plan as plan, inspection_point as point, project,
    vocab::InspectionSubject,
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, WindowStatement},
};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// Which plans a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanFilter {
    pub project_id: Option<Uuid>,
    pub building_id: Option<Uuid>,
    pub subject: Option<InspectionSubject>,
    pub is_active: Option<bool>,
}

fn select(viewer: &Viewer, filter: &PlanFilter) -> Select<plan::Entity> {
    let narrowed = Condition::all()
        .add_option(filter.project_id.map(|id| plan::Column::ProjectId.eq(id)))
        .add_option(filter.building_id.map(|id| plan::Column::BuildingId.eq(id)))
        .add_option(filter.subject.map(|subject| plan::Column::Subject.eq(subject)))
        .add_option(filter.is_active.map(|is_active| plan::Column::IsActive.eq(is_active)));
    super::find::<plan::Entity>(viewer).filter(narrowed)
}

/// The visible plans in the order in which they were made.
pub fn plans(viewer: &Viewer, filter: &PlanFilter) -> List<plan::Entity> {
    List::by_id(select(viewer, filter), plan::Column::Id, |row| row.id)
}

/// What day it is in each time zone in which a project stands.
pub type Today = (String, NaiveDate);

/// The active plans whose round is due today or was before, the longest due first.
pub fn due(viewer: &Viewer, filter: &PlanFilter, today: &[Today]) -> List<plan::Entity> {
    let mut is_due = Condition::any().add(Expr::cust("1 = 0"));
    for (zone, day) in today {
        let there = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .filter(project::Column::TimeZone.eq(zone.as_str()))
            .into_query();
        is_due = is_due.add(plan::Column::ProjectId.in_subquery(there).and(plan::Column::NextDueOn.lte(*day)));
    }
    let filter = PlanFilter { is_active: Some(true), ..filter.clone() };
    let rows = select(viewer, &filter).filter(is_due);
    List::by_day(rows, (plan::Column::NextDueOn, plan::Column::Id), |row| (row.next_due_on, row.id))
}

pub async fn plan(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<plan::Model>> {
    super::by_id::<plan::Entity>(conn, viewer, plan::Column::Id, id).await
}

pub async fn plans_by_id(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, plan::Model>> {
    super::by_ids::<plan::Entity, Uuid>(conn, viewer, plan::Column::Id, ids, |row| row.id).await
}

/// The plan, kept from others' changes until the transaction ends.
pub async fn lock_plan(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Option<plan::Model>> {
    // On SQLite, which leaves the lock out, the transaction is the only writer already.
    Ok(super::find::<plan::Entity>(viewer).filter(plan::Column::Id.eq(id)).lock_exclusive().one(tx).await?)
}

pub async fn add_plan(conn: &impl ConnectionTrait, row: plan::Model) -> Result<()> {
    super::insert(plan::Entity, conn, row).await
}

/// Writes a plan back that `lock_plan` read.
pub async fn save_plan(tx: &Tx, row: plan::Model) -> Result<()> {
    super::write_back(plan::Entity, tx, row).await
}

/// Moves the day of the next round on, never back.
pub async fn move_due(tx: &Tx, plan_id: Uuid, to: NaiveDate) -> Result<()> {
    let row = plan::ActiveModel { next_due_on: ActiveValue::Set(to), ..Default::default() };
    plan::Entity::update_many()
        .set(row)
        .filter(plan::Column::Id.eq(plan_id))
        .filter(plan::Column::NextDueOn.lt(to))
        .exec(tx)
        .await?;
    Ok(())
}

/// The points of each of these plans in their order, without retired ones.
pub async fn points_of(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    plans: &[Uuid],
) -> Result<HashMap<Uuid, Vec<point::Model>>> {
    let rows = super::find::<point::Entity>(viewer)
        .filter(point::Column::PlanId.is_in(plans.iter().copied()))
        .filter(point::Column::RetiredAt.is_null())
        .order_by_asc(point::Column::PlanId)
        .order_by_asc(point::Column::Position)
        .all(conn)
        .await?;
    Ok(grouped(rows, |row| row.plan_id))
}

pub async fn points_by_id(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, point::Model>> {
    super::by_ids::<point::Entity, Uuid>(conn, viewer, point::Column::Id, ids, |row| row.id).await
}

/// The last place that a point of this plan ever had.
pub async fn last_position(tx: &Tx, plan_id: Uuid) -> Result<i32> {
    let last = point::Entity::find()
        .filter(point::Column::PlanId.eq(plan_id))
        .order_by_desc(point::Column::Position)
        .one(tx)
        .await?;
    Ok(last.map_or(0, |point| point.position))
}

pub async fn add_points(conn: &impl ConnectionTrait, rows: Vec<point::Model>) -> Result<()> {
    super::insert_all(point::Entity, conn, rows).await
}

pub async fn retire_points(tx: &Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<()> {
    let row = point::ActiveModel { retired_at: ActiveValue::Set(Some(now)), ..Default::default() };
    point::Entity::update_many().set(row).filter(point::Column::Id.is_in(ids.iter().copied())).exec(tx).await?;
    Ok(())
}

/// Which rounds a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoundFilter {
    pub project_id: Option<Uuid>,
    pub plan_id: Option<Uuid>,
    pub subject: Option<InspectionSubject>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// The visible rounds, the newest first.
pub fn rounds(viewer: &Viewer, filter: &RoundFilter) -> List<inspection::Entity> {
    use inspection::Column;
    let narrowed = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.plan_id.map(|id| Column::PlanId.eq(id)))
        .add_option(filter.subject.map(|subject| Column::Subject.eq(subject)))
        .add_option(filter.from.map(|day| Column::PerformedOn.gte(day)))
        .add_option(filter.to.map(|day| Column::PerformedOn.lte(day)));
    let rows = super::find::<inspection::Entity>(viewer).filter(narrowed);
    List::by_instant(rows, (Column::PerformedAt, Column::Id), |row| (row.performed_at, row.id)).newest_first()
}

pub async fn round(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<inspection::Model>> {
    super::by_id::<inspection::Entity>(conn, viewer, inspection::Column::Id, id).await
}

pub async fn rounds_by_id(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, inspection::Model>> {
    super::by_ids::<inspection::Entity, Uuid>(conn, viewer, inspection::Column::Id, ids, |row| row.id).await
}

/// The latest round of each of these plans.
pub async fn latest_of_plans(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    plans: &[Uuid],
) -> Result<HashMap<Uuid, inspection::Model>> {
    use inspection::Column;
    let place = WindowStatement::partition_by(Column::PlanId)
        .order_by(Column::PerformedAt, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .to_owned();
    let mut inner = inspection::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PlanId.is_in(plans.iter().copied()))
        .into_query();
    inner.expr_window_as(Expr::cust("ROW_NUMBER()"), place, "place");
    let ranked = Alias::new("ranked");
    let latest = Query::select()
        .expr(Expr::col((ranked.clone(), Column::Id)))
        .from_subquery(inner, ranked.clone())
        .and_where(Expr::col((ranked, "place")).eq(1))
        .to_owned();
    let rows = super::find::<inspection::Entity>(viewer).filter(Column::Id.in_subquery(latest)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.plan_id, row)).collect())
}

pub async fn add_round(conn: &impl ConnectionTrait, row: inspection::Model) -> Result<()> {
    super::insert(inspection::Entity, conn, row).await
}

/// What each of these rounds found.
pub async fn findings_of(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    rounds: &[Uuid],
) -> Result<HashMap<Uuid, Vec<finding::Model>>> {
    let rows = super::find::<finding::Entity>(viewer)
        .filter(finding::Column::InspectionId.is_in(rounds.iter().copied()))
        .order_by_asc(finding::Column::Id)
        .all(conn)
        .await?;
    Ok(grouped(rows, |row| row.inspection_id))
}

pub async fn finding(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<finding::Model>> {
    super::by_id::<finding::Entity>(conn, viewer, finding::Column::Id, id).await
}

pub async fn add_findings(conn: &impl ConnectionTrait, rows: Vec<finding::Model>) -> Result<()> {
    super::insert_all(finding::Entity, conn, rows).await
}

fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
