//! What is new for many people at once, who stand at different places in the log.

use std::{cmp::min, collections::HashMap, sync::Arc};

use entity::notification::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use crate::{
    auth::{
        scope::sees_by_ticket,
        viewer::{Principal, Viewer},
    },
    error::Result,
    store,
};

/// How many rows one statement asks about.
const TOGETHER: usize = 100;

type News = HashMap<Principal, Vec<Arc<Model>>>;

/// What follows for each of these people the place that stands beside them, as far as they may see it, the oldest first.
/// None when that is more than `most` in all.
pub async fn after(conn: &impl ConnectionTrait, asked: &[(Principal, i64)], most: u64) -> Result<Option<News>> {
    // Whoever has got another role is somebody else to those devices that do not know it yet.
    let mut people: HashMap<Uuid, (i64, Vec<Principal>)> = HashMap::new();
    for (principal, seq) in asked {
        let Some(id) = Viewer::of(*principal).id() else { continue };
        let (least, principals) = people.entry(id).or_insert((*seq, Vec::new()));
        *least = min(*least, *seq);
        principals.push(*principal);
    }
    let rows = told(conn, people.iter().map(|(id, (seq, _))| (*id, *seq)).collect(), most + 1).await?;
    if rows.len() as u64 > most {
        return Ok(None);
    }
    let (mut to_ask, mut seen) = (Vec::new(), Vec::new());
    for row in rows {
        let principals = people.get(&row.recipient_id).map_or(&[][..], |(_, principals)| principals);
        for principal in principals.iter().filter(|it| Viewer::of(**it).kind() == row.recipient_kind) {
            let part = if sees_by_ticket(&row) { &mut to_ask } else { &mut seen };
            part.push((*principal, row.clone()));
        }
    }
    for part in to_ask.chunks(TOGETHER) {
        seen.extend(visible(conn, part).await?);
    }
    seen.sort_unstable_by_key(|(_, row)| row.seq);
    let mut news = News::new();
    for (principal, row) in seen {
        news.entry(principal).or_default().push(Arc::new(row));
    }
    Ok(Some(news))
}

/// What these people were told after their places, whether or not they see it still.
async fn told(conn: &impl ConnectionTrait, places: Vec<(Uuid, i64)>, limit: u64) -> Result<Vec<Model>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Query::select();
    for column in Column::iter() {
        rows.expr_as(column.select_as(Expr::col((Entity, column))), column.as_str());
    }
    // Both databases name the columns of such a list so.
    let theirs = Expr::col((Entity, Column::RecipientId)).equals(("asked", "column1"));
    let later = Expr::col((Entity, Column::Seq)).gt(Expr::col(("asked", "column2")));
    rows.from_values(places, "asked").inner_join(Entity, theirs.and(later)).limit(limit);
    let statement = conn.get_database_backend().build(&rows);
    Ok(Model::find_by_statement(statement).all(conn).await?)
}

/// Which of these are seen by whom they stand beside, by the scope that they would read them through.
async fn visible(conn: &impl ConnectionTrait, rows: &[(Principal, Model)]) -> Result<Vec<(Principal, Model)>> {
    let mut question = Query::select();
    for (principal, row) in rows {
        let this = store::find::<Entity>(&Viewer::of(*principal)).filter(Column::Seq.eq(row.seq));
        let seen = Expr::exists(this.select_only().column(Column::Seq).into_query());
        question.expr(Expr::case(seen, 1).finally(0));
    }
    let Some(answer) = conn.query_one(&question).await? else { return Ok(Vec::new()) };
    let mut visible = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if answer.try_get_by_index::<i32>(index)? == 1 {
            visible.push(row.clone());
        }
    }
    Ok(visible)
}
