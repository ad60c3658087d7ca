//! Closing a month: its figures are taken down with everything they were counted from, once.

use std::collections::BTreeSet;

use entity::{frozen_figure, project, vocab::FigureKey};
use serde_json::json;
use uuid::Uuid;

use super::Month;
use crate::{
    auth::viewer::Viewer,
    domain::figure::{Item, Tally, distinct},
    error::Result,
    service::{Services, ticket},
    store::{
        self,
        audit::Act,
        figure::{Span, frozen},
    },
};

/// The months that are over and not taken down yet, the oldest first, from the month on in which a project was entered.
pub async fn due(services: &Services) -> Result<Vec<(project::Model, Month)>> {
    let now = services.now();
    let mut due = Vec::new();
    for (project, last) in frozen::last_months(services.db.reader()).await? {
        let zone = ticket::time_zone(&project)?;
        let mut month = last.map_or_else(|| Month::at(project.created_at, zone), Month::next);
        while month <= Month::last_closed(now, zone) {
            due.push((project.clone(), month));
            month = month.next();
        }
    }
    Ok(due)
}

/// Takes a project's month down. Answers whether it did: of two who do so at once, one does.
pub async fn freeze(services: &Services, project: &project::Model, month: Month) -> Result<bool> {
    let now = services.now();
    let time_zone = ticket::time_zone(project)?;
    let span = Span { projects: vec![project.id], month, time_zone, now };
    let mut found = store::figure::items(services.db.reader(), FigureKey::ALL, &span).await?;
    let (mut figures, mut rows) = (Vec::new(), Vec::new());
    for key in FigureKey::ALL {
        let items = distinct(found.remove(key).unwrap_or_default());
        let id = services.new_id(now);
        figures.push(figure(id, *key, &span, &items));
        rows.extend(items.into_iter().map(|item| frozen::row(services.new_id(now), id, item)));
    }
    let tx = services.db.begin().await?;
    // Counted by another clock than the project's, it is counted anew in the next round.
    if store::company::time_zone_held(&tx, project.id).await?.as_ref() != Some(&project.time_zone) {
        return Ok(false);
    }
    if !frozen::add(&tx, figures, rows).await? {
        return Ok(false);
    }
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "CLOSE_MONTH",
        object_type: "Project",
        object_id: Some(project.id),
        details: Some(json!({ "month": month.to_string() })),
    };
    store::audit::record(&tx, &Viewer::system(), act).await?;
    tx.commit().await?;
    Ok(true)
}

fn figure(id: Uuid, key: FigureKey, span: &Span, items: &[Item]) -> frozen_figure::Model {
    let tally = Tally::of(items);
    let people: BTreeSet<Uuid> = items.iter().filter_map(|item| item.context).collect();
    frozen_figure::Model {
        id,
        project_id: span.projects.first().copied().unwrap_or_default(),
        month: span.month.first(),
        key,
        numerator: tally.numerator,
        denominator: tally.denominator,
        response_count: (key == FigureKey::SatisfactionIndex).then(|| i64::try_from(people.len()).unwrap_or(i64::MAX)),
        frozen_at: span.now,
    }
}
