//! Deadline policies: a project's own row before the company's.

use entity::{
    deadline_policy::{Column, Entity, Model},
    vocab::{TicketKind, Urgency},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, SqlErr, sea_query::NullOrdering,
};
use uuid::Uuid;

use crate::error::{Error, Result};

fn of_project(project_id: Option<Uuid>) -> Condition {
    let company = Condition::any().add(Column::ProjectId.is_null());
    company.add_option(project_id.map(|id| Column::ProjectId.eq(id)))
}

/// The row that holds for a kind and urgency in a project.
pub async fn deadline(
    conn: &impl ConnectionTrait,
    project_id: Uuid,
    kind: TicketKind,
    urgency: Urgency,
) -> Result<Model> {
    Entity::find()
        .filter(of_project(Some(project_id)))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Urgency.eq(urgency))
        .order_by_with_nulls(Column::ProjectId, sea_orm::Order::Asc, NullOrdering::Last)
        .one(conn)
        .await?
        .ok_or_else(|| Error::internal(format!("no deadline policy for {kind:?} {urgency:?}")))
}

/// The rows that hold in a project, or in those without rows of their own: one for each kind and urgency, in their order.
pub async fn deadlines(conn: &impl ConnectionTrait, project_id: Option<Uuid>) -> Result<Vec<Model>> {
    let mut rows = Entity::find().filter(of_project(project_id)).all(conn).await?;
    rows.sort_by_key(|row| (row.kind, row.urgency, row.project_id.is_none()));
    rows.dedup_by_key(|row| (row.kind, row.urgency));
    Ok(rows)
}

/// The row of a project itself, or the company's.
pub async fn own(
    conn: &impl ConnectionTrait,
    project_id: Option<Uuid>,
    kind: TicketKind,
    urgency: Urgency,
) -> Result<Option<Model>> {
    let of = project_id.map_or_else(|| Column::ProjectId.is_null(), |id| Column::ProjectId.eq(id));
    let row = Entity::find().filter(of).filter(Column::Kind.eq(kind)).filter(Column::Urgency.eq(urgency));
    Ok(row.one(conn).await?)
}

/// Writes a row; false when somebody else has made it at the same moment.
pub async fn save(conn: &impl ConnectionTrait, row: Model, is_new: bool) -> Result<bool> {
    let id = row.id;
    let row = row.into_active_model().reset_all();
    if !is_new {
        Entity::update_many().set(row).filter(Column::Id.eq(id)).exec(conn).await?;
        return Ok(true);
    }
    match Entity::insert(row).exec_without_returning(conn).await {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether any deadline is counted with public holidays.
pub async fn heeds_public_holidays(conn: &impl ConnectionTrait) -> Result<bool> {
    Ok(Entity::find().filter(Column::PublicHolidays.is_not_null()).count(conn).await? > 0)
}
