//! Service staff and their trainings, on the last day of the month.

use std::collections::HashSet;

use entity::{
    staff::{Column, Entity},
    staff_project, training,
    vocab::{FigureItemKind, FigureKey},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, SelectStatement},
};
use uuid::Uuid;

use super::{Items, Span};
use crate::{
    domain::figure::{Item, is_service_staff},
    error::Result,
};

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    if !keys.contains(&FigureKey::TrainingRate) {
        return Ok(Vec::new());
    }
    let end = span.period().to;
    let active = Condition::any()
        .add(Column::IsActive.eq(true).and(Column::DisabledAt.is_null()))
        .add(Column::DisabledAt.gte(end));
    let staff = Entity::find()
        .filter(Column::Id.in_subquery(members(span)))
        .filter(Column::CreatedAt.lt(end))
        .filter(active)
        .all(conn)
        .await?;
    let trained = trained(conn, span).await?;
    let items = staff.into_iter().filter(|row| is_service_staff(row.role)).map(|row| Item {
        department: Some(row.department),
        staff_id: Some(row.id),
        ..Item::new(FigureItemKind::Staff, row.id, trained.contains(&row.id))
    });
    Ok(items.map(|item| (FigureKey::TrainingRate, item)).collect())
}

fn members(span: &Span) -> SelectStatement {
    staff_project::Entity::find()
        .select_only()
        .column(staff_project::Column::StaffId)
        .filter(staff_project::Column::ProjectId.is_in(span.projects.clone()))
        .into_query()
}

async fn trained(conn: &impl ConnectionTrait, span: &Span) -> Result<HashSet<Uuid>> {
    let rows: Vec<Uuid> = training::Entity::find()
        .select_only()
        .column(training::Column::StaffId)
        .filter(training::Column::StaffId.in_subquery(members(span)))
        .filter(training::Column::PassedOn.lte(span.day()))
        .filter(training::Column::ValidUntil.gte(span.day()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}
