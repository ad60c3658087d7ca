//! Owners' stages and how they changed.

use entity::{owner, owner_stage_change as change, vocab::OwnerStage};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};

use crate::{auth::viewer::Viewer, error::Result, store::list::List};

/// Moves an owner who still stands where the change says. Answers whether it did: of two at once, one wins.
pub async fn change(conn: &impl ConnectionTrait, row: change::Model) -> Result<bool> {
    let from = row.from_stage.unwrap_or(OwnerStage::Prospect);
    let moved = owner::Entity::update_many()
        .col_expr(owner::Column::Stage, Expr::val(row.to_stage))
        .filter(owner::Column::Id.eq(row.owner_id))
        .filter(owner::Column::Stage.eq(from))
        .exec(conn)
        .await?;
    if moved.rows_affected == 0 {
        return Ok(false);
    }
    record(conn, row).await?;
    Ok(true)
}

/// Writes down a change that was made with the owner's own row, such as the first stage.
pub async fn record(conn: &impl ConnectionTrait, row: change::Model) -> Result<()> {
    row.into_active_model().insert(conn).await?;
    Ok(())
}

/// How an owner's stage changed, the oldest first.
pub fn history(viewer: &Viewer, owner_id: uuid::Uuid) -> List<change::Entity> {
    let select = super::find::<change::Entity>(viewer).filter(change::Column::OwnerId.eq(owner_id));
    List::by_id(select, change::Column::Id, |row| row.id)
}
