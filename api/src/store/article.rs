//! Standard answers and the index of their terms, which each database keeps in its own way (SQLite FTS5, PostgreSQL GIN).

use entity::{
    knowledge_article::{Column, Entity, Model},
    vocab::{ArticleAudience, ArticleStatus, TicketCategory},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{
    auth::viewer::Viewer,
    domain::search::{Query, terms},
    error::Result,
    page::{Cursor, Page, Slice, bad_cursor},
};

/// How many of the newest that fit are ranked.
const RANKED: u64 = 200;

/// Which articles a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticleFilter {
    pub project_id: Option<Uuid>,
    pub category: Option<TicketCategory>,
    pub audience: Option<ArticleAudience>,
    pub status: Option<ArticleStatus>,
}

fn select(viewer: &Viewer, filter: &ArticleFilter) -> Select<Entity> {
    let all = Condition::all()
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.category.map(|category| Column::Category.eq(category)))
        .add_option(filter.audience.map(|audience| Column::Audience.eq(audience)))
        .add_option(filter.status.map(|status| Column::Status.eq(status)));
    super::find::<Entity>(viewer).filter(all)
}

/// The articles that exist for the viewer, the newest first.
pub fn list(viewer: &Viewer, filter: &ArticleFilter) -> List<Entity> {
    List::by_id(select(viewer, filter), Column::Id, |row| row.id).newest_first()
}

/// The articles that fit what somebody looks for, the best first.
pub async fn search(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    filter: &ArticleFilter,
    query: &Query,
) -> Result<Vec<Model>> {
    let found = select(viewer, filter)
        .filter(fitting(conn.get_database_backend(), query))
        .order_by_desc(Column::Id)
        .limit(RANKED)
        .all(conn)
        .await?;
    let mut ranked: Vec<(u32, Model)> =
        found.into_iter().filter_map(|row| Some((query.score(&row.title, &row.body)?, row))).collect();
    // The newest first among equals, which the order of the rows says.
    ranked.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    Ok(ranked.into_iter().map(|(_, row)| row).collect())
}

fn fitting(backend: DbBackend, query: &Query) -> Expr {
    match backend {
        DbBackend::Postgres => Expr::cust_with_values(
            "knowledge_articles.id IN (SELECT article_id FROM article_terms WHERE terms @@ CAST(CAST($1 AS text) AS tsquery))",
            [query.tsquery()],
        ),
        _ => Expr::cust_with_values(
            "knowledge_articles.id IN (SELECT article_id FROM article_terms WHERE article_terms MATCH ?)",
            [query.fts5()],
        ),
    }
}

/// One page of what was found, which is short.
pub fn cut(found: Vec<Model>, page: &Page) -> Result<Slice<Model>> {
    let place = |field: &str, cursor: Option<Cursor>| match cursor {
        None => Ok(None),
        Some(Cursor::Id(id)) => found.iter().position(|row| row.id == id).map(Some).ok_or_else(|| bad_cursor(field)),
        Some(_) => Err(bad_cursor(field)),
    };
    let from = place("after", page.after)?.map_or(0, |place| place + 1);
    let to = place("before", page.before)?.unwrap_or(found.len()).max(from);
    let mut rows: Vec<Model> = found.into_iter().skip(from).take(to - from).collect();
    if page.backward {
        rows.reverse();
    }
    Ok(page.cut(rows))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    let (id, found_by) = (row.id, index_of(&row));
    super::insert(Entity, tx, row).await?;
    index(tx, id, found_by).await
}

/// Writes an article back if nobody else has since `version`; says whether it did.
pub async fn update(tx: &Tx, row: Model, version: i32) -> Result<bool> {
    let (id, found_by) = (row.id, index_of(&row));
    if !super::write_back_if(Entity, tx, row, Column::Version.eq(version)).await? {
        return Ok(false);
    }
    let forget = "DELETE FROM article_terms WHERE article_id = ";
    run(tx, [format!("{forget}$1"), format!("{forget}?")], vec![id.into()]).await?;
    index(tx, id, found_by).await?;
    Ok(true)
}

fn index_of(row: &Model) -> String {
    let all = terms(&format!("{}\n{}", row.title, row.body));
    all.into_iter().collect::<Vec<_>>().join(" ")
}

async fn index(tx: &Tx, id: Uuid, found_by: String) -> Result<()> {
    let insert = "INSERT INTO article_terms (article_id, terms) VALUES ";
    let statements =
        [format!("{insert}($1, array_to_tsvector(string_to_array(CAST($2 AS text), ' ')))"), format!("{insert}(?, ?)")];
    run(tx, statements, vec![id.into(), found_by.into()]).await
}

/// Runs what PostgreSQL and SQLite say in different words.
async fn run(tx: &Tx, [postgres, sqlite]: [String; 2], values: Vec<sea_orm::Value>) -> Result<()> {
    let backend = tx.get_database_backend();
    let sql = if backend == DbBackend::Postgres { postgres } else { sqlite };
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
