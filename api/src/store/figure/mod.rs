//! What figures are counted from, one file a source. Each figure has one definition: the items that are read here. Who may
//! ask for which projects is decided above: a span names the projects that the viewer may see figures of.

mod file;
pub mod frozen;
mod home;
mod incident;
mod notice;
mod round;
mod staff;
mod survey;
mod ticket;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{project, unit, vocab::FigureKey};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    domain::figure::{Item, Month, Period},
    error::Result,
};

/// A month of some projects that lie in one time zone, as seen at an instant.
#[derive(Clone, Debug)]
pub struct Span {
    pub projects: Vec<Uuid>,
    pub month: Month,
    pub time_zone: Tz,
    pub now: DateTime<Utc>,
}

impl Span {
    fn period(&self) -> Period {
        self.month.period(self.time_zone)
    }

    /// The last day of the month that has begun: what is a state and no happening is looked at on that day.
    fn day(&self) -> NaiveDate {
        self.month.last().min(self.now.with_timezone(&self.time_zone).date_naive())
    }

    fn is_ahead(&self) -> bool {
        self.now < self.period().from
    }

    /// The homes and other places of the projects.
    fn units(&self) -> SelectStatement {
        unit::Entity::find()
            .select_only()
            .column(unit::Column::Id)
            .filter(unit::Column::ProjectId.is_in(self.projects.clone()))
            .into_query()
    }
}

/// What a source gives: items, each with the figure that it belongs to.
type Items = Vec<(FigureKey, Item)>;

/// The items behind these figures, as the tables say at this moment.
pub async fn items(
    conn: &impl ConnectionTrait,
    keys: &[FigureKey],
    span: &Span,
) -> Result<HashMap<FigureKey, Vec<Item>>> {
    let mut all: HashMap<FigureKey, Vec<Item>> = HashMap::new();
    if span.projects.is_empty() || span.is_ahead() {
        return Ok(all);
    }
    let sources = [
        survey::items(conn, keys, span).await?,
        incident::items(conn, keys, span).await?,
        staff::items(conn, keys, span).await?,
        file::items(conn, keys, span).await?,
        ticket::items(conn, keys, span).await?,
        round::items(conn, keys, span).await?,
        notice::items(conn, keys, span).await?,
        home::items(conn, keys, span).await?,
    ];
    for (key, item) in sources.into_iter().flatten() {
        all.entry(key).or_default().push(item);
    }
    Ok(all)
}

/// The projects that exist for the viewer; only this one, when it is given.
pub async fn projects(conn: &impl ConnectionTrait, viewer: &Viewer, only: Option<Uuid>) -> Result<Vec<project::Model>> {
    let mut rows = super::find::<project::Entity>(viewer);
    if let Some(id) = only {
        rows = rows.filter(project::Column::Id.eq(id));
    }
    Ok(rows.order_by_asc(project::Column::Id).all(conn).await?)
}
