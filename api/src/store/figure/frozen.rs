//! Figures of closed months: written once, read ever after.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    frozen_figure::{Column, Entity, Model},
    frozen_figure_item, project,
    vocab::FigureKey,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    domain::figure::{Item, Month, PUBLISHED},
    error::Result,
    store::db::Tx,
};

/// How many rows one statement writes.
const CHUNK: usize = 500;

/// The figures of a closed month of these projects.
pub async fn of(conn: &impl ConnectionTrait, projects: &[Uuid], month: Month) -> Result<Vec<Model>> {
    let rows = Entity::find()
        .filter(Column::ProjectId.is_in(projects.iter().copied()))
        .filter(Column::Month.eq(month.first()))
        .all(conn)
        .await?;
    Ok(rows)
}

/// Whether a month of this project is closed.
pub async fn has_closed(conn: &impl ConnectionTrait, project_id: Uuid) -> Result<bool> {
    Ok(Entity::find().filter(Column::ProjectId.eq(project_id)).one(conn).await?.is_some())
}

/// What these figures were counted from, by figure.
pub async fn items(conn: &impl ConnectionTrait, figures: &[Model]) -> Result<HashMap<FigureKey, Vec<Item>>> {
    use frozen_figure_item::Column as C;
    let by_id: HashMap<Uuid, &Model> = figures.iter().map(|figure| (figure.id, figure)).collect();
    let mut items: HashMap<FigureKey, Vec<Item>> = HashMap::new();
    let rows = frozen_figure_item::Entity::find()
        .filter(C::FigureId.is_in(by_id.keys().copied()))
        .order_by_asc(C::Id)
        .all(conn)
        .await?;
    for row in rows {
        if let Some(figure) = by_id.get(&row.figure_id) {
            items.entry(figure.key).or_default().push(read(row, figure.project_id));
        }
    }
    Ok(items)
}

fn read(row: frozen_figure_item::Model, project_id: Uuid) -> Item {
    Item {
        context: row.context_id,
        about: row.about,
        project_id: Some(project_id),
        department: row.department,
        staff_id: row.staff_id,
        ambassador_id: row.ambassador_id,
        ..Item::weighted(row.item_kind, row.item_id, row.numerator, row.denominator)
    }
}

/// An item as a row of a figure.
pub fn row(id: Uuid, figure_id: Uuid, item: Item) -> frozen_figure_item::Model {
    frozen_figure_item::Model {
        id,
        figure_id,
        item_kind: item.kind,
        item_id: item.id,
        numerator: item.numerator(),
        denominator: item.denominator(),
        context_id: item.context,
        about: item.about,
        department: item.department,
        staff_id: item.staff_id,
        ambassador_id: item.ambassador_id,
    }
}

/// Writes a project's month down. Of two who do so at once, the database lets one; answers whether it was this one.
pub async fn add(tx: &Tx, figures: Vec<Model>, items: Vec<frozen_figure_item::Model>) -> Result<bool> {
    let wanted = figures.len();
    let rows = figures.into_iter().map(|row| row.into_active_model().reset_all());
    let nothing = OnConflict::columns([Column::ProjectId, Column::Month, Column::Key]).do_nothing().to_owned();
    let written = Entity::insert_many(rows).on_conflict(nothing).exec_without_returning(tx).await?;
    if usize::try_from(written).ok() != Some(wanted) {
        return Ok(false);
    }
    for chunk in items.chunks(CHUNK) {
        crate::store::insert_all(frozen_figure_item::Entity, tx, chunk.iter().cloned()).await?;
    }
    Ok(true)
}

/// Every project with the last month that is written down for it.
pub async fn last_months(conn: &impl ConnectionTrait) -> Result<Vec<(project::Model, Option<Month>)>> {
    let last: Vec<(Uuid, NaiveDate)> = Entity::find()
        .select_only()
        .column(Column::ProjectId)
        .column_as(Column::Month.max(), "month")
        .group_by(Column::ProjectId)
        .into_tuple()
        .all(conn)
        .await?;
    let last: HashMap<Uuid, NaiveDate> = last.into_iter().collect();
    let projects = project::Entity::find().order_by_asc(project::Column::Id).all(conn).await?;
    let with_months = projects.into_iter().map(|row| {
        let month = last.get(&row.id).copied().map(Month::of);
        (row, month)
    });
    Ok(with_months.collect())
}

/// What is written down of a project for a month or a later one.
pub(in crate::store) fn since(project_id: Uuid, month: Month) -> Select<Entity> {
    Entity::find().filter(Column::ProjectId.eq(project_id)).filter(Column::Month.gte(month.first()))
}

/// The figures that the company shows to owners: of a closed month, or of each project's last one.
pub async fn published(
    conn: &impl ConnectionTrait,
    projects: &[Uuid],
    month: Option<Month>,
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let rows = Entity::find()
        .filter(Column::ProjectId.is_in(projects.iter().copied()))
        .filter(Column::Key.is_in(PUBLISHED.iter().copied()));
    let rows = match month {
        Some(month) => rows.filter(Column::Month.eq(month.first())),
        None => rows.filter(Column::Month.in_subquery(latest_month())),
    };
    let mut by_project: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in rows.all(conn).await? {
        by_project.entry(row.project_id).or_default().push(row);
    }
    let place = |row: &Model| PUBLISHED.iter().position(|key| *key == row.key);
    by_project.values_mut().for_each(|rows| rows.sort_by_key(place));
    Ok(by_project)
}

/// The last month that is written down for the row's own project.
fn latest_month() -> SelectStatement {
    let later = Alias::new("later");
    Query::select()
        .expr(Expr::col((later.clone(), Column::Month)).max())
        .from_as(Entity, later.clone())
        .and_where(Expr::col((later, Column::ProjectId)).equals((Entity, Column::ProjectId)))
        .to_owned()
}
