//! Figures of closed months, as they were when the month was closed, and the indexes by which tickets are counted.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, drop_index, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// By which instant a figure takes its tickets.
const INSTANTS: [&[&str]; 4] = [
    &["project_id", "resolve_due_at"],
    &["project_id", "arrive_due_at"],
    &["project_id", "confirmed_at"],
    &["project_id", "created_at"],
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        frozen_figures(manager).await?;
        frozen_figure_items(manager).await?;
        for columns in INSTANTS {
            index(manager, "tickets", columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in INSTANTS {
            drop_index(manager, "tickets", columns).await?;
        }
        drop_all(manager, &["frozen_figure_items", "frozen_figures"]).await
    }
}

async fn frozen_figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("frozen_figures")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(date("month"))
        .col(text("key"))
        .col(big_integer("numerator"))
        .col(big_integer("denominator"))
        .col(big_integer_null("response_count"))
        .col(timestamp_with_time_zone("frozen_at"))
        .foreign_key(&mut references("frozen_figures", "project_id", "projects"));
    create(manager, table).await?;
    unique(manager, "frozen_figures", &["project_id", "month", "key"]).await?;
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
        .col(uuid_null("context_id"))
        .col(text_null("about"))
        .col(text_null("department"))
        .col(uuid_null("staff_id"))
        .col(uuid_null("ambassador_id"))
        .col(big_integer("numerator"))
        .col(big_integer("denominator"))
        .foreign_key(&mut references("frozen_figure_items", "figure_id", "frozen_figures"));
    create(manager, table).await?;
    index(manager, "frozen_figure_items", &["figure_id", "id"]).await?;
    Ok(())
}
