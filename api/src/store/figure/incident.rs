//! Serious incidents for which the company answers.

use entity::{
    incident::{Column, Entity},
    vocab::{FigureItemKind, FigureKey, IncidentKind, IncidentSeverity},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Items, Span};
use crate::{domain::figure::Item, error::Result};

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    if !IncidentKind::ALL.iter().any(|kind| keys.contains(&key_of(*kind))) {
        return Ok(Vec::new());
    }
    let period = span.period();
    let rows = Entity::find()
        .filter(Column::ProjectId.is_in(span.projects.clone()))
        .filter(Column::OccurredAt.gte(period.from))
        .filter(Column::OccurredAt.lt(period.to))
        .filter(Column::Severity.eq(IncidentSeverity::Serious))
        .filter(Column::IsLiable.eq(true))
        .all(conn)
        .await?;
    let items = rows.into_iter().map(|row| {
        let item = Item { project_id: Some(row.project_id), ..Item::new(FigureItemKind::Incident, row.id, true) };
        (key_of(row.kind), item)
    });
    Ok(items.collect())
}

fn key_of(kind: IncidentKind) -> FigureKey {
    match kind {
        IncidentKind::Safety => FigureKey::SafetyIncidents,
        IncidentKind::Fire => FigureKey::FireIncidents,
        IncidentKind::Equipment => FigureKey::EquipmentIncidents,
    }
}
