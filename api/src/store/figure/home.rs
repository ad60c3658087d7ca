//! Handed-over households, and who answers for them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ambassador_assignment::{Column, Entity},
    unit,
    vocab::{FigureItemKind, FigureKey},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Items, Span};
use crate::{domain::figure::Item, error::Result};

/// Staff with the time in which they answered for a household.
type Stint = (Uuid, DateTime<Utc>, Option<DateTime<Utc>>);

/// A household with somebody's time.
type Row = (Uuid, Uuid, DateTime<Utc>, Option<DateTime<Utc>>);

/// Who answered for which household during the month.
pub(super) struct Ambassadors(HashMap<Uuid, Vec<Stint>>);

impl Ambassadors {
    pub(super) async fn of(conn: &impl ConnectionTrait, span: &Span) -> Result<Self> {
        let period = span.period();
        let rows: Vec<Row> = Entity::find()
            .select_only()
            .columns([Column::UnitId, Column::StaffId, Column::StartedAt, Column::EndedAt])
            .filter(Column::UnitId.in_subquery(span.units()))
            .filter(Column::StartedAt.lt(period.to))
            .filter(Condition::any().add(Column::EndedAt.is_null()).add(Column::EndedAt.gte(period.from)))
            .into_tuple()
            .all(conn)
            .await?;
        let mut by_unit: HashMap<Uuid, Vec<Stint>> = HashMap::new();
        for (unit, staff, started_at, ended_at) in rows {
            by_unit.entry(unit).or_default().push((staff, started_at, ended_at));
        }
        Ok(Self(by_unit))
    }

    /// Who answered for a household at an instant.
    pub(super) fn at(&self, unit: Uuid, at: DateTime<Utc>) -> Option<Uuid> {
        let stints = self.0.get(&unit)?;
        let present = stints.iter().find(|(_, from, to)| *from <= at && to.is_none_or(|to| at < to));
        present.map(|(staff, ..)| *staff)
    }

    /// Whether anybody still answered for a household when the month ended, or does now.
    fn is_covered(&self, unit: Uuid, end: DateTime<Utc>) -> bool {
        self.0.get(&unit).is_some_and(|stints| stints.iter().any(|(.., to)| to.is_none_or(|to| to >= end)))
    }
}

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    if !keys.contains(&FigureKey::AmbassadorCoverage) {
        return Ok(Vec::new());
    }
    let homes: Vec<(Uuid, Uuid)> = unit::Entity::find()
        .select_only()
        .columns([unit::Column::Id, unit::Column::ProjectId])
        .filter(unit::Column::ProjectId.is_in(span.projects.clone()))
        .filter(unit::Column::IsPublicArea.eq(false))
        .filter(unit::Column::HandedOverOn.lte(span.day()))
        .into_tuple()
        .all(conn)
        .await?;
    let ambassadors = Ambassadors::of(conn, span).await?;
    let end = span.period().to;
    let items = homes.into_iter().map(|(id, project_id)| Item {
        project_id: Some(project_id),
        ..Item::new(FigureItemKind::Home, id, ambassadors.is_covered(id, end))
    });
    Ok(items.map(|item| (FigureKey::AmbassadorCoverage, item)).collect())
}
