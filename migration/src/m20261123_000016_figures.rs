//! Figures of closed months, as they were when the month was closed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        frozen_figures(manager).await?;
        frozen_figure_items(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["frozen_figure_items", "frozen_figures"]).await
    }
}

async fn frozen_figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("frozen_figures")
        .col(uuid("id").primary_key())
        .col(text("scope_key"))
        .col(text("key"))
        .col(date("month"))
        .col(uuid_null("project_id"))
        .col(text_null("department"))
        .col(uuid_null("staff_id"))
        .col(big_integer("numerator"))
        .col(big_integer("denominator"))
        .col(timestamp_with_time_zone("frozen_at"))
        .foreign_key(&mut references("frozen_figures", "project_id", "projects"))
        .foreign_key(&mut references("frozen_figures", "staff_id", "staff"));
    create(manager, table).await?;
    unique(manager, "frozen_figures", &["scope_key"]).await?;
    index(manager, "frozen_figures", &["month", "key"]).await?;
    Ok(())
}

async fn frozen_figure_items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("frozen_figure_items")
        .col(uuid("id").primary_key())
        .col(uuid("figure_id"))
        .col(text("item_kind"))
        .col(uuid("item_id"))
        .col(boolean("is_counted"))
        .foreign_key(&mut references("frozen_figure_items", "figure_id", "frozen_figures"));
    create(manager, table).await?;
    index(manager, "frozen_figure_items", &["figure_id", "id"]).await?;
    Ok(())
}
