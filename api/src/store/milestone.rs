//! The milestones of construction, and which of the customers concerned were told of them.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    bulletin_delivery as delivery, contract,
    milestone::{Column, Entity, Model},
    unit,
    vocab::MilestoneKind,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    bulletin::{Missed, delivered},
    customer::{buyer, in_force, join_buyers},
};
use crate::{auth::viewer::Viewer, error::Result};

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The visible milestones of each of these projects, in the order of the list.
pub async fn of_projects(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let mut rows = super::find::<Entity>(viewer)
        .filter(Column::ProjectId.is_in(projects.iter().copied()))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.sort_by_key(|row| row.kind);
    let mut by_project: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in rows {
        by_project.entry(row.project_id).or_default().push(row);
    }
    Ok(by_project)
}

/// Writes a milestone down unless it is there. Of two at once, one makes it.
pub async fn ensure(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    super::insert_new(Entity, conn, row, [Column::ScopeId, Column::Kind]).await?;
    Ok(())
}

/// A milestone of a project or building, for whoever was found to work there.
pub async fn of_scope(conn: &impl ConnectionTrait, scope_id: Uuid, kind: MilestoneKind) -> Result<Option<Model>> {
    let found = Entity::find().filter(Column::ScopeId.eq(scope_id)).filter(Column::Kind.eq(kind)).one(conn).await?;
    Ok(found)
}

/// Writes a milestone back if it was not reached yet; says whether it did. Of two who reach it at once, one does.
pub async fn update_unreached(conn: &impl ConnectionTrait, row: Model) -> Result<bool> {
    let changed = Entity::update_many()
        .col_expr(Column::PlannedOn, Expr::value(row.planned_on))
        .col_expr(Column::ReachedOn, Expr::value(row.reached_on))
        .col_expr(Column::Note, Expr::value(row.note))
        .col_expr(Column::RecordedBy, Expr::value(row.recorded_by))
        .filter(Column::Id.eq(row.id))
        .filter(Column::ReachedOn.is_null())
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Remembers the bulletin that told the customers.
pub async fn set_bulletin(conn: &impl ConnectionTrait, id: Uuid, bulletin_id: Uuid) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::BulletinId, Expr::value(bulletin_id))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// How many customers a milestone concerns, and how many of them were told.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromQueryResult)]
pub struct Coverage {
    pub milestone_id: Uuid,
    pub in_scope: i64,
    pub notified: i64,
}

/// The coverage of each of these, in one statement. Callers pass milestones that the viewer sees as staff.
pub async fn coverage(
    conn: &impl ConnectionTrait,
    _viewer: &Viewer,
    milestones: &[Uuid],
) -> Result<HashMap<Uuid, Coverage>> {
    let mut select = concerned();
    let deliveries = Condition::all()
        .add(Expr::col((delivery::Entity, delivery::Column::BulletinId)).equals((Entity, Column::BulletinId)))
        .add(Expr::col((delivery::Entity, delivery::Column::OwnerId)).eq(buyer()));
    select
        .left_join(delivery::Entity, deliveries)
        .expr_as(Expr::col((Entity, Column::Id)), "milestone_id")
        .expr_as(Func::count_distinct(buyer()), "in_scope")
        .expr_as(Func::count_distinct(Expr::col((delivery::Entity, delivery::Column::OwnerId))), "notified")
        .and_where(Column::Id.is_in(milestones.iter().copied()))
        .group_by_col((Entity, Column::Id));
    let found = Coverage::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?;
    Ok(found.into_iter().map(|coverage| (coverage.milestone_id, coverage)).collect())
}

/// Who was missed by the milestones reached on a day or later.
pub async fn missed(conn: &impl ConnectionTrait, since: NaiveDate, limit: u64) -> Result<Vec<Missed>> {
    let mut select = untold(since);
    select.distinct().limit(limit);
    Ok(Missed::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?)
}

pub(super) fn untold(since: NaiveDate) -> SelectStatement {
    let mut select = concerned();
    select
        .expr_as(Expr::col((Entity, Column::BulletinId)), "bulletin_id")
        .expr_as(buyer(), "owner_id")
        .and_where(Column::ReachedOn.gte(since))
        .and_where(Column::BulletinId.is_not_null())
        .and_where(buyer().is_not_null())
        .and_where(Expr::from(delivered(Expr::col((Entity, Column::BulletinId)), buyer())).is_null());
    select
}

/// Reached milestones with each customer who had signed by then a contract in their scope.
fn concerned() -> SelectStatement {
    let contracts = in_force()
        .add(Expr::col((contract::Entity, contract::Column::ProjectId)).equals((Entity, Column::ProjectId)))
        .add(Expr::col((contract::Entity, contract::Column::SignedOn)).lte(Expr::col((Entity, Column::ReachedOn))));
    let units = Condition::all()
        .add(Expr::col((unit::Entity, unit::Column::Id)).equals((contract::Entity, contract::Column::UnitId)))
        .add(
            Condition::any()
                .add(Column::BuildingId.is_null())
                .add(Expr::col((unit::Entity, unit::Column::BuildingId)).equals((Entity, Column::BuildingId))),
        );
    let mut select = Query::select();
    select.from(Entity).inner_join(contract::Entity, contracts).inner_join(unit::Entity, units);
    join_buyers(&mut select);
    select
}
