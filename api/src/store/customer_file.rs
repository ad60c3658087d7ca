//! Customers' files: what each holds, what its stage asks for, and which files lack something.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    owner,
    owner_document::{ActiveModel, Column, Entity, Model},
    ownership, required_document, unit,
    vocab::{DocumentKind, OwnerStage},
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::list::List;
use crate::{auth::viewer::Viewer, error::Result};

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// What the files of these owners hold, the first filed first.
pub async fn of_owners(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    owners: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>> {
    let rows = super::find::<Entity>(viewer)
        .filter(Column::OwnerId.is_in(owners.iter().copied()))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let mut by_owner: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        by_owner.entry(row.owner_id).or_default().push(row);
    }
    Ok(by_owner)
}

/// What the files at each stage must hold.
pub async fn required(conn: &impl ConnectionTrait, viewer: &Viewer) -> Result<HashMap<OwnerStage, Vec<DocumentKind>>> {
    let rows = super::find::<required_document::Entity>(viewer).all(conn).await?;
    let mut by_stage: HashMap<OwnerStage, Vec<_>> = HashMap::new();
    for row in rows {
        by_stage.entry(row.stage).or_default().push(row.kind);
    }
    by_stage.values_mut().for_each(|kinds| kinds.sort_unstable());
    Ok(by_stage)
}

/// Replaces what the files at a stage must hold.
pub async fn require(
    conn: &impl ConnectionTrait,
    stage: OwnerStage,
    rows: Vec<required_document::Model>,
) -> Result<()> {
    use required_document::{Column, Entity};
    Entity::delete_many().filter(Column::Stage.eq(stage)).exec(conn).await?;
    super::insert_all(Entity, conn, rows).await
}

pub async fn add(conn: &impl ConnectionTrait, document: Model) -> Result<()> {
    super::insert(Entity, conn, document).await
}

/// Takes a document out of its file; false when it was out already.
pub async fn remove(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel { removed_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let removed =
        Entity::update_many().set(row).filter(Column::Id.eq(id)).filter(Column::RemovedAt.is_null()).exec(conn).await?;
    Ok(removed.rows_affected == 1)
}

/// The customers whose files lack a document that their stage asks for.
pub fn incomplete(viewer: &Viewer, project_id: Option<Uuid>) -> List<owner::Entity> {
    let mut select = super::find::<owner::Entity>(viewer).filter(Expr::exists(lacking()));
    if let Some(project_id) = project_id {
        select = select.filter(owner::Column::Id.in_subquery(owners_in(project_id)));
    }
    List::by_id(select, owner::Column::Id, |owner| owner.id)
}

/// What the owner of the outer statement lacks.
fn lacking() -> SelectStatement {
    use required_document::{Column as Required, Entity as Table};
    let filed = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::OwnerId)).equals((owner::Entity, owner::Column::Id)))
        .and_where(Expr::col((Entity, Column::Kind)).equals((Table, Required::Kind)))
        .and_where(Expr::col((Entity, Column::RemovedAt)).is_null())
        .to_owned();
    Query::select()
        .expr(Expr::val(1))
        .from(Table)
        .and_where(Expr::col((Table, Required::Stage)).equals((owner::Entity, owner::Column::Stage)))
        .and_where(Expr::exists(filed).not())
        .to_owned()
}

fn owners_in(project_id: Uuid) -> SelectStatement {
    let homes = unit::Entity::find()
        .select_only()
        .column(unit::Column::Id)
        .filter(unit::Column::ProjectId.eq(project_id))
        .into_query();
    let present =
        Condition::all().add(ownership::Column::EndedOn.is_null()).add(ownership::Column::UnitId.in_subquery(homes));
    ownership::Entity::find().select_only().column(ownership::Column::OwnerId).filter(present).into_query()
}
