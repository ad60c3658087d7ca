//! Rounds of inspection: what was looked at and what was sound.

use std::collections::HashMap;

use entity::{
    inspection::{Column, Entity, Model},
    inspection_plan,
    vocab::{Department, FigureItemKind, FigureKey},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{Items, Span};
use crate::{
    domain::figure::{Item, subject},
    error::Result,
};

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    let subjects: Vec<_> = keys.iter().filter_map(|key| subject(*key).map(|(of, latest)| (*key, of, latest))).collect();
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let rounds = Entity::find()
        .filter(Column::ProjectId.is_in(span.projects.clone()))
        .filter(Column::Subject.is_in(subjects.iter().map(|(_, subject, _)| *subject)))
        .filter(Column::PerformedOn.gte(span.month.first()))
        .filter(Column::PerformedOn.lte(span.month.last()))
        .all(conn)
        .await?;
    let departments = departments(conn, span).await?;
    let mut items = Vec::new();
    for (key, subject, only_latest) in subjects {
        let of_subject: Vec<&Model> = rounds.iter().filter(|round| round.subject == subject).collect();
        let counted = if only_latest { latest(&of_subject) } else { of_subject };
        items.extend(counted.into_iter().map(|round| (key, item(round, &departments))));
    }
    Ok(items)
}

/// The last round of each plan.
fn latest<'a>(rounds: &[&'a Model]) -> Vec<&'a Model> {
    let mut last: HashMap<Uuid, &Model> = HashMap::new();
    for round in rounds {
        let kept = last.entry(round.plan_id).or_insert(round);
        if (round.performed_at, round.id) > (kept.performed_at, kept.id) {
            *kept = round;
        }
    }
    last.into_values().collect()
}

fn item(round: &Model, departments: &HashMap<Uuid, Department>) -> Item {
    let (sound, checked) = (round.sound_count.into(), round.checked_count.into());
    Item {
        project_id: Some(round.project_id),
        department: departments.get(&round.plan_id).copied(),
        ..Item::weighted(FigureItemKind::Inspection, round.id, sound, checked)
    }
}

/// Which department answers for each plan.
async fn departments(conn: &impl ConnectionTrait, span: &Span) -> Result<HashMap<Uuid, Department>> {
    use inspection_plan::Column as Plan;
    let performed = Entity::find()
        .select_only()
        .column(Column::PlanId)
        .filter(Column::ProjectId.is_in(span.projects.clone()))
        .filter(Column::PerformedOn.gte(span.month.first()))
        .filter(Column::PerformedOn.lte(span.month.last()))
        .into_query();
    let rows: Vec<(Uuid, Department)> = inspection_plan::Entity::find()
        .select_only()
        .columns([Plan::Id, Plan::Department])
        .filter(Plan::Id.in_subquery(performed))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}
