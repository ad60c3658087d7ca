//! Which tickets came from another system, by the number they have there: what is loaded twice is there once.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, drop_all, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("imported_tickets")
            .col(uuid("project_id"))
            .col(text("reference"))
            .col(uuid("ticket_id"))
            .col(timestamp_with_time_zone("imported_at"))
            .primary_key(Index::create().col("project_id").col("reference"))
            .foreign_key(&mut references("imported_tickets", "project_id", "projects"))
            .foreign_key(&mut references("imported_tickets", "ticket_id", "tickets"));
        create(manager, table).await?;
        unique(manager, "imported_tickets", &["ticket_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["imported_tickets"]).await
    }
}
