//! How people want to be told.

use entity::{
    notification_preference as preference,
    notification_setting::{Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store};

/// The settings of these, as far as the viewer may see them. Who never set anything has none.
pub async fn of(conn: &impl ConnectionTrait, viewer: &Viewer, principals: &[Uuid]) -> Result<Vec<Model>> {
    let rows = store::find::<Entity>(viewer).filter(Column::PrincipalId.is_in(principals.iter().copied()));
    Ok(rows.all(conn).await?)
}

/// What these have chosen of kinds and channels, as far as the viewer may see it.
pub async fn preferences(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    principals: &[Uuid],
) -> Result<Vec<preference::Model>> {
    let column = preference::Column::PrincipalId;
    let rows = store::find::<preference::Entity>(viewer).filter(column.is_in(principals.iter().copied()));
    Ok(rows.all(conn).await?)
}

/// Keeps a person's settings.
pub async fn save(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    let anew = OnConflict::column(Column::PrincipalId)
        .update_columns([
            Column::Language,
            Column::IsLanguageChosen,
            Column::QuietFrom,
            Column::QuietUntil,
            Column::EmailSealed,
            Column::EmailMasked,
            Column::UpdatedAt,
            Column::PushIsDiscreet,
        ])
        .to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(anew).exec_without_returning(conn).await?;
    Ok(())
}

/// Keeps what a person chose, each kind and channel once.
pub async fn prefer(conn: &impl ConnectionTrait, rows: Vec<preference::Model>) -> Result<()> {
    use preference::Column as P;
    if rows.is_empty() {
        return Ok(());
    }
    let anew = OnConflict::columns([P::PrincipalId, P::Kind, P::Channel]).update_column(P::IsOn).to_owned();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    preference::Entity::insert_many(rows).on_conflict(anew).exec_without_returning(conn).await?;
    Ok(())
}

/// Deletes how a person wanted to be told, and where.
pub async fn forget(conn: &impl ConnectionTrait, principal_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::PrincipalId.eq(principal_id)).exec(conn).await?;
    let column = preference::Column::PrincipalId;
    preference::Entity::delete_many().filter(column.eq(principal_id)).exec(conn).await?;
    Ok(())
}
